"""Signed-in browsers: opening, proving, ending. The raw id leaves once, in the answer; the row keeps its digest."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from referentiel.database import session, writing
from referentiel.errors import N_, Unknown
from referentiel.people.doors.keys import digest, token
from referentiel.people.models import Person, Session
from referentiel.permissions import Action, require


def add_session(
    person_id: int,
    *,
    way: str,
    at: datetime,
    life: timedelta,
    second_factor: bool = False,
    instead_of: str | None = None,
    browser: str | None = None,
    id_token: str | None = None,
) -> str:
    """Add a session inside the caller's ``writing()`` and return its raw id, 256 bits.

    ``instead_of`` is the raw id of the browser's former session, which ends.
    """
    raw = token()
    if instead_of:
        session.execute(delete(Session).where(Session.digest == digest(instead_of)))
    session.add(
        Session(
            digest=digest(raw),
            person_id=person_id,
            way=way,
            browser=browser,
            created_at=at,
            expires_at=at + life,
            second_factor_at=at if second_factor else None,
            id_token=id_token,
        )
    )
    return raw


def open_session(
    person: Person,
    *,
    way: str,
    at: datetime,
    life: timedelta,
    second_factor: bool = False,
    instead_of: str | None = None,
) -> str:
    """Open a session and return its raw id. One write."""
    person_id = person.id
    with writing():
        return add_session(person_id, way=way, at=at, life=life, second_factor=second_factor, instead_of=instead_of)


def renew_as_proven(current: Session, *, at: datetime) -> str:
    """A new id for a session whose second factor was just proven; inside the caller's ``writing()``."""
    raw = token()
    current.digest = digest(raw)
    current.second_factor_at = at
    return raw


def end_session(raw: str) -> None:
    """End the session of this raw id, if there is one."""
    with writing() as rows:
        rows.execute(delete(Session).where(Session.digest == digest(raw)))


def end_one_of_mine(session_id: int, *, by: Person) -> None:
    """End another browser of one's own. Raises :class:`Unknown` when it is not one's own, or already over."""
    require(by, Action.MANAGE_ACCOUNT)
    person_id = by.id
    with writing() as rows:
        found = rows.scalar(select(Session).where(Session.id == session_id, Session.person_id == person_id))
        if found is None:
            raise Unknown(N_("Cette connexion est déjà fermée."))
        rows.delete(found)


def end_all_of(person: Person, *, but: int | None = None) -> None:
    """End each session of somebody, inside the caller's ``writing()``; ``but`` is the id of one to keep."""
    session.execute(delete(Session).where(Session.person_id == person.id, Session.id != (but or 0)))


def end_all_of_mine(*, by: Person, but: int | None = None) -> None:
    """End each session of one's own, except perhaps this one."""
    require(by, Action.MANAGE_ACCOUNT)
    with writing():
        end_all_of(by, but=but)
