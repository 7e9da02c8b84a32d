"""Sign-in links, sent by mail: ten minutes, once, for the browser that asked; six digits when opened on another one."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid, NotAllowed
from referentiel.journal.actions import post
from referentiel.people.doors import suspension
from referentiel.people.doors.emails import clean_email
from referentiel.people.doors.keys import digest, link_digits, mailed_token
from referentiel.people.doors.sessions import add_session
from referentiel.people.models import Person, SignInLink

LINK_LIFE = timedelta(minutes=10)
DEMO_LIFE = timedelta(days=3650)
KEPT_FOR = timedelta(days=1)
MAIL = "mail.sign_in"
MAILS_AT_ONCE = 3
"""Mails to one person within the life of a link"""

WRONG_DIGITS = 5
ASK_AGAIN = N_("Demandez un autre lien.")


@dataclass(frozen=True)
class SignedIn:
    """The link is used: whose it was, the raw id of the new session, and where the person was going."""

    person_id: int
    token: str
    next_url: str


@dataclass(frozen=True)
class Elsewhere:
    """The link was opened on another browser than the one that asked: the digits to type in the first window."""

    digits: str


def ask_link(email: str, *, browser: str, next_url: str, secret: bytes, at: datetime) -> int:
    """Ask for a link; returns its id, to be remembered by the browser that asks. One write.

    Whether the address has an account, open or suspended, changes nothing but the mail: same rows, same answer.
    """
    address = clean_email(email)
    nonce = secrets.token_bytes(32)
    with writing() as rows:
        person = rows.scalar(select(Person).where(Person.email == address))
        person_id = person.id if person is not None else None
        closed = person is not None and person.suspended_at is not None
        recent = rows.scalar(
            select(func.count(SignInLink.id)).where(
                SignInLink.person_id == person_id, SignInLink.kind == "mail", SignInLink.created_at > at - LINK_LIFE
            )
        )
        link = SignInLink(
            digest=digest(mailed_token(secret, nonce)),
            nonce=nonce,
            kind="mail",
            person_id=person_id,
            browser=browser,
            next_url=next_url,
            created_at=at,
            expires_at=at + LINK_LIFE,
        )
        rows.add(link)
        rows.flush()
        quiet = (recent or 0) >= MAILS_AT_ONCE
        if closed:
            post(suspension.MAIL, {"person": person_id, "said": suspension.SUSPENDED, "quiet": quiet}, at=at)
        else:
            post(MAIL, {"link": link.id, "quiet": quiet}, at=at)
        return link.id


def link_of(raw: str, *, at: datetime) -> SignInLink:
    """The link of an address, for its page, while it can still be used. Raises :class:`Expired`. Writes nothing."""
    return _usable(session.scalar(select(SignInLink).where(SignInLink.digest == digest(raw))), at)


def open_link(
    raw: str,
    *,
    browser: str,
    secret: bytes,
    at: datetime,
    life: timedelta,
    demonstration: bool = False,
    instead_of: str | None = None,
) -> SignedIn | Elsewhere:
    """Press the link's button. Signs in the browser that asked; another one is shown six digits instead. One write.

    ``demonstration`` lets through the links of ``demo``, which work for any browser, again and again, and prove the
    second factor.
    """
    with writing() as rows:
        link = _usable(rows.scalar(select(SignInLink).where(SignInLink.digest == digest(raw)).with_for_update()), at)
        if link.kind == "demo":
            if not demonstration:
                raise NotAllowed(N_("Ce lien ne marche que dans une démonstration."))
            return _sign_in(link, at=at, life=life, instead_of=instead_of, second_factor=True)
        if link.browser != browser:
            link.opened_elsewhere_at = at
            return Elsewhere(link_digits(secret, link.nonce))
        link.used_at = at
        return _sign_in(link, at=at, life=life, instead_of=instead_of)


def type_digits(
    link_id: int,
    digits: str,
    *,
    browser: str,
    secret: bytes,
    at: datetime,
    life: timedelta,
    instead_of: str | None = None,
) -> SignedIn:
    """Type, in the window that asked, the digits that the other one shows. One write.

    Raises :class:`Invalid` on ``digits``, five times at most; then :class:`Expired`.
    """
    typed = "".join(digits.split())
    with writing() as rows:
        link = rows.scalar(
            select(SignInLink).where(SignInLink.id == link_id, SignInLink.browser == browser).with_for_update()
        )
        link = _usable(link, at)
        right = hmac.compare_digest(link_digits(secret, link.nonce).encode(), typed.encode("utf-8", "replace"))
        if right and link.opened_elsewhere_at is not None and link.person_id is not None:
            link.used_at = at
            return _sign_in(link, at=at, life=life, instead_of=instead_of)
        link.wrong_digits += 1
    raise Invalid(
        N_("Ces chiffres ne sont pas les bons. Ouvrez le lien du message, puis écrivez les six chiffres qu’il montre."),
        field="digits",
    )


def demonstration_link(person: Person, *, next_url: str = "/", secret: bytes, at: datetime) -> str:
    """The token of a link that can be used again; only ``demo`` makes one. One write."""
    person_id, nonce = person.id, secrets.token_bytes(32)
    raw = mailed_token(secret, nonce)
    with writing() as rows:
        rows.add(
            SignInLink(
                digest=digest(raw),
                nonce=nonce,
                kind="demo",
                person_id=person_id,
                next_url=next_url,
                created_at=at,
                expires_at=at + DEMO_LIFE,
            )
        )
    return raw


def _sign_in(
    link: SignInLink, *, at: datetime, life: timedelta, instead_of: str | None, second_factor: bool = False
) -> SignedIn:
    person = session.get(Person, link.person_id) if link.person_id is not None else None
    if person is not None and person.suspended_at is not None:
        raise suspension.suspended()
    if person is None or not person.active:
        raise Expired(N_("Ce lien ne marche plus."), way_out=ASK_AGAIN)
    way = "demo" if second_factor else "link"
    raw = add_session(person.id, way=way, at=at, life=life, second_factor=second_factor, instead_of=instead_of)
    return SignedIn(person.id, raw, link.next_url)


def _usable(link: SignInLink | None, at: datetime) -> SignInLink:
    if link is None or link.expires_at <= at or link.wrong_digits >= WRONG_DIGITS:
        raise Expired(N_("Ce lien ne marche plus : il dure dix minutes."), way_out=ASK_AGAIN)
    if link.used_at is not None:
        raise Expired(N_("Ce lien a déjà servi."), way_out=ASK_AGAIN)
    return link
