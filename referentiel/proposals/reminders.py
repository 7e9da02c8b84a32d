"""What time makes somebody say of a proposal, once for each stage and each day that it is about."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment, closed_list
from referentiel.proposals.states import Stage


class Reminder(Base):
    """That it was said. ``day`` is the end of the discussion or the promised day: one that moves is said again."""

    __tablename__ = "proposal_reminders"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(closed_list(Stage, "stage", length=32), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
