"""Are the promises kept? How many are discussed, how many answers are near, how many came in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select

from referentiel.database import session
from referentiel.dates import day
from referentiel.permissions import College
from referentiel.proposals.models import Proposal, StepLine
from referentiel.proposals.states import DECIDED, OPEN, State

WEEK = timedelta(days=7)
AWAITING = OPEN | {State.IN_DECISION}
ENDED = frozenset({State.WITHDRAWN, State.MERGED_INTO, State.INADMISSIBLE})
"""Over without a decision"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one college's proposals whose answer was given or due: how many were answered by the promised day."""

    in_time: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Promises:
    """``near``: answers promised within seven days; ``late``: past their day. ``kept`` names the four colleges."""

    in_discussion: int
    near: int
    late: int
    kept: Mapping[College, Kept]

    @property
    def answered(self) -> bool:
        """True once there is something to say of the answers."""
        return any(one.total for one in self.kept.values())


def promises(*, at: datetime, since: date) -> Promises:
    """The figures of the home page; ``since`` is the first day of promises that count. Four statements.

    A promise counts once the proposal is decided, or once its day has passed without that: whether the proposal still
    waits, or was withdrawn, joined to another or declared inadmissible later. A proposal whose discussion resumed waits
    for another promise than the one that its first decision kept.

    The database counts those that came before their day; the others that are over are read, 10 µs each, since the
    calendar of Paris tells what came on the day from what came after it.
    """
    today = day(at)
    in_discussion = select(func.count()).select_from(Proposal).where(Proposal.state == State.IN_DISCUSSION)
    near = late = 0
    in_time = dict.fromkeys(College, 0)
    total = dict.fromkeys(College, 0)
    for college, count in session.execute(_decided_before_the_day(since)):
        in_time[college] += count
        total[college] += count
    for college, due, count in session.execute(_waiting(since, today + WEEK)):
        near += count if due >= today else 0
        late += count if due < today else 0
        total[college] += count if due < today else 0
    for college, state, due, decided_at, ended_at in session.execute(_over_from_the_day(since)):
        answered = state in DECIDED
        ended = decided_at if answered else ended_at
        kept = (day(ended) if ended is not None else today) <= due
        in_time[college] += answered and kept
        total[college] += answered or not kept
    return Promises(
        in_discussion=session.scalar(in_discussion) or 0,
        near=near,
        late=late,
        kept={college: Kept(in_time[college], total[college]) for college in College},
    )


def _decided_before_the_day(since: date) -> Select[College, int]:
    """How many of each college were decided before the promised day.

    An engine compares a moment with a day by the day's midnight. Whatever the zone that it takes it in, the day has not
    ended in Paris by then: these were in time.
    """
    decided = Proposal.state.in_(DECIDED), Proposal.decided_at < Proposal.decision_due
    query = select(Proposal.college, func.count()).where(Proposal.decision_due >= since, *decided)
    return query.group_by(Proposal.college)


def _waiting(since: date, until: date) -> Select[College, date, int]:
    """How many of each college wait, by the day that they were promised."""
    promised = Proposal.decision_due >= since, Proposal.decision_due < until
    query = select(Proposal.college, Proposal.decision_due, func.count()).where(Proposal.state.in_(AWAITING), *promised)
    return query.group_by(Proposal.college, Proposal.decision_due)


def _over_from_the_day(since: date) -> Select[College, State, date, datetime | None, datetime | None]:
    """The others that are over: decided once the promised day had begun, or ended without a decision."""
    last = select(func.max(StepLine.at)).where(StepLine.proposal_id == Proposal.id, Proposal.state.in_(ENDED))
    decided = and_(Proposal.state.in_(DECIDED), Proposal.decided_at >= Proposal.decision_due)
    return select(
        Proposal.college,
        Proposal.state,
        Proposal.decision_due,
        Proposal.decided_at,
        last.correlate(Proposal).scalar_subquery(),
    ).where(Proposal.decision_due >= since, or_(decided, Proposal.state.in_(ENDED)))
