"""Collective sessions: a group that answers together, in one place, with cards, a code or a shared tablet."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment
from referentiel.people.models.columns import DIGEST, one_of
from referentiel.permissions import College

MOST_SEATS = 300


class Workshop(Base):
    """A collective session. Its code is made again from ``nonce`` to print the poster; ``code`` is what finds it.

    ``structure_id`` is that of the employees who come: it keeps its people away from their words, and is shown to
    nobody but the second person, before they agree. The employers' college always names it.
    """

    __tablename__ = "workshops"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    criteria: Mapped[list[str]] = mapped_column(JSON)
    """Codes of the criteria to discuss, in their order"""
    place: Mapped[str] = mapped_column(String(120), default="")
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)
    seats: Mapped[int] = mapped_column()
    seats_given: Mapped[int] = mapped_column(default=0)
    """Raised with each account opened there, never lowered: an account erased since gives no seat back"""
    seats_asked: Mapped[int | None] = mapped_column()
    """A larger number that waits for the second person; the session goes on meanwhile with what they agreed to"""
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    opened_by_college: Mapped[str] = mapped_column(String(20))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    """The person of another college who holds it with the first"""
    second_college: Mapped[str | None] = mapped_column(String(20))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When that second person agreed"""
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    code: Mapped[str] = mapped_column(DIGEST, unique=True)
    """HMAC of the six characters"""
    created_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(f"seats BETWEEN 1 AND {MOST_SEATS}", name="seats"),
        CheckConstraint("seats_given BETWEEN 0 AND seats", name="seats_given"),
        CheckConstraint(
            f"seats_asked IS NULL OR (seats_asked > seats AND seats_asked <= {MOST_SEATS})", name="seats_asked"
        ),
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint("ends_at > created_at", name="lasts"),
        CheckConstraint(one_of("opened_by_college", College), name="college"),
        CheckConstraint("second_college IS NULL OR second_college <> opened_by_college", name="other_college"),
        CheckConstraint("(second_college IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    )


class Tablet(Base):
    """A shared tablet, open on a workshop and on nothing else. The browser holds the key, this row its digest."""

    __tablename__ = "tablets"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshops.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
