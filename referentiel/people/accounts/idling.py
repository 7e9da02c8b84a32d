"""Professional accounts where nobody comes: seen once a day, warned by mail, then closed.

An account is professional when it has an address or a role. Somebody who came with a card has neither: no day of theirs
is ever written down.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.journal.actions import post
from referentiel.people.keeping import LAW, Keeping
from referentiel.people.models import Person, PersonRole

MAIL = "mail.idle"


def professional() -> ColumnElement[bool]:
    """The condition: an address, or a role."""
    return or_(Person.email.is_not(None), exists(select(PersonRole).where(PersonRole.person_id == Person.id)))


def comes_first_today(person: Person, *, at: datetime) -> bool:
    """True for a professional whose day is not written yet: what is loaded with a person says it, no statement."""
    return person.last_seen_on != day(at) and bool(person.email or person.granted) and person.erased_at is None


def saw(person_id: int, *, at: datetime) -> None:
    """Write down that this professional came today: an account that sleeps is closed, this one wakes. One write."""
    with writing() as rows:
        seen = {"last_seen_on": day(at), "idle_notice_at": None}
        rows.execute(update(Person).where(Person.id == person_id, Person.erased_at.is_(None)).values(**seen))


def idle_since(moment: datetime) -> ColumnElement[bool]:
    """Professional accounts where nobody came since; one that was never seen counts from its opening."""
    return and_(
        professional(),
        Person.erased_at.is_(None),
        or_(Person.last_seen_on <= day(moment), Person.last_seen_on.is_(None)),
        Person.created_at <= moment,
    )


def warn_idle(*, at: datetime, keep: Keeping = LAW) -> int:
    """Write to those whose account will be closed, once; returns how many. One write, when there is somebody."""
    due = and_(idle_since(at - keep.idle + keep.idle_notice), Person.idle_notice_at.is_(None))
    if session.scalar(select(Person.id).where(due).limit(1)) is None:
        session.rollback()
        return 0
    with writing() as rows:
        people = rows.scalars(select(Person).where(due).order_by(Person.id)).all()
        for person in people:
            person.idle_notice_at = at
            post(MAIL, {"person": person.id}, at=at)
    return len(people)


def to_close(*, at: datetime, keep: Keeping = LAW) -> list[Person]:
    """The accounts whose time is over, and who were told long enough ago, however late the mail left. One statement."""
    told = Person.idle_notice_at <= at - keep.idle_notice
    return list(session.scalars(select(Person).where(idle_since(at - keep.idle), told).order_by(Person.id)))
