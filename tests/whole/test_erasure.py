"""Somebody is erased: their name was planted wherever text can be, and is then looked for in every byte that is left.

Each column of every table that can hold text stands in ``PLACES``: a new one fails here until it is said what becomes
of it. The database is read as a file on SQLite (free pages and log included) and through ``pg_dump`` on PostgreSQL.
"""

import json
import logging
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table, func, insert, select, update

from referentiel.cli import main
from referentiel.commands import restore
from referentiel.commands.backup import back_up
from referentiel.commands.reconcile import erase_again
from referentiel.commands.verify import ALSO
from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import State
from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.database import Base, db, session, writing
from referentiel.errors import Refused
from referentiel.library.library import Library
from referentiel.library.verification import verify
from referentiel.people.models import Person, Session
from referentiel.permissions import College
from referentiel.privacy import erasures
from referentiel.privacy.actions import erase, erase_contribution, replay
from referentiel.privacy.merging import merge_accounts
from referentiel.privacy.parts import PARTS
from referentiel.privacy.traces import wipe, wipe_asked
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import State as ProposalState
from referentiel.web import stores
from referentiel.web.identity import open_session
from tests import postgresql
from tests.cast import BASE, Someone, now
from tests.erasure_life import Life
from tests.erasure_places import GOES, NAME, PLACES, PLANTED, columns, left, planted_in, sealed
from tests.proposal_lives import decided, in_discussion, sheet


def test_each_column_that_takes_text_says_what_becomes_of_it() -> None:
    said = {(table, name) for table, names in PLACES.items() for name in names}
    assert {(table.name, name) for table, name in columns()} == said


def test_each_column_that_points_to_a_person_is_the_link_of_one_part_of_their_data() -> None:
    pointing = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
        or re.search(r"(^|_)(by|person|author|owner|signatory)_id$", column.name)
    }
    links = [(part.model.__table__.name, link) for part in PARTS for link in part.links]  # type: ignore[attr-defined]
    assert sorted(links) == sorted({*pointing, ("people", "id")})


def test_each_column_of_a_part_is_told_or_withheld() -> None:
    known: dict[Table, set[str]] = {}
    for part in PARTS:
        known.setdefault(part.model.__table__, set()).update(  # type: ignore[arg-type]
            part.told, part.withheld, part.links
        )
    assert {table.name: set(table.columns.keys()) - names for table, names in known.items()} == {
        table.name: set() for table in known
    }


@pytest.fixture
def life(app: Flask, settings: Settings, library: Library, chloe: Someone, denis: Someone) -> Life:
    return Life(app, settings, library, chloe, denis)


def erase_her(life: Life, *, words: bool) -> None:
    """At the console."""
    secret, at = stores.secret(), now()
    erase(life.person, words=words, by=None, at=at, settings=life.settings, library=life.library, secret=secret)


def her_browser(life: Life) -> Someone:
    her = Someone(life.app, "her", life.person_id)
    cookie, value = open_session(life.person, at=now(), second_factor=True)
    her.client.set_cookie(cookie, value, domain="127.0.0.1")
    return her


@pytest.fixture
def restored(
    settings: Settings, tmp_path: Path, server: postgresql.Server | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Path], Settings]]:
    """Restore a backup by its command, in another instance."""
    there = Settings(
        instance=tmp_path / "restored", database_url=server.create("restored", like="template0") if server else ""
    )
    monkeypatch.setenv("REFERENTIEL_INSTANCE", str(there.instance))
    monkeypatch.setenv("REFERENTIEL_DATABASE_URL", there.database_url)

    def restore(backup: Path) -> Settings:
        main(["restore", str(backup)])
        return there

    yield restore
    if server:
        server.drop("restored")


def test_nothing_of_somebody_is_left_anywhere_nor_comes_back_with_an_older_backup(
    life: Life,
    passer_by: Someone,
    restored: Callable[[Path], Settings],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    settings, library = life.settings, life.library
    session.remove()
    before = left(settings)
    assert before["the database"] >= set(life.places), "the net would let something through"
    assert any(name.startswith("mail/") for name in before)
    seals, head = sealed(settings), library.head()
    backup = back_up(settings, library, settings.instance / "backups", at=now())

    her = her_browser(life)
    answer = her.fill("/mon-compte/effacer", words="effacer")
    assert answer.status_code == 303
    her.follow(answer)
    assert wipe_asked(settings, library, at=now()) == 1

    assert left(settings) == {}
    assert not PLANTED.search(caplog.text.encode())
    assert (sealed(settings), library.head()) == (seals, head)
    for path in ("/editions/2026.0/referentiel.json", "/propositions/", "/moderation/registre"):
        assert not PLANTED.search(passer_by.client.get(path, base_url=BASE, follow_redirects=True).get_data())
    for number in life.proposals:
        for page in ("", "/differences"):
            assert not PLANTED.search(passer_by.get(f"/propositions/{number}{page}").get_data())
    assert verify(library, at=now(), also=ALSO) == []
    session.remove()

    there = restored(backup)
    assert "effacé de nouveau : 1 compte(s)" in capsys.readouterr().out
    assert left(there) == {}
    main(["reconcile"])
    assert "Rien à faire" in capsys.readouterr().out


def test_scraps_in_pages_that_were_filled_again_go_too(life: Life) -> None:
    """Numbers are drawn at random: pages divide, and SQLite leaves in their gaps what it moved."""
    at = now()
    drawn = random.Random(1).sample(range(1_000_000, 900_000_000), 1_500)
    rows = [
        {
            "id": number,
            "sending": str(number),
            "kind": Target.CRITERION,
            "key": "E4",
            "author_id": life.person_id if place % 9 == 0 else None,
            "college": College.SIAE,
            "text": f"{NAME}888x " * 20 if place % 9 == 0 else "d’autres mots " * (place % 70 + 1),
            "state": State.HELD,
            "created_at": at,
        }
        for place, number in enumerate(drawn)
    ]
    with writing() as current:
        for row in rows:
            current.execute(insert(Comment).values(row))
        grown = Comment.author_id.is_(None) & (Comment.id % 3 == 0)
        current.execute(update(Comment).where(grown).values(text=Comment.text.concat("x" * 700)))
    erase_her(life, words=True)
    wipe(life.settings, life.library)
    assert left(life.settings) == {}


def test_words_that_she_leaves_stay_without_any_link_to_her(life: Life) -> None:
    settings, library = life.settings, life.library
    erase_her(life, words=False)
    wipe(settings, library)
    gone = {number for number, place in life.places.items() if PLACES[place.split(".")[0]][place.split(".")[1]] == GOES}
    found = set().union(*left(settings).values())
    assert not found & gone
    published = session.get_one(Comment, life.published)
    assert "Des mots publiés." in published.text
    assert published.author_id is None
    assert session.scalar(select(func.count()).select_from(Comment)) == 3
    assert session.scalars(select(Comment.author_id)).all() == [None] * 3
    states = {row.id: row.state for row in session.scalars(select(Proposal))}
    assert [states[number] for number in life.proposals] == [
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
        ProposalState.IN_DECISION,
        ProposalState.SUBMITTED,
    ]


def test_what_was_decided_stays_whole_even_when_its_author_asks_for_their_words(
    life: Life, library: Library, bruno_colleague: Someone
) -> None:
    taken = in_discussion(library, life.person, life.chloe, path="criteres/E5.md")
    decision = decided(library, taken, life.chloe, life.denis)
    text, head = library.read("criteres/E5.md").text, library.head()
    erase_her(life, words=True)
    assert library.head() == head
    assert Document.read(text).section("Énoncé") == sheet().sections["Énoncé"]
    session.refresh(taken)
    session.refresh(decision)
    assert (taken.state, taken.title) == (ProposalState.ADOPTED, sheet().title)
    assert decision.reason
    assert verify(library, at=now(), also=ALSO) == []


def test_traces_wait_for_somebody_who_reads_and_go_afterwards(life: Life) -> None:
    if life.settings.database_url:
        pytest.skip("PostgreSQL waits for its own locks")
    erase_her(life, words=True)
    session.remove()
    reader = sqlite3.connect(life.settings.instance / "referentiel.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    try:
        assert wipe_asked(life.settings, life.library, at=now()) == 0
    finally:
        reader.close()
    assert wipe_asked(life.settings, life.library, at=now()) == 0, "not before its time"
    assert wipe_asked(life.settings, life.library, at=now() + timedelta(minutes=2)) == 1
    assert left(life.settings) == {}


def test_one_contribution_that_names_somebody_goes_everywhere_and_does_not_come_back(
    life: Life, bruno: Someone, passer_by: Someone, restored: Callable[[Path], Settings]
) -> None:
    said = comments.comment(
        Anchor(Target.CRITERION, "E4"), f"C’est {NAME}777x qui l’a dit.", by=bruno.person, at=now(), form="9"
    )
    comments.publish(said, by=life.chloe, at=now())
    number = said.id
    session.remove()
    backup = back_up(life.settings, life.library, life.settings.instance / "backups", at=now())
    assert 777 in planted_in(passer_by.get("/criteres/E4/contributions").get_data())
    erase_contribution(
        session.get_one(Comment, number), by=None, at=now(), settings=life.settings, secret=stores.secret()
    )
    wipe_asked(life.settings, life.library, at=now())
    assert 777 not in set().union(*left(life.settings).values())
    assert 777 not in planted_in(passer_by.get("/criteres/E4/contributions").get_data())
    session.remove()
    assert 777 not in set().union(*left(restored(backup)).values())


def test_a_number_given_again_after_a_restoration_is_somebody_else(life: Life) -> None:
    settings, library, secret = life.settings, life.library, stores.secret()
    listed = settings.erasures_path
    key = erasures.key_of(secret, "people", life.person_id, datetime(2020, 1, 1, tzinfo=UTC))
    erasures.append(listed, [erasures.Erasure(now(), erasures.What.ACCOUNT, key)])
    assert replay(settings=settings, library=library, secret=secret) == (0, 0)
    assert life.person.erased_at is None


def test_the_list_holds_no_number_no_name_and_no_address(life: Life) -> None:
    erase_her(life, words=True)
    [line] = life.settings.erasures_path.read_text().splitlines()
    row = json.loads(line)
    assert set(row) == {"at", "what", "key"}
    assert re.fullmatch("[0-9a-f]{64}", row["key"])
    assert life.settings.erasures_path.stat().st_mode & 0o077 == 0


def test_an_account_that_became_this_one_does_not_come_back_either(
    life: Life, bruno: Someone, bruno_colleague: Someone, denis: Someone
) -> None:
    bruno_id, colleague_id = bruno.person_id, bruno_colleague.person_id
    merge_accounts(bruno.person, into=bruno_colleague.person, by=denis.person, at=now(), sure=True)
    opened = session.get_one(Person, bruno_id).created_at
    secret = stores.secret()
    erase(
        session.get_one(Person, colleague_id),
        words=False,
        by=None,
        at=now(),
        settings=life.settings,
        library=life.library,
        secret=secret,
    )
    keys = {one.key for one in erasures.read(life.settings.erasures_path)}
    assert erasures.key_of(secret, "people", bruno_id or 0, opened) in keys
    assert len(keys) == 2


def test_a_line_that_a_crash_cut_short_hides_no_other(tmp_path: Path) -> None:
    listed = tmp_path / "erasures.jsonl"
    one = erasures.Erasure(now(), erasures.What.ACCOUNT, "a" * 64)
    erasures.append(listed, [one])
    with listed.open("a") as file:
        file.write('{"at": "2026-')
    two = erasures.Erasure(now(), erasures.What.WORDS_TOO, "b" * 64)
    erasures.append(listed, [two])
    assert erasures.read(listed) == {one, two}


@pytest.mark.parametrize("bad", ["ceci n’est pas une ligne", '{"at": "2026-', "\udcff", '{"key": null}', "[]"])
def test_a_line_of_the_list_that_cannot_be_read_is_never_skipped_in_silence(life: Life, bad: str) -> None:
    erase_her(life, words=False)
    listed = life.settings.erasures_path
    listed.write_bytes(listed.read_bytes() + bad.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(Refused, match=r"erasures\.jsonl ne se lit pas à la ligne 2"):
        erase_again(life.library)


def test_a_restoration_refuses_a_list_that_cannot_be_read_before_anything_is_put_back(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, instance = tmp_path / "copies" / "une", tmp_path / "neuve"
    backup.mkdir(parents=True)
    (backup / "erasures.jsonl").write_text("ceci n’est pas une ligne\n")
    monkeypatch.setenv("REFERENTIEL_INSTANCE", str(instance))
    with pytest.raises(Refused, match="ne se lit pas à la ligne 1"):
        restore.command.main([str(backup)], standalone_mode=False)
    assert not instance.exists()


def test_erasing_again_what_a_copy_of_the_database_brings_back(life: Life, tmp_path: Path) -> None:
    if life.settings.database_url:
        pytest.skip("the file of the database is copied")
    session.remove()
    db.engine.dispose()
    older = shutil.copy(life.settings.instance / "referentiel.sqlite", tmp_path / "older.sqlite")
    erase_her(life, words=False)
    session.remove()
    db.engine.dispose()
    for file in life.settings.instance.glob("referentiel.sqlite*"):
        file.unlink()
    shutil.copy(older, life.settings.instance / "referentiel.sqlite")
    assert life.person.email is not None
    session.rollback()
    assert erase_again(life.library) == ["effacé de nouveau : 1 compte(s), 0 contribution(s)"]
    assert life.person.email is None
    session.rollback()
    assert erase_again(life.library) == []
    assert session.scalar(select(func.count()).where(Session.person_id == life.person_id)) == 0
