"""What leaves the journal with time: the security log, and side effects that took place."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from referentiel.database import session, writing
from referentiel.journal.actions import audit, one_at_a_time
from referentiel.journal.chain import PURGED, Run, as_named, is_public, runs
from referentiel.journal.models import AuditLine, AuditStretch, OutboxItem


def security_lines(before: datetime) -> list[tuple[int, str, str]]:
    """The lines older than this that are no public act: number, hash before, own hash, in order. One statement."""
    rows = session.execute(
        select(AuditLine.seq, AuditLine.event, AuditLine.previous, AuditLine.hash)
        .where(AuditLine.at < before)
        .order_by(AuditLine.seq)
    )
    return [(seq, previous, own) for seq, event, previous, own in rows if not is_public(event)]


def purge_security_log(before: datetime, *, at: datetime, ends: Collection[str] = ()) -> int:
    """Delete the security log before a moment; returns how many lines. Each stretch leaves its first and last hash.

    ``ends`` are hashes that must be found again: an edition was sealed on each. One write, when there is something.
    """
    if not security_lines(before):
        session.rollback()
        return 0
    with writing() as rows:
        one_at_a_time()
        lines = security_lines(before)
        stretches: list[Run] = list(runs(lines, ends=ends))
        for run in stretches:
            rows.add(
                AuditStretch(
                    first_seq=run.first_seq,
                    last_seq=run.last_seq,
                    previous=run.previous,
                    first_hash=run.first_hash,
                    last_hash=run.last_hash,
                    purged_at=at,
                )
            )
        rows.flush()
        # The last line of the chain may be among them: the new one rests on it, hence is written first.
        told = {"stretches": [list(as_named(run)) for run in stretches]}
        audit(PURGED, "audit", by_id=None, at=at, details=told)
        for run in stretches:
            rows.execute(delete(AuditLine).where(AuditLine.seq.between(run.first_seq, run.last_seq)))
    return len(lines)


def forget_settled(before: datetime) -> int:
    """Delete side effects that took place before a moment; returns how many."""
    past = OutboxItem.done_at < before
    if session.scalar(select(OutboxItem.id).where(past).limit(1)) is None:
        session.rollback()
        return 0
    with writing() as rows:
        return len(rows.scalars(delete(OutboxItem).where(past).returning(OutboxItem.id)).all())
