"""A proposal, its wordings, its steps, and the contributions that it took up."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.comments.models import Comment
from referentiel.criteria.changes import ChangeClass
from referentiel.database import Base, Moment
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.models.columns import kept, listed, written_once
from referentiel.proposals.states import DECIDED, ProposalKind, State, Step
from referentiel.proposals.workflow import judging, moves


class Why(StrEnum):
    """Why a contribution is credited."""

    SUGGESTION = "suggestion"
    WISH = "wish"


_DECIDED = listed(sorted(DECIDED))
_ADMITTED = listed(sorted({State.IN_DISCUSSION, State.IN_DECISION, *DECIDED}))


class Proposal(Base):
    """A change asked for. Its number is public; a draft is not one yet."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("state <> 'draft'", name="a_draft_is_not_a_proposal"),
        CheckConstraint("length(trim(title)) > 0", name="has_a_title"),
        CheckConstraint(f"state NOT IN ({_ADMITTED}) OR admitted_at IS NOT NULL", name="discussed_once_admitted"),
        CheckConstraint(
            f"state NOT IN ({_DECIDED}) OR (decision_number IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided_by_a_decision",
        ),
        CheckConstraint("(state = 'postponed') = (resume_on IS NOT NULL)", name="postponed_until_a_date"),
        CheckConstraint(
            "(state = 'merged_into') = (merged_into_id IS NOT NULL) AND merged_into_id <> id",
            name="merged_into_another",
        ),
        CheckConstraint(
            "state <> 'inadmissible' OR (declared_inadmissible_at IS NOT NULL"
            " AND declared_inadmissible_by_id IS NOT NULL)",
            name="inadmissible_by_someone",
        ),
        Index("ix_proposals_state_submitted", "state", "submitted_at"),
        Index("ix_proposals_promises", "state", "decision_due", "decided_at", "college"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(kept(State, "state"))
    kind: Mapped[ProposalKind] = mapped_column(kept(ProposalKind, "kind"))
    path: Mapped[str] = mapped_column(String(200), index=True)
    code: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    college: Mapped[College] = mapped_column(kept(College, "college"))
    revision_number: Mapped[int] = mapped_column(default=1)
    change_class: Mapped[ChangeClass] = mapped_column(kept(ChangeClass, "change_class"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    admitted_at: Mapped[datetime | None] = mapped_column(Moment)
    window_ends: Mapped[date | None]
    decision_due: Mapped[date]
    declared_inadmissible_at: Mapped[datetime | None] = mapped_column(Moment)
    declared_inadmissible_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    appealed_at: Mapped[datetime | None] = mapped_column(Moment)
    resume_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    decision_number: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    adopted_path: Mapped[str | None] = mapped_column(String(200), index=True)
    form_id: Mapped[str] = mapped_column(String(36), unique=True)

    authors: Mapped[list["ProposalAuthor"]] = relationship(order_by="ProposalAuthor.person_id")
    revisions: Mapped[list["Revision"]] = relationship(order_by="Revision.number", back_populates="proposal")
    lines: Mapped[list["StepLine"]] = relationship(order_by="StepLine.id")
    credits: Mapped[list["Credit"]] = relationship(order_by="Credit.revision_number, Credit.contribution")

    revision: Mapped["Revision"] = relationship(
        primaryjoin="and_(Revision.proposal_id == Proposal.id, Revision.number == Proposal.revision_number)",
        viewonly=True,
        uselist=False,
    )
    """The current wording"""

    @property
    def author_ids(self) -> frozenset[int]:
        """Who writes: the proposer; once that account is erased, those whose words it took up."""
        proposers = frozenset(author.person_id for author in self.authors if author.person.erased_at is None)
        return proposers or self.credited_ids

    @property
    def credited_ids(self) -> frozenset[int]:
        """Whose suggestions and wishes it took up, as long as that is known. They judge nothing of it."""
        found = (credit.said.author_id for credit in self.credits if credit.said is not None)
        return frozenset(number for number in found if number is not None)


class ProposalAuthor(Base):
    """Who proposes."""

    __tablename__ = "proposal_authors"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Credit(Base):
    """One contribution that a wording took up, by its number: a suggestion applied, or the wish that a proposal starts
    from. Nobody's name is here, and the number stays when the words go: it is in the trailers of the commit.
    """

    __tablename__ = "proposal_credits"
    __table_args__ = (CheckConstraint("revision_number >= 1", name="by_a_wording"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    contribution: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    """The number of a comment"""
    college: Mapped[College] = mapped_column(kept(College, "college"))
    revision_number: Mapped[int]
    why: Mapped[Why] = mapped_column(kept(Why, "why"))
    at: Mapped[datetime] = mapped_column(Moment)

    said: Mapped[Comment | None] = relationship(
        primaryjoin="foreign(Credit.contribution) == Comment.id", viewonly=True, lazy="joined"
    )


class Revision(Base):
    """One wording of a proposal, for ever: what it starts from, what it writes, and why."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("length(trim(reason)) > 0", name="has_a_reason"),
        CheckConstraint("length(base_commit) = 40", name="starts_from_a_commit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[int]
    base_commit: Mapped[str] = mapped_column(String(40))
    change_class: Mapped[ChangeClass] = mapped_column(kept(ChangeClass, "change_class"))
    reason: Mapped[str] = mapped_column(Text)
    plain_change: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)

    proposal: Mapped[Proposal] = relationship(back_populates="revisions")
    files: Mapped[list["RevisionFile"]] = relationship(order_by="RevisionFile.path")

    @property
    def main(self) -> "RevisionFile":
        """The file of the item that the proposal is about; the others follow it."""
        return next((file for file in self.files if file.path == self.proposal.path), self.files[0])

    @property
    def in_order(self) -> tuple["RevisionFile", ...]:
        """The main file first, as forms number them."""
        return self.main, *(file for file in self.files if file is not self.main)


class RevisionFile(Base):
    """The new text of one file, and the blob ids of before and after."""

    __tablename__ = "revision_files"
    __table_args__ = (
        CheckConstraint("before_blob IS NULL OR length(before_blob) = 40", name="before_is_a_blob"),
        CheckConstraint("length(blob) = 40", name="after_is_a_blob"),
        CheckConstraint("before_blob IS NULL OR before_blob <> blob", name="changes_something"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    before_blob: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    blob: Mapped[str] = mapped_column(String(40))


class StepLine(Base):
    """One step taken: old state, new state, who, when, why. A draft given up leaves a line without any text."""

    __tablename__ = "step_lines"
    __table_args__ = (
        CheckConstraint(
            "step || ':' || from_state || ':' || to_state IN ("
            + listed([f"{step.value}:{source.value}:{target.value}" for step, source, target in moves()])
            + ")",
            name="is_in_the_table",
        ),
        CheckConstraint(
            f"step NOT IN ({listed(judging())}) OR (length(trim(reason)) > 0 AND length(trim(plain_reason)) > 0)",
            name="judged_with_reasons",
        ),
        CheckConstraint("step <> 'send_back' OR length(trim(reason)) > 0", name="sent_back_with_a_reason"),
        CheckConstraint("proposal_id IS NOT NULL OR draft_id IS NOT NULL", name="is_about_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    draft_id: Mapped[int | None]
    step: Mapped[Step] = mapped_column(kept(Step, "step"))
    from_state: Mapped[State] = mapped_column(kept(State, "from_state"))
    to_state: Mapped[State] = mapped_column(kept(State, "to_state"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    college: Mapped[College | None] = mapped_column(kept(College, "college"))
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, default="")
    plain_reason: Mapped[str] = mapped_column(Text, default="")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))


written_once(Revision, RevisionFile, StepLine)
