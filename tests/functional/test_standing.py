"""Whether proposals still apply to the text as it is now: computed when looked at, then kept by immutable ids."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from referentiel.criteria.document import Document
from referentiel.database import db
from referentiel.errors import TextMoved
from referentiel.library.library import Library
from referentiel.proposals import queries
from referentiel.proposals.actions import sign
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import offer, stand
from referentiel.proposals.queries import standings
from referentiel.proposals.standing import Answer
from referentiel.proposals.states import ProposalKind
from tests.cast import Someone
from tests.proposal_lives import ago, decided, in_decision, in_discussion, statement


@dataclass
class Statements:
    sent: list[str] = field(default_factory=list)


@contextmanager
def statements() -> Iterator[Statements]:
    """What is asked of the database meanwhile."""
    seen = Statements()

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        if text != "BEGIN":
            seen.sent.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def change(library: Library, was: str, becomes: str) -> dict[str, dict[str, str]]:
    """A sheet's sections: the statement of E4 with some words changed."""
    assert was in statement(library)
    return {"sections": {"Énoncé": statement(library).replace(was, becomes)}}


def again(number: int) -> Proposal:
    return queries.proposal(number)


@pytest.fixture
def four(library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone) -> Library:
    """Proposals 1 to 4, one for each answer, beside the text that proposal 5 changed."""
    for title, more in {
        "Ailleurs": {"sections": {"Pourquoi": "Pour ne perdre personne."}},
        "À côté": change(library, "organisée", "écrite dont elle garde une copie"),
        "Au même endroit": change(library, "avec la personne", "sans elle"),
        "Pareil": change(library, "avec la personne", "avec la personne et son encadrant"),
    }.items():
        in_discussion(library, amina.person, chloe.person, title=title, **more)
    theirs = in_discussion(
        library, bruno.person, chloe.person, **change(library, "avec la personne", "avec la personne et son encadrant")
    )
    assert set(standings(library, [1, 2, 3, 4, 5]).values()) == {Answer.APPLIES}
    decided(library, theirs, chloe.person, denis.person)
    return library


def test_a_list_says_of_each_proposal_what_becomes_of_it(four: Library, passer_by: Someone) -> None:
    assert standings(four, [1, 2, 3, 4]) == {
        1: Answer.APPLIES,
        2: Answer.OFFERED,
        3: Answer.COLLIDES,
        4: Answer.SAID,
    }
    page = passer_by.get("/propositions/?etat=ouvertes").get_data(as_text=True)
    for answer in Answer:
        assert answer.label in page


def test_an_adoption_recomputes_nothing_and_what_was_compared_is_not_read_again(four: Library) -> None:
    first = standings(four, [1, 2, 3, 4])
    with statements() as seen:
        assert standings(four, [1, 2, 3, 4]) == first
    assert len(seen.sent) == 1
    assert "revision_files.text" not in seen.sent[0]


def test_the_number_of_statements_does_not_grow_with_the_list(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    for number in range(6):
        in_discussion(library, amina.person, chloe.person, sections={"Énoncé": f"La phrase {number}."})
    theirs = in_discussion(library, bruno.person, chloe.person, **change(library, "organisée", "écrite"))
    decided(library, theirs, chloe.person, denis.person)
    for numbers in ([1], [2, 3, 4, 5, 6]):
        with statements() as seen:
            assert set(standings(library, numbers).values()) == {Answer.COLLIDES}
        assert len(seen.sent) == 2
    with statements() as seen:
        assert standings(library, []) == {}
    assert not seen.sent


def test_what_the_text_says_already_is_not_offered(four: Library) -> None:
    found = stand(four, again(4).revision.files)
    assert found.answer is Answer.SAID
    assert offer(four, found) is None


def test_an_item_withdrawn_meanwhile_takes_no_change(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = in_discussion(library, amina.person, chloe.person, sections={"Pourquoi": "Pour ne perdre personne."})
    replaced = {"sections": {}, "keys": {"remplace_par": ("E2",)}}
    theirs = in_discussion(library, bruno.person, chloe.person, kind=ProposalKind.WITHDRAW, **replaced)
    decision = in_decision(library, mine, chloe.person)
    decided(library, theirs, chloe.person, denis.person)
    assert standings(library, [1]) == {1: Answer.COLLIDES}
    with pytest.raises(TextMoved):
        sign(library, decision, digest=decision.digest, form_id=decision.form_id, by=denis.person, at=ago(0))
    tombstone = Document.read(library.read("criteres/E4.md").text)
    assert tombstone.section("Pourquoi") != "Pour ne perdre personne."
    page = amina.get("/propositions/1/collision").get_data(as_text=True)
    assert "a été retiré" in page
