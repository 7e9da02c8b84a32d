"""What is kept about people goes on its day, under a moved clock: links, accounts, codes, letters, the security log."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from referentiel import dates
from referentiel.commands.backup import back_up
from referentiel.commands.work import JOBS, SLOW, Rounds, one_pass
from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment, CommentEvent
from referentiel.comments.moderation import Face, Rule
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.editions.queries import all_editions
from referentiel.journal import actions as journal
from referentiel.journal.chain import PUBLIC_ACTS
from referentiel.journal.models import AuditLine, AuditStretch, OutboxItem
from referentiel.journal.queries import audit_fault
from referentiel.library.library import Library
from referentiel.library.verification import verify
from referentiel.notices.models import Notice
from referentiel.notices.outbox import drain
from referentiel.notices.upkeep import forget_sent
from referentiel.people.keeping import Keeping
from referentiel.people.models import (
    Card,
    Invitation,
    OpenIdTry,
    Person,
    ReturnWords,
    Session,
    Tablet,
    Workshop,
    WrongTry,
)
from referentiel.people.upkeep import forget
from referentiel.permissions import Role
from referentiel.privacy.retention import keep_to_time
from referentiel.proposals import actions as proposals
from referentiel.proposals.answering import note_answers
from referentiel.proposals.models import Position
from referentiel.proposals.states import Outcome, Stance
from referentiel.web.clock import set_clock
from referentiel.web.stores import secret
from tests.cast import Someone
from tests.proposal_lives import ago, decided, in_discussion

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
KEEP = Keeping()


def say(who: Person, words: str = "On m’a prévenue la veille.", *, at: datetime, **more: Any) -> Comment:
    anchor = more.pop("on", Anchor(Target.CRITERION, "E4"))
    return comments.comment(anchor, words, by=who, at=at, form=str(uuid4()))


def shown(who: Person, reader: Person, *, at: datetime, **more: Any) -> Comment:
    """Words that somebody from elsewhere published the same day."""
    spoken = say(who, at=at, **more)
    comments.publish(spoken, by=reader, at=at)
    return spoken


def run(settings: Settings, library: Library, at: datetime) -> dict[str, int]:
    done = dict(keep_to_time(settings, library, secret=secret(), at=at))
    session.rollback()
    return done


def linked(spoken: Comment) -> bool:
    return session.get_one(Comment, spoken.id, populate_existing=True).author_id is not None


def answered(spoken: Comment) -> datetime | None:
    note_answers(at=datetime.now(UTC), appeal=KEEP.appeal)
    return session.get_one(Comment, spoken.id, populate_existing=True).answered_at


# When a contribution has its answer.


def test_words_that_nobody_answered_have_no_answer(amina: Someone, chloe: Someone) -> None:
    assert answered(shown(amina.person, chloe.person, at=ago(30))) is None


def test_a_decision_signed_later_answers_what_was_said_of_its_criterion(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    before, after = shown(amina.person, chloe.person, at=ago(30)), None
    elsewhere = shown(amina.person, chloe.person, at=ago(30), on=Anchor(Target.CRITERION, "A1"))
    proposal = in_discussion(library, bruno.person, chloe.person, days=60)
    on_it = shown(amina.person, chloe.person, at=ago(30), on=Anchor(Target.PROPOSAL, str(proposal.id)))
    decision = decided(library, proposal, chloe.person, denis.person, days=5)
    after = shown(amina.person, chloe.person, at=ago(1))
    assert answered(before) == answered(on_it) == decision.signed_at
    assert answered(after) is None
    assert answered(elsewhere) is None


def test_a_postponed_proposal_has_answered_nobody_yet(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=60)
    spoken = shown(amina.person, chloe.person, at=ago(30))
    on_it = shown(amina.person, chloe.person, at=ago(30), on=Anchor(Target.PROPOSAL, str(proposal.id)))
    later = (datetime.now(UTC) + 90 * DAY).date()
    decided(library, proposal, chloe.person, denis.person, Outcome.POSTPONED, days=5, resume_on=later)
    assert answered(spoken) is None
    assert answered(on_it) is None


def test_a_withdrawn_proposal_has_answered_those_who_spoke_of_it(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=60)
    spoken = shown(amina.person, chloe.person, at=ago(30), on=Anchor(Target.PROPOSAL, str(proposal.id)))
    ended = ago(4)
    proposals.withdraw(proposal, by=bruno.person, at=ended)
    assert answered(spoken) == ended


def test_a_published_reply_by_somebody_else_is_an_answer(amina: Someone, chloe: Someone, denis: Someone) -> None:
    spoken = shown(amina.person, chloe.person, at=ago(30))
    own = comments.reply(spoken, "J’ajoute ceci.", by=amina.person, at=ago(29), form=str(uuid4()))
    comments.publish(own, by=chloe.person, at=ago(29))
    reply = comments.reply(spoken, "Merci, nous regardons.", by=chloe.person, at=ago(20), form=str(uuid4()))
    assert answered(spoken) is None
    published = ago(19)
    comments.publish(reply, by=denis.person, at=published)
    assert answered(spoken) == published


def test_words_that_were_refused_have_their_answer_and_so_have_words_taken_back(amina: Someone, chloe: Someone) -> None:
    refused, taken = say(amina.person, at=ago(30)), say(amina.person, "Autre chose.", at=ago(30))
    comments.remove(refused, Rule.NAMES, "Dites-le sans le nom.", by=chloe.person, at=ago(28))
    comments.withdraw(taken, by=amina.person, at=ago(27))
    first, second = answered(refused), answered(taken)
    assert first
    assert second
    assert (first.date(), second.date()) == (ago(28).date(), ago(27).date())


# The link between a card's account and its contributions.


def test_a_link_is_kept_a_year_after_the_answer_and_then_cut(
    settings: Settings, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    spoken = shown(amina.person, chloe.person, at=ago(30))
    reply = comments.reply(spoken, "Merci, nous regardons.", by=chloe.person, at=ago(20), form=str(uuid4()))
    comments.publish(reply, by=denis.person, at=ago(20))
    run(settings, library, ago(20) + KEEP.answered - DAY)
    assert linked(spoken)
    assert linked(reply)
    assert run(settings, library, ago(20) + KEEP.answered + DAY)["links cut"] == 1
    assert not linked(spoken)
    assert linked(reply), "a professional's words are theirs as long as their account"
    assert "On m’a prévenue la veille." in passer_by.get("/criteres/E4/contributions").get_data(as_text=True)


def test_without_any_answer_a_link_is_cut_after_three_years(
    settings: Settings, library: Library, amina: Someone, chloe: Someone
) -> None:
    spoken, face = shown(amina.person, chloe.person, at=ago(0)), None
    face = comments.answer_question(
        Anchor(Target.CRITERION, "E4"), Face.NO, "", by=amina.person, at=ago(0), form=str(uuid4())
    )
    run(settings, library, ago(0) + KEEP.unanswered - DAY)
    assert linked(spoken)
    assert linked(face)
    run(settings, library, ago(0) + KEEP.unanswered + DAY)
    assert not linked(spoken)
    assert not linked(face)
    assert session.get_one(Comment, face.id).face is Face.NO


def test_an_account_that_no_words_hold_any_more_is_emptied_and_its_return_words_go(
    settings: Settings, library: Library, amina: Someone, chloe: Someone
) -> None:
    number = amina.person_id
    with writing() as rows:
        rows.add(ReturnWords(person_id=number, locator=42, secret=b"s", created_on=ago(0).date()))
        rows.execute(delete(Session).where(Session.person_id == number))
    spoken = shown(amina.person, chloe.person, at=ago(0))
    at = ago(0) + KEEP.unanswered + DAY
    assert run(settings, library, at)["accounts closed"] == 1
    person = session.get_one(Person, number)
    assert person.erased_at is not None
    assert (person.pseudonym, person.structure_id) == (None, None)
    assert session.scalar(select(func.count()).select_from(ReturnWords)) == 0
    assert session.get_one(Comment, spoken.id).text == "On m’a prévenue la veille."
    assert "accounts closed" not in run(settings, library, at)


def test_an_account_whose_position_waits_for_a_decision_stays(
    settings: Settings, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=10)
    with writing() as rows:
        rows.execute(delete(Session))
        rows.add(
            Position(
                proposal_id=proposal.id,
                revision_id=proposal.revision.id,
                person_id=amina.person_id,
                college="employees",
                stance=Stance.FAVOURABLE,
                taken_at=ago(9),
            )
        )
    run(settings, library, ago(9) + KEEP.answered + DAY)
    assert amina.person.erased_at is None
    run(settings, library, ago(9) + KEEP.unanswered + DAY)
    assert amina.person.erased_at is not None


def test_someone_who_is_signed_in_is_not_put_out(settings: Settings, library: Library, amina: Someone) -> None:
    at = ago(0) + KEEP.answered + 60 * DAY
    with writing() as rows:
        rows.execute(update(Session).where(Session.person_id == amina.person_id).values(expires_at=at + DAY))
    run(settings, library, at)
    assert amina.person.erased_at is None


# What ends by itself.


def test_what_lets_people_in_goes_once_it_is_over(settings: Settings, chloe: Someone) -> None:
    at = ago(0)
    with writing() as rows:
        rows.execute(delete(Session))
        workshop = a_workshop(chloe, ends=at + DAY)
        rows.add(workshop)
        rows.flush()
        rows.add(Tablet(workshop_id=workshop.id, digest="t" * 64, created_at=at, expires_at=at + DAY))
        rows.add(WrongTry(locator=7, count=2, last_at=at))
        rows.add(Session(digest="s" * 64, person_id=1, way="card", created_at=at, expires_at=at + 7 * DAY))
        rows.add(
            OpenIdTry(
                state="o" * 64,
                nonce="n",
                verifier="v",
                browser="b" * 64,
                next_url="/",
                created_at=at,
                expires_at=at + timedelta(minutes=10),
            )
        )
        for accepted in (None, at):
            rows.add(
                Invitation(
                    digest=("a" if accepted else "i") * 64,
                    nonce=b"n",
                    college="siae",
                    roles=[],
                    email="quelquun@tests.invalid",
                    created_at=at,
                    expires_at=at + 7 * DAY,
                    accepted_at=accepted,
                    person_id=chloe.person_id if accepted else None,
                )
            )
    left = {}
    for days in (0.9, 1.1, 6.9, 7.1, 36.9, 37.1):
        forget(at=at + days * DAY, keep=Keeping.of(settings))
        left[days] = [
            session.scalar(select(func.count()).select_from(model))
            for model in (OpenIdTry, WrongTry, Tablet, Session, Invitation)
        ]
    assert left == {
        0.9: [0, 1, 1, 1, 2],
        1.1: [0, 0, 0, 1, 2],
        6.9: [0, 0, 0, 1, 2],
        7.1: [0, 0, 0, 0, 2],
        36.9: [0, 0, 0, 0, 2],
        37.1: [0, 0, 0, 0, 0],
    }
    assert forget(at=at + 400 * DAY) == 0


def a_workshop(who: Someone, *, ends: datetime) -> Workshop:
    return Workshop(
        title="Réunion des Lilas",
        criteria=["E4"],
        place="Salle du haut",
        structure_id=who.person.structure_id,
        seats=12,
        opened_by_id=who.person_id,
        opened_by_college="spe",
        nonce=b"n" * 16,
        code="c" * 64,
        created_at=ends - DAY,
        ends_at=ends,
    )


def test_an_ended_workshop_forgets_who_held_it_and_where_and_keeps_its_figures(
    settings: Settings, library: Library, chloe: Someone
) -> None:
    at = ago(0)
    with writing() as rows:
        workshop = a_workshop(chloe, ends=at)
        rows.add(workshop)
        rows.flush()
        for locator in (11, 12):
            rows.add(
                Card(
                    college="employees",
                    workshop_id=workshop.id,
                    locator=locator,
                    secret=b"s",
                    square=f"{locator:064d}",
                    printed_by_id=chloe.person_id,
                    created_at=at,
                    expires_at=at + DAY,
                    used_on=at.date() if locator == 11 else None,
                )
            )
    run(settings, library, at + KEEP.workshops - DAY)
    assert session.get_one(Workshop, workshop.id, populate_existing=True).place == "Salle du haut"
    assert run(settings, library, at + KEEP.workshops + DAY)["workshops and cards"] == 3
    bare = session.get_one(Workshop, workshop.id, populate_existing=True)
    assert (bare.title, bare.place, bare.opened_by_id, bare.second_id) == ("Séance collective", "", None, None)
    assert (bare.seats, bare.structure_id, bare.criteria) == (12, chloe.person.structure_id, ["E4"])
    cards = session.scalars(select(Card).execution_options(populate_existing=True)).all()
    assert [(card.printed_by_id, card.used_on is not None) for card in cards] == [(None, True), (None, False)]
    assert "workshops and cards" not in run(settings, library, at + KEEP.workshops + DAY)


def test_letters_that_left_and_what_was_told_are_forgotten(settings: Settings, chloe: Someone) -> None:
    at = ago(0)
    settings.mail_path.mkdir()
    (settings.mail_path / "000001-0.eml").write_text("À : chloe", encoding="utf-8")
    (settings.mail_path / ".000002-0.eml.partial-1-1").write_text("À : ch", encoding="utf-8")  # Its writer was killed.
    with writing() as rows:
        rows.execute(delete(OutboxItem))
        rows.add(OutboxItem(kind="proposal", payload={}, created_at=at, not_before=at, done_at=at))
        rows.add(OutboxItem(kind="proposal", payload={}, created_at=at, not_before=at))
        rows.add(Notice(person_id=chloe.person_id, event="e", kind="k", payload={}, created_at=at, sent_at=at))
    assert forget_sent(settings, at=at + KEEP.mails - DAY) == 0
    assert forget_sent(settings, at=at + KEEP.mails + DAY) == 3
    assert not list(settings.mail_path.iterdir())
    assert session.scalar(select(func.count()).select_from(OutboxItem)) == 1, "what has not left waits"
    assert forget_sent(settings, at=at + KEEP.notices - DAY) == 0
    assert forget_sent(settings, at=at + KEEP.notices + DAY) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == 0


# Professional accounts where nobody comes.


def test_the_day_of_a_professional_is_written_once_a_day_and_nobody_else_s(
    app: Flask, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    morning = (datetime.now(UTC) + DAY).replace(hour=9, minute=0)
    set_clock(app, lambda: morning)
    for someone in (amina, chloe, passer_by):
        someone.get("/mes-contributions" if someone is not passer_by else "/")
    assert chloe.person.last_seen_on == morning.date()
    assert amina.person.last_seen_on is None
    with writing() as rows:
        rows.execute(update(Person).where(Person.id == chloe.person_id).values(idle_notice_at=morning))
    set_clock(app, lambda: morning + timedelta(hours=2))
    chloe.get("/mes-contributions")
    assert chloe.person.idle_notice_at == morning, "the same day is not written again"
    set_clock(app, lambda: morning + DAY)
    chloe.get("/mes-contributions")
    session.expire_all()
    assert chloe.person.last_seen_on == (morning + DAY).date()
    assert chloe.person.idle_notice_at is None


NO_WRITE = {
    "sqlite": ("CREATE TRIGGER no_write BEFORE UPDATE ON people BEGIN SELECT RAISE(ABORT, 'no'); END",),
    "postgresql": (
        "CREATE FUNCTION no_write() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER no_write BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION no_write()",
    ),
}


def test_a_day_that_cannot_be_written_takes_no_page_away(app: Flask, chloe: Someone) -> None:
    with writing() as rows:
        for statement in NO_WRITE[rows.get_bind().dialect.name]:
            rows.execute(text(statement))
    before = chloe.person.last_seen_on
    tomorrow = datetime.now(UTC) + DAY
    set_clock(app, lambda: tomorrow)
    chloe.get("/mes-contributions")
    session.expire_all()
    assert chloe.person.last_seen_on == before


@pytest.fixture
def alone(settings: Settings, chloe: Someone) -> datetime:
    """Chloé came on a day, and never again; the others came yesterday of any day asked."""
    day = ago(0)
    with writing() as rows:
        rows.execute(delete(OutboxItem))
        rows.execute(
            update(Person).where(Person.id != chloe.person_id).values(last_seen_on=dates.day(day + 9999 * DAY))
        )
        rows.execute(update(Person).where(Person.id == chloe.person_id).values(last_seen_on=dates.day(day)))
    return day


def letters(settings: Settings, at: datetime) -> list[str]:
    """Those that left and speak of an account that will be closed."""
    drain(settings, secret=secret(), at=at)
    files = sorted(settings.mail_path.glob("*.eml")) if settings.mail_path.is_dir() else []
    return [told for file in files if "sera fermé" in (told := file.read_text(encoding="utf-8"))]


def test_an_idle_account_is_written_to_once_then_closed_and_its_words_stay(
    settings: Settings, library: Library, alone: datetime, chloe: Someone, denis: Someone
) -> None:
    spoken = shown(chloe.person, denis.person, at=alone)
    warned = alone + KEEP.idle - KEEP.idle_notice + DAY
    assert "warned" not in run(settings, library, warned - 2 * DAY)
    assert run(settings, library, warned)["warned"] == 1
    assert "warned" not in run(settings, library, warned + DAY)
    (letter,) = letters(settings, warned)
    assert "To: chloe@tests.invalid" in letter
    assert "il sera fermé après le" in letter
    assert f"{settings.base_url}/connexion" in letter
    run(settings, library, warned + KEEP.idle_notice - DAY)
    assert chloe.person.erased_at is None
    assert run(settings, library, warned + KEEP.idle_notice + DAY)["idle accounts closed"] == 1
    session.expire_all()
    assert (chloe.person.email, chloe.person.name, chloe.person.granted) == (None, None, frozenset())
    assert not linked(spoken)
    assert session.get_one(Comment, spoken.id).text


def test_who_comes_back_keeps_the_account(
    app: Flask, settings: Settings, library: Library, alone: datetime, chloe: Someone
) -> None:
    warned = alone + KEEP.idle - KEEP.idle_notice + DAY
    run(settings, library, warned)
    with writing() as rows:
        rows.execute(update(Session).values(expires_at=warned + 7 * DAY))
    set_clock(app, lambda: warned + DAY)
    chloe.get("/mes-contributions")
    run(settings, library, warned + KEEP.idle_notice + 30 * DAY)
    assert chloe.person.erased_at is None
    assert letters(settings, warned + DAY) == [], "a letter that has not left is not sent any more"


def test_a_worker_that_was_stopped_still_leaves_the_weeks_of_the_notice(
    settings: Settings, library: Library, alone: datetime, chloe: Someone
) -> None:
    late = alone + KEEP.idle + 100 * DAY
    assert run(settings, library, late)["warned"] == 1
    assert chloe.person.erased_at is None
    run(settings, library, late + KEEP.idle_notice - DAY)
    assert chloe.person.erased_at is None
    run(settings, library, late + KEEP.idle_notice)
    assert chloe.person.erased_at is not None


def test_the_last_administrator_is_not_closed(settings: Settings, library: Library, denis: Someone) -> None:
    with writing() as rows:
        rows.execute(update(Person).values(last_seen_on=ago(0).date()))
        rows.execute(delete(Session))
    late = ago(0) + KEEP.idle
    run(settings, library, late)
    run(settings, library, late + KEEP.idle_notice + DAY)
    assert denis.person.erased_at is None
    gone = session.scalars(select(Person.id).where(Person.erased_at.is_not(None))).all()
    assert len(gone) == 4


def test_somebody_invited_with_a_role_and_no_address_is_not_taken_for_a_card(
    settings: Settings, library: Library, chloe: Someone
) -> None:
    with writing() as rows:
        person = Person(college="siae", created_at=ago(0))
        person.roles = {Role.FACILITATOR}
        rows.add(person)
    run(settings, library, ago(0) + KEEP.answered + 30 * DAY)
    assert session.get_one(Person, person.id).erased_at is None


# The security log, and the archive of public acts.


def logged(at: datetime, events: list[str]) -> None:
    with writing():
        for event in events:
            journal.audit(event, "person:1", by_id=1, at=at, details={})


def test_the_security_log_goes_after_a_year_and_the_chain_still_holds(
    settings: Settings, library: Library, amina: Someone
) -> None:
    at = ago(0)
    logged(at, ["person.joined", "person.suspended", "comment.published", "person.joined"])
    kept = set(session.scalars(select(AuditLine.hash).where(AuditLine.event == "comment.published")))
    run(settings, library, at + KEEP.security_log - DAY)
    assert "person.joined" in set(session.scalars(select(AuditLine.event)))
    done = run(settings, library, at + KEEP.security_log + 2 * DAY)
    assert done["security log"] >= 3
    left = session.execute(select(AuditLine.event, AuditLine.hash)).all()
    assert {event for event, _ in left if event.partition(".")[0] not in PUBLIC_ACTS} <= {"person.erased"}
    assert kept <= {own for _, own in left}
    assert audit_fault() is None
    assert [str(finding) for finding in verify(library)] == []
    stretches = session.scalars(select(AuditStretch)).all()
    assert all(stretch.first_hash and stretch.last_hash for stretch in stretches)
    logged(at + 2 * KEEP.security_log, ["person.joined"])
    run(settings, library, at + 4 * KEEP.security_log)
    assert audit_fault() is None


def test_each_edition_was_sealed_on_a_hash_that_is_still_there(settings: Settings, library: Library) -> None:
    logged(ago(0), ["person.joined"] * 3)
    run(settings, library, ago(0) + KEEP.security_log + 2 * DAY)
    there = set(session.scalars(select(AuditLine.hash))) | set(session.scalars(select(AuditStretch.last_hash)))
    assert all(edition.audit in there | {"0" * 64} for edition in all_editions(library))


def test_a_line_that_no_purge_covers_still_cannot_be_deleted(settings: Settings, library: Library) -> None:
    logged(ago(0), ["person.joined"])
    with pytest.raises(DatabaseError, match="append-only"), writing() as rows:
        rows.execute(delete(AuditLine))
    run(settings, library, ago(0) + KEEP.security_log + 2 * DAY)
    with pytest.raises(DatabaseError, match="append-only"), writing() as rows:
        rows.execute(delete(AuditLine))


def test_a_stretch_added_by_hand_is_found(settings: Settings, library: Library) -> None:
    logged(ago(0), ["comment.removed", "comment.published"])
    line = session.scalars(select(AuditLine).where(AuditLine.event == "comment.removed")).one()
    with writing() as rows:
        rows.add(
            AuditStretch(
                first_seq=line.seq,
                last_seq=line.seq,
                previous=line.previous,
                first_hash=line.hash,
                last_hash=line.hash,
                purged_at=ago(0),
            )
        )
        rows.flush()
        rows.execute(delete(AuditLine).where(AuditLine.seq == line.seq))
    assert audit_fault() == line.seq
    assert any(finding.invariant == "I7" for finding in verify(library))


SECURITY = {"account", "cards", "person", "second_factor", "session", "structure", "territory", "workshop"}


def test_each_event_of_the_audit_is_a_public_act_or_the_security_log() -> None:
    """A new family must be put on one side: kept for ever, or for a year."""
    families = set()
    for file in (ROOT / "referentiel").rglob("*.py"):
        families |= set(re.findall(r"audit\(\s*f?\"([a-z_]+)\.", file.read_text(encoding="utf-8")))
    assert families <= PUBLIC_ACTS | SECURITY
    assert not PUBLIC_ACTS & SECURITY


def test_public_acts_are_archived_before_what_they_rest_on_is_deleted(
    settings: Settings, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=60)
    shown(amina.person, chloe.person, at=ago(30), on=Anchor(Target.PROPOSAL, str(proposal.id)))
    refused = say(amina.person, "Madame Untel crie.", at=ago(30))
    comments.remove(refused, Rule.NAMES, "Dites-le sans le nom.", by=chloe.person, at=ago(28))
    decision = decided(library, proposal, chloe.person, denis.person, days=5)
    assert "archived" not in run(settings, library, ago(0))
    assert run(settings, library, ago(0) + KEEP.answered + 30 * DAY)["archived"] == 1
    (file,) = settings.archives_path.glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    content = json.loads(file.read_text(encoding="utf-8"))
    (act,) = content["decisions"]
    assert (act["number"], act["commit"]) == (decision.number, decision.commit_id)
    assert act["reason"] == "Prévenir tôt évite les ruptures."
    assert act["heard"]["employees"] == "few"
    assert [one["college"] for one in act["signatures"]] == ["spe", "partners"]
    assert {"rule": "names", "role": "editor"}.items() <= content["moderation"][-1].items()
    written = file.read_text(encoding="utf-8")
    for private in ("Untel", "sans le nom", "tests.invalid", "On m’a prévenue", "Chantier des Lilas"):
        assert private not in written
    line = session.scalars(select(AuditLine).where(AuditLine.event == "archive.written")).one()
    assert line.details["file"] == file.name


def test_an_archive_holds_what_no_earlier_one_holds(
    settings: Settings, library: Library, amina: Someone, chloe: Someone
) -> None:
    first = shown(amina.person, chloe.person, at=ago(30))
    run(settings, library, ago(30) + KEEP.unanswered + DAY)
    assert not linked(first)
    again = ago(30) + KEEP.unanswered + 2 * DAY
    with writing() as rows:
        rows.execute(update(CommentEvent).values(by_id=None))
    second = shown(chloe.person, denis_of(chloe), at=ago(29))
    with writing() as rows:
        rows.execute(update(Person).where(Person.id == chloe.person_id).values(last_seen_on=again.date()))
    logged(ago(29), ["person.joined"])
    run(settings, library, again)
    files = sorted(settings.archives_path.glob("*.json"))
    events = [len(json.loads(file.read_text(encoding="utf-8"))["moderation"]) for file in files]
    assert events == [1, 1]
    assert second.id


def denis_of(someone: Someone) -> Person:
    return session.scalars(select(Person).where(Person.email == "denis@tests.invalid")).one()


def test_when_the_archive_cannot_be_written_nothing_is_deleted(
    settings: Settings, library: Library, amina: Someone, chloe: Someone
) -> None:
    spoken = shown(amina.person, chloe.person, at=ago(0))
    logged(ago(0), ["person.joined"])
    settings.archives_path.write_text("in the way", encoding="utf-8")
    late = ago(0) + KEEP.unanswered + DAY
    with pytest.raises(OSError, match="archives"):
        run(settings, library, late)
    session.rollback()
    assert linked(spoken)
    assert "person.joined" in set(session.scalars(select(AuditLine.event)))
    os.unlink(settings.archives_path)
    run(settings, library, late)
    assert not linked(spoken)


def test_archives_and_what_the_operator_wrote_are_in_the_backups(
    settings: Settings, library: Library, tmp_path: Path
) -> None:
    for name in ("archives", "pages"):
        (settings.instance / name).mkdir()
        (settings.instance / name / "un.txt").write_text(name, encoding="utf-8")
    backup = back_up(settings, library, tmp_path / "backups", at=ago(0))
    assert [(backup / name / "un.txt").read_text(encoding="utf-8") for name in ("archives", "pages")] == [
        "archives",
        "pages",
    ]


def test_what_a_killed_backup_left_goes_with_those_of_its_day(
    settings: Settings, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    for name in (".2026-01-05T03-00-00Z.partial-12-34", "2026-01-05T03-00-00Z", ".garde", "notes.partial-1"):
        (folder / name).mkdir(parents=True)
    made = back_up(settings, library, folder, at=datetime(2026, 2, 9, 2, tzinfo=UTC))
    assert len(list(folder.iterdir())) == 5, "34 days and 23 hours"
    last = back_up(settings, library, folder, at=datetime(2026, 2, 9, 4, tzinfo=UTC))
    assert sorted(one.name for one in folder.iterdir()) == sorted([".garde", made.name, last.name, "notes.partial-1"])


# The worker.


def test_the_worker_does_it_and_a_second_pass_has_nothing_to_do(
    app: Flask, settings: Settings, library: Library, amina: Someone, chloe: Someone
) -> None:
    spoken = shown(amina.person, chloe.person, at=ago(0))
    late = ago(0) + KEEP.unanswered + DAY
    assert one_pass(app, at=late)
    assert not linked(spoken)
    assert run(settings, library, late) == {}


def test_what_counts_in_days_is_looked_at_once_an_hour() -> None:
    rounds, at = Rounds(), ago(0)
    assert rounds.due(at) == JOBS
    assert not SLOW & set(rounds.due(at + timedelta(minutes=59)))
    assert rounds.due(at + timedelta(minutes=60)) == JOBS


def test_durations_are_settings(settings: Settings, library: Library, amina: Someone, chloe: Someone) -> None:
    short = replace(settings, keep_unanswered_days=10)
    spoken = shown(amina.person, chloe.person, at=ago(0))
    run(short, library, ago(0) + 9 * DAY)
    assert linked(spoken)
    run(short, library, ago(0) + 11 * DAY)
    assert not linked(spoken)
