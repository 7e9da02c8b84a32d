"""Invitations: how professionals come in, with a college and roles that somebody answers for."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid, NotAllowed
from referentiel.journal.actions import audit, post
from referentiel.people.doors.emails import clean_email
from referentiel.people.doors.keys import digest, mailed_token
from referentiel.people.doors.second_factor import otpauth
from referentiel.people.doors.sessions import add_session
from referentiel.people.models import Invitation, Person, PersonRole, Structure
from referentiel.permissions import SECOND_FACTOR_ROLES, Action, College, Role, require

INVITATION_LIFE = timedelta(days=7)
MAIL = "mail.invitation"
NAME_LIMIT = 100


@dataclass(frozen=True)
class Invited:
    """What the person who invites hands over: the token of the address, and the second factor's own address if any."""

    invitation_id: int
    token: str
    otpauth: str | None


def invite(
    *,
    college: College,
    roles: Collection[Role],
    by: Person | None,
    at: datetime,
    secret: bytes,
    email: str | None = None,
    structure_id: int | None = None,
    mail: bool = False,
) -> Invited:
    """Write an invitation, open seven days, once. ``by`` is None at the console; ``mail`` sends it. One write."""
    if by is not None:
        require(by, Action.INVITE)
    address = clean_email(email) if email else None
    if address is None and mail:
        raise Invalid(N_("Écrivez l’adresse e-mail de la personne."), field="email")
    if by is not None and address is not None and address == by.email:
        raise Invalid(N_("C’est votre propre adresse. Une autre personne doit vous inviter."), field="email")
    by_id = by.id if by else None
    wanted = frozenset(roles) - {Role.PARTICIPANT}
    seed = secrets.token_bytes(32) if wanted & SECOND_FACTOR_ROLES else None
    nonce = secrets.token_bytes(32)
    raw = mailed_token(secret, nonce)
    with writing() as rows:
        if structure_id is not None and rows.get(Structure, structure_id) is None:
            raise Invalid(N_("Choisissez une des structures de la liste."), field="structure")
        invitation = Invitation(
            digest=digest(raw),
            nonce=nonce,
            college=college.value,
            roles=sorted(role.value for role in wanted),
            email=address,
            structure_id=structure_id,
            totp_seed=seed,
            invited_by_id=by_id,
            created_at=at,
            expires_at=at + INVITATION_LIFE,
        )
        rows.add(invitation)
        rows.flush()
        audit(
            "person.invited",
            f"invitation:{invitation.id}",
            by_id=by_id,
            at=at,
            details={"college": college.value, "roles": invitation.roles},
        )
        if mail:
            post(MAIL, {"invitation": invitation.id}, at=at)
        invitation_id = invitation.id
    return Invited(invitation_id, raw, otpauth(seed, address or "administration", secret) if seed else None)


def invite_first_administrator(*, at: datetime, base_url: str, secret: bytes) -> str | None:
    """The address that makes the first administrator, or None when somebody administers already.

    An earlier invitation that nobody accepted is replaced: only the newest address works. One write.
    """
    if session.scalar(select(PersonRole.person_id).where(PersonRole.role == Role.ADMINISTRATOR.value)) is not None:
        return None
    with writing() as rows:
        for former in rows.scalars(
            select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.email.is_(None))
        ):
            if Role.ADMINISTRATOR.value in former.roles:
                rows.delete(former)
    invited = invite(
        college=College.PARTNERS,
        roles={Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR},
        by=None,
        at=at,
        secret=secret,
    )
    return f"{base_url}/invitation/{invited.token}"


def invitation_of(raw: str, *, at: datetime) -> Invitation:
    """The open invitation of an address, for its page. Raises :class:`Expired`. Writes nothing."""
    return open_one(session.scalar(select(Invitation).where(Invitation.digest == digest(raw))), at)


def accepted_by(raw: str, who: Person) -> bool:
    """Whether this invitation is the one that this person accepted: pressing twice then leads where once does."""
    return (
        session.scalar(select(Invitation.id).where(Invitation.digest == digest(raw), Invitation.person_id == who.id))
        is not None
    )


def account_exists(invitation: Invitation) -> bool:
    """Whether the person invited already has an account: they then sign in before they accept."""
    return (
        invitation.email is not None
        and session.scalar(select(Person.id).where(Person.email == invitation.email)) is not None
    )


def accept_invitation(
    raw: str,
    *,
    by: Person | None,
    browser: str,
    at: datetime,
    life: timedelta,
    email: str = "",
    name: str = "",
    instead_of: str | None = None,
) -> tuple[int, str]:
    """Accept: open the account, or add the roles to one's own. Returns the person's id and the raw id of a new session.

    ``browser`` is the key of the browser that pressed the button, kept with the invitation. Raises :class:`Expired`
    when the invitation is used or too old, :class:`NotAllowed` when the account exists and somebody else asks. One
    write.
    """
    typed = clean(name, field="name", limit=NAME_LIMIT, lines=False) or None
    by_id = by.id if by else None
    with writing() as rows:
        invitation = open_one(
            rows.scalar(select(Invitation).where(Invitation.digest == digest(raw)).with_for_update()), at
        )
        person = join(invitation, by_id=by_id, browser=browser, at=at, name=typed, email=email)
        raw_session = add_session(person.id, way="invitation", at=at, life=life, instead_of=instead_of)
        return person.id, raw_session


def join(
    invitation: Invitation, *, by_id: int | None, browser: str, at: datetime, name: str | None, email: str = ""
) -> Person:
    """Use an open invitation up, inside the caller's ``writing()``: open the account, or add the roles to one's own."""
    address = invitation.email or clean_email(email)
    person = session.scalar(select(Person).where(Person.email == address))
    if person is None:
        person = Person(college=invitation.college, structure_id=invitation.structure_id, email=address, created_at=at)
        session.add(person)
    else:
        _check_same_person(person, by_id, invitation)
    if name:
        person.name = name
    person.roles = person.granted | {Role(role) for role in invitation.roles}
    if invitation.totp_seed is not None and person.totp_enrolled_at is None:
        person.totp_seed = invitation.totp_seed
    session.flush()
    invitation.browser, invitation.accepted_at, invitation.person_id = browser, at, person.id
    audit(
        "person.joined",
        f"person:{person.id}",
        by_id=person.id,
        at=at,
        details={"invitation": invitation.id, "college": person.college, "roles": invitation.roles},
    )
    return person


def open_one(invitation: Invitation | None, at: datetime) -> Invitation:
    """The invitation while it can still be accepted. Raises :class:`Expired`."""
    if invitation is None or invitation.expires_at <= at:
        raise Expired(
            N_("Cette invitation ne marche plus : elle dure sept jours."),
            way_out=N_("Demandez-en une autre à la personne qui vous a invité·e."),
        )
    if invitation.accepted_at is not None:
        raise Expired(
            N_("Cette invitation a déjà servi."), way_out=N_("Vous avez un compte : passez par la page de connexion.")
        )
    return invitation


def _check_same_person(person: Person, by_id: int | None, invitation: Invitation) -> None:
    if invitation.invited_by_id == person.id:
        raise NotAllowed(N_("Vous avez envoyé cette invitation. Une autre personne doit vous inviter."))
    if person.id != by_id:
        raise NotAllowed(
            N_("Vous avez déjà un compte. Connectez-vous, puis ouvrez de nouveau l’invitation."),
        )
    if not person.active or person.college != invitation.college:
        raise NotAllowed(
            N_("Cette invitation est pour un autre collège que le vôtre : demandez à l’administration de la refaire.")
        )
