"""What pages show of people's words. Each query says how many statements it sends; none grows with the rows."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Protocol

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, case, func, or_, select

from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment, CommentAppeal
from referentiel.comments.moderation import Face, Faces, Rule, State, due, month, month_start
from referentiel.database import session
from referentiel.dates import day
from referentiel.errors import N_, Unknown
from referentiel.people.models import Person
from referentiel.permissions import College


@dataclass(frozen=True)
class Voice:
    """Published words, or the place where some stood: ``gone`` (text empty) says why nothing is read there.

    Nothing here leads to a person: a college and a month. ``month`` is its first day; ``typed`` says that a facilitator
    wrote it for its author, and read it back aloud.
    """

    id: int
    anchor: Anchor
    college: College
    month: date
    text: str
    removed_by: Rule | None = None
    gone: bool = False
    typed: bool = False
    replies: tuple["Voice", ...] = field(default=())
    replacement: str | None = None
    """The words suggested instead of the passage"""
    wish: bool = False
    reattached: bool = False
    """True when it was attached again, from ``first_section`` and ``first_quotation``"""
    first_section: str = ""
    first_quotation: str = ""


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
    return _voice(spoken)


def on_item(code: str) -> tuple[Voice, ...]:
    """The threads on a criterion, newest month first. One statement."""
    return _threads(Target.CRITERION, code)


def on_proposal(proposal_id: int) -> tuple[Voice, ...]:
    """The threads on a proposal, newest month first. One statement."""
    return _threads(Target.PROPOSAL, str(proposal_id))


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


def _threads(kind: Target, key: str) -> tuple[Voice, ...]:
    """Words that are or were read, with their replies; a place left empty is shown when something hangs on it."""
    tops: list[Comment] = []
    replies: dict[int, list[Comment]] = defaultdict(list)
    for row in session.scalars(_once_read(), {"kind": kind, "key": key}):
        if row.parent_id is None:
            tops.append(row)
        else:
            replies[row.parent_id].append(row)
    threads = [
        _voice(row, tuple(_voice(reply) for reply in in_order(replies[row.id])))
        for row in in_order(tops, newest_first=True)
    ]
    return tuple(voice for voice in threads if voice.text or voice.replies or voice.removed_by)


def _voice(row: Comment, replies: tuple[Voice, ...] = ()) -> Voice:
    return Voice(
        id=row.id,
        anchor=row.anchor,
        college=row.college,
        month=month(row.created_at),
        text=row.text if row.shown else "",
        removed_by=row.rule if row.closed_at is None else None,
        gone=not row.shown,
        typed=row.typed and row.shown,
        replies=replies,
        replacement=row.replacement if row.shown else None,
        wish=row.wish,
        reattached=row.reattached_at is not None,
        first_section=row.first_section,
        first_quotation=row.first_quotation if row.shown else "",
    )


def in_order(rows: Iterable[Comment], *, newest_first: bool = False) -> list[Comment]:
    """By month; inside a month in an order that is always the same and says nothing of who came first."""
    shuffled = sorted(rows, key=lambda row: hashlib.sha256(str(row.id).encode()).digest())
    return sorted(shuffled, key=lambda row: month(row.created_at), reverse=newest_first)
