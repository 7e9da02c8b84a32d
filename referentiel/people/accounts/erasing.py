"""Emptying an account for good. Its number stays, because public acts bear it; nothing that leads to anybody does.

What other packages hold is theirs: ``privacy.actions.erase`` puts it all together.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from referentiel.database import session
from referentiel.errors import N_, NotAllowed
from referentiel.people.models import Invitation, Mail, Person, PersonRole, Workshop
from referentiel.permissions import Role

WORKSHOP = N_("Séance collective")
"""The title of a workshop whose own went away with its facilitator"""


def refusal(person: Person) -> NotAllowed | None:
    """Why this account cannot go yet: nobody else could let people in. One statement, two for an administrator."""
    if Role.ADMINISTRATOR not in person.roles:
        return None
    others = session.scalar(
        select(func.count())
        .select_from(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            PersonRole.role == Role.ADMINISTRATOR.value,
            Person.id != person.id,
            Person.suspended_at.is_(None),
            Person.erased_at.is_(None),
        )
    )
    if others:
        return None
    return NotAllowed(
        N_("Ce compte est le dernier qui administre le site : sans lui, personne ne pourrait plus inviter ni aider."),
        way_out=N_("Donnez d’abord le rôle « Administration » à une autre personne, puis revenez."),
    )


def forget_workshops(person_id: int) -> None:
    """Take the words out of the workshops that somebody opened; their figures stay. Inside ``writing()``."""
    session.execute(update(Workshop).where(Workshop.opened_by_id == person_id).values(title=WORKSHOP, place=""))


def empty(person: Person, *, at: datetime) -> None:
    """Take everything out of the account. Inside the caller's ``writing()``.

    The row keeps its number, its college and when it was opened: the erasure list knows it by these.
    """
    session.execute(
        delete(Invitation).where((Invitation.person_id == person.id) | (Invitation.email == (person.email or "")))
    )
    person.roles = ()
    person.totp_enrolled_at = person.totp_seed = person.totp_last_step = None
    person.email = person.name = person.pseudonym = None
    person.structure_id = person.workshop_id = None
    person.typed = False
    person.mail = Mail.NONE.value
    person.last_seen_on = person.idle_notice_at = person.suspended_at = None
    person.erased_at = at
    session.flush()
