"""Who spoke on a proposal: heard or silent, and the positions side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import State as CommentState
from referentiel.comments.moderation import month_start
from referentiel.criteria.changes import ChangeClass
from referentiel.database import session
from referentiel.dates import day
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.hearing import Hearing, Voice, hear
from referentiel.proposals.models import Position, Proposal, Revision
from referentiel.proposals.states import Stance


@dataclass(frozen=True, slots=True)
class CollegePositions:
    """The positions of one college on the current wording.

    ``few``: some, but fewer people than may be shown; then there are no figures. None is a number that would show a few
    people. ``older`` counts those who spoke of an earlier wording and not of this one. ``until`` is the day where
    figures stop, when they do.
    """

    college: College
    favourable: int | None = 0
    reserved: int | None = 0
    unfavourable: int | None = 0
    older: int = 0
    few: bool = False
    until: date | None = None

    @property
    def silent(self) -> bool:
        return not self.few and (self.favourable, self.reserved, self.unfavourable) == (0, 0, 0)


def heard(proposal: Proposal, *, people: int = 5, structures: int = 2) -> Mapping[College, Hearing]:
    """Each college, heard or not, since the last wording of substance. Three statements."""
    return heard_many([proposal], people=people, structures=structures)[proposal.id]


def heard_many(
    proposals: Sequence[Proposal], *, people: int = 5, structures: int = 2
) -> Mapping[int, Mapping[College, Hearing]]:
    """The same for several proposals. Three statements whatever their number."""
    numbers = [proposal.id for proposal in proposals]
    since = _last_substance(numbers)
    voices: dict[int, list[Voice]] = {number: [] for number in numbers}
    taken = select(
        Position.proposal_id, Revision.number, Position.person_id, Position.college, Position.structure_id
    ).join(Revision, Revision.id == Position.revision_id)
    for number, wording, person, college, structure in session.execute(taken.where(Position.proposal_id.in_(numbers))):
        if wording >= since[number].number:
            voices[number].append(Voice(person, college, structure))
    spoken = select(Comment.key, Comment.author_id, Comment.college, Comment.structure_id, Comment.created_at).where(
        Comment.kind == Target.PROPOSAL,
        Comment.key.in_([str(number) for number in numbers]),
        Comment.author_id.is_not(None),
        Comment.state == CommentState.PUBLISHED,
        Comment.closed_at.is_(None),
        Comment.text != "",
    )
    for key, speaker, college, structure, at in session.execute(spoken):
        if speaker is not None and at >= since[int(key)].created_at:
            voices[int(key)].append(Voice(speaker, college, structure))
    return {number: hear(voices[number], people=people, structures=structures) for number in numbers}


def positions(proposal: Proposal, *, at: datetime, smallest: int = 5) -> tuple[CollegePositions, ...]:
    """The four colleges side by side, never added up. One statement.

    Under ``smallest`` people of *employees*, on the current wording or on older ones, there is no figure at all, and
    none of theirs under ``smallest`` is shown. Theirs stop at the beginning of the month of ``at``: looking twice must
    not tell what somebody has just said.
    """
    until = month_start(at)
    rows = session.execute(
        select(Position.college, Position.person_id, Position.stance, Revision.number)
        .join(Revision, Revision.id == Position.revision_id)
        .where(
            Position.proposal_id == proposal.id,
            (Position.college != College.EMPLOYEES) | (Position.taken_at < until),
        )
    ).all()
    current: dict[College, dict[Stance, int]] = defaultdict(lambda: defaultdict(int))
    now = {person for _, person, _, number in rows if number == proposal.revision_number}
    older: dict[College, set[int]] = defaultdict(set)
    for college, person, stance, number in rows:
        if number == proposal.revision_number:
            current[college][stance] += 1
        elif person not in now:
            older[college].add(person)
    return tuple(_shown(college, current[college], len(older[college]), until, smallest) for college in College)


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


def _shown(
    college: College, counts: Mapping[Stance, int], older: int, until: datetime, smallest: int
) -> CollegePositions:
    yes, reserved, no = (counts.get(one, 0) for one in (Stance.FAVOURABLE, Stance.RESERVED, Stance.UNFAVOURABLE))
    if college is not College.EMPLOYEES:
        return CollegePositions(college, yes, reserved, no, older)
    older = older if older >= smallest else 0
    if 0 < yes + reserved + no < smallest:
        return CollegePositions(college, older=older, few=True, until=day(until))
    hidden = range(1, smallest)
    return CollegePositions(
        college,
        None if yes in hidden else yes,
        None if reserved in hidden else reserved,
        None if no in hidden else no,
        older,
        until=day(until),
    )


@dataclass(frozen=True, slots=True)
class Since:
    """The wording from which people are counted: its number, and when it was written."""

    number: int
    created_at: datetime


def _last_substance(numbers: Sequence[int]) -> Mapping[int, Since]:
    """For each proposal the last wording of substance, or else the first one."""
    latest = (
        select(Revision.proposal_id, func.max(Revision.number).label("number"))
        .where(
            Revision.proposal_id.in_(numbers),
            (Revision.change_class == ChangeClass.SUBSTANCE) | (Revision.number == 1),
        )
        .group_by(Revision.proposal_id)
        .subquery()
    )
    rows = session.execute(
        select(Revision.proposal_id, Revision.number, Revision.created_at).join(
            latest, (latest.c.proposal_id == Revision.proposal_id) & (latest.c.number == Revision.number)
        )
    )
    return {proposal: Since(number, created) for proposal, number, created in rows}
