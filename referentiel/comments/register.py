"""The public register of moderation: what was done, by which rule, how fast. Never the words, nor where they stood.

Nothing is dated closer than a month, and the lines of a month stand in an order that says nothing: a day and a delay
would give the day when somebody spoke, hence the collective session.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from referentiel.comments.models import CommentAppeal, CommentEvent
from referentiel.comments.moderation import Rule, State, month
from referentiel.database import session
from referentiel.permissions import Role


@dataclass(frozen=True)
class Line:
    """One removal: its month, and ``days`` from the sending to the act.

    ``appealed`` when its author asked for a second reading; ``restored`` and ``appeal_days`` once it was made.
    """

    month: date
    rule: Rule
    role: Role
    days: int
    appealed: bool = False
    restored: bool | None = None
    appeal_days: int | None = None


@dataclass(frozen=True)
class Month:
    """What moderation did in one month; ``longest`` is the longest delay, in days."""

    month: date
    published: int
    removed: int
    appeals: int
    restored: int
    longest: int


def removals(limit: int = 200) -> tuple[Line, ...]:
    """The newest removals with what became of them. One statement."""
    second = aliased(CommentEvent)
    rows: Sequence[tuple[CommentEvent, CommentEvent | None, datetime | None]] = session.execute(
        select(CommentEvent, second, CommentAppeal.at)
        .outerjoin(second, second.appeal_of_id == CommentEvent.id)
        .outerjoin(CommentAppeal, CommentAppeal.comment_id == CommentEvent.comment_id)
        .where(CommentEvent.state == State.REMOVED, CommentEvent.appeal_of_id.is_(None))
        .order_by(CommentEvent.at.desc(), CommentEvent.id.desc())
        .limit(limit)
    ).all()
    lines = [
        Line(
            month(row.at),
            row.rule,
            row.role,
            row.days,
            appealed=judged is not None or (asked is not None and asked >= row.at),
            restored=judged.state is State.PUBLISHED if judged else None,
            appeal_days=judged.days if judged else None,
        )
        for row, judged, asked in rows
        if row.rule
    ]
    return tuple(sorted(lines, key=lambda line: (-line.month.toordinal(), line.rule, line.days)))


def months() -> tuple[Month, ...]:
    """What moderation did each month, newest first. One statement."""
    acts: dict[date, list[CommentEvent]] = defaultdict(list)
    for event in session.scalars(select(CommentEvent)):
        acts[month(event.at)].append(event)
    return tuple(_month(first, acts[first]) for first in sorted(acts, reverse=True))


def _month(first: date, acts: list[CommentEvent]) -> Month:
    readings = [act for act in acts if act.appeal_of_id is None]
    second = [act for act in acts if act.appeal_of_id is not None]
    return Month(
        first,
        published=sum(act.state is State.PUBLISHED for act in readings),
        removed=sum(act.state is State.REMOVED for act in readings),
        appeals=len(second),
        restored=sum(act.state is State.PUBLISHED for act in second),
        longest=max(act.days for act in acts),
    )
