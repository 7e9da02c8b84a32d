"""What waits to be read before everybody sees it: words, and appeals of those whose words were not published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import aliased

from referentiel.comments.models import Comment, CommentAppeal, CommentEvent
from referentiel.comments.moderation import State
from referentiel.comments.queries import promised
from referentiel.database import session
from referentiel.dates import day
from referentiel.errors import N_, Unknown
from referentiel.people.models import Person
from referentiel.permissions import Action, may


@dataclass(frozen=True)
class Waiting:
    """Held words, for who reads them: ``due`` is the day by whose end that was promised."""

    comment: Comment
    due: date
    late: bool


@dataclass(frozen=True)
class Queue:
    """What one moderator has to read: one page of it, how much in all, how much is late."""

    items: tuple[Waiting, ...]
    total: int
    overdue: int


@dataclass(frozen=True)
class SecondReading:
    """Words not published that are read again; the permission table looks at who read them first."""

    comment: Comment
    appeal: CommentAppeal
    removal: CommentEvent
    first_reader: Person | None
    due: date
    late: bool

    @property
    def author_id(self) -> int | None:
        return self.comment.author_id

    @property
    def structure_id(self) -> int | None:
        return self.comment.structure_id

    @property
    def first_reader_id(self) -> int | None:
        return self.removal.by_id

    @property
    def first_reader_structure_id(self) -> int | None:
        return self.first_reader.structure_id if self.first_reader else None


@dataclass(frozen=True)
class Appeals:
    """The appeals that one person may judge, oldest first."""

    items: tuple[SecondReading, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def overdue(self) -> int:
        return sum(1 for item in self.items if item.late)


def held(by: Person, *, at: datetime, working_days: int, limit: int = 20, offset: int = 0) -> Queue:
    """Words that wait for somebody like ``by``: not their own, not from their structure; first the first promised.

    Those promised for one day come by their numbers, drawn at random: who reads them may have been in the room where
    they were written, and must not know them by their order. Two statements.

    What others have to read is not counted: the number alone would say that somebody of the structure wrote.
    ``working_days`` is for words sent before their promise was kept with them.
    """
    theirs = _waiting_for(by)
    sent = session.execute(select(Comment.promised_on, Comment.created_at).where(*theirs)).all()
    today = day(at)
    rows = session.scalars(
        select(Comment)
        .where(*theirs)
        .order_by(Comment.promised_on.nulls_first(), Comment.id)
        .limit(limit)
        .offset(offset)
    )
    items = tuple(Waiting(row, last, last < today) for row in rows for last in [promised(row, working_days)])
    return Queue(items, len(sent), sum(1 for row in sent if promised(row, working_days) < today))


def appeals(by: Person, *, at: datetime, working_days: int) -> Appeals:
    """The appeals that ``by`` may judge, oldest first. One statement; they are few."""
    rows = _second_readings(
        select(Comment)
        .where(CommentAppeal.decided_at.is_(None), Comment.closed_at.is_(None))
        .order_by(CommentAppeal.at, Comment.id),
        at=at,
        working_days=working_days,
    )
    return Appeals(tuple(row for row in rows if may(by, Action.JUDGE_REMOVAL, row)))


def second_reading(number: int, *, at: datetime, working_days: int) -> SecondReading:
    """One appeal, judged or not, by the number of its contribution. Raises :class:`Unknown`. One statement."""
    found = second_reading_or_none(number, at=at, working_days=working_days)
    if found is None:
        raise Unknown(N_("Aucun recours n’attend ici."))
    return found


def second_reading_or_none(number: int, *, at: datetime, working_days: int) -> SecondReading | None:
    """The same, or None. One statement."""
    rows = _second_readings(
        select(Comment).where(Comment.id == number, Comment.closed_at.is_(None)), at=at, working_days=working_days
    )
    return next(iter(rows), None)


def _second_readings(query: Select[Comment], *, at: datetime, working_days: int) -> Sequence[SecondReading]:
    reader = aliased(Person)
    rows = session.execute(
        query.add_columns(CommentAppeal, CommentEvent, reader)
        .join(CommentAppeal, CommentAppeal.comment_id == Comment.id)
        .join(CommentEvent, CommentEvent.comment_id == Comment.id)
        .outerjoin(reader, reader.id == CommentEvent.by_id)
        .where(CommentEvent.state == State.REMOVED, CommentEvent.appeal_of_id.is_(None))
        .order_by(CommentEvent.id)
    )
    return tuple(_last_of_each(rows, day(at), working_days))


def _last_of_each(
    rows: Iterable[Row[Comment, CommentAppeal, CommentEvent, Person | None]], today: date, working_days: int
) -> Iterable[SecondReading]:
    """One for each contribution: its last removal."""
    found = {
        said.id: SecondReading(said, appeal, removal, reader, last, appeal.decided_at is None and last < today)
        for said, appeal, removal, reader in rows
        for last in [promised(said, working_days)]
    }
    return found.values()


def _waiting_for(by: Person) -> tuple[ColumnElement[bool], ...]:
    """The rows that the permission table lets ``by`` moderate."""
    return (
        Comment.state == State.HELD,
        Comment.closed_at.is_(None),
        or_(Comment.author_id.is_(None), Comment.author_id != by.id),
        or_(Comment.structure_id.is_(None), Comment.structure_id != by.structure_id)
        if by.structure_id is not None
        else Comment.id.is_not(None),
    )
