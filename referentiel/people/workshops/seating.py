"""More seats than were first said: who opened the session asks, and a second person who vouches for it agrees again."""

from datetime import datetime

from referentiel.database import writing
from referentiel.errors import N_, Invalid, Refused
from referentiel.journal.actions import audit
from referentiel.people.models import MOST_SEATS, Person, Workshop
from referentiel.people.workshops.holding import is_over
from referentiel.permissions import Action, College, require


def needs_second(workshop: Workshop) -> bool:
    """Whether more seats wait for the second person: that of a session of the employers' college, once agreed. Pure.

    Before they agreed they are shown the number, and no college but that one needs anybody.
    """
    return workshop.opened_by_college == College.SIAE and workshop.second_college is not None


def raise_seats(workshop: Workshop, seats: int, *, by: Person, at: datetime) -> None:
    """Let more people in, or ask for it: see :func:`needs_second`. The last number asked for counts. One write.

    Never fewer: who has printed cards or hung a poster has promised these seats. Raises :class:`Invalid` on ``seats``,
    :class:`Refused` when the session is over, or when the person who should agree is no longer there.
    """
    with writing():
        require(by, Action.RAISE_SEATS, workshop)
        _still_open(workshop, at)
        if not workshop.seats < seats <= MOST_SEATS:
            raise Invalid(
                N_("Écrivez un nombre plus grand que %(now)s, et de %(most)s au plus."),
                field="seats",
                now=workshop.seats,
                most=MOST_SEATS,
            )
        if not needs_second(workshop):
            _give(workshop, seats, by, at)
            return
        if workshop.second_id is None:
            raise Refused(N_("La deuxième personne n’a plus de compte ici. Ouvrez une autre séance, avec une autre."))
        workshop.seats_asked = seats
        _note("seats_asked", workshop, by, at, seats=seats)


def answer_seats(workshop: Workshop, agreed: bool, *, seats: int, by: Person, at: datetime) -> None:
    """Agree to the number that was read, or leave the session as it is. Doing it again changes nothing. One write.

    Raises :class:`Refused` when another number is asked for meanwhile.
    """
    with writing():
        require(by, Action.AGREE_TO_SEATS, workshop)
        _still_open(workshop, at)
        if workshop.seats_asked is None:
            return
        if workshop.seats_asked != seats:
            raise Refused(N_("Le nombre de places demandé a changé. Relisez la page de la séance, puis répondez."))
        if agreed:
            _give(workshop, seats, by, at)
        else:
            workshop.seats_asked = None
            _note("seats_declined", workshop, by, at, seats=seats)


def _give(workshop: Workshop, seats: int, by: Person, at: datetime) -> None:
    workshop.seats, workshop.seats_asked = seats, None
    _note("seats_raised", workshop, by, at, seats=seats)


def _still_open(workshop: Workshop, at: datetime) -> None:
    if is_over(workshop, at):
        raise Refused(N_("Cette séance est finie. Ouvrez-en une autre."))


def _note(event: str, workshop: Workshop, by: Person, at: datetime, **details: int) -> None:
    audit(f"workshop.{event}", f"workshop:{workshop.id}", by_id=by.id, at=at, details=details)
