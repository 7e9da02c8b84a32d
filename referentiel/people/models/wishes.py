"""What somebody asks the administration for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.database import Base, Moment
from referentiel.people.models.accounts import Person, Structure


class StructureWish(Base):
    """Somebody has changed structure, and asks that their account follow: one of the list, or a name to be added.

    A structure keeps people away from the words of its own employees: only an administrator changes it. Refused, the
    row stays for a time with its reason: the person finds the answer there.
    """

    __tablename__ = "structure_wishes"
    __table_args__ = (
        CheckConstraint("(structure_id IS NULL) = (name <> '')", name="one_or_the_other"),
        CheckConstraint("(refused_at IS NULL) = (reason = '')", name="refused_with_a_reason"),
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(Moment)
    refused_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused: the person alone reads it"""

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    structure: Mapped[Structure | None] = relationship(lazy="joined")

    @property
    def place(self) -> str:
        """What was asked for, in words."""
        return self.structure.name if self.structure else self.name
