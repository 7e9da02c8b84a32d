"""Are the promises kept? How many are discussed, how many answers are near, how many came in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from referentiel.database import session
from referentiel.dates import day
from referentiel.permissions import College
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import OPEN, State

WEEK = timedelta(days=7)
AWAITING = OPEN | {State.IN_DECISION}


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

    A proposal counts once its decision is effective, or its promised day has passed without one.
    """
    today = day(at)
    in_discussion = select(func.count()).select_from(Proposal).where(Proposal.state == State.IN_DISCUSSION)
    rows = session.execute(
        select(Proposal.college, Proposal.decision_due, Proposal.decided_at).where(
            Proposal.decision_due >= since, Proposal.state.in_(AWAITING) | Proposal.decided_at.is_not(None)
        ),
        execution_options={"yield_per": 500},
    )
    near = late = 0
    in_time = dict.fromkeys(College, 0)
    total = dict.fromkeys(College, 0)
    for college, due, decided_at in rows:
        if decided_at is None and due >= today:
            near += due < today + WEEK
            continue
        late += decided_at is None
        total[college] += 1
        in_time[college] += decided_at is not None and day(decided_at) <= due
    return Promises(
        in_discussion=session.scalar(in_discussion) or 0,
        near=near,
        late=late,
        kept={college: Kept(in_time[college], total[college]) for college in College},
    )
