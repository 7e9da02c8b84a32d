"""Who lives in a measured state: invented accounts of the four colleges, each with an open session."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from referentiel.database import session, writing
from referentiel.people.doors.sessions import add_session
from referentiel.people.models import Person, Structure
from referentiel.permissions import College, Role

SESSION_LIFE = timedelta(days=7)
EACH = 10
"""People of a college"""


@dataclass(frozen=True, slots=True)
class People:
    """Ids by part: ``authors`` propose, ``editor`` admits and signs first, ``signers`` sign second."""

    authors: tuple[int, ...]
    editor: int
    signers: tuple[int, ...]
    all: tuple[int, ...]


def settle(at: datetime) -> People:
    """Write the rows of the people and of their structures."""
    with writing() as rows:
        structures = [Structure(name=f"Structure {number}", kind="ACI", territory="dep-38") for number in range(1, 5)]
        rows.add_all(structures)
        rows.flush()
        made: dict[College, list[Person]] = {college: [] for college in College}
        for college in College:
            for place in range(EACH):
                editing = college is College.PARTNERS or (college is College.SPE and place == 0)
                person = Person(
                    college=college,
                    structure_id=structures[place % len(structures)].id,
                    email=f"{college.value}-{place}@bench.invalid",
                    roles={Role.EDITOR} if editing else set(),
                    created_at=at,
                )
                made[college].append(person)
        rows.add_all(person for people in made.values() for person in people)
        rows.flush()
        return People(
            authors=tuple(person.id for person in made[College.SIAE]),
            editor=made[College.SPE][0].id,
            signers=tuple(person.id for person in made[College.PARTNERS]),
            all=tuple(person.id for people in made.values() for person in people),
        )


def person(number: int) -> Person:
    """An account, read now."""
    return session.scalars(select(Person).where(Person.id == number)).unique().one()


def sign_in(numbers: tuple[int, ...], at: datetime) -> dict[int, str]:
    """The session cookie of each, second factor proven."""
    with writing():
        return {
            number: add_session(number, way="link", at=at, life=SESSION_LIFE, second_factor=True) for number in numbers
        }
