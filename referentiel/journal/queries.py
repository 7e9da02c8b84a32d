"""Reads of the journal."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select

from referentiel.database import session
from referentiel.dates import month_starts
from referentiel.journal.chain import ORIGIN, first_fault
from referentiel.journal.models import OPEN, AuditLine, AuditStretch, Operation, OutboxItem


def operation(id: str) -> Operation | None:
    """The operation of this idempotency key, whatever its state."""
    return session.get(Operation, id)


def open_operations() -> Sequence[Operation]:
    """Those that neither Git's answer nor a refusal has closed, oldest first."""
    query = select(Operation).where(Operation.state == OPEN).order_by(Operation.time, Operation.id)
    return session.scalars(query).all()


def audit_head() -> str:
    """The hash of the last audit line, 64 hex digits; zeros when there is none."""
    last = session.scalars(select(AuditLine.hash).order_by(AuditLine.seq.desc()).limit(1)).first()
    return last or ORIGIN


def audit_lines(subject: str | None = None, limit: int = 200) -> Sequence[AuditLine]:
    """The latest lines, newest first, of one thing when it is given."""
    query = select(AuditLine).order_by(AuditLine.seq.desc()).limit(limit)
    return session.scalars(query if subject is None else query.where(AuditLine.subject == subject)).all()


def audit_page(
    families: Collection[str] = (), *, undated: ColumnElement[bool], limit: int, offset: int
) -> tuple[Sequence[AuditLine], int]:
    """One page of the lines, newest first, and how many there are; of these families alone when they are given.

    The family of ``person.invited`` is ``person``. Of the ``undated`` lines only the month is told: they end their
    month, by event, then in the order of their hashes, which says nothing. Two statements.
    """
    query = select(AuditLine)
    if families:
        query = query.where(or_(*(AuditLine.event.startswith(f"{family}.", autoescape=True) for family in families)))
    found = query.subquery()
    count, first, last = session.execute(select(func.count(), func.min(found.c.at), func.max(found.c.at))).one()
    if not count:
        return (), 0
    months = month_starts(first, last)
    month = case(*((AuditLine.at >= start, number) for number, start in enumerate(months)), else_=len(months))
    order = (
        month,
        case((undated, 1), else_=0),
        case((undated, AuditLine.event), else_=""),
        case((undated, 0), else_=-AuditLine.seq),
        AuditLine.hash,
    )
    return session.scalars(query.order_by(*order).limit(limit).offset(offset)).all(), count


def audit_fault() -> int | None:
    """Recompute the whole chain: the number of the first line that breaks it, or None. One pass over the table."""
    stretches = session.scalars(select(AuditStretch)).all()
    lines = select(AuditLine).order_by(AuditLine.seq).execution_options(yield_per=1000)
    return first_fault(session.scalars(lines), stretches)


def due(at: datetime, limit: int = 50, *, kinds: Collection[str] | None = None) -> Sequence[OutboxItem]:
    """Side effects whose time has come, oldest first; of these kinds alone when they are given. One query."""
    query = select(OutboxItem).where(OutboxItem.done_at.is_(None), OutboxItem.not_before <= at)
    if kinds is not None:
        query = query.where(OutboxItem.kind.in_(kinds))
    return session.scalars(query.order_by(OutboxItem.not_before, OutboxItem.id).limit(limit)).all()
