"""What an administrator does to accounts, and what people do to their own."""

from collections.abc import Collection
from datetime import datetime

from referentiel.criteria.characters import clean
from referentiel.database import writing
from referentiel.errors import N_, Invalid, NotAllowed, Unknown
from referentiel.journal.actions import audit, post
from referentiel.people.doors.second_factor import forget_second_factor
from referentiel.people.doors.sessions import end_all_of
from referentiel.people.doors.suspension import MAIL, REINSTATED, SUSPENDED
from referentiel.people.models import Person
from referentiel.permissions import Action, Role, require


def suspend(person: Person, *, by: Person, at: datetime) -> None:
    """Close an account until further notice; its sessions open nothing any more. Twice is once. One write.

    They are kept until they would have ended, so that the next page can say why; a mail says it too.
    """
    require(by, Action.ADMINISTER)
    _not_oneself(person, by)
    with writing():
        if person.suspended_at is None:
            person.suspended_at = at
            post(MAIL, {"person": person.id, "said": SUSPENDED}, at=at)
            audit("person.suspended", f"person:{person.id}", by_id=by.id, at=at, details={})


def reinstate(person: Person, *, by: Person, at: datetime) -> None:
    """Open a suspended account again: they sign in anew, and a mail says so. One write."""
    require(by, Action.ADMINISTER)
    with writing():
        if person.suspended_at is not None:
            person.suspended_at = None
            end_all_of(person)
            post(MAIL, {"person": person.id, "said": REINSTATED}, at=at)
            audit("person.reinstated", f"person:{person.id}", by_id=by.id, at=at, details={})


def give_roles(person: Person, roles: Collection[Role], *, by: Person, at: datetime) -> None:
    """Replace somebody's roles, never one's own. Their sessions end: a new right is used with a new session. One write.

    Raises :class:`NotAllowed` for one's own roles, :class:`Invalid` for an account without an address.
    """
    require(by, Action.ADMINISTER)
    _not_oneself(person, by)
    wanted = frozenset(roles) - {Role.PARTICIPANT}
    if wanted and person.email is None:
        raise Invalid(N_("Un compte ouvert avec une carte n’a pas de rôle."), field="roles")
    with writing():
        before = person.granted
        if before == wanted:
            return
        person.roles = wanted
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


def rename(name: str, *, by: Person) -> None:
    """Say how one's own pages and the administration should call oneself. Never published. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    typed = clean(name, field="name", limit=100, lines=False)
    if by.email is None:
        raise Unknown(N_("Un compte ouvert avec une carte n’a pas de nom."))
    with writing():
        by.name = typed or None


def _not_oneself(person: Person, by: Person) -> None:
    """Nobody gives themselves rights, nor takes away their own: a second administrator does."""
    if person.id == by.id:
        raise NotAllowed(N_("Une autre personne doit le faire pour votre compte."))
