"""Reads about people, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from referentiel.database import session
from referentiel.errors import N_, Unknown
from referentiel.people.doors.keys import digest
from referentiel.people.models import (
    Card,
    Invitation,
    Person,
    PersonRole,
    RecoveryCode,
    ReturnWords,
    Session,
    Structure,
)
from referentiel.permissions import Role


def person(person_id: int) -> Person:
    """Raises :class:`Unknown`. From the session's memory, or one query."""
    found = session.get(Person, person_id)
    if found is None:
        raise Unknown(N_("Cette personne n’a pas de compte."))
    return found


def professional(person_id: int) -> Person:
    """Somebody whom the administration can look up. Raises :class:`Unknown`, for a card's account too."""
    found = person(person_id)
    if found.email is None:
        raise Unknown(N_("Cette personne n’a pas de compte."))
    return found


def open_session_of(raw: str, *, at: datetime) -> Session | None:
    """The live session of a raw id, with its person: two queries. A suspended or erased person has none."""
    found = session.scalar(select(Session).where(Session.digest == digest(raw), Session.expires_at > at))
    return found if found is not None and found.person.active else None


def suspended_since(raw: str, *, at: datetime) -> datetime | None:
    """When the person who had this session was suspended, to tell them; None when they were not. One statement."""
    return session.scalar(
        select(Person.suspended_at)
        .join(Session, Session.person_id == Person.id)
        .where(Session.digest == digest(raw), Session.expires_at > at)
    )


def sessions_of(person: Person, *, at: datetime) -> Sequence[Session]:
    """The live sessions of a person, the newest first; none for a suspended one."""
    if not person.active:
        return ()
    return session.scalars(
        select(Session).where(Session.person_id == person.id, Session.expires_at > at).order_by(Session.id.desc())
    ).all()


def has_return_words(person: Person) -> bool:
    return session.scalar(select(ReturnWords.id).where(ReturnWords.person_id == person.id)) is not None


def recovery_codes_left(person: Person) -> int:
    return (
        session.scalar(
            select(func.count(RecoveryCode.id)).where(
                RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


def holders(role: Role) -> Sequence[Person]:
    """The people who hold a role and whose account is open, by id."""
    return session.scalars(
        select(Person)
        .where(
            Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role.value)),
            Person.suspended_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    ).all()


def open_invitations(*, at: datetime, limit: int = 50) -> Sequence[Invitation]:
    """Invitations that nobody has accepted yet and whose time has not passed, the newest first."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.expires_at > at)
        .order_by(Invitation.id.desc())
        .limit(limit)
    ).all()


def structures() -> Sequence[Structure]:
    """Every structure, by name."""
    return session.scalars(select(Structure).order_by(Structure.name)).all()


@dataclass(frozen=True)
class CardFigures:
    """How many cards were printed and used."""

    printed: int
    used: int


def card_figures() -> CardFigures:
    printed, used = session.execute(select(func.count(Card.id), func.count(Card.used_on))).one()
    return CardFigures(printed, used)
