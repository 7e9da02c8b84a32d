"""An outcome, its two signatures, what it amends, and what it says of each college."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.criteria.changes import ChangeClass
from referentiel.database import Base, Moment, only_where
from referentiel.permissions import College
from referentiel.proposals.figures import Said
from referentiel.proposals.hearing import Reach
from referentiel.proposals.models.columns import kept, written_once
from referentiel.proposals.models.proposals import Proposal, Revision, RevisionFile
from referentiel.proposals.states import Outcome


class DecisionState(StrEnum):
    """Where a decision is: one signature, two and being written in the library, in effect, or void."""

    PENDING = "pending"
    WRITING = "writing"
    EFFECTIVE = "effective"
    VOID = "void"


class Basis(StrEnum):
    """Why a decision may be taken as regards one college."""

    HEARD = "heard"
    SILENCE_JUSTIFIED = "silence_justified"
    NOT_REQUIRED = "not_required"


class Decision(Base):
    """An outcome with its reasons, signed twice. The number is allotted at the second signature."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="has_a_reason"),
        CheckConstraint("length(trim(plain_reason)) > 0", name="has_a_plain_reason"),
        CheckConstraint("(outcome = 'postponed') = (resume_on IS NOT NULL)", name="postponed_until_a_date"),
        CheckConstraint(
            "state NOT IN ('writing', 'effective') OR (number IS NOT NULL AND operation_id IS NOT NULL"
            " AND signed_at IS NOT NULL)",
            name="numbered_once_signed_twice",
        ),
        CheckConstraint("state <> 'effective' OR commit_id IS NOT NULL", name="effective_once_written"),
        CheckConstraint("length(digest) = 64", name="binds_a_digest"),
        CheckConstraint("(outcome = 'adopted_with_changes') = (amended_at IS NOT NULL)", name="amended_when_said_so"),
        Index(
            "ix_decisions_one_under_way",
            "proposal_id",
            unique=True,
            **only_where("state IN ('pending', 'writing')"),
        ),
        Index("ix_decisions_state_number", "state", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    state: Mapped[DecisionState] = mapped_column(kept(DecisionState, "state"), default=DecisionState.PENDING)
    outcome: Mapped[Outcome] = mapped_column(kept(Outcome, "outcome"))
    change_class: Mapped[ChangeClass] = mapped_column(kept(ChangeClass, "change_class"))
    reason: Mapped[str] = mapped_column(Text)
    plain_reason: Mapped[str] = mapped_column(Text)
    resume_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(String(64))
    asked_college: Mapped[College | None] = mapped_column(kept(College, "asked_college"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    amended_at: Mapped[datetime | None] = mapped_column(Moment)
    author_accepts: Mapped[bool | None]
    author_words: Mapped[str] = mapped_column(Text, default="")
    author_answered_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    operation_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    commit_id: Mapped[str | None] = mapped_column(String(40))
    form_id: Mapped[str] = mapped_column(String(36), unique=True)

    proposal: Mapped[Proposal] = relationship()
    revision: Mapped[Revision] = relationship()
    amended_files: Mapped[list["DecisionFile"]] = relationship(order_by="DecisionFile.path")
    signatures: Mapped[list["Signature"]] = relationship(order_by="Signature.rank", cascade="all, delete-orphan")
    colleges: Mapped[list["DecisionCollege"]] = relationship()

    @property
    def files(self) -> Sequence["RevisionFile | DecisionFile"]:
        """What the text becomes: the amended files, else those of the revision; none when nothing is adopted."""
        if self.outcome is Outcome.ADOPTED_WITH_CHANGES:
            return self.amended_files
        return self.revision.files if self.outcome.adopts else ()

    @property
    def said(self) -> tuple[Said, ...]:
        """What each college had said on the day of the first signature; nothing when the decision is older than that.

        One statement.
        """
        rows = {row.college: row.said for row in self.colleges}
        return tuple(said for college in College if (said := rows.get(college)) is not None)

    @property
    def author_ids(self) -> frozenset[int]:
        return self.proposal.author_ids

    @property
    def credited_ids(self) -> frozenset[int]:
        return self.proposal.credited_ids

    @property
    def first_signatory_id(self) -> int | None:
        return self.signatures[0].person_id if self.signatures else None

    @property
    def first_signatory_college(self) -> str | None:
        return self.signatures[0].college.value if self.signatures else None


class DecisionFile(Base):
    """One file of an amended wording: what an editor wrote, that the author reads before the second signature."""

    __tablename__ = "decision_files"
    __table_args__ = (CheckConstraint("length(blob) = 40", name="after_is_a_blob"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    before_blob: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    blob: Mapped[str] = mapped_column(String(40))


class DecisionCollege(Base):
    """What a decision says of one college: heard, or silent and why it is decided all the same; and its figures on the
    day of the first signature, as everybody may read them. Without ``reach`` none were kept: it is older than that.
    """

    __tablename__ = "decision_colleges"
    __table_args__ = (
        CheckConstraint(
            "basis <> 'silence_justified' OR length(trim(justification)) > 0", name="silence_has_its_reason"
        ),
        CheckConstraint("basis <> 'not_required' OR justification = ''", name="no_reason_where_none_is_asked"),
        CheckConstraint("reach IS NULL OR (basis = 'heard') = (reach = 'enough')", name="heard_when_enough_spoke"),
        CheckConstraint("reach IS NULL OR few IS NOT NULL", name="counted_whole"),
        CheckConstraint(
            "NOT few OR (favourable IS NULL AND reserved IS NULL AND unfavourable IS NULL)", name="few_are_not_counted"
        ),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    college: Mapped[College] = mapped_column(kept(College, "college"), primary_key=True)
    basis: Mapped[Basis] = mapped_column(kept(Basis, "basis"))
    justification: Mapped[str] = mapped_column(Text, default="")
    reach: Mapped[Reach | None] = mapped_column(kept(Reach, "reach"))
    few: Mapped[bool | None]
    favourable: Mapped[int | None]
    reserved: Mapped[int | None]
    unfavourable: Mapped[int | None]
    older: Mapped[int | None]
    people: Mapped[int | None]
    structures: Mapped[int | None]
    until: Mapped[date | None]

    @property
    def said(self) -> Said | None:
        """The row of the matrix that was signed; none when the decision is older than such figures."""
        if self.reach is None:
            return None
        return Said(
            college=self.college,
            favourable=self.favourable,
            reserved=self.reserved,
            unfavourable=self.unfavourable,
            older=self.older,
            few=bool(self.few),
            until=self.until,
            people=self.people,
            structures=self.structures,
            reach=self.reach,
        )


class Signature(Base):
    """One of the two signatures: a person, their college that day, and the digest of all that they signed."""

    __tablename__ = "signatures"
    __table_args__ = (
        CheckConstraint("rank IN (1, 2)", name="two_at_most"),
        CheckConstraint("length(digest) = 64", name="binds_a_digest"),
        UniqueConstraint("decision_id", "person_id"),
        UniqueConstraint("decision_id", "college"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    college: Mapped[College] = mapped_column(kept(College, "college"))
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Moment)


written_once(DecisionFile, Signature)
