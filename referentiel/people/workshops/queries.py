"""Reads about collective sessions: for who holds them, for who comes, and for the public figures of a decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from referentiel.database import session
from referentiel.errors import N_, Unknown
from referentiel.people.cards.codes import FREE_TRIES
from referentiel.people.cards.seats import seats_taken
from referentiel.people.models import Card, Person, Workshop, WrongTry
from referentiel.people.workshops.holding import lets_in, may_agree
from referentiel.permissions import Action, College, may


@dataclass(frozen=True)
class WorkshopFigures:
    """What who holds a session is told of it: figures, never who. ``guessed``: cards whose code somebody guesses at."""

    printed: int
    used: int
    seats_taken: int
    guessed: int


@dataclass(frozen=True)
class PublicFigures:
    """Cards of the sessions that discussed something, and the structures that the people came from."""

    workshops: int
    printed: int
    used: int
    structures: int


def workshop_for(workshop_id: int, who: Person, *, at: datetime) -> Workshop:
    """A session that this person holds, or could agree to hold. Raises :class:`Unknown` for any other. One query."""
    found = session.get(Workshop, workshop_id) if workshop_id < 2**31 else None
    if found is None or not (may(who, Action.HOLD_WORKSHOP, found) or may_agree(found, by=who, at=at)):
        raise Unknown(N_("Cette séance n’existe pas."))
    return found


def workshop_of(who: Person | None) -> Workshop | None:
    """The session where this account was opened, if any. One query at most."""
    return session.get(Workshop, who.workshop_id) if who is not None and who.workshop_id is not None else None


def my_workshops(who: Person, *, limit: int = 50) -> Sequence[Workshop]:
    """Those that this person holds, alone or as the second one, the newest first. One query."""
    return session.scalars(
        select(Workshop)
        .where(or_(Workshop.opened_by_id == who.id, Workshop.second_id == who.id))
        .order_by(Workshop.id.desc())
        .limit(limit)
    ).all()


def waiting_workshops(who: Person, *, at: datetime, limit: int = 50) -> Sequence[Workshop]:
    """Those of the employers' college that wait for a second person, whom this one could be; soonest first."""
    waiting = session.scalars(
        select(Workshop)
        .where(
            Workshop.opened_by_college == College.SIAE.value,
            Workshop.second_college.is_(None),
            Workshop.closed_at.is_(None),
            Workshop.ends_at > at,
        )
        .order_by(Workshop.ends_at)
        .limit(limit)
    )
    return [workshop for workshop in waiting if may_agree(workshop, by=who, at=at)]


def seats_to_answer(who: Person, *, at: datetime) -> Sequence[Workshop]:
    """Those that this person holds as the second one, where more seats wait for them; soonest end first. One query."""
    return session.scalars(
        select(Workshop)
        .where(
            Workshop.second_id == who.id,
            Workshop.seats_asked.is_not(None),
            Workshop.closed_at.is_(None),
            Workshop.ends_at > at,
        )
        .order_by(Workshop.ends_at)
    ).all()


def open_workshops(*, at: datetime) -> Sequence[Workshop]:
    """Those that let people in at this moment, seats apart, oldest first. One query."""
    workshops = session.scalars(select(Workshop).where(Workshop.ends_at > at).order_by(Workshop.id))
    return [workshop for workshop in workshops if lets_in(workshop, at)]


def figures_of(workshop: Workshop) -> WorkshopFigures:
    """Three queries."""
    printed, used = session.execute(
        select(func.count(Card.id), func.count(Card.used_on)).where(Card.workshop_id == workshop.id)
    ).one()
    guessed = session.scalar(
        select(func.count(Card.id))
        .join(WrongTry, WrongTry.locator == Card.locator)
        .where(Card.workshop_id == workshop.id, WrongTry.count >= FREE_TRIES)
    )
    return WorkshopFigures(printed, used, seats_taken(workshop.id), guessed or 0)


def public_figures(codes: Collection[str], *, since: datetime, until: datetime) -> PublicFigures | None:
    """What the sessions on one of these criteria, open between two moments, gave; None without any. Two queries.

    Figures of groups: how many cards, and how many structures, whose names nobody is told.
    """
    lasted = [
        workshop
        for workshop in session.scalars(
            select(Workshop).where(Workshop.created_at < until, Workshop.ends_at > since, _ended_after(since))
        )
        if not set(codes).isdisjoint(workshop.criteria)
    ]
    if not lasted:
        return None
    printed, used = session.execute(
        select(func.count(Card.id), func.count(Card.used_on)).where(
            Card.workshop_id.in_([workshop.id for workshop in lasted])
        )
    ).one()
    places = {workshop.structure_id for workshop in lasted if workshop.structure_id is not None}
    return PublicFigures(len(lasted), printed, used, len(places))


def _ended_after(moment: datetime) -> ColumnElement[bool]:
    return or_(Workshop.closed_at.is_(None), Workshop.closed_at > moment)
