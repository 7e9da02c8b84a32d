"""The seats of a workshop: each account opened there takes one, whatever opened it."""

from sqlalchemy import func, select

from referentiel.database import session
from referentiel.people.models import Person, Workshop


def seats_taken(workshop_id: int) -> int:
    """Accounts opened in this workshop. One look-up in an index."""
    return session.scalar(select(func.count(Person.id)).where(Person.workshop_id == workshop_id)) or 0


def take_seat(workshop_id: int | None) -> bool:
    """Whether one more account may be opened; always outside a workshop.

    Only inside the ``writing()`` that opens the account is the answer sure: writers come one after the other, so two
    never take the last seat.
    """
    if workshop_id is None:
        return True
    workshop = session.get(Workshop, workshop_id)
    return workshop is None or seats_taken(workshop_id) < workshop.seats
