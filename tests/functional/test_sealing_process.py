"""The process that seals: started by the worker or the command, watched, killed, tried again; what people see of it."""

import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update

from referentiel.cli import referentiel
from referentiel.commands.sealing import COMMAND, Sealer, Stopped, is_wanted
from referentiel.commands.work import one_pass, seal_editions
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.editions import queries
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.preparing import actions
from referentiel.editions.sealing import advance
from referentiel.editions.sealing.publishing import seal_confirmed
from referentiel.editions.sealing.tidying import is_sealing
from referentiel.library.library import Library
from referentiel.library.loose import Made
from referentiel.library.objects import object_id
from tests.cast import Someone, environment
from tests.edition_lives import PRESS, adopted, prepared
from tests.functional.test_editions import sealed_bytes
from tests.functional.test_reading import words
from tests.patience import patience
from tests.proposal_lives import ago

HEAVY = ("typst", "pypandoc", "openpyxl", "brotli", "referentiel.editions.sealing.building")
PAGE = "/editions/preparation"
LOADED = """
import sys
import referentiel.app, referentiel.commands.serve, referentiel.commands.work, referentiel.commands.edition
print(" ".join(sorted(sys.modules)))
"""


@pytest.fixture
def plan(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> EditionPlan:
    """An edition that two people confirmed three days ago."""
    adopted(library, amina.person, chloe.person, denis.person)
    return actions.confirm(library, prepared(library, denis.person, days=4), by=chloe.person, at=ago(3))


def state(plan: EditionPlan) -> PlanState:
    session.rollback()
    return session.get_one(EditionPlan, plan.id, populate_existing=True).state


def started(at: datetime) -> tuple[Sealer, subprocess.Popen[str]]:
    sealer = Sealer()
    assert sealer.seal_meanwhile(at) == []
    assert sealer.child is not None
    return sealer, sealer.child


def until_it_waits_for_the_lock(library: Library) -> None:
    """Everything is built; what is left is under the lock, which the test holds."""
    folder, pause = queries.shelf_of(library).path, Event()
    with patience():
        while not (is_sealing(folder) and 0 < advance.read(folder).total == advance.read(folder).done):
            pause.wait(0.02)


# --- who loads what


def test_neither_the_site_nor_its_worker_loads_what_makes_documents() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in HEAVY if name in loaded] == []


def test_a_worker_that_lasts_does_not_wait_for_the_seal(library: Library, plan: EditionPlan) -> None:
    sealer, child = started(ago(2))
    with library.writing():
        until_it_waits_for_the_lock(library)
        assert sealer.seal_meanwhile(ago(2)) == []
        assert child.poll() is None
        other = Sealer()
        other.seal_meanwhile(ago(2))
        assert other.child is None
    child.wait(timeout=60)
    assert sealer.seal_meanwhile(ago(2)) == ["2026.1"]
    assert state(plan) is PlanState.SEALED
    assert sealer.child is None
    assert not is_wanted(library)


def test_two_processes_that_meet_on_one_plan_publish_it_once_and_neither_calls_it_failed(
    settings: Settings, library: Library, plan: EditionPlan
) -> None:
    here = os.environ | environment(settings)
    both = [subprocess.Popen([*COMMAND], env=here, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert {"2026.1\n"} <= {child.communicate(timeout=120)[0] for child in both}
    assert [child.returncode for child in both] == [0, 0]
    assert state(plan) is PlanState.SEALED
    assert session.get_one(EditionPlan, plan.id).failure is None


# --- it dies


def test_a_process_that_is_killed_publishes_nothing_and_is_tried_again_later_each_time(
    app: Flask, library: Library, plan: EditionPlan, denis: Someone, passer_by: Someone
) -> None:
    before, folder, at = sealed_bytes(library, "2026.0"), queries.shelf_of(library).path, ago(2)
    pauses = []
    for tries in (1, 2, 3):
        sealer, child = started(at)
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
        with pytest.raises(Stopped, match="la mémoire manque"):
            sealer.seal_meanwhile(at)
        told = advance.read(folder)
        assert told.tries == tries
        assert told.again is not None
        pauses.append(told.again - at)
        too_soon = Sealer()
        too_soon.seal_meanwhile(told.again - timedelta(seconds=1))
        assert too_soon.child is None
        at = told.again
    assert pauses == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert state(plan) is PlanState.CONFIRMED
    passer_by.get("/editions/2026.1/", status=404)
    page = words(denis.get(PAGE))
    assert "Le scellement s’est arrêté avant la fin." in page
    assert "la mémoire manque" in page
    assert "3 essais jusqu’ici." in page
    assert sealed_bytes(library, "2026.0") == before
    assert Sealer().seal(at) == ["2026.1"]
    assert advance.read(folder) == advance.Advance()
    assert not list(folder.glob(".building-*"))
    passer_by.get("/editions/2026.1/")


def test_a_process_without_enough_memory_is_told_in_the_log_and_tried_again(
    app: Flask, library: Library, plan: EditionPlan, caplog: pytest.LogCaptureFixture
) -> None:
    sealer, child = started(ago(2))
    resource.prlimit(child.pid, resource.RLIMIT_AS, (64 * 2**20, 64 * 2**20))
    child.wait(timeout=60)
    assert child.returncode != 0
    assert not one_pass(app, at=ago(2), jobs=[sealer.seal_meanwhile])
    assert "Le scellement s’est arrêté" in caplog.text
    assert state(plan) is PlanState.CONFIRMED
    assert one_pass(app, at=ago(1), jobs=[seal_editions])
    assert state(plan) is PlanState.SEALED


def test_the_worker_that_ends_ends_the_process_that_it_started(library: Library, plan: EditionPlan) -> None:
    with library.writing():
        sealer, child = started(ago(2))
        sealer.stop()
    assert child.returncode == -signal.SIGTERM
    assert state(plan) is PlanState.CONFIRMED
    assert is_wanted(library)


def test_a_folder_left_by_a_crash_is_taken_away_even_when_nothing_waits_for_a_seal(
    app: Flask, library: Library
) -> None:
    folder = queries.shelf_of(library).path
    for name in (".building-2026.4", "2026.4"):
        (folder / name / "scelle").mkdir(parents=True)
    assert is_wanted(library)
    assert one_pass(app, at=ago(1), jobs=[seal_editions])
    assert not list(folder.glob("*2026.4"))
    assert not is_wanted(library)


def test_an_earlier_edition_that_cannot_be_made_the_same_does_not_hold_the_next_one_up(
    app: Flask, library: Library, plan: EditionPlan, passer_by: Someone
) -> None:
    folder = queries.shelf_of(library).path
    (folder / "2026.0" / "publie").unlink()
    (folder / "2026.0" / "scelle" / "criteres" / "E4.html").unlink()
    tag = library.edition("2026.0")
    message = tag.message.replace(tag.manifest["referentiel.json"], "0" * 64)
    library.repositories.run("update-ref", "-d", "refs/tags/editions/2026.0")
    library.tag_edition("2026.0", tag.commit, message, at=ago(40))
    assert not one_pass(app, at=ago(2), jobs=[seal_editions])
    assert "2026.0 ne se refait pas à l’identique : referentiel.json" in advance.read(folder).reason
    assert state(plan) is PlanState.SEALED
    assert queries.edition(library, "2026.1").previous == "2026.0"
    passer_by.get("/editions/2026.1/")


# --- what people see of it


def test_who_publishes_sees_how_far_it_is_on_a_page_that_never_moves_by_itself(
    library: Library, plan: EditionPlan, denis: Someone
) -> None:
    folder = queries.shelf_of(library).path
    page = denis.get(PAGE)
    assert "commence dans quelques secondes" in words(page)
    assert "http-equiv" not in page.get_data(as_text=True)
    with library.writing():
        _, child = started(ago(2))
        until_it_waits_for_the_lock(library)
        advance.write(folder, replace(advance.read(folder), done=30, total=120))
        page = denis.get(PAGE)
        assert '<progress max="120" value="30"' in page.get_data(as_text=True)
        assert "25 % du travail est fait." in words(page)
        assert "http-equiv" not in page.get_data(as_text=True)
        assert "Voir où il en est" in words(page)
    assert child.wait(timeout=60) == 0
    session.rollback()
    page = denis.get(PAGE)
    assert 'href="/editions/2026.1/"' in page.get_data(as_text=True)
    assert "2026.1, publiée le" in words(page)


def test_who_confirms_is_led_to_the_page_that_says_how_far_the_seal_is(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    prepared(library, denis.person)
    chloe.fill(PAGE, to="confirmation")
    assert "Sceller l’édition 2026.1" in words(chloe.follow())


def test_progress_that_cannot_be_read_hinders_nobody(library: Library, plan: EditionPlan, denis: Someone) -> None:
    for content in (b"", b"[]", b'{"done": 1}', b"\xff\x00", b'{"again": "hier", "done": 0}'):
        (queries.shelf_of(library).path / advance.FILE).write_bytes(content)
        assert "commence dans quelques secondes" in words(denis.get(PAGE))


# --- a text that cannot be sealed


def test_a_criterion_that_no_longer_parses_is_named_with_what_to_mend(
    app: Flask, library: Library, plan: EditionPlan, denis: Someone
) -> None:
    before = sealed_bytes(library, "2026.0")
    spoilt = _commit_with(library, "criteres/E4.md", b"titre: sans en-tete\n")
    with writing() as rows:
        rows.execute(update(EditionPlan).where(EditionPlan.id == plan.id).values(commit=spoilt))
    assert one_pass(app, at=ago(2), jobs=[seal_editions])
    assert state(plan) is PlanState.FAILED
    page = words(denis.get(PAGE))
    assert "criteres/E4.md, ligne 1 :" in page
    assert "Corrigez, puis préparez de nouveau." in page
    assert sealed_bytes(library, "2026.0") == before
    assert sorted(path.name for path in queries.shelf_of(library).path.glob("[0-9.]*[0-9]")) == ["2026.0"]


def _commit_with(library: Library, path: str, content: bytes) -> str:
    """A commit whose file of this path holds these bytes, as somebody with a hand on the repository could make it."""
    blob = object_id("blob", content)
    library.store({blob: Made("blob", content)})
    run = library.repositories.run
    scratch = {"GIT_INDEX_FILE": str(library.path.parent / "scratch-index")}
    run("read-tree", library.head(), environ=scratch)
    run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", environ=scratch)
    tree = run("write-tree", environ=scratch).decode().strip()
    return run("commit-tree", tree, "-p", library.head(), "-m", "by hand").decode().strip()


def test_the_command_says_why_an_edition_was_not_sealed(
    settings: Settings, library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    prepared(library, denis.person)
    plan = queries.open_plan()
    assert plan is not None
    actions.confirm(library, plan, by=chloe.person, at=ago(0))
    spoilt = _commit_with(library, "criteres/E4.md", b"titre: sans en-tete\n")
    with writing() as rows:
        rows.execute(update(EditionPlan).where(EditionPlan.id == plan.id).values(commit=spoilt))
    session.remove()
    people = ("--prepared-by", "denis@tests.invalid", "--confirmed-by", "chloe@tests.invalid")
    answer = CliRunner().invoke(referentiel, ["edition", "publish", *people], env=environment(settings))
    assert answer.exit_code == 1
    assert "criteres/E4.md, ligne 1" in str(answer.exception)


def test_a_note_of_several_lines_stays_on_its_line_of_the_seal(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    note = "Un passage.\n\n0000  criteres/E4.md\r\ncommit: autre\u2028status: faux"
    plan = prepared(library, denis.person, note=note)
    actions.confirm(library, plan, by=chloe.person, at=ago(3))
    seal_confirmed(library, PRESS, at=ago(2))
    tag = library.edition("2026.1")
    assert tag.header["commit"] == plan.commit
    assert tag.header["status"] != "faux"
    assert tag.header["note"].startswith("Un passage. 0000 criteres/E4.md commit: autre")
    assert tag.manifest == dict(queries.edition(library, "2026.1").manifest)


def test_the_settings_of_the_parent_are_those_of_its_child(settings: Settings) -> None:
    other = replace(settings, formats="zip", port=8123, public_url="http://127.0.0.1:9999", mail_from="a@b.invalid")
    assert Settings.from_environment(other.environment) == other
