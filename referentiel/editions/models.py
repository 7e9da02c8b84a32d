"""Tables of editions to come. What is published is in Git and in the sealed files, never here."""

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.criteria.vocabulary import Labelled
from referentiel.database import Base, Moment, closed_list
from referentiel.errors import N_


class PlanState(Labelled):
    """Where an edition to come is."""

    ANNOUNCED = "announced", N_("Annoncée")
    PREPARED = "prepared", N_("Préparée, à confirmer")
    CONFIRMED = "confirmed", N_("Confirmée, en cours de scellement")
    SEALED = "sealed", N_("Publiée")
    FAILED = "failed", N_("À préparer de nouveau")


_PREPARED = ("number", '"commit"', "applies", "prepared_at", "prepared_by_id", "prepared_by_college")
_CONFIRMED = ("confirmed_at", "confirmed_by_id", "confirmed_by_college", "audit_head")


def _all_set(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"{column} IS NOT NULL" for column in columns)


class EditionPlan(Base):
    """One edition to come, from its announcement to its seal.

    ``closing`` is the last day, in Paris, on which a proposal enters it. ``slot`` is 1 while it is to come, so that the
    database holds one at a time. ``audit_head`` is taken at the confirmation, and goes into the seal.
    """

    __tablename__ = "edition_plans"
    __table_args__ = (
        CheckConstraint(
            f"state NOT IN ('prepared', 'confirmed', 'sealed') OR ({_all_set(_PREPARED)})", name="prepared"
        ),
        CheckConstraint(f"state NOT IN ('confirmed', 'sealed') OR ({_all_set(_CONFIRMED)})", name="confirmed"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> prepared_by_id", name="two_people"),
        CheckConstraint(
            "confirmed_by_college IS NULL OR confirmed_by_college <> prepared_by_college", name="two_colleges"
        ),
        CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name="sealed_has_a_time"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="failed_has_a_reason"),
        CheckConstraint("(state = 'sealed' AND slot IS NULL) OR (state <> 'sealed' AND slot = 1)", name="one_to_come"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PlanState] = mapped_column(closed_list(PlanState, "state", length=12))
    slot: Mapped[int | None] = mapped_column(unique=True, default=1)
    closing: Mapped[date]
    announced_at: Mapped[datetime] = mapped_column(Moment)
    announced_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    number: Mapped[str | None] = mapped_column(String(12), unique=True)
    commit: Mapped[str | None] = mapped_column(String(40))
    applies: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    revision_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    prepared_at: Mapped[datetime | None] = mapped_column(Moment)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    prepared_by_college: Mapped[str | None] = mapped_column(String(20))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_by_college: Mapped[str | None] = mapped_column(String(20))
    audit_head: Mapped[str | None] = mapped_column(String(64))
    sealed_at: Mapped[datetime | None] = mapped_column(Moment)
    failure: Mapped[str | None] = mapped_column(Text)

    carried: Mapped[list["CarriedOver"]] = relationship(lazy="selectin", order_by="CarriedOver.proposal_id")

    @property
    def prepared_as(self) -> str:
        """A digest of all that a second person says yes to: prepared again with other words, it is another."""
        said = (self.number, self.commit, self.applies, self.note, self.revision_note)
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


class CarriedOver(Base):
    """A proposal submitted in time that the next edition will answer, and why, twice: for all and in plain words."""

    __tablename__ = "edition_carried_over"
    __table_args__ = (
        UniqueConstraint("plan_id", "proposal_id"),
        CheckConstraint("length(trim(reason)) > 0 AND length(trim(plain_reason)) > 0", name="says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("edition_plans.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    plain_reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    college: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)
