"""What was sent is forgotten after a time: rows of the outbox, what each person was told, mail files."""

from datetime import datetime

from sqlalchemy import delete, select

from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.journal.purging import forget_settled
from referentiel.notices.letters import FILES
from referentiel.notices.models import Notice
from referentiel.people.keeping import Keeping


def forget_sent(settings: Settings, *, at: datetime) -> int:
    """Delete what left long enough ago; returns how much. Two writes at most; each mail file by its own date."""
    keep = Keeping.of(settings)
    forgotten = forget_settled(at - keep.mails) + _forget_files(settings, at - keep.mails)
    past = Notice.created_at <= at - keep.notices
    if session.scalar(select(Notice.id).where(past).limit(1)) is None:
        session.rollback()
        return forgotten
    with writing() as rows:
        return forgotten + len(rows.scalars(delete(Notice).where(past).returning(Notice.id)).all())


def _forget_files(settings: Settings, before: datetime) -> int:
    if not settings.mail_path.is_dir():
        return 0
    past = [file for file in settings.mail_path.glob(FILES) if file.stat().st_mtime < before.timestamp()]
    for file in past:
        file.unlink(missing_ok=True)
    return len(past)
