"""The positions on a proposal, side by side."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from referentiel.comments.moderation import month_start
from referentiel.database import session
from referentiel.dates import day
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.figures import CollegePositions
from referentiel.proposals.models import Position, Proposal, Revision
from referentiel.proposals.months import EmployeesMonth, kept_month
from referentiel.proposals.states import Stance


def positions(proposal: Proposal, *, at: datetime, smallest: int = 5) -> tuple[CollegePositions, ...]:
    """The four colleges side by side, never added up. Two statements.

    Under ``smallest`` people of *employees*, on the current wording or on older ones, there is no figure at all, and
    none of theirs under ``smallest`` is shown. Theirs are those of the beginning of the month of ``at``: looking twice
    must not tell what somebody has just said, or no longer says.
    """
    until = month_start(at)
    found = counted(proposal, until)
    kept = kept_month(proposal.id, at=at)
    if kept is not None:
        found[College.EMPLOYEES] = _of_month(kept, proposal.revision_number)
    return tuple(_shown(college, *found[college], until, smallest) for college in College)


def own_position(proposal: Proposal, person: Person | None) -> Position | None:
    """The person's last position on this proposal, whatever the wording. One statement."""
    if person is None:
        return None
    return session.scalars(
        select(Position)
        .where(Position.proposal_id == proposal.id, Position.person_id == person.id)
        .order_by(Position.revision_id.desc())
        .limit(1)
    ).first()


def counted(proposal: Proposal, until: datetime) -> dict[College, tuple[Mapping[Stance, int], int]]:
    """Stances on the current wording and people on older ones; those of employees taken before ``until``.

    One statement.
    """
    rows = session.execute(
        select(Position.college, Position.person_id, Position.stance, Revision.number)
        .join(Revision, Revision.id == Position.revision_id)
        .where(
            Position.proposal_id == proposal.id,
            (Position.college != College.EMPLOYEES) | (Position.taken_at < until),
        )
    ).all()
    current: dict[College, dict[Stance, int]] = defaultdict(lambda: defaultdict(int))
    now = {(college, person) for college, person, _, number in rows if number == proposal.revision_number}
    older: dict[College, set[int]] = defaultdict(set)
    for college, person, stance, number in rows:
        if number == proposal.revision_number:
            current[college][stance] += 1
        elif (college, person) not in now:
            older[college].add(person)
    return {college: (current[college], len(older[college])) for college in College}


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
    older = older if older >= smallest else 0
    if 0 < yes + reserved + no < smallest:
        return CollegePositions(college, None, None, None, older, few=True, until=day(until))
    hidden = range(1, smallest)
    return CollegePositions(
        college,
        None if yes in hidden else yes,
        None if reserved in hidden else reserved,
        None if no in hidden else no,
        older,
        until=day(until),
    )
