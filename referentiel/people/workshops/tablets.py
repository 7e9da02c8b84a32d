"""Shared tablets: a browser that is nobody opens one account of a workshop after another, and forgets each in turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid, NotAllowed, Refused
from referentiel.people.cards import codes
from referentiel.people.cards.seats import has_seat
from referentiel.people.cards.tries import count_wrong_try, forget_tries, refuse_while_waiting
from referentiel.people.cards.visits import Entered, Origin, Visit, Written, come_again, open_account
from referentiel.people.doors.keys import digest, token
from referentiel.people.models import Person, Session, Tablet, Workshop
from referentiel.people.workshops import codes as workshop_codes
from referentiel.people.workshops.holding import is_over, lets_in
from referentiel.permissions import ALLOWED, Action, College, Verdict, may, require

WAY = "tablet"
TURN = timedelta(minutes=10)
"""How long a turn lasts when nobody touches the tablet any more"""

FRESH = timedelta(minutes=1)
"""A turn is made longer once a minute at most: reading costs no write"""


@dataclass(frozen=True)
class OpenedTablet:
    """The raw key, for the browser alone, and the moment when it ends with the workshop."""

    key: str
    ends_at: datetime


def open_tablet(workshop: Workshop, *, by: Person, at: datetime) -> OpenedTablet:
    """Lend a browser to a workshop that ``by`` holds. One write.

    Raises :class:`NotAllowed`, or :class:`Expired` when the workshop is over.
    """
    with writing():
        require(by, Action.SHOW_CODE, workshop)
        if is_over(workshop, at):
            raise _over()
        return _lend(workshop, at)


def open_tablet_with_code(text: str, *, secret: bytes, at: datetime) -> OpenedTablet:
    """The same for whoever has the code of the workshop, which lets as much in. One write.

    The answer is the same for a code that never was, and for one that is over: :class:`Invalid` on ``code``. Past
    five wrong tries its locator waits: :class:`TooOften`.
    """
    signs = workshop_codes.read(text)
    if signs is None:
        raise Invalid(N_("Écrivez les six lettres et chiffres de la séance."), field=codes.FIELD)
    locator = workshop_codes.locator_of(signs, secret)
    refuse_while_waiting(locator, at)
    with writing() as rows:
        workshop = rows.scalar(select(Workshop).where(Workshop.code == workshop_codes.looked_up(signs, secret)))
        if workshop is not None and lets_in(workshop, at):
            forget_tries(locator)
            return _lend(workshop, at)
        count_wrong_try(locator, at)
    raise Invalid(
        N_("Ce code n’ouvre aucune séance. Vérifiez-le, ou demandez-le à l’animateur."),
        field=codes.FIELD,
    )


def workshop_of(key: str | None, *, at: datetime) -> Workshop | None:
    """The workshop on which the tablet of this raw key is open; None once it is over. One query."""
    if not key:
        return None
    return session.scalar(
        select(Workshop)
        .join(Tablet, Tablet.workshop_id == Workshop.id)
        .where(
            Tablet.digest == digest(key), Tablet.expires_at > at, Workshop.ends_at > at, Workshop.closed_at.is_(None)
        )
    )


def may_type(workshop: Workshop) -> Verdict:
    """Whether those who hold this workshop may type for the people who come; else the reason. Two queries at most."""
    holders = tuple(_holders(workshop))
    place = workshop.structure_id
    if place is None and any(holder.college == College.SIAE for holder in holders):
        return Verdict(False, N_("Personne ne peut écrire pour vous dans cette séance."))
    if place is not None and any(holder.structure_id == place for holder in holders):
        return Verdict(
            False,
            N_(
                "Une personne qui tient cette séance travaille dans votre structure : personne n’y écrit pour vous. "
                "Une personne d’une autre structure peut le faire, dans une autre séance."
            ),
        )
    if not any(may(holder, Action.TRANSCRIBE, workshop) for holder in holders):
        return Verdict(False, N_("Personne ne peut écrire pour vous dans cette séance."))
    return ALLOWED


def begin_turn(
    key: str | None, *, typed: bool, secret: bytes, at: datetime, browser: str | None = None, instead_of: str | None
) -> Entered:
    """Open the account of whoever takes the tablet now: it takes a seat of the workshop. One write.

    ``typed``: the facilitator writes for this person. Pressing twice begins one turn. Raises :class:`Expired` when
    the key opens nothing any more, :class:`NotAllowed` when nobody may type here, :class:`Refused` when every seat is
    taken.
    """
    visit = Visit(secret, at, TURN, instead_of, browser, Written.new(secret), way=WAY)
    with writing():
        workshop = workshop_of(key, at=at)
        if workshop is None:
            raise _over()
        allowed = may_type(workshop) if typed else ALLOWED
        if not allowed:
            raise NotAllowed(allowed.reason)
        again = come_again(visit)
        if again is not None:
            return again
        if not has_seat(workshop.id):
            raise Refused(
                N_("La séance est complète : toutes ses places sont prises."),
                way_out=N_("Demandez une carte à l’animateur, ou une autre séance."),
            )
        return open_account(Origin(structure_id=workshop.structure_id, workshop_id=workshop.id, typed=typed), visit)


def keep_turn(turn: Session, *, at: datetime) -> None:
    """Somebody is still there: the turn ends ten minutes from now, and no later, however it began.

    One write a minute at most.
    """
    number, ends = turn.id, at + TURN
    if abs(turn.expires_at - ends) >= FRESH:
        with writing() as rows:
            rows.execute(update(Session).where(Session.id == number).values(expires_at=ends))


def close_tablet(key: str) -> None:
    """This browser is no tablet any more. One write."""
    with writing() as rows:
        rows.execute(delete(Tablet).where(Tablet.digest == digest(key)))


def _lend(workshop: Workshop, at: datetime) -> OpenedTablet:
    key = token()
    session.add(Tablet(workshop_id=workshop.id, digest=digest(key), created_at=at, expires_at=workshop.ends_at))
    return OpenedTablet(key, workshop.ends_at)


def _over() -> Expired:
    return Expired(
        N_("La séance de cette tablette est finie."),
        way_out=N_("Demandez à l’animateur d’ouvrir la tablette sur une autre séance."),
    )


def _holders(workshop: Workshop) -> Iterator[Person]:
    for number in (workshop.opened_by_id, workshop.second_id):
        holder = session.get(Person, number) if number is not None else None
        if holder is not None:
            yield holder
