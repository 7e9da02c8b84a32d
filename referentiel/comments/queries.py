"""What pages show of people's words. Each query says how many statements it sends; none grows with the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Protocol

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, case, func, or_, select

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment, CommentAppeal
from referentiel.comments.moderation import Face, Faces, State, due, month_start
from referentiel.comments.voices import Voice, in_order, voice_of
from referentiel.database import session
from referentiel.dates import day
from referentiel.errors import N_, Unknown
from referentiel.people.models import Person


class Promise(Protocol):
    """Words with what was promised of them."""

    @property
    def promised_on(self) -> date | None: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class Mine:
    """One contribution for its author alone; ``due`` is the day by whose end it is read, when it waits."""

    comment: Comment
    due: date
    late: bool
    appeal: CommentAppeal | None = None

    @property
    def may_appeal(self) -> bool:
        """True while a second reading can be asked for: once."""
        return self.comment.state is State.REMOVED and self.appeal is None


def comment(number: int) -> Comment:
    """One row, by its number. Raises :class:`Unknown`. One statement."""
    row = comment_or_none(number)
    if row is None:
        raise Unknown(N_("Cette contribution n’existe pas."))
    return row


def comment_or_none(number: int) -> Comment | None:
    """The same, or None. One statement."""
    return session.get(Comment, number)


def voice(spoken: Comment) -> Voice:
    """One contribution as everybody sees it, without its thread. No statement."""
    return voice_of(spoken)


def on_item(code: str) -> tuple[Voice, ...]:
    """The threads on a criterion, newest month first. One statement."""
    return threads(Target.CRITERION, code)


def on_proposal(proposal_id: int) -> tuple[Voice, ...]:
    """The threads on a proposal, newest month first. One statement."""
    return threads(Target.PROPOSAL, str(proposal_id))


def counts(kind: Target = Target.CRITERION) -> Mapping[str, int]:
    """Published contributions of each item of a kind, by key; an item without any is absent. One statement."""
    rows = session.execute(
        select(Comment.key, func.count()).where(Comment.kind == kind, _shown()).group_by(Comment.key)
    )
    return dict(rows.all())


def faces(code: str, *, at: datetime, smallest: int) -> Faces | None:
    """The answers to a criterion's question, or None when fewer than ``smallest`` people gave one. One statement.

    Figures stop at the beginning of the month of ``at``: looking twice must not tell what somebody has just answered.
    """
    answers = session.execute(_answers(), {"until": month_start(at), "code": code})
    return _faces(answers, month_start(at), smallest).get(code)


def own_answer(code: str, person: Person) -> Comment | None:
    """The person's present answer to a criterion's question. One statement."""
    return session.scalar(
        select(Comment).where(
            Comment.author_id == person.id,
            Comment.kind == Target.CRITERION,
            Comment.key == code,
            Comment.face.is_not(None),
            Comment.closed_at.is_(None),
        )
    )


def own_numbers(person: Person, kind: Target, key: str) -> frozenset[int]:
    """The numbers of what the person said on an item. One statement."""
    own = select(Comment.id).where(Comment.author_id == person.id, Comment.kind == kind, Comment.key == key)
    return frozenset(session.scalars(own))


def answered(person: Person) -> frozenset[str]:
    """The codes of the criteria whose question the person has answered. One statement."""
    return frozenset(
        session.scalars(
            select(Comment.key).where(
                Comment.author_id == person.id,
                Comment.kind == Target.CRITERION,
                Comment.face.is_not(None),
                Comment.closed_at.is_(None),
            )
        )
    )


def mine(person: Person, *, at: datetime, working_days: int) -> tuple[Mine, ...]:
    """What the person said and has not taken back, newest first, each with its appeal. One statement."""
    rows = session.execute(
        select(Comment, CommentAppeal)
        .outerjoin(CommentAppeal, CommentAppeal.comment_id == Comment.id)
        .where(Comment.author_id == person.id, Comment.closed_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id)
    )
    said = []
    for row, appeal in rows:
        last = promised(row, working_days)
        waits = row.waiting or (appeal is not None and appeal.decided_at is None)
        said.append(Mine(row, last, waits and last < day(at), appeal))
    return tuple(said)


def promised(said: Promise, working_days: int) -> date:
    """The day by whose end these words are read: the one that was shown, for words sent since it is kept."""
    return said.promised_on or due(said.created_at, working_days)


def _shown() -> ColumnElement[bool]:
    return and_(Comment.state == State.PUBLISHED, Comment.closed_at.is_(None), Comment.text != "")


def _faces(answers: Iterable[Row[str, Face | None, int]], until: datetime, smallest: int) -> dict[str, Faces]:
    found: dict[str, dict[Face, int]] = defaultdict(dict)
    for key, face, number in answers:
        if face is not None:
            found[key][face] = number
    return {
        key: Faces.of(
            given.get(Face.YES, 0),
            given.get(Face.PARTLY, 0),
            given.get(Face.NO, 0),
            until=day(until),
            smallest=smallest,
        )
        for key, given in found.items()
        if sum(given.values()) >= smallest
    }


# Built once: on a page that sends them, building these costs more than running them.


@cache
def _answers() -> Select[str, Face | None, int]:
    until: BindParameter[datetime] = bindparam("until")
    return (
        select(Comment.key, Comment.face, func.count())
        .where(
            Comment.kind == Target.CRITERION,
            Comment.key == bindparam("code"),
            Comment.face.is_not(None),
            Comment.created_at < until,
            or_(Comment.closed_at.is_(None), Comment.closed_at >= until),
        )
        .group_by(Comment.key, Comment.face)
    )


@cache
def _once_read() -> Select[Comment]:
    return select(Comment).where(
        Comment.kind == bindparam("kind"),
        Comment.key == bindparam("key"),
        case((Comment.is_reply, _shown()), else_=Comment.published_at.is_not(None)),
    )


def threads(kind: Target, key: str) -> tuple[Voice, ...]:
    """Words that are or were read, with their replies, newest month first. One statement.

    A place left empty is shown when something hangs on it.
    """
    tops: list[Comment] = []
    replies: dict[int, list[Comment]] = defaultdict(list)
    for row in session.scalars(_once_read(), {"kind": kind, "key": key}):
        if row.parent_id is None:
            tops.append(row)
        else:
            replies[row.parent_id].append(row)
    found = [
        voice_of(row, tuple(voice_of(reply) for reply in in_order(replies[row.id])))
        for row in in_order(tops, newest_first=True)
    ]
    return tuple(voice for voice in found if voice.text or voice.replies or voice.removed_by)
