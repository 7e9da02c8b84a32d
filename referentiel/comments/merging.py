"""Two accounts of one professional become one: what of their words forbids it, and what to do before rows move."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from referentiel.comments.models import Comment, CommentAppeal, CommentEvent, CommentReport
from referentiel.database import session
from referentiel.errors import N_, NotAllowed

READ_THEIR_OWN = N_("L’un a relu des mots que l’autre a écrits : une autre personne doit les relire.")
READ_TWICE = N_("L’un a écarté une contribution, l’autre a lu le recours de son auteur.")

REPORTED_AND_DECIDED = N_("L’un a signalé une contribution, l’autre a décidé de ce signalement.")


def obstacles(one: int, two: int) -> Iterator[NotAllowed]:
    """What these two accounts did that two people must do. Three statements."""
    read_own = exists(
        select(CommentEvent.id)
        .join(Comment, Comment.id == CommentEvent.comment_id)
        .where(
            or_(
                (Comment.author_id == one) & (CommentEvent.by_id == two),
                (Comment.author_id == two) & (CommentEvent.by_id == one),
            )
        )
    )
    if session.scalar(select(read_own)):
        yield NotAllowed(READ_THEIR_OWN)
    judged = exists(
        select(CommentAppeal.comment_id)
        .join(CommentEvent, CommentEvent.comment_id == CommentAppeal.comment_id)
        .where(
            or_(
                (CommentAppeal.decided_by_id == one) & (CommentEvent.by_id == two),
                (CommentAppeal.decided_by_id == two) & (CommentEvent.by_id == one),
            )
        )
    )
    if session.scalar(select(judged)):
        yield NotAllowed(READ_TWICE)
    both = select(CommentReport.id).where(
        CommentReport.by_id.in_((one, two)), CommentReport.decided_by_id.in_((one, two))
    )
    if session.scalar(both.limit(1)):
        yield NotAllowed(REPORTED_AND_DECIDED)


def settle(other: int, into: int, *, at: datetime) -> None:
    """Before rows move: one answer to a question, the newest; words of the older one stay. Inside ``writing()``.

    A form that both sent is told apart: one account sends a form once.
    """
    kept, gone = aliased(Comment), aliased(Comment)
    for row in session.scalars(
        select(gone).join(kept, kept.sending == gone.sending).where(gone.author_id == other, kept.author_id == into)
    ).all():
        row.sending = hashlib.sha256(f"{row.sending}:{row.id}".encode()).hexdigest()
    twice = (
        select(Comment.key)
        .where(Comment.author_id.in_((other, into)), Comment.face.is_not(None), Comment.closed_at.is_(None))
        .group_by(Comment.key)
        .having(func.count() > 1)
    )
    for key in session.scalars(twice).all():
        older = session.scalars(
            select(Comment)
            .where(
                Comment.author_id.in_((other, into)),
                Comment.key == key,
                Comment.face.is_not(None),
                Comment.closed_at.is_(None),
            )
            .order_by(Comment.created_at, Comment.id)
        ).first()
        if older is not None and older.text:
            older.face = None
        elif older is not None:
            older.closed_at = at
    session.flush()
