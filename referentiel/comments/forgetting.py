"""What becomes of somebody's words when their account goes, and of one contribution that must go.

Inside the caller's ``writing()``. The public register stays: it holds neither words nor authors.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import aliased

from referentiel.comments.models import Comment, CommentAppeal
from referentiel.comments.moderation import State, month_start
from referentiel.database import session


def forget_author(person_id: int, *, at: datetime, words: bool) -> None:
    """Cut the link from words to their author.

    Words that nobody has read go; those that were removed go; published ones stay, unless ``words``.
    """
    mine = Comment.author_id == person_id
    _empty_appeals(mine)
    reply = aliased(Comment)
    answered = exists(select(reply.id).where(reply.parent_id == Comment.id))
    session.execute(
        delete(Comment).where(mine, Comment.state == State.HELD, ~answered).execution_options(synchronize_session=False)
    )
    _empty(mine if words else mine & (Comment.state != State.PUBLISHED), at)
    session.execute(update(Comment).where(mine).values(author_id=None).execution_options(synchronize_session=False))
    session.expire_all()


def forget_words(spoken: Comment, *, at: datetime) -> None:
    """Take these words away from everywhere; their place stays when somebody replied."""
    this = Comment.id == spoken.id
    _empty_appeals(this)
    _empty(this, at)
    session.expire_all()


def _empty(these: ColumnElement[bool], at: datetime) -> None:
    """Closed with the month: a moment shared with the erased account would lead back to it."""
    words = ("text", "note", "quotation", "before", "after", "first_quotation")
    nothing: dict[str, str | None] = dict.fromkeys(words, "") | {"replacement": None}
    session.execute(
        update(Comment)
        .where(these)
        .values(closed_at=func.coalesce(Comment.closed_at, month_start(at)), **nothing)
        .execution_options(synchronize_session=False)
    )


def _empty_appeals(these: ColumnElement[bool]) -> None:
    """An appeal that waits falls with its author; one that was decided keeps its outcome."""
    theirs = CommentAppeal.comment_id.in_(select(Comment.id).where(these))
    session.execute(delete(CommentAppeal).where(theirs, CommentAppeal.decided_at.is_(None)))
    session.execute(update(CommentAppeal).where(theirs).values(words="", note=""))
