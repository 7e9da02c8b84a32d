"""Are the promises kept? How many are discussed, how many answers are near, how many came in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

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
    """The figures of the home page; ``since`` is the first day of promises that count. Two statements.

    A promise counts once the proposal is decided, or once its day has passed without that: whether the proposal still
    waits, or was withdrawn, joined to another or declared inadmissible later. A proposal whose discussion resumed waits
    for another promise than the one that its first decision kept.
    """
    today = day(at)
    in_discussion = select(func.count()).select_from(Proposal).where(Proposal.state == State.IN_DISCUSSION)
    last = (
        select(func.max(StepLine.at))
        .where(StepLine.proposal_id == Proposal.id, Proposal.state.in_(ENDED))
        .correlate(Proposal)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Proposal.college, Proposal.state, Proposal.decision_due, Proposal.decided_at, last).where(
            Proposal.decision_due >= since
        ),
        execution_options={"yield_per": 500},
    )
    near = late = 0
    in_time = dict.fromkeys(College, 0)
    total = dict.fromkeys(College, 0)
    for college, state, due, decided_at, ended_at in rows:
        answered = day(decided_at) if state in DECIDED and decided_at is not None else None
        if state in AWAITING:
            near += today <= due < today + WEEK
            late += due < today
        ended = answered or (day(ended_at) if ended_at is not None else today)
        if answered is not None or ended > due:
            total[college] += 1
            in_time[college] += answered is not None and answered <= due
    return Promises(
        in_discussion=session.scalar(in_discussion) or 0,
        near=near,
        late=late,
        kept={college: Kept(in_time[college], total[college]) for college in College},
    )
