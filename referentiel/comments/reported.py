"""Published words that a moderator asks another one to read again: who may decide, and what waits for them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from referentiel.comments.models import Comment, CommentAppeal, CommentReport
from referentiel.comments.moderation import Rule, State, due
from referentiel.comments.readings import SecondReading, second_reading
from referentiel.database import session
from referentiel.dates import day
from referentiel.people.models import Person
from referentiel.permissions import Action, may


@dataclass(frozen=True)
class Reported:
    """Published words with the requests that wait, oldest first; the permission table looks at who asked.

    ``restored`` is the second reading that published them after all, when there was one.
    """

    comment: Comment
    reports: tuple[CommentReport, ...]
    restored: SecondReading | None
    due: date
    late: bool

    @property
    def author_id(self) -> int | None:
        return self.comment.author_id

    @property
    def structure_id(self) -> int | None:
        return self.comment.structure_id

    @property
    def reporter_ids(self) -> frozenset[int]:
        return frozenset(report.by_id for report in self.reports if report.by_id is not None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that were named, each once, in the order of the list."""
        named = {report.rule for report in self.reports}
        return tuple(rule for rule in Rule if rule in named)


@dataclass(frozen=True)
class Reports:
    """What one person may decide, the first promised first."""

    items: tuple[Reported, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def overdue(self) -> int:
        return sum(1 for item in self.items if item.late)


def decides(by: Person, reported: Reported) -> bool:
    """Whether ``by`` may decide: after a second reading, only who could have made it."""
    if not may(by, Action.JUDGE_REPORT, reported):
        return False
    return reported.restored is None or bool(may(by, Action.JUDGE_REMOVAL, reported.restored))


def waiting(by: Person, *, at: datetime, working_days: int) -> Reports:
    """What ``by`` may decide; what others have to decide is not counted. One statement, and one for each restored."""
    found = [item for item in _reported(None, at, working_days) if decides(by, item)]
    return Reports(tuple(sorted(found, key=lambda item: (item.due, item.comment.id))))


def reported(number: int, *, at: datetime, working_days: int) -> Reported | None:
    """Published words that wait to be read again; None when nobody asks for it. One statement, or two."""
    return next(iter(_reported(number, at, working_days)), None)


def _reported(number: int | None, at: datetime, working_days: int) -> list[Reported]:
    asked = (
        select(Comment, CommentReport, CommentAppeal)
        .join(CommentReport, CommentReport.comment_id == Comment.id)
        .outerjoin(CommentAppeal, CommentAppeal.comment_id == Comment.id)
        .where(CommentReport.decided_at.is_(None), Comment.state == State.PUBLISHED, Comment.closed_at.is_(None))
        .order_by(CommentReport.at, CommentReport.id)
    )
    if number is not None:
        asked = asked.where(Comment.id == number)
    words: dict[int, tuple[Comment, CommentAppeal | None]] = {}
    reports: dict[int, list[CommentReport]] = defaultdict(list)
    for said, report, appeal in session.execute(asked):
        words[said.id] = (said, appeal)
        reports[said.id].append(report)
    today, found = day(at), []
    for key, (said, appealed) in words.items():
        restored = second_reading(key, at=at, working_days=working_days) if appealed and appealed.upheld else None
        last = due(reports[key][0].at, working_days)
        found.append(Reported(said, tuple(reports[key]), restored, last, last < today))
    return found
