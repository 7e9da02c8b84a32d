"""The link between words and the account that a card opened: kept until the answer was there to find, then cut."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from referentiel.comments.models import Comment
from referentiel.database import session, writing
from referentiel.people.accounts.idling import professional
from referentiel.people.keeping import LAW, Keeping
from referentiel.people.models import Person


def cards_accounts() -> ColumnElement[bool]:
    """Accounts that nobody can be known by: no address, no role."""
    return ~professional()


def to_cut(*, at: datetime, keep: Keeping = LAW) -> ColumnElement[bool]:
    """Words of those accounts, answered long enough ago, or old whatever became of them."""
    past = or_(Comment.answered_at <= at - keep.answered, Comment.created_at <= at - keep.unanswered)
    return and_(Comment.author_id.in_(select(Person.id).where(cards_accounts())), past)


def cut_links(*, at: datetime, keep: Keeping = LAW) -> int:
    """Cut each link whose time is over; returns how many. What was published stays. One write, when there is any."""
    past = to_cut(at=at, keep=keep)
    if session.scalar(select(Comment.id).where(past).limit(1)) is None:
        session.rollback()
        return 0
    with writing() as rows:
        cut = update(Comment).where(past).values(author_id=None, workshop_id=None)
        return len(rows.scalars(cut.returning(Comment.id).execution_options(synchronize_session=False)).all())
