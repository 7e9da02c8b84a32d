"""Two accounts of one professional become one: who may ask it, and what makes two accounts two people.

What other packages hold is theirs: ``privacy.merging`` puts it all together.
"""

from collections.abc import Iterator

from sqlalchemy import or_, select

from referentiel.database import session
from referentiel.errors import N_, NotAllowed, Unknown
from referentiel.people.models import Person, Workshop
from referentiel.permissions import Action, require


def check(other: Person, into: Person, *, by: Person) -> None:
    """Raises :class:`NotAllowed` for one's own account, :class:`Unknown` for one that is closed or has no address."""
    require(by, Action.ADMINISTER)
    if by.id in (other.id, into.id):
        raise NotAllowed(N_("Une autre personne doit le faire pour votre compte."))
    if other.id == into.id or None in (other.email, into.email):
        raise Unknown(N_("Cette personne n’a pas de compte."))


def obstacles(other: Person, into: Person) -> Iterator[NotAllowed]:
    """Why these two accounts cannot become one. One statement."""
    if other.college != into.college:
        yield NotAllowed(
            N_("Ils sont de deux collèges, et une personne parle pour un seul. Suspendez celui qui ne va pas.")
        )
    if not (other.active and into.active):
        yield NotAllowed(N_("L’un des deux est suspendu. Rouvrez-le d’abord, ou laissez-le suspendu."))
    held = select(Workshop.id).where(
        or_(
            (Workshop.opened_by_id == other.id) & (Workshop.second_id == into.id),
            (Workshop.opened_by_id == into.id) & (Workshop.second_id == other.id),
        )
    )
    for number in session.scalars(held.order_by(Workshop.id)):
        yield NotAllowed(
            N_("Ils ont tenu à deux la séance %(number)s, qui demande deux personnes."),
            number=number,
        )
