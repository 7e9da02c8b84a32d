"""Who spoke on a proposal: each college heard, or silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment, CommentEvent
from referentiel.comments.moderation import State as CommentState
from referentiel.comments.moderation import month_start
from referentiel.criteria.changes import ChangeClass
from referentiel.database import session
from referentiel.permissions import College
from referentiel.proposals.hearing import Hearing, Voice, hear
from referentiel.proposals.models import Position, Proposal, Revision
from referentiel.proposals.months import kept_months


@dataclass(frozen=True, slots=True)
class Since:
    """The wording from which people are counted: its number, and when it was written."""

    number: int
    created_at: datetime


def heard(proposal: Proposal, *, people: int = 5, structures: int = 2) -> Mapping[College, Hearing]:
    """Each college, heard or not, since the last wording of substance: the truth of now, for who decides.

    Three statements.
    """
    return heard_many([proposal], people=people, structures=structures)[proposal.id]


def heard_many(
    proposals: Sequence[Proposal], *, people: int = 5, structures: int = 2
) -> Mapping[int, Mapping[College, Hearing]]:
    """The same for several proposals. Three statements whatever their number."""
    numbers = [proposal.id for proposal in proposals]
    since = last_substance(numbers)
    found = voices(numbers, since)
    return {number: hear(found[number], people=people, structures=structures) for number in numbers}


def heard_in_public(
    proposal: Proposal, *, at: datetime, people: int = 5, structures: int = 2
) -> Mapping[College, Hearing]:
    """What pages say: the employees as they were heard when the month of ``at`` began, the others as they are now.

    Four statements.
    """
    since = last_substance([proposal.id])
    until = month_start(at)
    found = voices([proposal.id], since, employees_until=until)
    told = dict(hear(found[proposal.id], people=people, structures=structures))
    kept = kept_months([proposal.id], at=at).get(proposal.id)
    # Nobody spoke before the month of a wording that was written in it.
    if kept is not None and since[proposal.id].created_at < until:
        told[College.EMPLOYEES] = Hearing(College.EMPLOYEES, kept.people, kept.structures, people, structures)
    return told


def last_substance(numbers: Sequence[int]) -> Mapping[int, Since]:
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


def voices(
    numbers: Sequence[int], since: Mapping[int, Since], *, employees_until: datetime | None = None
) -> dict[int, list[Voice]]:
    """Who took position on a wording that counts, or whose words on the proposal are published. Two statements.

    Of the employees, who had done so before ``employees_until``, when it is given: words taken away since are counted.
    What changed a position itself is not told from here: it is kept beforehand, for a month.
    """
    found: dict[int, list[Voice]] = {number: [] for number in numbers}
    taken = (
        select(Position.proposal_id, Revision.number, Position.person_id, Position.college, Position.structure_id)
        .join(Revision, Revision.id == Position.revision_id)
        .where(Position.proposal_id.in_(numbers))
    )
    spoken = select(Comment.key, Comment.author_id, Comment.college, Comment.structure_id, Comment.created_at).where(
        Comment.kind == Target.PROPOSAL,
        Comment.key.in_([str(number) for number in numbers]),
        Comment.author_id.is_not(None),
    )
    published = and_(Comment.state == CommentState.PUBLISHED, Comment.closed_at.is_(None), Comment.text != "")
    if employees_until is None:
        spoken = spoken.where(published)
    else:
        taken = taken.where((Position.college != College.EMPLOYEES) | (Position.taken_at < employees_until))
        spoken = spoken.where(
            or_(
                (Comment.college != College.EMPLOYEES) & published,
                (Comment.college == College.EMPLOYEES) & _published_at(employees_until),
            )
        )
    for number, wording, person, college, structure in session.execute(taken):
        if wording >= since[number].number:
            found[number].append(Voice(person, college, structure))
    for key, speaker, college, structure, at in session.execute(spoken):
        if speaker is not None and at >= since[int(key)].created_at:
            found[int(key)].append(Voice(speaker, college, structure))
    return found


def _published_at(moment: datetime) -> ColumnElement[bool]:
    """Words that everybody could read at that moment: the last act of moderation before it let them be read."""
    last_act = (
        select(CommentEvent.state)
        .where(CommentEvent.comment_id == Comment.id, CommentEvent.at < moment)
        .order_by(CommentEvent.id.desc())
        .limit(1)
        .correlate(Comment)
        .scalar_subquery()
    )
    return and_(last_act == CommentState.PUBLISHED, or_(Comment.closed_at.is_(None), Comment.closed_at >= moment))
