"""Coming in without e-mail: a new account, its return words, and the browser's session, in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from referentiel.database import session
from referentiel.dates import day_start
from referentiel.people.cards import codes
from referentiel.people.cards.pseudonyms import new_pseudonym
from referentiel.people.cards.seats import give_seat
from referentiel.people.doors.sessions import add_session
from referentiel.people.models import Card, Person, ReturnWords, Session
from referentiel.permissions import College

DOUBLE_PRESS = timedelta(minutes=2)
"""How long the browser that has just come in may press again and come in to the same account"""


@dataclass(frozen=True)
class Entered:
    """Who came in: the raw id of the new session; the return words when the account is new."""

    person_id: int
    token: str
    return_words: tuple[str, ...] | None


@dataclass(frozen=True)
class Written:
    """A number, and what is kept of it. Made before any transaction: scrypt must not hold the database."""

    number: int
    kept: bytes

    @classmethod
    def new(cls, secret: bytes) -> "Written":
        number = codes.new_number()
        return cls(number, codes.hashed(number, secret))

    @property
    def locator(self) -> int:
        return codes.halves(self.number)[0]


@dataclass(frozen=True)
class Visit:
    """What coming in needs besides what opens the door. ``way`` is that of the session: card, code, tablet."""

    secret: bytes
    at: datetime
    life: timedelta
    instead_of: str | None
    browser: str | None
    words: Written
    """Return words made ready, for a new account"""
    way: str = "card"


@dataclass(frozen=True)
class Origin:
    """What a new account keeps of where it was opened. Never shown."""

    college: str = College.EMPLOYEES.value
    structure_id: int | None = None
    workshop_id: int | None = None
    typed: bool = False
    """True when a facilitator types for this person"""


def open_account(origin: Origin, visit: Visit) -> Entered:
    """A new account without name, address or telephone, signed in here. Inside the caller's ``writing()``.

    It keeps its day, and no true moment: the first answer may come by the same press, and would lead to the account.
    """
    person = Person(
        college=origin.college,
        structure_id=origin.structure_id,
        workshop_id=origin.workshop_id,
        typed=origin.typed,
        pseudonym=new_pseudonym(),
        created_at=_some_moment_of(visit.at),
    )
    session.add(person)
    give_seat(origin.workshop_id)
    session.flush()
    return _begin(person.id, visit)


def _some_moment_of(at: datetime) -> datetime:
    """One drawn between the beginning of the day and ``at``.

    Not the beginning itself: the erasure list knows an account by its number and this moment, and after a restoration
    the same number may be given again on the same day.
    """
    start = day_start(at)
    return start + timedelta(microseconds=secrets.randbelow(max(1, (at - start) // timedelta(microseconds=1))))


def come_again(visit: Visit) -> Entered | None:
    """The account that this browser opened a moment ago: its answer got lost, or somebody pressed twice.

    Inside the caller's ``writing()``; the words are new ones, because the first were perhaps never seen.
    """
    if visit.browser is None:
        return None
    opened = session.scalar(
        select(Session.person_id)
        .where(Session.browser == visit.browser, Session.way == visit.way, Session.created_at > visit.at - DOUBLE_PRESS)
        .order_by(Session.id.desc())
        .limit(1)
    )
    return None if opened is None else _begin(opened, visit)


def add_return_words(person_id: int, written: Written, *, at: datetime, secret: bytes) -> tuple[str, ...]:
    """Give somebody these words instead of the former ones. Inside the caller's ``writing()``."""
    written = with_free_locator(written, secret)
    session.execute(delete(ReturnWords).where(ReturnWords.person_id == person_id))
    session.add(ReturnWords(person_id=person_id, locator=written.locator, secret=written.kept, created_on=at.date()))
    session.flush()
    return codes.as_words(written.number)


def with_free_locator(written: Written, secret: bytes) -> Written:
    """This number, or another one when a card or somebody's words answer to its locator already (once in millions)."""
    while _answers(written.locator):
        written = Written.new(secret)
    return written


def _begin(person_id: int, visit: Visit) -> Entered:
    words = add_return_words(person_id, visit.words, at=visit.at, secret=visit.secret)
    raw = add_session(
        person_id,
        way=visit.way,
        at=visit.at,
        life=visit.life,
        instead_of=visit.instead_of,
        browser=visit.browser,
    )
    return Entered(person_id, raw, words)


def _answers(locator: int) -> bool:
    return (
        session.scalar(select(Card.id).where(Card.locator == locator)) is not None
        or session.scalar(select(ReturnWords.id).where(ReturnWords.locator == locator)) is not None
    )
