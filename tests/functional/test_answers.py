"""Whoever spoke comes back and finds what became of it: the decision, its plain reason, the sentence that changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from referentiel.comments import actions
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.moderation import Face
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.vocabulary import QUESTION
from referentiel.database import db
from referentiel.library.library import Library
from referentiel.proposals import actions as proposals
from referentiel.proposals.queries import followed
from referentiel.proposals.states import Outcome
from tests.cast import Someone
from tests.functional.test_commenting import E4, page_of, published, said
from tests.proposal_lives import ago, decided, in_discussion, statement

BEFORE = "Tout passage est préparé."


@pytest.fixture
def before(library: Library) -> str:
    return statement(library)


def adopt(library: Library, bruno: Someone, chloe: Someone, denis: Someone, **more: Any) -> int:
    """A proposal of Bruno that changes the statement of E4, signed twice today."""
    proposal = in_discussion(library, bruno.person, chloe.person)
    decision = decided(library, proposal, chloe.person, denis.person, **more)
    assert decision.number
    return decision.number


def test_amina_reads_the_sentence_that_changed_after_she_spoke_of_it(
    library: Library, before: str, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    published(amina, "On m’a prévenue la veille.", chloe, at=ago(20), on=replace(E4, section="Énoncé"))
    amina.get("/mes-contributions")
    assert "Ce que votre parole a changé" not in page_of(amina)
    number = adopt(library, bruno, chloe, denis)
    amina.get("/mes-contributions")
    page = page_of(amina)
    assert "Ce que votre parole a changé" in page
    assert "Vous serez prévenu plus tôt." in page, "the plain reason"
    assert f"/decisions/{number}" in page
    assert "préparé un mois avant" in page
    for sentence in before.split(". ")[:1]:
        assert sentence[:30] in page


def test_only_its_author_reads_it(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    published(amina, "On m’a prévenue la veille.", chloe, at=ago(20))
    adopt(library, bruno, chloe, denis)
    for other in (bruno, chloe, denis, passer_by):
        other.get("/mes-contributions")
        assert "Ce que votre parole a changé" not in page_of(other)


def test_words_on_a_section_that_the_decision_left_alone_get_the_decision_without_a_sentence(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = published(amina, "On ne comprend pas.", chloe, at=ago(20), on=replace(E4, section="Facile à lire"))
    number = adopt(library, bruno, chloe, denis)
    answer = followed(library, [row])[row.id]
    assert (answer.decision.number, answer.changes) == (number, ())
    amina.get("/mes-contributions")
    assert "Ce qui a été décidé ensuite" in page_of(amina)
    assert "Ce que votre parole a changé" not in page_of(amina)


def test_a_face_and_words_on_the_question_see_all_that_changed(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = actions.answer_question(
        replace(E4, section=QUESTION), Face.NO, "", by=amina.person, at=ago(20), form="visage"
    )
    adopt(library, bruno, chloe, denis)
    assert [change.section for change in followed(library, [row])[row.id].changes] == ["Énoncé"]
    amina.get("/mes-contributions")
    assert "Ce que votre parole a changé" in page_of(amina)


def test_a_refusal_is_an_answer_with_its_reason_and_nothing_changed(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    published(amina, "On m’a prévenue la veille.", chloe, at=ago(20))
    adopt(library, bruno, chloe, denis, outcome=Outcome.REFUSED, plain_reason="Ce n’est pas possible partout.")
    amina.get("/mes-contributions")
    page = page_of(amina)
    assert "Ce n’est pas possible partout." in page
    assert "Le texte n’a pas changé." in page


def test_words_on_a_proposal_follow_it_even_where_it_joined_another(
    library: Library, amina: Someone, bruno: Someone, bruno_colleague: Someone, chloe: Someone, denis: Someone
) -> None:
    joining = in_discussion(library, bruno_colleague.person, denis.person)
    row = published(amina, "D’accord.", chloe, at=ago(20), on=Anchor(Target.PROPOSAL, str(joining.id)))
    target = in_discussion(library, bruno.person, chloe.person, title="Plus tôt")
    proposals.merge_into(joining, target, reason="Même but.", plain_reason="Même but.", by=chloe.person, at=ago(5))
    assert followed(library, [row]) == {}
    decision = decided(library, target, chloe.person, denis.person)
    assert followed(library, [row])[row.id].decision.number == decision.number


def test_a_decision_older_than_the_words_is_no_answer_to_them(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopt(library, bruno, chloe, denis, days=3)
    row = said(amina, "Et pourtant.", at=ago(1))
    assert followed(library, [row]) == {}


def test_bruno_finds_his_proposal_and_the_plain_reason_of_its_decision(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    number = adopt(library, bruno, chloe, denis)
    bruno.get("/mes-contributions")
    assert f"Décision {number}" in page_of(bruno)
    assert "Vous serez prévenu plus tôt." in page_of(bruno)


def test_a_decision_is_never_said_of_words_that_were_not_published(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    held = said(amina, "Encore à relire.", at=ago(20))
    adopt(library, bruno, chloe, denis)
    amina.get("/mes-contributions")
    assert held.waiting
    assert "En attente de relecture" in page_of(amina)
    assert "Ce que votre parole a changé" not in page_of(amina)


def test_fifty_contributions_cost_no_more_statements_than_two(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    def statements() -> int:
        amina.get("/mes-contributions")
        sent: list[Any] = []
        listen = lambda *given: sent.append(given[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        amina.get("/mes-contributions")
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(sent)

    for number in range(2):
        published(amina, f"Mots {number}.", chloe, at=ago(20))
    adopt(library, bruno, chloe, denis)
    few = statements()
    for number in range(2, 50):
        published(amina, f"Mots {number}.", chloe, at=ago(20))
    assert statements() <= few


def test_the_moment_of_an_answer_is_that_of_the_signature(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = published(amina, "Mots.", chloe, at=ago(20))
    adopt(library, bruno, chloe, denis)
    signed = followed(library, [row])[row.id].decision.signed_at
    assert isinstance(signed, datetime)
    assert signed > row.created_at


def test_a_corrected_misprint_answers_nobody_who_spoke_of_the_text(
    library: Library, before: str, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    on_text = published(amina, "On m’a prévenue la veille.", chloe, at=ago(20), on=replace(E4, section="Énoncé"))
    corrected = before.replace("passage", "pasage", 1)
    assert corrected != before
    proposal = in_discussion(library, bruno.person, chloe.person, change_class="typo", sections={"Énoncé": corrected})
    on_proposal = published(amina, "Merci.", chloe, at=ago(19), on=Anchor(Target.PROPOSAL, str(proposal.id)))
    decision = decided(library, proposal, chloe.person, denis.person, change_class=ChangeClass.TYPO)
    found = followed(library, [on_text, on_proposal])
    assert {number: one.decision.number for number, one in found.items()} == {on_proposal.id: decision.number}
    amina.get("/mes-contributions")
    assert page_of(amina).count(f"/decisions/{decision.number}") == 1
