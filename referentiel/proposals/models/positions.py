"""What one person thinks of one wording."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment
from referentiel.permissions import College
from referentiel.proposals.models.columns import kept
from referentiel.proposals.states import Stance


class Position(Base):
    """One person's stance on one wording; taking it again changes it."""

    __tablename__ = "positions"
    __table_args__ = (UniqueConstraint("revision_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    college: Mapped[College] = mapped_column(kept(College, "college"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    stance: Mapped[Stance] = mapped_column(kept(Stance, "stance"))
    taken_at: Mapped[datetime] = mapped_column(Moment)
