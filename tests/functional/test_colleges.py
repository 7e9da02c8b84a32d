"""What each college said of a proposal: the same on its page, in JSON and in the decision; counted at constant cost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from referentiel.config import Settings
from referentiel.database import db, session, writing
from referentiel.library.library import Library
from referentiel.people.models import Person, Structure
from referentiel.permissions import College
from referentiel.privacy.archives import archive
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Position, Proposal
from referentiel.proposals.states import Outcome, Stance
from tests.cast import Someone, now
from tests.proposal_lives import ago, decided, in_discussion, sheet

YES, MAYBE, NO = Stance.FAVOURABLE, Stance.RESERVED, Stance.UNFAVOURABLE


@contextmanager
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


@pytest.fixture
def people(app: object) -> Callable[[College, int], list[Person]]:
    """So many people of a college, one after the other in two structures."""

    def made(college: College, count: int) -> list[Person]:
        with writing() as rows:
            houses = [Structure(name=f"{college} {n}", kind="ACI", territory=None) for n in range(2)]
            rows.add_all(houses)
            rows.flush()
            found = [
                Person(college=college.value, structure_id=houses[n % 2].id, created_at=ago(400)) for n in range(count)
            ]
            rows.add_all(found)
        return found

    return made


def say(proposal: Proposal, people: list[Person], *stances: Stance, days: float = 35) -> None:
    for person, stance in zip(people, stances, strict=True):
        actions.take_position(proposal, stance, by=person, at=ago(days))


def old(proposal: Proposal) -> None:
    """The first wording, and what was said of it, are of another month than today."""
    with writing():
        session.execute(Position.__table__.update().values(taken_at=ago(40)))  # type: ignore[attr-defined]
    session.expire_all()


# --- the cost


def test_positions_of_twelve_proposals_cost_as_much_as_of_two_and_say_the_same_as_one_by_one(
    library: Library, bruno: Someone, chloe: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    criteria = ("E1", "E2", "E3", "E4", "A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2")
    crowd = people(College.EMPLOYEES, 9)
    found = [in_discussion(library, bruno.person, chloe.person, path=f"criteres/{code}.md") for code in criteria]
    for number, proposal in enumerate(found):
        say(proposal, crowd[: number % 9], *[YES, NO, MAYBE, YES, YES, YES, NO, YES][: number % 9])
    actions.revise(library, found[8], sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=ago(30))
    session.expire_all()
    fresh = [session.get_one(Proposal, proposal.id) for proposal in found]
    with statements() as few:
        queries.positions_many(fresh[:2], at=now())
    with statements() as many:
        told = queries.positions_many(fresh, at=now())
    assert len(few) == len(many) == 2
    assert told == {proposal.id: queries.positions(proposal, at=now()) for proposal in fresh}


def test_the_archive_of_four_decisions_costs_as_much_as_that_of_one(
    settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    def one(code: str) -> None:
        proposal = in_discussion(library, bruno.person, chloe.person, path=f"criteres/{code}.md")
        decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED)

    def cost() -> int:
        session.expire_all()
        with statements() as sent:
            assert archive(settings, at=now()) is not None
        return len(sent)

    one("E1")
    first = cost()
    for code in ("E2", "E3", "E4", "A1"):
        one(code)
    assert cost() == first
