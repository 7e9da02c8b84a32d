"""What an administrator does to accounts, and what people do to their own."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from referentiel.criteria.characters import clean
from referentiel.database import writing
from referentiel.errors import N_, Invalid, Unknown
from referentiel.journal.actions import audit
from referentiel.people.models import Person, Structure
from referentiel.people.second_factor import forget_second_factor
from referentiel.people.sessions import end_all_of
from referentiel.permissions import Action, Role, require


def suspend(person: Person, *, by: Person, at: datetime) -> None:
    """Close an account until further notice; its sessions end. Suspending twice changes nothing. One write."""
    require(by, Action.ADMINISTER)
    _not_oneself(person, by)
    with writing():
        if person.suspended_at is None:
            person.suspended_at = at
            end_all_of(person)
            audit("person.suspended", f"person:{person.id}", by_id=by.id, at=at, details={})


def reinstate(person: Person, *, by: Person, at: datetime) -> None:
    """Open a suspended account again. One write."""
    require(by, Action.ADMINISTER)
    with writing():
        if person.suspended_at is not None:
            person.suspended_at = None
            audit("person.reinstated", f"person:{person.id}", by_id=by.id, at=at, details={})


def give_roles(person: Person, roles: Collection[Role], *, by: Person, at: datetime) -> None:
    """Replace somebody's roles. Their sessions end: a new right is used with a new session. One write."""
    require(by, Action.ADMINISTER)
    wanted = frozenset(roles) - {Role.PARTICIPANT}
    if person.id == by.id and Role.ADMINISTRATOR not in wanted:
        raise Invalid(
            N_("Vous ne pouvez pas vous retirer l’administration : une autre personne doit le faire."), field="roles"
        )
    with writing():
        before = person.granted
        if before == wanted:
            return
        person.roles = wanted
        if person.id != by.id:
            end_all_of(person)
        audit(
            "person.roles_given",
            f"person:{person.id}",
            by_id=by.id,
            at=at,
            details={"before": sorted(before), "after": sorted(wanted)},
        )


def reset_second_factor(person: Person, *, by: Person, at: datetime) -> None:
    """For a lost telephone: the person enrols again at the next act that needs it. One write."""
    require(by, Action.ADMINISTER)
    _not_oneself(person, by)
    with writing():
        forget_second_factor(person, by=by, at=at)


def add_structure(name: str, kind: str, territory: str | None, *, by: Person | None, at: datetime) -> int:
    """Add a structure; returns its id. ``by`` is None at the console. One write."""
    if by is not None:
        require(by, Action.ADMINISTER)
    by_id = by.id if by else None
    typed = clean(name, field="name", limit=200, lines=False)
    if not typed:
        raise Invalid(N_("Écrivez le nom de la structure."), field="name")
    with writing() as rows:
        if rows.scalar(select(Structure.id).where(Structure.name == typed)) is not None:
            raise Invalid(N_("Une structure porte déjà ce nom."), field="name")
        structure = Structure(name=typed, kind=kind, territory=territory)
        rows.add(structure)
        rows.flush()
        audit("structure.added", f"structure:{structure.id}", by_id=by_id, at=at, details={})
        return structure.id


def rename(name: str, *, by: Person) -> None:
    """Say how one's own pages and the administration should call oneself. Never published. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    typed = clean(name, field="name", limit=100, lines=False)
    if by.email is None:
        raise Unknown(N_("Un compte ouvert avec une carte n’a pas de nom."))
    with writing():
        by.name = typed or None


def _not_oneself(person: Person, by: Person) -> None:
    if person.id == by.id:
        raise Invalid(N_("Une autre personne doit le faire pour votre compte."))
