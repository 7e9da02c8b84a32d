"""After a crash: settle every operation that is still open. Run at start, by the worker, and by ``verify --fix``."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from referentiel.database import session
from referentiel.errors import N_, Busy, Refused
from referentiel.journal import actions as journal
from referentiel.journal.changes import Order
from referentiel.journal.effects import effect_of
from referentiel.journal.models import MOVED, OPEN, OTHER, RIGHTS
from referentiel.journal.queries import open_operations
from referentiel.journal.queries import operation as operation_of
from referentiel.library.actions import cause_of, close
from referentiel.library.failures import Damaged
from referentiel.library.library import Applied, Library
from referentiel.library.lock import Elsewhere

log = logging.getLogger(__name__)

MOVED_MEANWHILE = N_("Le texte a changé pendant une interruption du service. Rien n’a été écrit : à signer de nouveau.")
NO_RIGHT = N_("La personne n’avait plus le droit de faire ce changement après une interruption du service.")
UNREADABLE = N_("Ce qui avait été demandé n’est plus lisible. Rien n’a été écrit.")


@dataclass
class Recovery:
    """What was settled: operations found on ``main``, written again, or refused; by id."""

    found: list[str] = field(default_factory=list)
    replayed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def recover(library: Library, *, at: datetime) -> Recovery:
    """For each open operation: on ``main`` → done; else same base and rights still held → replayed; else refused.

    Each under the writer lock, one after the other. One that a living process is at is left to it, so this may run at
    any time. A process that was only paused, and still holds an operation
    that is refused here, finds it fenced and cannot apply it. Raises ``Busy`` when the lock is not to be had.
    """
    settled = Recovery()
    waiting = [operation.id for operation in open_operations()]
    session.rollback()
    for identity in waiting:
        try:
            with library.attended(identity, patience=0):
                _settle(library, identity, settled, at)
        except Elsewhere:
            session.rollback()
        except (Busy, Damaged):
            raise
        except Exception:
            # One that cannot be settled, because what it speaks of is gone, must not hold the others back.
            log.exception("operation %s: could not be settled", identity)
            session.rollback()
    session.rollback()
    return settled


def _settle(library: Library, identity: str, settled: Recovery, at: datetime) -> None:
    operation = operation_of(identity)
    if operation is None or operation.state != OPEN:
        return
    try:
        order: Order | None = operation.order
    except ValueError:
        order = None
    entitled = effect_of(operation.kind).rights(operation)
    session.rollback()
    outcome = _decide(library, identity, order, entitled)
    if isinstance(outcome, Applied):
        close(library, operation, outcome, at=at)
        (settled.found if outcome.found else settled.replayed).append(identity)
        log.warning("operation %s: settled after a crash as %s", identity, outcome.commit)
    else:
        reason, cause = outcome
        journal.refuse(operation, reason, at=at, cause=cause)
        settled.refused.append(identity)
        log.warning("operation %s: refused after a crash (%s)", identity, cause)


def _decide(library: Library, identity: str, order: Order | None, entitled: bool) -> Applied | tuple[str, str]:
    with library.writing() as lock:
        refusal = _refusal(library, order, entitled)
        if refusal is None and order is not None:
            try:
                return library.apply_holding(order, lock)
            except (Busy, Damaged):
                raise
            except Refused as error:
                refusal = str(error), cause_of(error)
        library.fence(identity)
        return refusal or (UNREADABLE, OTHER)


def _refusal(library: Library, order: Order | None, entitled: bool) -> tuple[str, str] | None:
    """Why an operation may not be replayed; None when it may, or when ``main`` holds it already."""
    if order is None:
        return UNREADABLE, OTHER
    head = library.head()
    if head == order.base:
        return None if entitled else (NO_RIGHT, RIGHTS)
    if library.find(order, head):
        return None
    log.warning("operation %s: began on %s, main is at %s", order.id, order.base, head)
    return MOVED_MEANWHILE, MOVED
