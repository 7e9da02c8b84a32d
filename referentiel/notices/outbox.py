"""Drains the outbox of what becomes mails. Run by the worker, in a process of its own."""

import logging
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.errors import Refused
from referentiel.journal.actions import postpone, settle
from referentiel.journal.models import OutboxItem
from referentiel.journal.queries import due
from referentiel.library.library import Library
from referentiel.notices.desk import Desk
from referentiel.notices.letters import (
    Letter,
    idle_letter,
    invitation_letter,
    merging_letter,
    reinstatement_letter,
    sign_in_letter,
    suspension_letter,
)
from referentiel.notices.news import note_sent, notice_letters
from referentiel.notices.posting import send
from referentiel.notices.telling import NOTICE, TELLERS, gather_digests, tell
from referentiel.people.accounts.idling import MAIL as IDLE
from referentiel.people.doors import suspension
from referentiel.people.doors.inviting import MAIL as INVITATION
from referentiel.people.doors.keys import mailed_token
from referentiel.people.doors.linking import MAIL as SIGN_IN
from referentiel.people.keeping import Keeping
from referentiel.people.models import Invitation, Person, SignInLink
from referentiel.permissions import College, Role

log = logging.getLogger(__name__)

AT_ONCE = 50
SENT = "sent"
"""In the payload: how many of the letters have left"""


Writer = Callable[[Mapping[str, Any], Desk], list[Letter]]


def sign_in_letters(payload: Mapping[str, Any], desk: Desk) -> list[Letter]:
    """One letter when the address has an account and did not ask too often; the link is made again from its row."""
    link = session.get(SignInLink, payload["link"])
    if payload.get("quiet") or link is None or link.used_at is not None or link.expires_at <= desk.at:
        return []
    person = session.get(Person, link.person_id) if link.person_id else None
    if person is None or not person.active or not person.email:
        return []
    address = f"{desk.settings.base_url}/connexion/{mailed_token(desk.secret, link.nonce)}"
    return [sign_in_letter(person.email, address)]


def invitation_letters(payload: Mapping[str, Any], desk: Desk) -> list[Letter]:
    invitation = session.get(Invitation, payload["invitation"])
    if invitation is None or invitation.accepted_at is not None or not invitation.email:
        return []
    address = f"{desk.settings.base_url}/invitation/{mailed_token(desk.secret, invitation.nonce)}"
    roles = [Role(role) for role in invitation.roles]
    return [invitation_letter(invitation.email, address, College(invitation.college), roles)]


def idle_letters(payload: Mapping[str, Any], desk: Desk) -> list[Letter]:
    """Whatever mails they choose: this one is about the account itself. None once they have come back."""
    person = session.get(Person, payload["person"])
    if person is None or person.erased_at is not None or not person.email or person.idle_notice_at is None:
        return []
    keep = Keeping.of(desk.settings)
    since = person.last_seen_on or day(person.created_at)
    last_day = max(since + keep.idle, day(person.idle_notice_at + keep.idle_notice))
    return [idle_letter(person.email, f"{desk.settings.base_url}/connexion", last_day)]


def suspension_letters(payload: Mapping[str, Any], desk: Desk) -> list[Letter]:
    """What happened to the account, if it is still so when the letter leaves."""
    person = session.get(Person, payload["person"])
    if person is None or not person.email or payload.get("quiet"):
        return []
    if payload["said"] == suspension.SUSPENDED and person.suspended_at is not None:
        address = f"{desk.settings.base_url}/mentions-legales"
        return [suspension_letter(person.email, day(person.suspended_at), address)]
    if payload["said"] == suspension.REINSTATED and person.suspended_at is None:
        return [reinstatement_letter(person.email, f"{desk.settings.base_url}/connexion")]
    if payload["said"] == suspension.MERGED and person.active:
        return [merging_letter(person.email, desk.settings.base_url)]
    return []


WRITERS: dict[str, Writer] = {
    SIGN_IN: sign_in_letters,
    INVITATION: invitation_letters,
    suspension.MAIL: suspension_letters,
    IDLE: idle_letters,
    NOTICE: notice_letters,
}


def drain(settings: Settings, *, secret: bytes, at: datetime) -> int:
    """Tell what happened, gather the letters of the day, send what is due, fifty items at most each time.

    Returns how many items of the outbox were settled. A failure waits and is tried again.

    No transaction is open while a letter leaves. Each letter that left is counted at once, so that the failure of the
    next one does not send it again.
    """
    told = _tell(settings, at)
    gather_digests(at=at, hour=settings.digest_hour)
    desk = Desk(settings, secret, at)
    waiting = [item.id for item in due(at, AT_ONCE, kinds=WRITERS)]
    return told + sum(_settled(number, desk) for number in waiting)


def _tell(settings: Settings, at: datetime) -> int:
    """How many events were told. The library says what a proposal touches; it is opened when there is something."""
    waiting = [item.id for item in due(at, AT_ONCE, kinds=TELLERS)]
    if not waiting:
        return 0
    library = Library.open(settings.library_path, upstream=settings.upstream)
    try:
        return sum(_told(number, library, at) for number in waiting)
    finally:
        library.close()


def _told(number: int, library: Library, at: datetime) -> bool:
    """Who is told of one event is written in the transaction that settles it: a crash tells nobody twice."""
    try:
        with writing():
            item = session.get(OutboxItem, number)
            if item is None or item.done_at is not None:
                return False
            tell(item.kind, item.payload, at=at, library=library)
            settle(item, at=at)
    except Exception as error:
        # A fault of ours in one event waits its turn again, and holds no other back.
        log.exception("an event could not be told", extra={"number": number})
        with writing():
            item = session.get(OutboxItem, number)
            if item is not None:
                postpone(item, type(error).__name__, at=at)
        return False
    return True


def _settled(number: int, desk: Desk) -> bool:
    item = session.get(OutboxItem, number)
    if item is None or item.done_at is not None:
        return False
    try:
        letters = WRITERS[item.kind](item.payload, desk)
    except Exception as error:
        # A fault of ours in one letter waits its turn again, and holds no other back.
        log.exception("a letter could not be written", extra={"kind": item.kind})
        _wait(item, error, desk)
        return False
    already = int(item.payload.get(SENT, 0))
    session.rollback()
    for place, letter in enumerate(letters[already:], already):
        try:
            send(letter, desk.settings, number=f"{number:06d}-{place}", at=desk.at)
        except (OSError, smtplib.SMTPException, Refused) as error:
            log.warning("a mail could not leave", extra={"kind": type(error).__name__})
            _wait(item, error, desk)
            return False
        except Exception as error:
            # An address or a header that cannot be put in a mail: the same, for this letter alone.
            log.exception("a mail could not be made", extra={"kind": item.kind})
            _wait(item, error, desk)
            return False
        with writing():
            item.payload = {**item.payload, SENT: place + 1}
    with writing():
        settle(item, at=desk.at)
        if item.kind == NOTICE:
            note_sent(item.payload, at=desk.at)
    return True


def _wait(item: OutboxItem, error: Exception, desk: Desk) -> None:
    session.rollback()
    with writing():
        postpone(item, type(error).__name__, at=desk.at)
