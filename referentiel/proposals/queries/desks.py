"""What waits for somebody, oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from referentiel.database import session
from referentiel.dates import day
from referentiel.people.models import Person
from referentiel.permissions import College, Role
from referentiel.proposals.hearing import Hearing
from referentiel.proposals.models import Decision, DecisionState, Proposal, ProposalAuthor
from referentiel.proposals.queries.hearings import heard_many
from referentiel.proposals.queries.listings import Row, row_of
from referentiel.proposals.states import Outcome, State

LONGEST = 50


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do on one proposal. ``since`` is the day from which it waits."""

    row: Row
    since: date
    hearings: Mapping[College, Hearing] | None = None
    decision: Decision | None = None

    @property
    def heard(self) -> int:
        return sum(hearing.heard for hearing in (self.hearings or {}).values())

    @property
    def missing(self) -> tuple[College, ...]:
        """The founding colleges that are still silent."""
        return tuple(college for college, told in (self.hearings or {}).items() if told.founding and not told.heard)


@dataclass(frozen=True, slots=True)
class Desk:
    """Four piles. The last one is of one's own proposals: to complete, or an amended wording to answer."""

    to_examine: tuple[Task, ...] = ()
    to_decide: tuple[Task, ...] = ()
    to_sign: tuple[Task, ...] = ()
    to_answer: tuple[Task, ...] = ()

    @property
    def total(self) -> int:
        return len(self.to_examine) + len(self.to_decide) + len(self.to_sign) + len(self.to_answer)

    @property
    def silent(self) -> int:
        """How many of the decisions to prepare still lack a founding college."""
        return sum(bool(task.missing) for task in self.to_decide)


def desk(
    person: Person,
    *,
    at: datetime,
    college: College | None = None,
    late: bool = False,
    people: int = 5,
    structures: int = 2,
) -> Desk:
    """What waits for a person: never their own proposals to judge, nor a signature that they could not give.

    Ten statements at most, whatever the number of proposals; at most fifty tasks a pile. ``college`` and ``late`` keep
    the proposals of one college, or those whose promised day has passed.
    """
    today = day(at)
    kept: list[ColumnElement[bool]] = []
    if college is not None:
        kept.append(Proposal.college == college)
    if late:
        kept.append(Proposal.decision_due < today)
    answers = _to_answer(person, today, kept)
    if Role.EDITOR not in person.roles:
        return Desk(to_answer=answers)
    kept.append(~_written_by(person))
    examine = _proposals(
        Proposal.state == State.SUBMITTED,
        or_(
            Proposal.declared_inadmissible_by_id.is_(None),
            Proposal.declared_inadmissible_by_id != person.id,
        ),
        *kept,
    )
    decide = _proposals(
        Proposal.state == State.IN_DISCUSSION,
        or_(Proposal.window_ends.is_(None), Proposal.window_ends < today),
        *kept,
    )
    hearings = heard_many(decide, people=people, structures=structures) if decide else {}
    return Desk(
        to_examine=tuple(Task(row_of(proposal, today), day(proposal.submitted_at)) for proposal in examine),
        to_decide=tuple(
            Task(
                row_of(proposal, today),
                proposal.window_ends or day(proposal.admitted_at or proposal.submitted_at),
                hearings[proposal.id],
            )
            for proposal in decide
        ),
        to_sign=_to_sign(person, today, kept),
        to_answer=answers,
    )


def _proposals(*kept: ColumnElement[bool]) -> Sequence[Proposal]:
    query = select(Proposal).where(*kept).order_by(Proposal.submitted_at, Proposal.id).limit(LONGEST)
    return session.scalars(query).all()


def _to_sign(person: Person, today: date, kept: Sequence[ColumnElement[bool]]) -> tuple[Task, ...]:
    decisions = session.scalars(
        select(Decision)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(Decision.state == DecisionState.PENDING, *kept)
        .options(joinedload(Decision.proposal), selectinload(Decision.signatures))
        .order_by(Decision.proposed_at, Decision.id)
        .limit(LONGEST)
    ).all()
    return tuple(
        Task(row_of(decision.proposal, today), day(decision.proposed_at), decision=decision)
        for decision in decisions
        if decision.first_signatory_id != person.id and decision.first_signatory_college != person.college
    )


def _to_answer(person: Person, today: date, kept: Sequence[ColumnElement[bool]]) -> tuple[Task, ...]:
    rows = session.execute(
        select(Proposal, Decision)
        .outerjoin(Decision, and_(Decision.proposal_id == Proposal.id, Decision.state == DecisionState.PENDING))
        .where(
            _written_by(person),
            or_(
                Proposal.state == State.TO_COMPLETE,
                and_(
                    Decision.outcome == Outcome.ADOPTED_WITH_CHANGES,
                    Decision.author_answered_at.is_(None),
                ),
            ),
            *kept,
        )
        .order_by(Proposal.submitted_at, Proposal.id)
        .limit(LONGEST)
    ).all()
    return tuple(
        Task(
            row_of(proposal, today),
            day(decision.proposed_at if decision else proposal.submitted_at),
            decision=decision,
        )
        for proposal, decision in rows
    )


def _written_by(person: Person) -> ColumnElement[bool]:
    return (
        select(ProposalAuthor.person_id)
        .where(ProposalAuthor.proposal_id == Proposal.id, ProposalAuthor.person_id == person.id)
        .exists()
    )
