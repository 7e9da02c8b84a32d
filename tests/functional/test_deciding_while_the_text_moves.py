"""A text that moved is never overwritten: what a proposal becomes then."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.errors import Busy, TextMoved
from referentiel.journal.models import Operation
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Decision, DecisionState, Proposal
from referentiel.proposals.states import Outcome, State, Step
from tests.cast import Someone
from tests.decision_lives import ASKED, REASONS, again, the_decision
from tests.proposal_lives import (
    ago,
    decided,
    in_decision,
    in_discussion,
    statement,
)


def rivals(library: Library, amina: Someone, bruno: Someone, chloe: Someone) -> tuple[Proposal, Proposal]:
    """Two proposals on the same sentence, whose words do not touch."""
    was = statement(library)
    mine = in_discussion(
        library,
        amina.person,
        chloe.person,
        title="La copie",
        sections={"Énoncé": was.replace("organisée", "écrite dont elle garde une copie")},
    )
    theirs = in_discussion(
        library,
        bruno.person,
        chloe.person,
        title="Le nouvel encadrant",
        sections={"Énoncé": was.replace("avec la personne", "avec la personne et son nouvel encadrant")},
    )
    return mine, theirs


def test_a_text_that_moved_since_the_page_was_shown_is_never_overwritten(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    """web-25"""
    mine, theirs = rivals(library, amina, bruno, chloe)
    in_decision(library, mine, chloe.person)
    denis.get("/propositions/1/signature")
    decided(library, theirs, chloe.person, denis.person)
    adopted = statement(library)
    answer = denis.send(button="Signer la décision")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Deux textes possibles" in page
    assert "et son nouvel encadrant" in page
    assert "dont elle garde une copie" in page
    assert statement(library) == adopted
    proposal = again()
    assert proposal.state is State.IN_DISCUSSION
    assert [line.step for line in queries.story(proposal)][-2:] == [Step.PROPOSE_DECISION, Step.SEND_BACK]
    (void,) = session.scalars(select(Decision).where(Decision.proposal_id == 1))
    assert (void.state, void.number) == (DecisionState.VOID, None)
    assert {operation.state for operation in session.scalars(select(Operation))} == {"done", "refused"}


def test_the_merge_by_words_is_offered_to_the_author_and_never_applied_by_itself(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    mine, theirs = rivals(library, amina, bruno, chloe)
    decided(library, theirs, chloe.person, denis.person)
    refused = chloe.fill("/propositions/1/decision", button="Signer", **REASONS)
    assert refused.status_code == 409
    assert "Deux textes possibles" in refused.get_data(as_text=True)
    passer_by.get("/propositions/1/collision")
    assert "ne peut pas être adoptée telle quelle" in passer_by.get("/propositions/1").get_data(as_text=True)
    form = amina.get("/propositions/1/modifier").get_data(as_text=True)
    assert "Nous avons réuni les deux textes" in form
    both = statement(library).replace("organisée", "écrite dont elle garde une copie")
    assert both in form
    assert amina.send(button="Envoyer").status_code == 303
    mine = again()
    assert mine.revision_number == 2
    decision = in_decision(library, mine, chloe.person, days=-15)
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(-15))
    assert statement(library) == both


def test_readings_that_cannot_be_merged_are_shown_without_conflict_markers(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, sections={"Énoncé": "<<<<<<< Une phrase.\n=======\n>>>>>>> x"})
    theirs = in_discussion(library, bruno.person, chloe.person, sections={"Énoncé": "Une tout autre demande."})
    decided(library, theirs, chloe.person, denis.person)
    page = amina.get("/propositions/1/collision").get_data(as_text=True)
    assert "Une tout autre demande." in page
    assert "Écrire la nouvelle rédaction" in page
    form = amina.get("/propositions/1/modifier").get_data(as_text=True)
    assert "Une tout autre demande." in form
    assert "Une phrase." in form, "what its author wrote is beside it"


def test_changes_of_other_sections_carry_over_by_themselves(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = in_discussion(library, amina.person, chloe.person)
    theirs = in_discussion(library, bruno.person, chloe.person, sections={"Pourquoi": "Pour ne perdre personne."})
    decision = in_decision(library, mine, chloe.person)
    decided(library, theirs, chloe.person, denis.person)
    page = denis.get("/propositions/1/signature").get_data(as_text=True)
    assert "seront repris d’eux-mêmes" in page
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    text_now = Document.read(library.read("criteres/E4.md").text)
    assert (text_now.section("Énoncé"), text_now.section("Pourquoi")) == (ASKED, "Pour ne perdre personne.")


def test_a_refusal_is_signed_even_when_the_text_moved(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine, theirs = rivals(library, amina, bruno, chloe)
    decided(library, theirs, chloe.person, denis.person)
    decided(library, mine, chloe.person, denis.person, Outcome.REFUSED)
    assert again().state is State.REFUSED


def test_numbers_follow_each_other_even_after_a_text_that_moved(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine, theirs = rivals(library, amina, bruno, chloe)
    decision = in_decision(library, mine, chloe.person)
    decided(library, theirs, chloe.person, denis.person)
    with pytest.raises(TextMoved):
        actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    refused = decided(library, again(), chloe.person, denis.person, Outcome.REFUSED)
    assert refused.number == 2
    assert [path for path in library.files(library.head()) if path.startswith("decisions/")] == [
        "decisions/1.md",
        "decisions/2.md",
    ]


def test_a_busy_library_leaves_the_first_signature_and_the_same_form_can_sign_again(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    form, patience = str(uuid4()), library.patience
    with library.writing():
        library.patience = 0.05
        with pytest.raises(Busy):
            actions.sign(library, decision, digest=decision.digest, form_id=form, by=denis.person, at=ago(0))
    library.patience = patience
    waiting = the_decision()
    assert (waiting.state, len(waiting.signatures), waiting.number) == (DecisionState.PENDING, 1, None)
    signed = actions.sign(library, waiting, digest=waiting.digest, form_id=form, by=denis.person, at=ago(0))
    assert (signed.state, signed.number) == (DecisionState.EFFECTIVE, 1)
