"""Coming in with an identity provider: what left with the browser, who comes back, and whose account that is.

Nothing here speaks the protocol: who is introduced to these actions was read in signed answers, checked before. A role
or a college never comes from a provider, and neither does an account: somebody answers for each by an invitation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid, Unknown
from referentiel.journal.actions import audit
from referentiel.people.doors.inviting import NAME_LIMIT, join, open_one
from referentiel.people.doors.keys import digest, token
from referentiel.people.doors.sessions import add_session
from referentiel.people.doors.suspension import suspended
from referentiel.people.models import Identity, Invitation, OpenIdTry, Person, Structure
from referentiel.permissions import Action, require

TRY_LIFE = timedelta(minutes=10)
WAY = "openid"


@dataclass(frozen=True)
class Begun:
    """What leaves with the browser: three random values of 43 characters. Only ``verifier`` stays here."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Tried:
    """What had left with the browser that comes back."""

    nonce: str
    verifier: str
    next_url: str


@dataclass(frozen=True)
class Introduction:
    """Somebody as the provider presents them, every signature checked.

    ``email`` is None when the provider does not vouch for it; ``second_factor`` is True when it says that two factors
    were proven; ``siret`` is that of the employer, for a suggestion.
    """

    issuer: str
    subject: str
    email: str | None
    siret: str | None
    second_factor: bool
    id_token: str | None


@dataclass(frozen=True)
class CameIn:
    """Whose session was opened, and its raw id.

    ``linked`` is False for somebody known by their address alone who has a telephone here: its code is asked for before
    the provider's own word counts. ``first`` is True when the identity was linked just now.
    """

    person_id: int
    token: str
    linked: bool
    first: bool


@dataclass(frozen=True)
class Stranger:
    """Nobody here has this identity or this address; ``invitation_id`` is an invitation that waits for it."""

    invitation_id: int | None


def begin(*, browser: str, next_url: str, at: datetime) -> Begun:
    """Remember ten minutes that this browser leaves for the provider. One write."""
    begun = Begun(token(), token(), token())
    with writing() as rows:
        rows.add(
            OpenIdTry(
                state=digest(begun.state),
                nonce=begun.nonce,
                verifier=begun.verifier,
                browser=browser,
                next_url=next_url,
                created_at=at,
                expires_at=at + TRY_LIFE,
            )
        )
    return begun


def come_back(state: str, *, browser: str, at: datetime) -> Tried:
    """Use up what this browser left with. Raises :class:`Expired`, in the same words, for a state that is unknown, old,
    used, or another browser's. One write, when the state is right."""
    wanted = (OpenIdTry.state == digest(state)) & (OpenIdTry.browser == browser) & (OpenIdTry.expires_at > at)
    if session.scalar(select(OpenIdTry.id).where(wanted)) is not None:
        with writing() as rows:
            found = rows.execute(
                delete(OpenIdTry)
                .where(wanted)
                .returning(OpenIdTry.nonce, OpenIdTry.verifier, OpenIdTry.next_url)
                .execution_options(synchronize_session=False)
            ).first()
            if found is not None:
                return Tried(*found)
    raise Expired(
        N_("Cette connexion a déjà servi, ou elle a commencé il y a plus de dix minutes."),
        way_out=N_("Recommencez depuis la page de connexion."),
    )


def come_in(who: Introduction, *, at: datetime, life: timedelta, instead_of: str | None = None) -> CameIn | Stranger:
    """Open the session of whom this is: by identity first, then by an address that the provider vouches for. One write.

    Raises :class:`NotAllowed` for a suspended account.
    """
    with writing() as rows:
        known = rows.scalar(select(Identity).where(Identity.issuer == who.issuer, Identity.subject == who.subject))
        person = rows.get(Person, known.person_id) if known is not None else None
        if known is not None and person is not None and person.erased_at is not None:
            rows.delete(known)
            known = person = None
        if person is None and who.email is not None:
            person = rows.scalar(select(Person).where(Person.email == who.email))
        if person is None:
            return Stranger(_invitation_for(who.email, at))
        if not person.active:
            raise suspended()
        first = known is None and person.totp_enrolled_at is None
        if first:
            _link(person.id, who.issuer, who.subject, at=at)
        linked = known is not None or first
        raw = add_session(
            person.id,
            way=WAY,
            at=at,
            life=life,
            second_factor=who.second_factor and linked,
            instead_of=instead_of,
            id_token=who.id_token,
        )
        return CameIn(person.id, raw, linked, first)


def link(issuer: str, subject: str, *, by: Person, at: datetime) -> None:
    """Remember that this identity is one's own, the second factor just proven. Raises :class:`Invalid` when it is
    somebody else's. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    person_id = by.id
    with writing() as rows:
        whose = rows.scalar(select(Identity.person_id).where(Identity.issuer == issuer, Identity.subject == subject))
        if whose is None:
            _link(person_id, issuer, subject, at=at)
        elif whose != person_id:
            raise Invalid(N_("Cette identité est déjà celle d’un autre compte."))


def invitation_of(who: Introduction, invitation_id: int, *, at: datetime) -> Invitation:
    """The open invitation that waits for this address. Raises :class:`Expired` or :class:`Unknown`. Writes nothing."""
    invitation = open_one(session.get(Invitation, invitation_id), at)
    if invitation.email is None or invitation.email != who.email:
        raise Unknown(N_("Cette invitation n’est pas pour votre adresse."))
    return invitation


def accept(
    who: Introduction,
    invitation_id: int,
    *,
    browser: str,
    name: str,
    at: datetime,
    life: timedelta,
    instead_of: str | None = None,
) -> CameIn:
    """Accept the invitation that waits for the address: the account is opened and linked. One write."""
    typed = clean(name, field="name", limit=NAME_LIMIT, lines=False) or None
    with writing():
        invitation = invitation_of(who, invitation_id, at=at)
        person = join(invitation, by_id=None, browser=browser, at=at, name=typed)
        _link(person.id, who.issuer, who.subject, at=at)
        raw = add_session(
            person.id,
            way=WAY,
            at=at,
            life=life,
            second_factor=who.second_factor,
            instead_of=instead_of,
            id_token=who.id_token,
        )
        return CameIn(person.id, raw, linked=True, first=True)


def suggested_structure(siret: str | None, person: Person) -> Structure | None:
    """The structure of that SIRET, for somebody who has none here. One query."""
    if siret is None or person.structure_id is not None:
        return None
    return session.scalar(select(Structure).where(Structure.siret == siret))


def confirm_structure(structure_id: int, siret: str | None, *, by: Person, at: datetime) -> None:
    """Say that one works in the structure that was suggested, which is still that of the provider's ``siret``.
    Changing it afterwards is the administration's: whose words one may read depends on it. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    with writing() as rows:
        if by.structure_id is not None:
            raise Invalid(N_("Vous avez déjà une structure : l’administration peut la changer."))
        suggested = rows.get(Structure, structure_id)
        if suggested is None or siret is None or suggested.siret != siret:
            raise Unknown(N_("Cette structure n’existe plus."))
        by.structure_id = structure_id
        audit("person.structure_confirmed", f"person:{by.id}", by_id=by.id, at=at, details={"structure": structure_id})


def taken(email: str, *, by: Person) -> bool:
    """Whether an address is that of another account. One query."""
    return session.scalar(select(Person.id).where(Person.email == email, Person.id != by.id)) is not None


def change_email(email: str, *, by: Person, at: datetime) -> None:
    """Take the new address that the provider vouches for. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    with writing():
        if taken(email, by=by):
            raise Invalid(N_("Cette adresse est celle d’un autre compte."), field="email")
        by.email = email
        audit("person.email_changed", f"person:{by.id}", by_id=by.id, at=at, details={})


def _link(person_id: int, issuer: str, subject: str, *, at: datetime) -> None:
    session.add(Identity(person_id=person_id, issuer=issuer, subject=subject, created_at=at))
    audit("person.identity_linked", f"person:{person_id}", by_id=person_id, at=at, details={"issuer": issuer})


def _invitation_for(email: str | None, at: datetime) -> int | None:
    if email is None:
        return None
    return session.scalar(
        select(Invitation.id)
        .where(Invitation.email == email, Invitation.accepted_at.is_(None), Invitation.expires_at > at)
        .order_by(Invitation.id.desc())
        .limit(1)
    )
