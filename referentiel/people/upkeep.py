"""What time makes useless is deleted: sessions that ended, links, wrong tries, invitations that nobody took."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select

from referentiel.database import session, writing
from referentiel.people.codes import FORGOTTEN_AFTER
from referentiel.people.linking import KEPT_FOR
from referentiel.people.models import Invitation, Session, SignInLink, WrongTry

INVITATIONS_KEPT_FOR = timedelta(days=30)
"""After their end, so that whoever opens one late is told why it does not work"""


def forget(*, at: datetime) -> int:
    """Delete what is past; returns how many rows. Three index look-ups, and a write only when there is something."""
    old_sessions = Session.expires_at <= at
    old_links = SignInLink.expires_at <= at - KEPT_FOR
    old_tries = WrongTry.last_at <= at - FORGOTTEN_AFTER
    old_invitations = (Invitation.expires_at <= at - INVITATIONS_KEPT_FOR) & Invitation.accepted_at.is_(None)
    conditions = (
        (Session, old_sessions),
        (SignInLink, old_links),
        (WrongTry, old_tries),
        (Invitation, old_invitations),
    )
    anything = session.scalar(select(or_(*(exists(select(model).where(condition)) for model, condition in conditions))))
    if not anything:
        return 0
    with writing() as rows:
        return sum(
            len(rows.scalars(delete(model).where(condition).returning(next(iter(model.__table__.primary_key)))).all())
            for model, condition in conditions
        )
