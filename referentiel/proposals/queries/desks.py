"""What waits for somebody, in piles, the oldest first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from referentiel.database import session
from referentiel.dates import day
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import College, Role
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.hearing import Hearing
from referentiel.proposals.models import Decision, DecisionState, Proposal
from referentiel.proposals.queries import waiting
from referentiel.proposals.queries.hearings import heard_many
from referentiel.proposals.queries.listings import Row, row_of
from referentiel.proposals.queries.standings import standings
from referentiel.proposals.queries.waiting import Wanted
from referentiel.proposals.standing import Answer
from referentiel.proposals.states import Outcome, State

A_PAGE = 50
A_GLANCE = 10
"""How many tasks of each pile are shown when no pile is asked for"""
OWN = 200
"""How many of one's own proposals are looked at"""


class PileOf(StrEnum):
    """The piles of a desk, by the words of the address."""

    TO_DECIDE = "a-decider"
    TO_SIGN = "a-signer"
    TO_EXAMINE = "a-verifier"
    OWN = "pour-moi"
    TO_SAY_AGAIN = "avis-a-redire"


class Todo(Enum):
    """What an author is asked for."""

    COMPLETE = "complete"
    ANSWER = "answer"
    CONFIRM = "confirm"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do on one proposal. ``since`` is the day from which it waits."""

    row: Row
    since: date
    hearings: Mapping[College, Hearing] | None = None
    decision: Decision | None = None
    todo: Todo | None = None

    @property
    def heard(self) -> int:
        return sum(hearing.heard for hearing in (self.hearings or {}).values())

    @property
    def missing(self) -> tuple[College, ...]:
        """The founding colleges that are still silent."""
        return tuple(college for college, told in (self.hearings or {}).items() if told.founding and not told.heard)


@dataclass(frozen=True, slots=True)
class Pile:
    """Some of what waits, and how much waits in all. ``number`` is the page, out of ``count``."""

    tasks: tuple[Task, ...] = ()
    total: int = 0
    number: int = 1

    @property
    def count(self) -> int:
        return max(1, -(-self.total // A_PAGE))


Desk = Mapping[PileOf, Pile]


def desk(
    library: Library,
    person: Person,
    *,
    at: datetime,
    pile: PileOf | None = None,
    page: int = 1,
    wanted: Wanted | None = None,
    delays: Delays = LAW,
    people: int = 5,
    structures: int = 2,
) -> Desk:
    """What waits for a person: never their own proposals to judge, nor a signature that they could not give.

    The size of each pile that may be theirs; and its tasks: a page of the one asked for, or a glance at each. Fifteen
    statements at most, whatever waits; of one's own proposals, the oldest two hundred are looked at.
    """
    today, kept = day(at), (wanted or Wanted()).conditions(day(at))
    piles = {PileOf.TO_SAY_AGAIN: waiting.to_say_again(person)}
    if Role.EDITOR in person.roles:
        piles |= {
            PileOf.TO_DECIDE: waiting.to_decide(person, today),
            PileOf.TO_SIGN: waiting.to_sign(person, at, delays),
            PileOf.TO_EXAMINE: waiting.to_examine(person),
        }
    queries = {name: query.where(*kept) for name, query in piles.items()}
    totals = _totals(queries.values())
    mine = _own(library, session.scalars(waiting.own_under_way(person).where(*kept).limit(OWN)).all(), today)
    size, start = (A_PAGE, (page - 1) * A_PAGE) if pile else (A_GLANCE, 0)
    found: dict[PileOf, Pile] = {}
    for name in PileOf:
        looked = pile in (None, name)
        number = page if looked else 1
        if name is PileOf.OWN:
            found[name] = Pile(tuple(mine[start : start + size]) if looked else (), len(mine), number)
        elif name in queries:
            total = totals[list(queries).index(name)]
            rows = session.scalars(queries[name].limit(size).offset(start)).all() if total and looked else ()
            found[name] = Pile(_tasks(name, rows, today, people, structures), total, number)
    return found


def _totals(queries: Iterable[Select[Proposal]]) -> Sequence[int]:
    """How much is in each. One statement."""
    counts = (query.with_only_columns(func.count()).order_by(None).scalar_subquery() for query in queries)
    return tuple(session.execute(select(*counts)).one())


def _tasks(name: PileOf, proposals: Sequence[Proposal], today: date, people: int, structures: int) -> tuple[Task, ...]:
    if not proposals:
        return ()
    hearings = heard_many(proposals, people=people, structures=structures) if name is PileOf.TO_DECIDE else {}
    decisions = _pending([proposal.id for proposal in proposals]) if name is PileOf.TO_SIGN else {}
    return tuple(
        Task(
            row_of(proposal, today),
            waiting.since(proposal, decisions.get(proposal.id)),
            hearings.get(proposal.id),
            decisions.get(proposal.id),
        )
        for proposal in proposals
    )


def _pending(numbers: Collection[int]) -> Mapping[int, Decision]:
    """By proposal, the decisions that wait for a second signature. Two statements."""
    decisions = session.scalars(
        select(Decision)
        .where(Decision.proposal_id.in_(numbers), Decision.state == DecisionState.PENDING)
        .options(selectinload(Decision.signatures))
    )
    return {decision.proposal_id: decision for decision in decisions}


def _own(library: Library, proposals: Sequence[Proposal], today: date) -> list[Task]:
    """What their author is asked for; the longest awaited first."""
    decisions = _pending([one.id for one in proposals if one.state is State.IN_DECISION])
    answers = standings(library, [one.id for one in proposals if one.state is State.IN_DISCUSSION])
    tasks = []
    for proposal in proposals:
        decision = decisions.get(proposal.id)
        todo = _todo(proposal, decision, answers.get(proposal.id))
        if todo is not None:
            tasks.append(Task(row_of(proposal, today), _own_since(proposal, decision), decision=decision, todo=todo))
    return sorted(tasks, key=lambda task: (task.since, task.row.number))


def _todo(proposal: Proposal, decision: Decision | None, answer: Answer | None) -> Todo | None:
    if proposal.state is State.TO_COMPLETE:
        return Todo.COMPLETE
    if decision is not None:
        amended = decision.outcome is Outcome.ADOPTED_WITH_CHANGES and decision.author_answered_at is None
        return Todo.ANSWER if amended else None
    if answer is Answer.OFFERED:
        return Todo.CONFIRM
    return Todo.SETTLE if answer is Answer.COLLIDES else None


def _own_since(proposal: Proposal, decision: Decision | None) -> date:
    return day(decision.proposed_at if decision is not None else proposal.submitted_at)
