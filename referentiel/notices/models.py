"""What each person is told by mail, and what they follow: one row for one person and one event or one topic."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment


class Notice(Base):
    """Something that one person is told once: at once, or in the letter of the day."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("person_id", "event"), Index("ix_notices_waiting", "sent_at", "at_once"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(String(80))
    """What happened, named once for all: ``proposal:42:step:317``"""
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    at_once: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class Follow(Base):
    """Something of which one person wants the news: ``criteres/E4``, ``chapitres/E``, ``propositions/42``."""

    __tablename__ = "follows"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(Moment)
