"""The positions on a proposal, side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from referentiel.comments.moderation import month_start
from referentiel.database import session
from referentiel.dates import day
from referentiel.permissions import College
from referentiel.proposals.figures import CollegePositions
from referentiel.proposals.models import Position, Proposal, Revision
from referentiel.proposals.months import EmployeesMonth, kept_months
from referentiel.proposals.states import Stance

Counts = dict[College, tuple[Mapping[Stance, int], int]]
"""Of each college, stances on the current wording and people on older ones"""


def positions(proposal: Proposal, *, at: datetime, smallest: int = 5) -> tuple[CollegePositions, ...]:
    """The four colleges side by side, never added up. Two statements.

    Under ``smallest`` people of *employees*, on the current wording or on older ones, there is no figure at all, and
    none of theirs under ``smallest`` is shown. Theirs are those of the beginning of the month of ``at``: looking twice
    must not tell what somebody has just said, or no longer says.
    """
    return positions_many([proposal], at=at, smallest=smallest)[proposal.id]


def positions_many(
    proposals: Sequence[Proposal], *, at: datetime, smallest: int = 5
) -> Mapping[int, tuple[CollegePositions, ...]]:
    """The same for several proposals. Two statements whatever their number."""
    until = month_start(at)
    found = counted(proposals, until)
    for number, kept in kept_months([proposal.id for proposal in proposals], at=at).items():
        wording = next(proposal.revision_number for proposal in proposals if proposal.id == number)
        found[number][College.EMPLOYEES] = _of_month(kept, wording)
    return {
        number: tuple(_shown(college, *counts[college], until, smallest) for college in College)
        for number, counts in found.items()
    }


def counted(proposals: Sequence[Proposal], until: datetime) -> dict[int, Counts]:
    """What is counted on each proposal; of employees, what was taken before ``until``. One statement."""
    wordings = {proposal.id: proposal.revision_number for proposal in proposals}
    rows = session.execute(
        select(Position.proposal_id, Position.college, Position.person_id, Position.stance, Revision.number)
        .join(Revision, Revision.id == Position.revision_id)
        .where(
            Position.proposal_id.in_(wordings),
            (Position.college != College.EMPLOYEES) | (Position.taken_at < until),
        )
    ).all()
    on_current = {(proposal, college, who) for proposal, college, who, _, n in rows if n == wordings[proposal]}
    current: dict[tuple[int, College], dict[Stance, int]] = defaultdict(lambda: defaultdict(int))
    older: dict[tuple[int, College], set[int]] = defaultdict(set)
    for proposal, college, who, stance, number in rows:
        if number == wordings[proposal]:
            current[proposal, college][stance] += 1
        elif (proposal, college, who) not in on_current:
            older[proposal, college].add(who)
    return {
        number: {college: (current[number, college], len(older[number, college])) for college in College}
        for number in wordings
    }


def _of_month(kept: EmployeesMonth, wording: int) -> tuple[Mapping[Stance, int], int]:
    """Stances on the present wording, and how many people spoke of an earlier one."""
    counts = {
        Stance.FAVOURABLE: kept.favourable,
        Stance.RESERVED: kept.reserved,
        Stance.UNFAVOURABLE: kept.unfavourable,
    }
    return (counts, kept.older) if kept.wording == wording else ({}, kept.older + sum(counts.values()))


def _shown(
    college: College, counts: Mapping[Stance, int], older: int, until: datetime, smallest: int
) -> CollegePositions:
    yes, reserved, no = (counts.get(one, 0) for one in (Stance.FAVOURABLE, Stance.RESERVED, Stance.UNFAVOURABLE))
    if college is not College.EMPLOYEES:
        return CollegePositions(college, yes, reserved, no, older)
    hidden = range(1, smallest)
    told_older = None if older in hidden else older
    if 0 < yes + reserved + no < smallest:
        return CollegePositions(college, None, None, None, told_older, few=True, until=day(until))
    return CollegePositions(
        college,
        None if yes in hidden else yes,
        None if reserved in hidden else reserved,
        None if no in hidden else no,
        told_older,
        until=day(until),
    )
