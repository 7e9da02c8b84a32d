"""Tables of proposals. Each constraint refuses in SQL what the workflow refuses in Python.

Revisions, their files and step lines are written once: changing one is a programming error, refused at the flush.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.comments.models import Comment
from referentiel.criteria.changes import ChangeClass
from referentiel.database import Base, Moment, closed_list, only_where
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.figures import Said
from referentiel.proposals.hearing import Reach
from referentiel.proposals.states import DECIDED, Outcome, ProposalKind, Stance, State, Step
from referentiel.proposals.workflow import judging, moves


class DecisionState(StrEnum):
    """Where a decision is: one signature, two and being written in the library, in effect, or void."""

    PENDING = "pending"
    WRITING = "writing"
    EFFECTIVE = "effective"
    VOID = "void"


class Why(StrEnum):
    """Why a contribution is credited."""

    SUGGESTION = "suggestion"
    WISH = "wish"


class Basis(StrEnum):
    """Why a decision may be taken as regards one college."""

    HEARD = "heard"
    SILENCE_JUSTIFIED = "silence_justified"
    NOT_REQUIRED = "not_required"


def kept(members: type[StrEnum], name: str) -> Enum:
    return closed_list(members, name, length=32)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_DECIDED = _listed(sorted(DECIDED))
_ADMITTED = _listed(sorted({State.IN_DISCUSSION, State.IN_DECISION, *DECIDED}))


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


class StepLine(Base):
    """One step taken: old state, new state, who, when, why. A draft given up leaves a line without any text."""

    __tablename__ = "step_lines"
    __table_args__ = (
        CheckConstraint(
            "step || ':' || from_state || ':' || to_state IN ("
            + _listed([f"{step.value}:{source.value}:{target.value}" for step, source, target in moves()])
            + ")",
            name="is_in_the_table",
        ),
        CheckConstraint(
            f"step NOT IN ({_listed(judging())}) OR (length(trim(reason)) > 0 AND length(trim(plain_reason)) > 0)",
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


def _refuse_update(_mapper: object, _connection: object, row: object) -> None:
    raise RuntimeError(f"a {type(row).__name__} is written once")


for _written_once in (Revision, RevisionFile, DecisionFile, StepLine, Signature):
    event.listen(_written_once, "before_update", _refuse_update)
