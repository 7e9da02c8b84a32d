"""What people settle for their own account: the letters that they want, the structure that they work in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.errors import N_, Invalid, NotAllowed, Unknown
from referentiel.journal.actions import audit, post
from referentiel.people.models import Mail, Person, Structure
from referentiel.people.models.wishes import StructureWish
from referentiel.permissions import Action, require

REASON_LIMIT = 500
REFUSED = "structure_refused"
"""The kind, in the outbox, of what tells somebody that their change of structure is refused"""


def choose_mail(choice: Mail, *, by: Person) -> None:
    """Say what one wants to be written about. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    _with_an_address(by)
    with writing():
        by.mail = choice.value


def ask_structure(structure_id: int | None, name: str = "", *, by: Person, at: datetime) -> None:
    """Ask to be moved to a structure of the list, or to one whose name is given. Replaces what was asked. One write.

    Raises :class:`Invalid` on ``structure`` or ``name``.
    """
    require(by, Action.MANAGE_ACCOUNT)
    _with_an_address(by)
    typed = "" if structure_id else clean(name, field="name", limit=200, lines=False)
    if structure_id is None and not typed:
        raise Invalid(N_("Choisissez une structure, ou écrivez son nom."), field="structure")
    if structure_id is not None and structure_id == by.structure_id:
        raise Invalid(N_("C’est déjà votre structure."), field="structure")
    with writing() as rows:
        if structure_id is not None and rows.get(Structure, structure_id) is None:
            raise Invalid(N_("Choisissez une des structures de la liste."), field="structure")
        asked = rows.get(StructureWish, by.id)
        if asked is None:
            asked = StructureWish(person_id=by.id)
            rows.add(asked)
        asked.structure_id, asked.name, asked.asked_at = structure_id, typed, at
        asked.refused_at, asked.reason = None, ""
        audit("structure.asked", f"person:{by.id}", by_id=by.id, at=at, details={"structure": structure_id})


def take_back_wish(*, by: Person) -> None:
    """Ask for nothing any more; an answer that was read goes too. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    with writing() as rows:
        asked = rows.get(StructureWish, by.id)
        if asked is not None:
            rows.delete(asked)


def grant_wish(person_id: int, structure_id: int, *, by: Person, at: datetime) -> None:
    """Move somebody to a structure, as they asked. Their earlier acts keep the one they had. One write."""
    require(by, Action.ADMINISTER)
    with writing() as rows:
        found = _theirs(person_id, by)
        if rows.get(Structure, structure_id) is None:
            raise Invalid(N_("Choisissez une des structures de la liste."), field="structure")
        before, found.person.structure_id = found.person.structure_id, structure_id
        rows.delete(found)
        details = {"before": before, "after": structure_id}
        audit("structure.granted", f"person:{person_id}", by_id=by.id, at=at, details=details)


def refuse_wish(person_id: int, reason: str, *, by: Person, at: datetime) -> None:
    """Leave somebody where they are, and tell them why: on their account, and by a letter if they want some. One write.

    Raises :class:`Invalid` on ``reason`` without words.
    """
    require(by, Action.ADMINISTER)
    if not reason.strip():
        raise Invalid(N_("Écrivez à la personne pourquoi vous refusez."), field="reason")
    why = clean(reason, field="reason", limit=REASON_LIMIT)
    with writing():
        found = _theirs(person_id, by)
        # The words alone stay: an answer must not keep the structure from being put away.
        found.name, found.structure_id = found.place, None
        found.refused_at, found.reason = at, why
        post(REFUSED, {"person": person_id, "at": at.isoformat()}, at=at)
        audit("structure.refused", f"person:{person_id}", by_id=by.id, at=at, details={})


def wish_of(person: Person) -> StructureWish | None:
    """What somebody asked for: it waits, or was refused not long ago. One statement."""
    return session.get(StructureWish, person.id)


def wishes() -> Sequence[StructureWish]:
    """What waits for an administrator, the oldest first. One statement."""
    waits = select(StructureWish).where(StructureWish.refused_at.is_(None))
    return session.scalars(waits.order_by(StructureWish.asked_at, StructureWish.person_id)).all()


def waiting_wishes() -> int:
    """How many wait for an administrator. One statement."""
    return session.scalar(select(func.count()).where(StructureWish.refused_at.is_(None))) or 0


def wish(person_id: int) -> StructureWish:
    """What a person asked for and waits for. Raises :class:`Unknown`. One statement."""
    found = session.get(StructureWish, person_id)
    if found is None or found.refused_at is not None:
        raise Unknown(N_("Cette demande n’existe plus."))
    return found


def _theirs(person_id: int, by: Person) -> StructureWish:
    found = wish(person_id)
    if person_id == by.id:
        raise NotAllowed(N_("Une autre personne doit le faire pour votre compte."))
    return found


def _with_an_address(by: Person) -> None:
    if by.email is None:
        raise Unknown(N_("Un compte ouvert avec une carte n’a ni e-mail ni structure."))
