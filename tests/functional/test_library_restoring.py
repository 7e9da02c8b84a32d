"""Backups, restorations, upkeep, and an upstream: what operators do, and what must hold after it."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from referentiel.errors import Busy, Refused
from referentiel.journal.queries import operation as operation_of
from referentiel.library.backups import bundle, unbundle
from referentiel.library.library import Library
from referentiel.library.maintenance import maintain
from referentiel.library.reconciling import reconcile
from referentiel.library.recovery import recover
from referentiel.library.verification import verify
from tests.faults.settling import WHOLE
from tests.library_house import FIRST_DAY, House, copy_folder, house_in

BACKUPS = 12 if WHOLE else 4


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(copy_folder(tmp_path / "house")) as opened:
        yield opened


def live(house: House, count: int = 3) -> None:
    for number in range(count):
        house.adopt("criteres/A1.md", {"Énoncé": f"Version {house.now} {number}."})


def copy_database(house: House, target: Path) -> None:
    house.library.close()
    subprocess.run(
        [
            "python3",
            "-c",
            f"import sqlite3; sqlite3.connect({str(house.folder / 'referentiel.sqlite')!r})"
            f".backup(sqlite3.connect({str(target)!r}))",
        ],
        check=True,
    )


def test_sql_older_than_git_is_reconciled_and_twice_is_once(house: House, tmp_path: Path) -> None:
    live(house)
    older = shutil.copytree(house.folder, tmp_path / "older")
    copy_database(house, older / "day1.sqlite")
    live(house)
    for file in older.glob("referentiel.sqlite*"):
        file.unlink()
    (older / "day1.sqlite").rename(older / "referentiel.sqlite")
    shutil.rmtree(older / "library.git")
    shutil.copytree(house.library.path, older / "library.git")
    with house_in(older) as restored:
        assert {finding.invariant for finding in verify(restored.library)} >= {"I7"}
        assert len(reconcile(restored.library, at=FIRST_DAY)) == 3
        assert reconcile(restored.library, at=FIRST_DAY) == []
        assert verify(restored.library) == []
        restored.adopt("criteres/A2.md", {"Énoncé": "On continue."})


def test_git_older_than_sql_is_written_again_with_the_same_hashes(house: House, tmp_path: Path) -> None:
    live(house)
    file = tmp_path / "day1.bundle"
    bundle(house.library, file)
    live(house)
    head = house.library.head()
    shutil.rmtree(house.library.path)
    unbundle(file, house.library.path)
    with house_in(house.folder) as restored:
        assert restored.library.head() != head
        assert {finding.invariant for finding in verify(restored.library)} >= {"I1"}
        assert len(reconcile(restored.library, at=FIRST_DAY)) == 3
        assert restored.library.head() == head
        assert reconcile(restored.library, at=FIRST_DAY) == []
        assert verify(restored.library) == []


def test_a_bundle_holds_the_draft_and_the_editions_and_comes_back_whole(house: House, tmp_path: Path) -> None:
    live(house)
    head = house.library.head()
    tag = house.library.tag_edition("2026.1", head, f"commit: {head}\n\n{'a' * 64}  x.html\n", at=FIRST_DAY)
    assert bundle(house.library, tmp_path / "backup.bundle") == head
    assert unbundle(tmp_path / "backup.bundle", tmp_path / "again.git") == head
    again = Library.open(tmp_path / "again.git")
    assert again.head() == head
    assert again.editions() == (tag,)
    refs = subprocess.run(["git", "for-each-ref"], cwd=house.library.path, capture_output=True, check=True).stdout
    assert b"backup" not in refs
    (tmp_path / "cut.bundle").write_bytes((tmp_path / "backup.bundle").read_bytes()[:-200])
    with pytest.raises(Refused, match="abîmé"):
        unbundle(tmp_path / "cut.bundle", tmp_path / "cut.git")
    assert not (tmp_path / "cut.git").exists()


def test_backups_made_while_people_decide_each_come_back_clean(house: House, tmp_path: Path) -> None:
    stop = threading.Event()

    def decide() -> None:
        with house.app.app_context():
            number = 0
            while not stop.is_set():
                number += 1
                house.adopt("criteres/A1.md", {"Énoncé": f"Pendant la sauvegarde {number}."})
            house.library.close()

    thread = threading.Thread(target=decide)
    thread.start()
    try:
        for number in range(BACKUPS):
            folder = tmp_path / f"backup-{number}"
            folder.mkdir()
            copy_database(house, folder / "referentiel.sqlite")
            bundle(house.library, folder / "library.bundle")
    finally:
        stop.set()
        thread.join()
    for number in range(BACKUPS):
        folder = tmp_path / f"backup-{number}"
        unbundle(folder / "library.bundle", folder / "library.git")
        with house_in(folder) as restored:
            recover(restored.library, at=FIRST_DAY)
            reconcile(restored.library, at=FIRST_DAY)
            assert verify(restored.library) == []


def test_upkeep_packs_and_changes_nothing_that_anybody_reads(house: House) -> None:
    live(house)
    before = {path: house.library.read(path).text for path in house.library.files(house.library.head())}
    orphan = house.library.repositories.run("hash-object", "-w", "--stdin", given=b"not yet referred to").decode()
    maintain(house.library)
    (loose,) = (house.library.path / "objects").glob("[0-9a-f][0-9a-f]/*")
    assert loose.parent.name + loose.name == orphan.strip(), "what a decision under way may refer to stays"
    ready = {folder.name for folder in (house.library.path / "objects").glob("[0-9a-f][0-9a-f]")}
    assert len(ready) == 256, "no writer of the day waits for a folder"
    house.library.snapshots.clear()
    assert {path: house.library.read(path).text for path in before} == before
    assert house.library.repositories.read(orphan.strip())[1] == b"not yet referred to"
    live(house)
    assert verify(house.library) == []
    assert maintain(house.library)


@pytest.fixture
def upstream(house: House, tmp_path: Path) -> Iterator[tuple[House, Path]]:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(remote)], check=True)
    with house_in(house.folder, upstream=str(remote)) as opened:
        yield opened, remote


def theirs(remote: Path) -> str:
    shown = subprocess.run(["git", "rev-parse", "main"], cwd=remote, capture_output=True, check=True)
    return shown.stdout.decode().strip()


def test_with_an_upstream_its_reference_is_the_commit_point(upstream: tuple[House, Path]) -> None:
    house, remote = upstream
    live(house, 2)
    assert theirs(remote) == house.library.head()
    head = house.library.head()
    house.library.tag_edition("2026.1", head, f"commit: {head}\n\n{'a' * 64}  x.html\n", at=FIRST_DAY)
    tags = subprocess.run(["git", "tag"], cwd=remote, capture_output=True, check=True).stdout
    assert tags == b"editions/2026.1\n"
    assert verify(house.library) == []


class Crash(BaseException):
    pass


def test_a_crash_between_the_push_and_our_reference_is_followed(upstream: tuple[House, Path]) -> None:
    house, remote = upstream
    live(house, 1)
    change = house.edit("criteres/A1.md", {"Énoncé": "Poussé."})
    operation = house.begin([change])
    identity, order = operation.id, operation.order

    def falls(step: str) -> None:
        if step == "pushed":
            raise Crash

    house.library.failpoints = falls
    with pytest.raises(Crash):
        house.library.apply(order)
    assert theirs(remote) != house.library.head()
    with house_in(house.folder, upstream=str(remote)) as after:
        assert recover(after.library, at=FIRST_DAY).found == [identity]
        assert after.library.head() == theirs(remote)
        assert verify(after.library) == []


def test_an_upstream_that_refuses_or_is_gone_leaves_nothing_behind(upstream: tuple[House, Path]) -> None:
    house, remote = upstream
    live(house, 1)
    head = house.library.head()
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(Busy):
        house.adopt("criteres/A1.md", {"Énoncé": "Refusé là-bas."})
    hook.unlink()
    remote.rename(remote.with_name("gone.git"))
    with pytest.raises(Busy):
        house.adopt("criteres/A1.md", {"Énoncé": "Personne ne répond."})
    remote.with_name("gone.git").rename(remote)
    assert house.library.head() == head == theirs(remote)
    house.adopt("criteres/A1.md", {"Énoncé": "Cette fois."})
    assert house.library.head() == theirs(remote)
    assert verify(house.library) == []
    assert operation_of("none") is None


def test_what_another_house_pushed_is_followed_before_deciding(upstream: tuple[House, Path], tmp_path: Path) -> None:
    house, remote = upstream
    live(house, 1)
    with house_in(copy_folder_of(house, tmp_path / "twin"), upstream=str(remote)) as twin:
        twin.adopt("criteres/A2.md", {"Énoncé": "Décidé ailleurs."})
    house.adopt("criteres/A1.md", {"Énoncé": "Décidé ici."})
    assert house.section("criteres/A2.md", "Énoncé") == "Décidé ailleurs."
    assert house.library.head() == theirs(remote)


def copy_folder_of(house: House, folder: Path) -> Path:
    return shutil.copytree(house.folder, folder)
