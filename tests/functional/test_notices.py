"""Professionals are told at once what answers them, once a day the rest. Never twice; one press ends it."""

import asyncio
import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from referentiel.comments import actions, appealing, reporting
from referentiel.comments.moderation import Rule
from referentiel.config import Settings
from referentiel.database import db, session, writing
from referentiel.dates import PARIS, day, last_hour, long_date
from referentiel.journal.models import OutboxItem
from referentiel.library import mirror
from referentiel.library.library import Library
from referentiel.notices.models import Notice
from referentiel.notices.outbox import drain
from referentiel.notices.telling import NOTICE
from referentiel.notices.unsubscribing import What, token
from referentiel.people.accounts import settling
from referentiel.people.models import Mail
from referentiel.web import stores
from tests.cast import BASE, Someone
from tests.functional.test_commenting import page_of, published, said
from tests.proposal_lives import decided, in_discussion

DAY = datetime.combine(day(datetime.now(UTC)) + timedelta(days=1), time(10, 30), PARIS).astimezone(UTC)
"""The day after the test, half past ten in Paris: the letter of that day has left"""
EVE = DAY - timedelta(days=1)
TOMORROW = datetime.combine(day(DAY) + timedelta(days=1), time(8, 5), PARIS).astimezone(UTC)


class Mailbox:
    """A mail server with moods: each entry of ``moods`` is one try, then it accepts."""

    def __init__(self) -> None:
        self.moods: list[str] = []
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, server: Server, session: Any, envelope: Any) -> str:
        mood = self.moods.pop(0) if self.moods else "250 OK"
        if mood == "silent":
            await asyncio.Event().wait()
        if mood == "lost":
            self._take(envelope)
            raise ConnectionResetError("the answer never reaches the sender")
        if mood.startswith("250"):
            self._take(envelope)
        return mood

    def _take(self, envelope: Any) -> None:
        mail: Any = message_from_bytes(envelope.content, policy=default)
        self.received.append(mail)


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


Post = Callable[..., list[EmailMessage]]


@pytest.fixture
def work(app: Flask, settings: Settings) -> Post:
    """Let the worker pass at a moment; the mails that it wrote then."""
    seen: set[str] = set()

    def passing(at: datetime = DAY, **more: Any) -> list[EmailMessage]:
        drain(replace(settings, **more), secret=stores.secret(), at=at)
        files = [file for file in sorted(settings.mail_path.glob("*.eml")) if file.name not in seen]
        seen.update(file.name for file in files)
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]  # type: ignore[misc]

    drain(settings, secret=stores.secret(), at=DAY - timedelta(days=2))
    with writing() as rows:
        rows.query(Notice).delete()
    return passing


def told(mails: list[EmailMessage]) -> dict[str, str]:
    return {str(mail["To"]): str(mail["Subject"]) for mail in mails}


def choose(someone: Someone, mail: Mail) -> None:
    with writing():
        someone.person.mail = mail.value


# --- at once


def test_bruno_is_told_at_once_of_moderation_of_a_reply_and_of_his_appeal(
    work: Post, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = said(bruno, "Un secret.", at=DAY)
    assert work() == []
    actions.publish(row, by=denis.person, at=DAY)
    [mail] = work()
    assert told([mail]) == {"bruno@tests.invalid": "Votre contribution est publiée"}
    assert f"{BASE}/mes-contributions#contribution-{row.id}" in mail.get_content()
    assert "secret" not in mail.as_string(), "nobody's words are in a mail"

    reply = actions.reply(row, "Une réponse.", by=chloe.person, at=DAY, form="r")
    assert work() == []
    actions.publish(reply, by=denis.person, at=DAY)
    assert told(work()) == {
        "chloe@tests.invalid": "Votre contribution est publiée",
        "bruno@tests.invalid": "Quelqu’un a répondu à votre contribution",
    }

    reporting.report(row, Rule.OFF_TOPIC, by=denis.person, at=DAY)
    assert work() == [], "nothing has happened to the words yet"
    reporting.take_down(row, Rule.OFF_TOPIC, by=chloe.person, at=DAY)
    [mail] = work()
    assert mail["Subject"] == "Votre contribution n’est pas publiée"
    assert "deuxième lecture" in mail.get_content()
    appealing.appeal(row, "", by=bruno.person, at=DAY)
    assert work() == []
    appealing.judge(row, "C’est bien le sujet.", upheld=True, by=denis.person, at=DAY)
    assert told(work()) == {"bruno@tests.invalid": "Votre recours a sa réponse"}


def test_a_step_on_his_proposal_is_told_to_its_author_and_not_to_who_took_it(
    work: Post, library: Library, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    mails = work()
    assert told(mails) == {
        "bruno@tests.invalid": f"Votre proposition {proposal.id}\u00a0: du nouveau".replace("\u00a0", " ")
    }


def test_amina_who_came_with_a_card_is_never_written_to(
    work: Post, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    row = published(amina, "Mes mots.", chloe, at=EVE)
    reporting.report(row, Rule.NAMES, by=denis.person, at=DAY)
    reporting.take_down(row, Rule.NAMES, by=chloe.person, at=DAY)
    assert work() == []
    assert work(TOMORROW) == []
    assert session.scalars(select(Notice).where(Notice.person_id == amina.person_id)).all() == []


def test_whoever_wants_nothing_is_told_nothing(work: Post, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    choose(bruno, Mail.NONE)
    published(bruno, "Des mots.", denis, at=EVE)
    assert work() == []
    assert work(TOMORROW) == []


def test_who_says_so_between_the_event_and_the_letter_is_not_written_to(
    work: Post, settings: Settings, bruno: Someone, denis: Someone
) -> None:
    published(bruno, "Des mots.", denis, at=EVE)
    assert work(smtp_url="smtp://127.0.0.1:9") == []
    choose(bruno, Mail.NONE)
    assert work(DAY + timedelta(hours=7)) == []
    waiting = select(OutboxItem).where(OutboxItem.done_at.is_(None), OutboxItem.kind != mirror.MOVED)
    assert session.scalars(waiting).all() == []


def test_a_suspended_account_is_not_written_to(work: Post, bruno: Someone, denis: Someone) -> None:
    published(bruno, "Des mots.", denis, at=EVE)
    with writing():
        bruno.person.suspended_at = DAY
    assert work() == []


def test_words_taken_back_before_the_letter_left_are_told_of_no_more(
    work: Post, bruno: Someone, denis: Someone
) -> None:
    row = published(bruno, "Des mots.", denis, at=EVE)
    actions.withdraw(row, by=bruno.person, at=DAY)
    assert work() == []


# --- once a day


def test_what_is_new_for_everybody_is_one_letter_the_next_morning(
    work: Post, library: Library, bruno: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone
) -> None:
    first = in_discussion(library, bruno.person, chloe.person)
    second = in_discussion(library, bruno.person, chloe.person, path="criteres/E5.md", title="Autrement")
    decision = decided(library, first, chloe.person, denis.person)
    work()
    assert work(TOMORROW - timedelta(minutes=6)) == [], "it is not eight yet"
    mails = work(TOMORROW)
    subject = f"Référentiel partagé : les nouvelles du {long_date(day(TOMORROW))}".replace("\u00a0", " ")
    assert told(mails) == {
        "chloe@tests.invalid": subject,
        "collegue@tests.invalid": subject,
        "denis@tests.invalid": subject,
    }
    text = next(mail.get_content() for mail in mails if mail["To"] == "collegue@tests.invalid")
    assert f"{BASE}/propositions/{second.id}" in text
    assert f"{BASE}/decisions/{decision.number}" in text
    assert "la discussion est ouverte" in text
    assert work(TOMORROW) == []
    assert work(TOMORROW + timedelta(hours=12)) == []
    assert work(TOMORROW + timedelta(days=1)) == [], "nothing new, nothing sent"


def test_chloe_is_not_told_what_she_did_herself(
    work: Post, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person)
    work()
    assert set(told(work(TOMORROW))) == {"denis@tests.invalid", "collegue@tests.invalid"}


def test_answers_alone_means_no_letter_of_the_day(
    work: Post, library: Library, bruno: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone
) -> None:
    choose(denis, Mail.ANSWERS)
    in_discussion(library, bruno.person, chloe.person)
    work()
    choose(bruno_colleague, Mail.ANSWERS)
    assert work(TOMORROW) == []
    choose(bruno_colleague, Mail.ALL)
    assert work(TOMORROW + timedelta(days=1)) == [], "what they did not want does not come later"


def test_a_worker_that_slept_at_eight_sends_one_letter_when_it_wakes(
    work: Post, library: Library, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person)
    work()
    late = TOMORROW + timedelta(hours=5)
    assert len(work(late)) == 2
    assert work(late + timedelta(hours=1)) == []


def test_an_edition_announced_and_one_sealed_are_in_the_letter(
    work: Post, app: Flask, library: Library, denis: Someone, chloe: Someone
) -> None:
    denis.follow(denis.fill("/editions/preparation", to="annonce"))
    work(datetime.now(UTC))
    mails = work(datetime.now(UTC) + timedelta(days=2))
    text = next(mail.get_content() for mail in mails if mail["To"] == "chloe@tests.invalid")
    assert "elle prend les propositions reçues jusqu’au" in text


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), st.integers(0, 23))
def test_the_hour_is_that_of_paris_summer_and_winter(naive: datetime, hour: int) -> None:
    at = naive.replace(tzinfo=UTC)
    struck = last_hour(at, hour)
    assert struck <= at < struck + timedelta(hours=26)
    assert struck.astimezone(PARIS).hour in {hour, hour + 1}, "the hour that spring takes away strikes at the next"


# --- never twice


def test_a_server_that_refuses_then_is_slow_then_accepts_gets_one_mail_in_the_end(
    work: Post, mailbox: tuple[Mailbox, str], bruno: Someone, denis: Someone
) -> None:
    box, url = mailbox
    box.moods = ["451 later", "silent", "250 OK"]
    published(bruno, "Des mots.", denis, at=EVE)
    for minutes in (0, 2, 8, 60):
        work(DAY + timedelta(minutes=minutes), smtp_url=url, smtp_seconds=1)
    assert box.moods == []
    assert [mail["To"] for mail in box.received] == ["bruno@tests.invalid"]


def test_a_server_that_is_not_there_stops_nothing_and_the_mail_leaves_when_it_is_back(
    work: Post, mailbox: tuple[Mailbox, str], bruno: Someone, denis: Someone
) -> None:
    box, url = mailbox
    row = published(bruno, "Des mots.", denis, at=EVE)
    work(smtp_url="smtp://127.0.0.1:9")
    assert row.shown, "the act is there, whatever becomes of the mail"
    work(DAY + timedelta(minutes=2), smtp_url=url)
    work(DAY + timedelta(minutes=20), smtp_url=url)
    assert len(box.received) == 1


def test_a_crash_between_the_sending_and_its_note_sends_the_same_message_again_under_the_same_number(
    work: Post, mailbox: tuple[Mailbox, str], bruno: Someone, denis: Someone
) -> None:
    """SMTP gives no better: a server that took a mail whose answer was lost is asked again. One number, one mail."""
    box, url = mailbox
    published(bruno, "Des mots.", denis, at=EVE)

    class Crash(BaseException):
        """Nothing of ours catches it: as a power cut."""

    def cut(_session: Any) -> None:
        if box.received:
            raise Crash

    event.listen(db.session, "before_commit", cut)
    with pytest.raises(Crash):
        work(smtp_url=url)
    event.remove(db.session, "before_commit", cut)
    session.remove()
    work(DAY + timedelta(minutes=1), smtp_url=url)
    work(DAY + timedelta(minutes=9), smtp_url=url)
    first, again = box.received
    assert first["Message-ID"] == again["Message-ID"]
    assert first.get_content() == again.get_content()


def test_an_answer_lost_on_the_way_gives_the_same_number(
    work: Post, mailbox: tuple[Mailbox, str], bruno: Someone, denis: Someone
) -> None:
    box, url = mailbox
    box.moods = ["lost"]
    published(bruno, "Des mots.", denis, at=EVE)
    work(smtp_url=url)
    work(DAY + timedelta(minutes=5), smtp_url=url)
    assert len({mail["Message-ID"] for mail in box.received}) == 1


def test_a_crash_while_people_are_told_tells_nobody_twice(
    work: Post, library: Library, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person)

    class Crash(BaseException):
        """As a power cut."""

    commits: list[int] = []

    def cut(_session: Any) -> None:
        commits.append(1)
        if len(commits) == 2:
            raise Crash

    event.listen(db.session, "before_commit", cut)
    with pytest.raises(Crash):
        work()
    event.remove(db.session, "before_commit", cut)
    session.remove()
    work()
    rows = [(row.person_id, row.event) for row in session.scalars(select(Notice))]
    assert len(rows) == len(set(rows))
    assert len(work(TOMORROW)) == 2


def test_the_database_refuses_to_tell_one_person_of_one_event_twice(app: Flask, bruno: Someone) -> None:
    def row() -> Notice:
        return Notice(person_id=bruno.person_id, event="x", kind="reply", payload={}, at_once=True, created_at=DAY)

    with writing() as rows:
        rows.add(row())
    with pytest.raises(IntegrityError), writing() as rows:
        rows.add(row())


def test_the_same_event_posted_twice_is_one_mail(work: Post, bruno: Someone, denis: Someone) -> None:
    published(bruno, "Des mots.", denis, at=EVE)
    with writing() as rows:
        item = rows.scalars(select(OutboxItem).where(OutboxItem.kind == "comment")).one()
        again = OutboxItem(kind=item.kind, payload=dict(item.payload), created_at=DAY, not_before=DAY, tries=0)
        rows.add(again)
    assert len(work()) == 1


def test_what_is_kept_of_a_mail_holds_neither_address_nor_words(work: Post, bruno: Someone, denis: Someone) -> None:
    published(bruno, "Un secret.", denis, at=EVE)
    work()
    kept = [row.payload for row in session.scalars(select(Notice))]
    kept += [item.payload for item in session.scalars(select(OutboxItem).where(OutboxItem.kind == NOTICE))]
    assert kept
    assert not re.search("@|secret", json.dumps(kept))


# --- one press


def test_each_letter_says_how_to_end_them_in_one_press(
    work: Post, library: Library, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person)
    for mail in work() + work(TOMORROW):
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = re.fullmatch(rf"<({re.escape(BASE)}/desabonnement/[\w-]+)>", mail["List-Unsubscribe"])
        assert address
        assert address[1] in mail.get_content()


def test_a_sign_in_link_cannot_be_ended(work: Post, app: Flask) -> None:
    Someone(app, "a newcomer").fill("/connexion", email="bruno@tests.invalid")
    [mail] = work(datetime.now(UTC))
    assert mail["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        (What.DIGEST, Mail.ALL, Mail.ANSWERS),
        (What.DIGEST, Mail.ANSWERS, Mail.ANSWERS),
        (What.DIGEST, Mail.NONE, Mail.NONE),
        (What.ALL, Mail.ALL, Mail.NONE),
        (What.ALL, Mail.ANSWERS, Mail.NONE),
    ],
)
def test_a_mail_program_presses_for_bruno_without_cookie_nor_token(
    what: What, before: Mail, after: Mail, app: Flask, bruno: Someone
) -> None:
    choose(bruno, before)
    address = f"/desabonnement/{token(bruno.person.id, what, secret=stores.secret())}"
    outside = app.test_client()
    for _press in range(2):
        answer = outside.post(address, base_url=BASE, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200, "RFC 8058 wants an answer, not a redirect"
        assert "Set-Cookie" not in answer.headers
    session.expire_all()
    assert bruno.person.mail == after


def test_looking_changes_nothing_and_the_button_of_the_page_ends(bruno: Someone, passer_by: Someone) -> None:
    address = f"/desabonnement/{token(bruno.person.id, What.ALL, secret=stores.secret())}"
    passer_by.get(address)
    passer_by.client.head(address, base_url=BASE)
    session.expire_all()
    assert bruno.person.mail == Mail.ALL
    assert "bruno" not in page_of(passer_by)
    assert passer_by.send(button="Ne plus les recevoir").status_code == 200
    assert "Vous ne recevrez plus de message." in page_of(passer_by)
    session.expire_all()
    assert bruno.person.mail == Mail.NONE


def test_an_address_that_we_did_not_write_is_nothing(app: Flask, bruno: Someone, passer_by: Someone) -> None:
    good = token(bruno.person.id, What.DIGEST, secret=stores.secret())
    number, what, mark = good.split("-", 2)
    for forged in (
        f"{int(number) + 1}-{what}-{mark}",
        f"{number}-tout-{mark}",
        f"{number}-{what}-{mark[:-1]}",
        f"{number}-{what}-{'A' * 22}",
        f"{number}-{what}-{'é' * 22}",
        f"{number}-{what}-{mark[:-1]}\u0660",
        f"{number}\u0660-{what}-{mark}",
        f"0{good}",
        token(bruno.person.id, What.DIGEST, secret=b"another secret"),
        str(uuid4()),
    ):
        passer_by.get(f"/desabonnement/{forged}", status=404)
        assert passer_by.client.post(f"/desabonnement/{forged}", base_url=BASE).status_code == 404
    assert bruno.person.mail == Mail.ALL


def test_an_erased_account_is_answered_like_another(app: Flask, bruno: Someone, passer_by: Someone) -> None:
    address = f"/desabonnement/{token(999_999, What.ALL, secret=stores.secret())}"
    assert passer_by.client.post(address, base_url=BASE).status_code == 200


# --- a change of structure


def test_who_is_refused_a_structure_is_written_to_once_without_the_reason(
    work: Post, bruno: Someone, denis: Someone
) -> None:
    settling.ask_structure(None, "Atelier du Lac", by=bruno.person, at=DAY)
    settling.refuse_wish(bruno.person_id or 0, "Monsieur Untel dit non.", by=denis.person, at=DAY)
    (mail,) = work()
    assert told([mail]) == {"bruno@tests.invalid": "Votre changement de structure est refusé"}
    body = str(mail.get_content())
    assert "/mon-compte" in body
    assert "/desabonnement/" in body
    assert "Untel" not in body
    assert work() == []


def test_who_wants_no_letter_finds_the_answer_on_the_account_alone(work: Post, bruno: Someone, denis: Someone) -> None:
    choose(bruno, Mail.NONE)
    settling.ask_structure(None, "Atelier du Lac", by=bruno.person, at=DAY)
    settling.refuse_wish(bruno.person_id or 0, "Je ne la trouve pas.", by=denis.person, at=DAY)
    assert work() == []
    assert "Je ne la trouve pas." in bruno.get("/mon-compte").get_data(as_text=True)
