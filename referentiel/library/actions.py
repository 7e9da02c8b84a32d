"""Carry an operation out from end to end: the caller writes it down in SQL, then needs this one line."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from referentiel.database import session
from referentiel.errors import N_, Busy, NotAllowed, Refused, TextMoved, Unsure
from referentiel.journal import actions as journal
from referentiel.journal.models import BUSY, DONE, MOVED, OTHER, REFUSED, RIGHTS, Operation
from referentiel.library import mirror
from referentiel.library.failures import busy
from referentiel.library.library import Applied, Library
from referentiel.library.lock import Elsewhere
from referentiel.library.projection import record

log = logging.getLogger(__name__)

_CAUSES: dict[type[Refused], str] = {TextMoved: MOVED, Busy: BUSY, NotAllowed: RIGHTS}
_ANSWERS: dict[str, type[Refused]] = {MOVED: TextMoved, BUSY: Busy, RIGHTS: NotAllowed}


@contextmanager
def attending(library: Library, operation: Operation) -> Iterator[None]:
    """Be at an operation that begins, from before the commit of its row until its end is written.

    Raises ``Busy``, without waiting, when another process is at one of the same id.
    """
    with ExitStack() as attendance:
        try:
            attendance.enter_context(library.attended(operation.id, patience=0))
        except Elsewhere as error:
            raise busy() from error
        yield


def carry_out(library: Library, operation: Operation, *, at: datetime) -> Applied:
    """Write the operation in the library, then close it in SQL. Call it after the ``writing()`` that began it, under
    :func:`attending`.

    A refusal (``TextMoved``, ``Busy``…) is written down before it is raised; the form's next try needs a new key.
    Raises ``Unsure`` when what happened cannot be written down, recovery will settle it, and when another process is
    still at the same operation. Carrying out an operation that is closed gives the same answer again. About 15 ms.
    """
    identity = operation.id
    # No transaction stays open while a lock is awaited or held: a comment posted meanwhile does not wait.
    session.rollback()
    try:
        with library.attended(identity):
            return _carry_out(library, operation, at)
    except Elsewhere as error:
        raise unsure(identity) from error
    except Busy as refusal:
        # Already written down, unless it is the disk that refused our own first step: twice is once.
        _write_refusal(operation, identity, refusal, at)
        raise


def _carry_out(library: Library, operation: Operation, at: datetime) -> Applied:
    if operation.state == DONE:
        return Applied(operation.commit or "", operation.parent or "", operation.paths or {}, found=True)
    if operation.state == REFUSED:
        raise _ANSWERS.get(operation.cause or "", Refused)(operation.reason or "")
    order = operation.order
    session.rollback()
    try:
        applied = library.apply(order)
    except Refused as refusal:
        _write_refusal(operation, order.id, refusal, at)
        raise
    except Exception as error:
        log.exception("operation %s: outcome unknown", order.id)
        raise unsure(order.id) from error
    try:
        close(library, operation, applied, at=at)
    except Exception as error:
        log.exception("operation %s: written in the library, not yet in the database", order.id)
        raise unsure(order.id) from error
    return applied


def close(library: Library, operation: Operation, applied: Applied, *, at: datetime) -> None:
    """The SQL end of an operation that the library holds: state, effect, history, audit line, in one transaction."""
    journal.finish(
        operation,
        applied.commit,
        at=at,
        parent=applied.parent,
        paths=applied.paths,
        also=lambda: _follow(library, applied.commit, at),
    )


def _follow(library: Library, commit: str, at: datetime) -> None:
    """What comes with each commit: its line in the history, and the public mirror that will show it."""
    record(library, commit)
    mirror.ask(at=at)


def cause_of(refusal: Refused) -> str:
    """The word that the journal keeps for a refusal."""
    return next((cause for kind, cause in _CAUSES.items() if isinstance(refusal, kind)), OTHER)


def unsure(operation: str) -> Unsure:
    """The answer when neither yes nor no can be told."""
    return Unsure(
        N_("Nous ne savons pas encore si cela a été enregistré. Rouvrez cette page dans un instant."),
        operation=operation,
    )


def _write_refusal(operation: Operation, identity: str, refusal: Refused, at: datetime) -> None:
    try:
        journal.refuse(operation, str(refusal), at=at, cause=cause_of(refusal))
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        log.exception("operation %s: its refusal could not be written", identity)
        raise unsure(identity) from error
