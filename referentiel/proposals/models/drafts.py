"""What somebody is writing and nobody else sees."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment
from referentiel.proposals.models.columns import kept
from referentiel.proposals.states import ProposalKind


class Draft(Base):
    """What somebody is writing and nobody else sees. ``content`` is what :class:`proposals.wording.Sheet` keeps."""

    __tablename__ = "drafts"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[ProposalKind] = mapped_column(kept(ProposalKind, "kind"))
    path: Mapped[str] = mapped_column(String(200), default="")
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    base_commit: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    form_id: Mapped[str] = mapped_column(String(36), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def author_ids(self) -> frozenset[int]:
        return frozenset({self.author_id})
