"""What time makes useless is deleted: sessions that ended, links, wrong tries, tablets, invitations, answers."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from referentiel.database import Base, session, writing
from referentiel.errors import N_
from referentiel.people.doors.linking import KEPT_FOR
from referentiel.people.keeping import LAW, Keeping
from referentiel.people.models import Card, Invitation, OpenIdTry, Session, SignInLink, Tablet, Workshop, WrongTry
from referentiel.people.models.wishes import StructureWish

ENDED = N_("Séance collective")
"""The title of a workshop whose own went away"""


def forget(*, at: datetime, keep: Keeping = LAW) -> int:
    """Delete what is past; returns how many rows. A few index look-ups, and a write only when there is something."""
    over = Invitation.expires_at <= at - keep.invitations
    conditions: tuple[tuple[type[Base], ColumnElement[bool]], ...] = (
        (Session, Session.expires_at <= at),
        (SignInLink, SignInLink.expires_at <= at - KEPT_FOR),
        (WrongTry, WrongTry.last_at <= at - keep.wrong_tries),
        (OpenIdTry, OpenIdTry.expires_at <= at),
        (Tablet, Tablet.expires_at <= at),
        (Invitation, over),
        (StructureWish, StructureWish.refused_at <= at - keep.notices),
    )
    anything = session.scalar(select(or_(*(exists(select(model).where(condition)) for model, condition in conditions))))
    if not anything:
        return 0
    with writing() as rows:
        return sum(
            len(rows.scalars(delete(model).where(condition).returning(next(iter(model.__table__.primary_key)))).all())
            for model, condition in conditions
        )


def ended_workshops(*, at: datetime, keep: Keeping = LAW) -> list[int]:
    """The workshops whose time is over and that still say who held them, where, and under which title."""
    past = or_(Workshop.ends_at <= at - keep.workshops, Workshop.closed_at <= at - keep.workshops)
    says = or_(
        Workshop.title != ENDED,
        Workshop.place != "",
        Workshop.opened_by_id.is_not(None),
        Workshop.second_id.is_not(None),
    )
    return list(session.scalars(select(Workshop.id).where(past, says).order_by(Workshop.id)))


def old_cards(*, at: datetime, keep: Keeping = LAW) -> list[int]:
    """The cards whose time is over and that still say who printed them."""
    past = (Card.expires_at <= at - keep.workshops) & Card.printed_by_id.is_not(None)
    return list(session.scalars(select(Card.id).where(past).order_by(Card.id)))


def bare(*, at: datetime, keep: Keeping = LAW) -> int:
    """Take people and words out of ended workshops and old cards; returns how many rows.

    The rows stay: what a decision says of the cards printed and used rests on them. One write, when there is something.
    """
    workshops, cards = ended_workshops(at=at, keep=keep), old_cards(at=at, keep=keep)
    session.rollback()
    if not workshops and not cards:
        return 0
    with writing() as rows:
        nobody = {"title": ENDED, "place": "", "opened_by_id": None, "second_id": None}
        rows.execute(update(Workshop).where(Workshop.id.in_(workshops)).values(**nobody))
        rows.execute(update(Card).where(Card.workshop_id.in_(workshops)).values(printed_by_id=None))
        rows.execute(update(Card).where(Card.id.in_(cards)).values(printed_by_id=None))
    return len(workshops) + len(cards)
