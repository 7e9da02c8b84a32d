"""Two accounts of one professional become one. Everything moves to the one that is kept; the other is emptied.

The table of everything kept about a person says which columns move: one that is added there moves too. What lets
somebody in does not: sessions, links, codes. Nor do roles: they are given again by name, or not at all.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from referentiel.comments import merging as comments
from referentiel.comments.models import Comment
from referentiel.database import Base, session, writing
from referentiel.editions.models import EditionPlan
from referentiel.errors import N_, Invalid, NotAllowed
from referentiel.journal.actions import audit, post
from referentiel.journal.models import AuditLine
from referentiel.notices.models import Follow, Notice
from referentiel.people.accounts import erasing
from referentiel.people.accounts import merging as people
from referentiel.people.doors.suspension import MAIL, MERGED
from referentiel.people.models import (
    Invitation,
    Person,
    PersonRole,
    RecoveryCode,
    ReturnWords,
    SignInLink,
)
from referentiel.people.models import Session as Browser
from referentiel.people.models.wishes import StructureWish
from referentiel.permissions import Role
from referentiel.privacy import traces
from referentiel.privacy.parts import PARTS, Fate
from referentiel.proposals import merging as proposals
from referentiel.proposals.models import Position, ProposalAuthor, Signature

LEFT_BEHIND: frozenset[tuple[type[Base], str]] = frozenset(
    {
        (PersonRole, "person_id"),
        (Browser, "person_id"),
        (RecoveryCode, "person_id"),
        (SignInLink, "person_id"),
        (ReturnWords, "person_id"),
        (StructureWish, "person_id"),
        (Invitation, "person_id"),
    }
)
"""What goes with the account that is closed: what let its person in, and the address that it was invited to"""

NEVER_MOVED: frozenset[tuple[type[Base], str]] = frozenset({(Person, "id"), (AuditLine, "by_id")})
"""The audit is never rewritten: its line says into which account the other one went"""

PREPARED_AND_CONFIRMED = N_("L’un a préparé l’édition %(number)s, l’autre l’a confirmée.")


def obstacles(other: Person, into: Person) -> tuple[NotAllowed, ...]:
    """Every reason why these two accounts cannot become one, each a sentence for the administration."""
    return (
        *people.obstacles(other, into),
        *proposals.obstacles(other.id, into.id),
        *comments.obstacles(other.id, into.id),
        *(NotAllowed(PREPARED_AND_CONFIRMED, number=number) for number in _sealed_alone(other.id, into.id)),
    )


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much an account holds, so that two can be told apart before they are one."""

    proposals: int
    comments: int
    positions: int
    signatures: int


def holdings(person: Person) -> Holdings:
    """Four statements."""
    columns = (ProposalAuthor.person_id, Comment.author_id, Position.person_id, Signature.person_id)
    counts = [session.scalar(select(func.count()).where(column == person.id)) or 0 for column in columns]
    return Holdings(*counts)


def doubts(other: Person, into: Person) -> tuple[str, ...]:
    """What makes one think that these are two people: somebody has to say that they are not."""
    found = []
    if None not in (other.structure_id, into.structure_id) and other.structure_id != into.structure_id:
        found.append(N_("Ces deux comptes sont de deux structures."))
    if other.name and into.name and other.name.casefold() != into.name.casefold():
        found.append(N_("Ces deux comptes ont deux noms."))
    return tuple(found)


def merge_accounts(other: Person, *, into: Person, by: Person, at: datetime, sure: bool = False) -> None:
    """Move everything of ``other`` to ``into``, then empty it: no address, no name, no way in. One write.

    The kept account keeps its address, its structure, its roles and its second factor; a letter tells its person.
    Raises the first obstacle, :class:`NotAllowed` when ``by`` is one of the two, and :class:`Invalid` on ``sur`` when
    there are doubts and nobody is ``sure``.
    """
    people.check(other, into, by=by)
    with writing():
        found = obstacles(other, into)
        if found:
            raise found[0]
        if doubts(other, into) and not sure:
            raise Invalid(N_("Cochez la case si c’est bien la même personne."), field="sur")
        gone, kept = other.id, into.id
        roles = sorted(role for role in other.granted if role is not Role.PARTICIPANT)
        proposals.settle(gone, kept, at=at)
        comments.settle(gone, kept, at=at)
        _tell_once(gone, kept)
        for model, link in links():
            column = model.__table__.c[link]
            if (model, link) in LEFT_BEHIND:
                act = delete(model).where(column == gone)
            else:
                act = update(model).where(column == gone).values({link: kept})  # type: ignore[assignment]
            session.execute(act.execution_options(synchronize_session=False))
        session.expire_all()
        erasing.empty(other, at=at)
        audit("person.merged", f"person:{kept}", by_id=by.id, at=at, details={"from": gone, "roles_left": roles})
        post(MAIL, {"person": kept, "said": MERGED}, at=at)
        traces.ask(at=at)


def links() -> list[tuple[type[Base], str]]:
    """Each column that points to a person and that a merging may change, once."""
    found = {(part.model, link): None for part in PARTS if part.fate is not Fate.OWN for link in part.links}
    return [one for one in found if one not in NEVER_MOVED]


def _tell_once(gone: int, kept: int) -> None:
    """What both were told, or wait to be told, is told once; what both follow is followed once."""
    known = select(Notice.event).where(Notice.person_id == kept)
    session.execute(
        delete(Notice)
        .where(Notice.person_id == gone, Notice.event.in_(known))
        .execution_options(synchronize_session=False)
    )
    followed = select(Follow.topic).where(Follow.person_id == kept)
    session.execute(
        delete(Follow)
        .where(Follow.person_id == gone, Follow.topic.in_(followed))
        .execution_options(synchronize_session=False)
    )


def _sealed_alone(one: int, two: int) -> list[str]:
    """The editions that one prepared and the other confirmed."""
    return [
        number or ""
        for number in session.scalars(
            select(EditionPlan.number)
            .where(
                or_(
                    (EditionPlan.prepared_by_id == one) & (EditionPlan.confirmed_by_id == two),
                    (EditionPlan.prepared_by_id == two) & (EditionPlan.confirmed_by_id == one),
                )
            )
            .order_by(EditionPlan.id)
        )
    ]
