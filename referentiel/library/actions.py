"""Carry an operation out from end to end: the caller writes it down in SQL, then needs this one line."""

import logging
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from referentiel.database import session
from referentiel.errors import N_, Busy, NotAllowed, Refused, TextMoved, Unsure
from referentiel.journal import actions as journal
from referentiel.journal.models import BUSY, DONE, MOVED, OTHER, REFUSED, RIGHTS, Operation
from referentiel.library.library import Applied, Library
from referentiel.library.projection import record

log = logging.getLogger(__name__)

_CAUSES: dict[type[Refused], str] = {TextMoved: MOVED, Busy: BUSY, NotAllowed: RIGHTS}
_ANSWERS: dict[str, type[Refused]] = {MOVED: TextMoved, BUSY: Busy, RIGHTS: NotAllowed}


def carry_out(library: Library, operation: Operation, *, at: datetime) -> Applied:
    """Write the operation in the library, then close it in SQL. Call it after the ``writing()`` that began it.

    A refusal (``TextMoved``, ``Busy``…) is written down before it is raised; the form's next try needs a new key.
    Raises ``Unsure`` when what happened cannot be written down: recovery will settle it. Carrying out an operation
    that is already closed gives the same answer again. About 10 ms.
    """
    identity, state = operation.id, operation.state
    if state == REFUSED:
        raise _ANSWERS.get(operation.cause or "", Refused)(operation.reason or "")
    order, known = operation.order, _known(operation) if state == DONE else None
    # No transaction stays open while the lock is awaited or held: a comment posted meanwhile does not wait.
    session.rollback()
    if known is not None:
        return known
    try:
        applied = library.apply(order)
    except Refused as refusal:
        _write_refusal(operation, identity, refusal, at)
        raise
    except Exception as error:
        log.exception("operation %s: outcome unknown", identity)
        raise unsure(identity) from error
    try:
        close(library, operation, applied, at=at)
    except Exception as error:
        log.exception("operation %s: written in the library, not yet in the database", identity)
        raise unsure(identity) from error
    return applied


def close(library: Library, operation: Operation, applied: Applied, *, at: datetime) -> None:
    """The SQL end of an operation that the library holds: state, effect, history, audit line, in one transaction."""
    journal.finish(
        operation,
        applied.commit,
        at=at,
        parent=applied.parent,
        paths=applied.paths,
        also=lambda: record(library, applied.commit),
    )


def cause_of(refusal: Refused) -> str:
    """The word that the journal keeps for a refusal."""
    return next((cause for kind, cause in _CAUSES.items() if isinstance(refusal, kind)), OTHER)


def unsure(operation: str) -> Unsure:
    """The answer when neither yes nor no can be told."""
    return Unsure(
        N_("Nous ne savons pas encore si cela a été enregistré. Rouvrez cette page dans un instant."),
        operation=operation,
    )


def _known(operation: Operation) -> Applied:
    return Applied(operation.commit or "", operation.parent or "", operation.paths or {}, found=True)


def _write_refusal(operation: Operation, identity: str, refusal: Refused, at: datetime) -> None:
    try:
        journal.refuse(operation, str(refusal), at=at, cause=cause_of(refusal))
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        log.exception("operation %s: its refusal could not be written", identity)
        raise unsure(identity) from error
