"""Wrong tries: they slow down the locator that they name, whether anything answers to it or not, and nothing else."""

from datetime import datetime
from math import ceil

from sqlalchemy import delete

from referentiel.database import session
from referentiel.errors import N_, TooOften
from referentiel.people.cards import codes
from referentiel.people.models import WrongTry


def refuse_while_waiting(locator: int, at: datetime) -> None:
    """Raises :class:`TooOften` while this locator waits. Before any transaction."""
    tried = session.get(WrongTry, locator)
    if tried is None:
        return
    left = (tried.last_at + codes.wait_after(tried.count) - at).total_seconds()
    if left > 0:
        raise TooOften(
            N_(
                "Ce code a été essayé plusieurs fois. Attendez %(minutes)s min, puis essayez de nouveau. "
                "Ou demandez de l’aide à la personne qui vous a donné la carte."
            ),
            retry_after=ceil(left),
            field=codes.FIELD,
            minutes=ceil(left / 60),
        )


def count_wrong_try(locator: int, at: datetime) -> None:
    """Count one more, inside the caller's ``writing()``. Those of more than a day ago are forgotten."""
    tried = session.get(WrongTry, locator)
    if tried is None:
        session.add(WrongTry(locator=locator, count=1, last_at=at))
    else:
        fresh = tried.last_at > at - codes.FORGOTTEN_AFTER
        tried.count = tried.count + 1 if fresh else 1
        tried.last_at = at


def forget_tries(locator: int) -> None:
    """Somebody came in: what was mistyped before does not count. Inside the caller's ``writing()``."""
    session.execute(delete(WrongTry).where(WrongTry.locator == locator))
