"""Letters leave once, whatever happens to the mail server; commands print one line."""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.errors import HeaderParseError
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from referentiel.commands import card, invite
from referentiel.config import Settings
from referentiel.database import db, session, writing
from referentiel.journal.actions import post
from referentiel.journal.models import OutboxItem
from referentiel.library.library import Library
from referentiel.notices.letters import Letter, invitation_letter
from referentiel.notices.outbox import drain
from referentiel.notices.posting import message
from referentiel.people.cards import codes
from referentiel.people.doors import linking
from referentiel.people.doors.linking import MAIL
from referentiel.people.models import Invitation, SignInLink
from referentiel.permissions import College, Role
from referentiel.proposals import actions as proposals
from referentiel.web import stores
from tests.cast import Someone, environment, now
from tests.proposal_lives import in_discussion


class Mailbox:
    """A mail server that can refuse."""

    def __init__(self) -> None:
        self.refusing = False
        self.received: list[Any] = []

    async def handle_DATA(self, server: Server, session: Any, envelope: Any) -> str:
        if self.refusing:
            return "451 try later"
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture(autouse=True)
def _nothing_waits(app: Flask, settings: Settings) -> None:
    """What the installation itself posted has left."""
    drain(settings, secret=stores.secret(), at=now())


def waiting() -> OutboxItem:
    return session.scalars(select(OutboxItem).where(OutboxItem.kind == MAIL)).one()


def ask(app: Flask, email: str = "bruno@tests.invalid") -> None:
    Someone(app, "a newcomer").fill("/connexion", email=email)


def test_while_the_mail_server_refuses_the_act_is_saved_and_one_mail_leaves_in_the_end(
    app: Flask, settings: Settings, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    by_smtp = replace(settings, smtp_url=url)
    box.refusing = True
    ask(app)
    assert session.scalar(select(func.count(SignInLink.id))) == 1
    assert drain(by_smtp, secret=stores.secret(), at=now()) == 0
    box.refusing = False
    assert drain(by_smtp, secret=stores.secret(), at=now()) == 0
    later = now() + timedelta(minutes=2)
    assert drain(by_smtp, secret=stores.secret(), at=later) == 1
    assert drain(by_smtp, secret=stores.secret(), at=later) == 0
    [mail] = box.received
    assert mail["To"] == "bruno@tests.invalid"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "http://127.0.0.1:8000/connexion/" in mail.get_content()


def test_a_mail_server_that_is_not_there_loses_nothing(app: Flask, settings: Settings) -> None:
    nowhere = replace(settings, smtp_url="smtp://127.0.0.1:9")
    ask(app)
    assert drain(nowhere, secret=stores.secret(), at=now()) == 0
    assert (waiting().done_at, waiting().tries) == (None, 1)


def test_a_letter_that_cannot_be_written_holds_no_other_back(app: Flask, settings: Settings) -> None:
    with writing():
        post("proposal", {"of": "a kind of payload that no writer understands"}, at=now())
    ask(app)
    assert drain(settings, secret=stores.secret(), at=now()) == 1
    assert len(list(settings.mail_path.glob("*"))) == 1


def test_a_letter_whose_link_has_passed_is_not_sent_late(app: Flask, settings: Settings) -> None:
    later = now() + timedelta(minutes=11)
    # What else waits is told first: these minutes may hold the hour of the letter of the day.
    drain(settings, secret=stores.secret(), at=later)
    before = set(settings.mail_path.glob("*"))
    ask(app)
    assert drain(settings, secret=stores.secret(), at=later) == 1
    assert set(settings.mail_path.glob("*")) == before


def test_the_outbox_holds_neither_addresses_nor_tokens(app: Flask, settings: Settings) -> None:
    ask(app)
    payload = json.dumps(waiting().payload)
    assert "@" not in payload
    assert max(map(len, re.findall(r"\w+", payload))) < 20


def test_a_title_with_line_breaks_stays_on_the_subject_line_and_html_stays_text(settings: Settings) -> None:
    letter = Letter("a@tests.invalid", "Titre\r\n\r\nBcc: x@y.z <html>", "<html>{{ config }}</html>")
    mail = message(letter, sender="s@tests.invalid", number="1-0", host="tests.invalid", at=now())
    assert mail["Subject"] == "Titre Bcc: x@y.z <html>"
    assert mail["Bcc"] is None
    assert mail.get_content_type() == "text/plain"
    assert "{{ config }}" in mail.get_content()


@pytest.mark.parametrize("kept", ["a@b.c\nBcc: x@y.z", "=?utf-8?q?evil=40a.fr=2c?=@x.fr", "a@b.c, d@e.f", "é@b.c"])
def test_a_mail_goes_to_one_address_as_it_is_written_or_not_at_all(kept: str) -> None:
    letter = invitation_letter(kept, "http://x", College.SIAE, [Role.EDITOR])
    try:
        mail = message(letter, sender="s@tests.invalid", number="1-0", host="tests.invalid", at=now())
        whole = mail.as_bytes()
    except (ValueError, HeaderParseError):
        return
    pytest.fail(f"left for {message_from_bytes(whole, policy=default)['To']}")


def test_an_account_kept_with_an_address_that_no_mail_can_bear_holds_no_other_back(
    app: Flask, settings: Settings, bruno: Someone, chloe: Someone
) -> None:
    ask(app, "bruno@tests.invalid")
    with writing():
        bruno.person.email = "a@b.c, d@e.f"
    ask(app, "chloe@tests.invalid")
    assert drain(settings, secret=stores.secret(), at=now()) == 1
    [mail] = [message_from_bytes(file.read_bytes(), policy=default) for file in settings.mail_path.glob("*.eml")]
    assert mail["To"] == "chloe@tests.invalid"
    tries = {item.done_at is not None: item.tries for item in session.scalars(select(OutboxItem))}
    assert tries[False] == 1


def test_denis_cannot_invite_somebody_whom_a_mail_program_would_read_as_another(
    app: Flask, settings: Settings, denis: Someone
) -> None:
    for typed in ("=?utf-8?q?evil=40a.fr=2c?=@x.fr", "=?utf-8?q?a=0d=0abcc=3ab?=@x.fr", "é@exemple.fr"):
        assert denis.fill("/administration/inviter", to="inviter", email=typed, college="spe").status_code == 422
    drain(settings, secret=stores.secret(), at=now())
    assert not list(settings.mail_path.glob("*"))


@pytest.fixture
def console(app: Flask, settings: Settings) -> Any:
    """Run a command as at the console, over this instance."""

    def run(command: Any, *words: str) -> Any:
        session.remove()
        db.engine.dispose()
        return CliRunner().invoke(command, words, env=environment(settings))

    return run


def test_invite_prints_one_line_an_address_that_opens(app: Flask, console: Any) -> None:
    done = console(invite.command, "--college", "siae", "--role", "editor", "--email", "zoe@tests.invalid")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/invitation/[\w-]{43}\n", done.output)
    Someone(app, "zoe").get(done.output.strip().removeprefix("http://127.0.0.1:8000"))
    invitation = session.scalars(select(Invitation)).one()
    assert (invitation.college, invitation.roles, invitation.invited_by_id) == ("siae", ["editor"], None)


def test_invite_json_gives_the_address_and_the_second_factor(app: Flask, console: Any) -> None:
    words = (
        "--college",
        "partners",
        "--role",
        "publisher",
        "--role",
        "editor",
        "--email",
        "zoe@tests.invalid",
        "--json",
    )
    given = json.loads(console(invite.command, *words).output)
    assert set(given) == {"address", "otpauth"}
    assert given["otpauth"].startswith("otpauth://totp/")
    participant = console(invite.command, "--college", "siae", "--email", "yan@tests.invalid", "--json")
    assert json.loads(participant.output)["otpauth"] is None


def test_card_prints_one_line_a_code_that_opens(app: Flask, console: Any) -> None:
    code = console(card.command, "--college", "employees").output
    assert re.fullmatch(r"[2-9A-Z]{3}-[2-9A-Z]{3}-[2-9A-Z]{3}\n", code)
    assert Someone(app, "somebody").fill("/rejoindre", code=code.strip()).status_code == 303
    given = json.loads(console(card.command, "--json").output)
    assert codes.read(given["code"]) == codes.read(" ".join(given["words"]))
    Someone(app, "somebody").get(given["address"].removeprefix("http://127.0.0.1:8000"))


@pytest.mark.parametrize("words", [(), ("--college", "amis"), ("--college", "siae", "--role", "chef")])
def test_a_college_or_a_role_that_does_not_exist_is_said_and_nothing_is_written(
    console: Any, words: tuple[str, ...]
) -> None:
    assert console(invite.command, *words).exit_code == 2
    assert session.scalar(select(func.count(Invitation.id))) == 0


def test_when_a_proposal_joins_another_both_authors_are_told(
    library: Library, settings: Settings, bruno: Someone, bruno_colleague: Someone, chloe: Someone
) -> None:
    joining = in_discussion(library, bruno.person, chloe.person)
    target = in_discussion(library, bruno_colleague.person, chloe.person, title="Prévenir plus tôt")
    drain(settings, secret=stores.secret(), at=now())
    before = set(settings.mail_path.glob("*"))
    proposals.merge_into(joining, target, reason="Même but.", plain_reason="Même but.", by=chloe.person, at=now())
    drain(settings, secret=stores.secret(), at=now())
    letters = [
        message_from_bytes(file.read_bytes(), policy=default) for file in set(settings.mail_path.glob("*")) - before
    ]
    told = {str(letter["To"]): letter.get_content() for letter in letters}
    assert set(told) == {bruno.person.email, bruno_colleague.person.email}
    assert "elle rejoint une autre proposition" in told[bruno.person.email or ""]
    assert "une autre proposition la rejoint" in told[bruno_colleague.person.email or ""]


def test_demonstration_links_are_not_mailed(app: Flask, settings: Settings, denis: Someone) -> None:
    linking.demonstration_link(denis.person, secret=stores.secret(), at=now())
    assert drain(settings, secret=stores.secret(), at=now()) == 0
