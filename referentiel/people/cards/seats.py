"""The seats of a workshop: each account opened there takes one for good, whatever opened it."""

from sqlalchemy import select, update

from referentiel.database import session
from referentiel.people.models import Workshop


def seats_taken(workshop_id: int) -> int:
    """Accounts opened in this workshop, with those erased since. One look-up by its number."""
    return session.scalar(select(Workshop.seats_given).where(Workshop.id == workshop_id)) or 0


def has_seat(workshop_id: int | None) -> bool:
    """Whether one more account may be opened; always outside a workshop.

    Only inside the ``writing()`` that opens the account is the answer sure: writers come one after the other, so two
    never take the last seat.
    """
    if workshop_id is None:
        return True
    left = select(Workshop.seats - Workshop.seats_given).where(Workshop.id == workshop_id)
    return (session.scalar(left) or 0) > 0


def give_seat(workshop_id: int | None) -> None:
    """Count one more account opened there. Inside the ``writing()`` that opens it."""
    if workshop_id is not None:
        session.execute(update(Workshop).where(Workshop.id == workshop_id).values(seats_given=Workshop.seats_given + 1))
