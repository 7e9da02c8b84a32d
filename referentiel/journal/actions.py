"""Begin, finish or refuse an operation; add an audit line; post a side effect.

``begin``, ``audit`` and ``post`` run inside the caller's ``writing()``; ``finish`` and ``refuse`` open their own,
because by then the library has answered and no transaction was open meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select, text

from referentiel.database import session, writing
from referentiel.errors import N_, Invalid
from referentiel.journal.authors import Author
from referentiel.journal.chain import ORIGIN, line_hash
from referentiel.journal.changes import FileChange
from referentiel.journal.effects import effect_of, register_effect
from referentiel.journal.models import DONE, OPEN, OTHER, REFUSED, AuditLine, Operation, OutboxItem

__all__ = ["audit", "begin", "finish", "one_at_a_time", "post", "postpone", "refuse", "register_effect", "settle"]

LONGEST_WAIT = timedelta(hours=6)
CHAIN_LOCK = 7_233_001


def begin(
    *,
    id: str,
    kind: str,
    subject: str,
    base: str,
    files: Sequence[FileChange],
    message: str,
    author: Author,
    by_id: int | None,
    college: str,
    at: datetime,
) -> Operation:
    """Write down all that the Git commit needs. The same ``id`` again gives the same operation back.

    Raises :class:`Invalid` on a file that could never be adopted, and when ``id`` was used for something else.
    """
    _inside_writing()
    effect_of(kind)
    known = session.get(Operation, str(UUID(id)))
    if known is not None:
        if (known.kind, known.subject, known.by_id) != (kind, subject, by_id):
            raise Invalid(N_("Ce formulaire a déjà servi à autre chose. Rouvrez la page et recommencez."))
        return known
    for change in files:
        change.check()
    if len({change.path for change in files}) != len(files) or not files:
        raise ValueError("an operation changes at least one file, and each once")
    operation = Operation(
        id=str(UUID(id)),
        kind=kind,
        subject=subject,
        state=OPEN,
        base=base,
        files=[change.to_json() for change in files],
        message=message,
        author_name=author.name,
        author_email=author.email,
        time=at,
        by_id=by_id,
        college=college,
    )
    session.add(operation)
    session.flush()
    return operation


def finish(
    operation: Operation,
    commit: str,
    *,
    at: datetime,
    parent: str | None = None,
    paths: Mapping[str, str] | None = None,
    also: Callable[[], None] | None = None,
) -> None:
    """The library has it: the operation's state, its effect, the audit line and ``also``, in one transaction.

    Finishing again does nothing: recovery and a slow request may both come to the end.
    """
    with writing():
        current = _current(operation)
        if current.state == OPEN:
            current.state, current.commit, current.parent = DONE, commit, parent
            current.paths, current.closed_at = dict(paths or {}), at
            if also is not None:
                also()
            effect_of(current.kind).done(current)
            audit(
                "operation.done",
                current.subject,
                by_id=current.by_id,
                at=at,
                details={"operation": current.id, "kind": current.kind, "commit": commit},
            )
        elif current.commit != commit:
            raise RuntimeError(f"operation {current.id} is {current.state}, but the library holds it as {commit}")


def refuse(operation: Operation, reason: str, *, at: datetime, cause: str = OTHER) -> None:
    """Nothing was written in the library: close the operation and undo what waited on it. Twice is once."""
    with writing():
        current = _current(operation)
        if current.state == OPEN:
            current.state, current.reason, current.cause, current.closed_at = REFUSED, reason, cause, at
            effect_of(current.kind).refused(current)
            audit(
                "operation.refused",
                current.subject,
                by_id=current.by_id,
                at=at,
                details={"operation": current.id, "kind": current.kind, "cause": cause},
            )
        elif current.state == DONE:
            raise RuntimeError(f"operation {current.id} is done and cannot be refused")


def audit(event: str, subject: str, *, by_id: int | None, at: datetime, details: Mapping[str, Any]) -> AuditLine:
    """Add a line to the chain. ``details`` hold identifiers and figures, never a name, an address or a text."""
    _inside_writing()
    one_at_a_time()
    last = session.execute(select(AuditLine.seq, AuditLine.hash).order_by(AuditLine.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, ORIGIN)
    own = line_hash(seq=seq, at=at, event=event, subject=subject, by_id=by_id, details=details, previous=previous)
    line = AuditLine(
        seq=seq, at=at, event=event, subject=subject, by_id=by_id, details=dict(details), previous=previous, hash=own
    )
    session.add(line)
    session.flush()
    return line


def one_at_a_time() -> None:
    """Until this transaction ends, no other one adds to the chain or to the history. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})


def post(kind: str, payload: Mapping[str, Any], *, at: datetime, not_before: datetime | None = None) -> OutboxItem:
    """Ask for a side effect. It leaves only if the surrounding transaction is committed."""
    _inside_writing()
    item = OutboxItem(kind=kind, payload=dict(payload), created_at=at, not_before=not_before or at, tries=0)
    session.add(item)
    return item


def settle(item: OutboxItem, *, at: datetime) -> None:
    """The side effect took place. Inside the caller's ``writing()``."""
    _inside_writing()
    item.done_at, item.tries = at, item.tries + 1


def postpone(item: OutboxItem, error: str, *, at: datetime) -> None:
    """It failed: try again after 1, 2, 4… minutes, at most six hours. Inside the caller's ``writing()``."""
    _inside_writing()
    item.tries += 1
    item.last_error = error[:500]
    item.not_before = at + min(timedelta(minutes=2 ** min(item.tries - 1, 10)), LONGEST_WAIT)


def _inside_writing() -> None:
    if not session().info.get("writing"):
        raise RuntimeError("call this inside writing()")


def _current(operation: Operation) -> Operation:
    """The row as it is now, read once, whatever the session remembers of it."""
    identity = inspect(operation).identity
    current = session.get(Operation, identity, populate_existing=True) if identity else None
    if current is None:
        raise LookupError("this operation was never committed")
    return current
