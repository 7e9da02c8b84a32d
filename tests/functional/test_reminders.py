"""Time says what it must, once: a discussion that ends, an answer promised for soon, an answer that is late."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.dates import day, long_date
from referentiel.library.library import Library
from referentiel.notices.models import Notice
from referentiel.notices.outbox import drain
from referentiel.people.models import Mail
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal
from referentiel.proposals.reminders import Reminder
from referentiel.proposals.states import Stage, Stance
from referentiel.web import stores
from tests.cast import Someone, now
from tests.proposal_lives import ago, decided, in_discussion, sheet, submitted


class Mailbag:
    """The mails that leave when the worker passes."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.settings = settings
        with app.app_context():
            self.secret = stores.secret()

    def passes(self, at: datetime) -> list[str]:
        """One pass of the worker: what it says, and the bodies of the mails that are new."""
        before = {file.name for file in self._files()}
        actions.remind(at=at)
        drain(self.settings, secret=self.secret, at=at)
        session.expire_all()
        return [self._text(file) for file in self._files() if file.name not in before]

    def _files(self) -> list[Path]:
        return sorted(self.settings.mail_path.glob("*.eml")) if self.settings.mail_path.is_dir() else []

    def _text(self, file: Path) -> str:
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body()
        assert body is not None
        words = " ".join(body.get_content().replace("\xa0", " ").split())
        return f"{mail['To']}: {words}"


@pytest.fixture
def told(app: Flask, settings: Settings) -> Mailbag:
    return Mailbag(app, settings)


def stages(proposal: Proposal) -> list[tuple[Stage, object]]:
    rows = session.scalars(select(Reminder).where(Reminder.proposal_id == proposal.id)).all()
    return sorted((row.stage, row.day) for row in rows)


def later(days: float) -> datetime:
    return ago(-days)


def to(mails: list[str], someone: Someone) -> list[str]:
    return [mail for mail in mails if mail.startswith(f"{someone.person.email}:")]


def test_each_stage_of_a_life_is_said_once_whatever_the_number_of_passes(
    library: Library, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=0)
    ends, due = proposal.window_ends, proposal.decision_due
    expected = {
        26: [],
        27: [(Stage.LAST_DAYS, ends)],
        30: [(Stage.LAST_DAYS, ends)],
        31: [(Stage.LAST_DAYS, ends), (Stage.OVER, ends)],
        82: [(Stage.LAST_DAYS, ends), (Stage.OVER, ends)],
        83: [(Stage.LAST_DAYS, ends), (Stage.OVER, ends), (Stage.SOON, due)],
        91: [(Stage.LAST_DAYS, ends), (Stage.LATE, due), (Stage.OVER, ends), (Stage.SOON, due)],
    }
    for days, said in expected.items():
        for _again in range(2):
            actions.remind(at=later(days))
        assert stages(proposal) == said, days
    assert actions.remind(at=later(200)) == 0


def test_a_discussion_that_is_prolonged_is_said_to_end_on_its_new_day(
    library: Library, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=28)
    first = proposal.window_ends
    actions.remind(at=now())
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=now())
    assert proposal.window_ends != first
    actions.remind(at=later(8))
    assert stages(proposal) == [(Stage.LAST_DAYS, first), (Stage.LAST_DAYS, proposal.window_ends)]


def test_a_typo_has_no_window_and_nothing_is_said_of_it(library: Library, bruno: Someone, chloe: Someone) -> None:
    before = library.read("criteres/E4.md").text
    statement = before.split("## Énoncé\n\n")[1].split("\n\n## ")[0]
    proposal = in_discussion(
        library,
        bruno.person,
        chloe.person,
        days=50,
        change_class="typo",
        sections={"Énoncé": statement.replace("structure", "structrue", 1)},
    )
    assert proposal.window_ends is None
    assert actions.remind(at=now()) == 0


def test_what_is_decided_or_withdrawn_is_late_for_nobody(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    one = in_discussion(library, bruno.person, chloe.person, days=95)
    other = submitted(library, bruno.person, days=95, path="criteres/E1.md")
    decided(library, one, chloe.person, denis.person)
    actions.withdraw(other, by=bruno.person, at=now())
    assert actions.remind(at=now()) == 0


def test_editors_read_it_in_the_letter_of_the_day_and_the_author_is_told_at_once_that_we_are_late(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, told: Mailbag
) -> None:
    with writing():
        chloe.person.mail = Mail.ALL.value
        denis.person.mail = Mail.ANSWERS.value
    proposal = in_discussion(library, bruno.person, chloe.person, days=91)
    told.passes(now() - timedelta(days=1))
    mails = told.passes(now())
    assert any("la réponse promise n’est pas encore donnée. Nous sommes en retard." in m for m in to(mails, bruno))
    mails += told.passes(now() + timedelta(days=1))
    promised = long_date(proposal.decision_due).replace("\xa0", " ")
    (letter,) = [mail for mail in to(mails, chloe) if "en retard" in mail]
    assert f"la réponse était promise pour le {promised}. Elle est en retard." in letter
    assert not [mail for mail in to(mails, denis) if "en retard" in mail], "they asked for answers alone"
    assert not [mail for mail in told.passes(now() + timedelta(days=2)) if "en retard" in mail], "once is enough"


def test_an_editor_who_wrote_it_is_not_asked_to_judge_it(
    library: Library, chloe: Someone, denis: Someone, told: Mailbag
) -> None:
    proposal = in_discussion(library, chloe.person, denis.person, days=40)
    told.passes(now())
    event = f"proposal:{proposal.id}:over:{proposal.window_ends}"
    people = set(session.scalars(select(Notice.person_id).where(Notice.event == event)))
    assert denis.person_id in people
    assert chloe.person_id not in people


def test_what_is_decided_before_the_letter_leaves_is_not_in_it(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, told: Mailbag
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=91)
    told.passes(now())
    decided(library, proposal, chloe.person, denis.person)
    assert not [mail for mail in told.passes(now() + timedelta(days=1)) if "Elle est en retard" in mail]


# --- whoever spoke of an earlier wording


def test_a_new_wording_writes_to_who_spoke_of_the_old_one_and_to_nobody_twice(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, amina: Someone, told: Mailbag
) -> None:
    with writing():
        denis.person.mail = Mail.NONE.value
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    for someone in (amina, bruno, chloe, denis):
        actions.take_position(proposal, Stance.RESERVED, by=someone.person, at=ago(4))
    told.passes(now())
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=now())
    mails = [mail for mail in told.passes(now()) if "nouvelle rédaction" in mail]
    assert len(mails) == len(to(mails, chloe)) == 1, "neither its author, nor who wants no mail, nor who has none"
    assert f"/propositions/{proposal.id}#avis" in mails[0]
    assert "Réservé" not in mails[0], "what one thinks is on the page, never in a mail"
    assert not [mail for mail in told.passes(now()) if "nouvelle rédaction" in mail]


def test_before_the_end_who_has_not_said_it_again_is_written_to_once_more(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, told: Mailbag
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    for someone in (chloe, denis):
        actions.take_position(proposal, Stance.FAVOURABLE, by=someone.person, at=ago(4))
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=now())
    told.passes(now())
    actions.take_position(session.get_one(Proposal, proposal.id), Stance.FAVOURABLE, by=denis.person, at=now())
    ends = session.get_one(Proposal, proposal.id).window_ends
    assert ends is not None
    at = later((ends - day(now())).days - 2)
    mails = [mail for mail in told.passes(at) if "se ferme le" in mail and "avis" in mail and "redit" in mail]
    assert len(mails) == len(to(mails, chloe)) == 1
    assert not [mail for mail in told.passes(at + timedelta(days=1)) if "redit" in mail]


def test_who_says_it_again_before_the_mail_leaves_gets_none(
    library: Library, bruno: Someone, chloe: Someone, told: Mailbag
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    actions.take_position(proposal, Stance.FAVOURABLE, by=chloe.person, at=ago(4))
    told.passes(now())
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=now())
    actions.take_position(session.get_one(Proposal, proposal.id), Stance.FAVOURABLE, by=chloe.person, at=now())
    assert not [mail for mail in told.passes(now()) if "redit" in mail]
