"""What waits for one person, as conditions on proposals: never something that they could not do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Exists, Select, and_, or_, select
from sqlalchemy.orm import aliased

from referentiel.comments.models import Comment
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import code_of
from referentiel.dates import day, day_start
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import (
    Credit,
    Decision,
    DecisionState,
    Position,
    Proposal,
    ProposalAuthor,
    Revision,
    RevisionFile,
    Signature,
)
from referentiel.proposals.states import Outcome, State

NEW = "criteres/nouveau-%"
"""The paths of criteria that have no code yet"""
CODED = ("criteres/", "chapitres/")
"""Where what has errata is"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address keeps. ``paths``: proposals that touch one of these files, and new criteria of ``chapter``; no
    path is no such filter.
    """

    college: College | None = None
    late: bool = False
    change_class: ChangeClass | None = None
    paths: Collection[str] = ()
    chapter: str = ""

    def conditions(self, today: date) -> list[ColumnElement[bool]]:
        kept: list[ColumnElement[bool]] = []
        if self.college is not None:
            kept.append(Proposal.college == self.college)
        if self.late:
            kept.append(Proposal.decision_due < today)
        if self.change_class is not None:
            kept.append(Proposal.change_class == self.change_class)
        if self.paths:
            kept.append(_touches(self.paths, self.chapter))
        return kept


def to_examine(person: Person) -> Select[Proposal]:
    """Submitted, and not declared inadmissible by the same editor before."""
    first = Proposal.declared_inadmissible_by_id
    return _oldest_first(
        Proposal.state == State.SUBMITTED, or_(first.is_(None), first != person.id), *_judged_by_another(person)
    )


def to_decide(person: Person, today: date) -> Select[Proposal]:
    """In discussion, with no window or one that is over."""
    return _oldest_first(
        Proposal.state == State.IN_DISCUSSION,
        or_(Proposal.window_ends.is_(None), Proposal.window_ends < today),
        *_judged_by_another(person),
    )


def to_sign(person: Person, at: datetime, delays: Delays) -> Select[Proposal]:
    """Signed once by another college. An amended wording waits until its author has answered, or let time pass."""
    amended_before = day_start(at - timedelta(days=delays.amendment))
    read = or_(
        Decision.outcome != Outcome.ADOPTED_WITH_CHANGES,
        Decision.author_answered_at.is_not(None),
        Decision.amended_at < amended_before,
        ~_still_written(),
    )
    signed_by_another = (
        select(Signature.decision_id)
        .where(
            Signature.decision_id == Decision.id,
            Signature.rank == 1,
            Signature.person_id != person.id,
            Signature.college != person.college,
        )
        .exists()
    )
    return (
        select(Proposal)
        .join(Decision, and_(Decision.proposal_id == Proposal.id, Decision.state == DecisionState.PENDING))
        .where(Proposal.state == State.IN_DECISION, signed_by_another, read, *_judged_by_another(person))
        .order_by(Decision.proposed_at, Decision.id)
    )


def to_say_again(person: Person) -> Select[Proposal]:
    """In discussion, with a position of this person on an earlier wording and none on the present one."""
    taken = select(Position.id).where(Position.proposal_id == Proposal.id, Position.person_id == person.id)
    again = aliased(Position)
    now = (
        select(again.id)
        .join(Revision, Revision.id == again.revision_id)
        .where(
            again.proposal_id == Proposal.id,
            again.person_id == person.id,
            Revision.number == Proposal.revision_number,
        )
    )
    return _oldest_first(Proposal.state == State.IN_DISCUSSION, taken.exists(), ~now.exists())


def own_under_way(person: Person) -> Select[Proposal]:
    """One's own, that somebody may have to complete, to answer or to bring up to the text of today."""
    under_way = (State.TO_COMPLETE, State.IN_DISCUSSION, State.IN_DECISION)
    return _oldest_first(Proposal.state.in_(under_way), _written_by(person))


def _oldest_first(*kept: ColumnElement[bool]) -> Select[Proposal]:
    return select(Proposal).where(*kept).order_by(Proposal.submitted_at, Proposal.id)


def _judged_by_another(person: Person) -> tuple[ColumnElement[bool], ...]:
    """Neither written by this person, nor made of their words."""
    credited = (
        select(Credit.proposal_id)
        .join(Comment, Comment.id == Credit.contribution)
        .where(Credit.proposal_id == Proposal.id, Comment.author_id == person.id)
        .exists()
    )
    return ~_written_by(person), ~credited


def _written_by(person: Person) -> Exists:
    return (
        select(ProposalAuthor.person_id)
        .where(ProposalAuthor.proposal_id == Proposal.id, ProposalAuthor.person_id == person.id)
        .exists()
    )


def _still_written() -> ColumnElement[bool]:
    """Somebody is left to answer for the wording: a proposer, or whoever lent their words."""
    proposer = (
        select(ProposalAuthor.person_id)
        .join(Person, Person.id == ProposalAuthor.person_id)
        .where(ProposalAuthor.proposal_id == Proposal.id, Person.erased_at.is_(None))
    )
    lent = (
        select(Credit.proposal_id)
        .join(Comment, Comment.id == Credit.contribution)
        .where(Credit.proposal_id == Proposal.id, Comment.author_id.is_not(None))
    )
    return or_(proposer.exists(), lent.exists())


def _touches(paths: Collection[str], chapter: str) -> ColumnElement[bool]:
    # Whoever looks for a criterion looks for what corrects it in a published edition too.
    corrections = [RevisionFile.path.like(f"errata/%/{code_of(path)}-%") for path in paths if path.startswith(CODED)]
    here: ColumnElement[bool] = or_(RevisionFile.path.in_(paths), *corrections)
    if chapter:
        here = or_(here, RevisionFile.path.like(NEW) & RevisionFile.text.contains(f"\nchapitre: {chapter}\n"))
    return (
        select(RevisionFile.path)
        .join(Revision, Revision.id == RevisionFile.revision_id)
        .where(Revision.proposal_id == Proposal.id, Revision.number == Proposal.revision_number, here)
        .exists()
    )


def since(proposal: Proposal, decision: Decision | None) -> date:
    """The day from which a proposal waits for its next step."""
    if decision is not None:
        return day(decision.proposed_at)
    if proposal.state is State.IN_DISCUSSION:
        return proposal.window_ends or day(proposal.admitted_at or proposal.submitted_at)
    return day(proposal.submitted_at)
