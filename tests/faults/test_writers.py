"""Many deciders at once, and what a crash leaves behind: all that can land lands, and each is told the truth."""

import logging
import subprocess
import time
from pathlib import Path

import pytest

from referentiel.database import session
from referentiel.journal.models import Operation
from tests.faults.settling import WHOLE, check, start, told_by
from tests.library_house import copy_folder, house_in

WRITERS = 8
TIMES = 50 if WHOLE else 10


def test_eight_writers_of_eight_criteria_all_land(tmp_path: Path) -> None:
    folder = copy_folder(tmp_path / "house", WRITERS)
    workers = [start(folder, "times", f"criteres/A{number}.md", str(TIMES)) for number in range(1, WRITERS + 1)]
    told = race(workers)
    assert [word for word, _ in told].count("done") == WRITERS * TIMES, sorted(told)
    with house_in(folder) as house:
        check(house, told)
        history = list(house.library.snapshots.chain(house.library.head()))
        assert len(history) == WRITERS * TIMES + 1
        for number in range(1, WRITERS + 1):
            words = house.section(f"criteres/A{number}.md", "Énoncé")
            assert words == f"Fois {TIMES - 1} de criteres/A{number}.md."


def test_eight_deciders_of_one_section_one_wins_and_the_others_keep_their_text(tmp_path: Path) -> None:
    folder = copy_folder(tmp_path / "house")
    with house_in(folder) as house:
        base = house.library.head()
    workers = [
        start(folder, "once", "criteres/A1.md", "Énoncé", f"Rédaction {number}.", base) for number in range(WRITERS)
    ]
    told = race(workers)
    assert sorted(word for word, _ in told) == ["done"] + ["moved"] * (WRITERS - 1)
    with house_in(folder) as house:
        check(house, told)
        kept = [session.get_one(Operation, identity) for _, identity in told]
        assert {row.files[0]["text"].count("Rédaction") for row in kept} == {1}
        (winner,) = [identity for word, identity in told if word == "done"]
        order = session.get_one(Operation, winner).order
        assert house.library.read("criteres/A1.md").text == order.changes[0].text


def race(workers: list[subprocess.Popen[str]]) -> list[tuple[str, str]]:
    """Let them all go once they are all ready."""
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    outputs = [worker.communicate(timeout=300) for worker in workers]
    for worker, (_, errors) in zip(workers, outputs, strict=True):
        assert worker.returncode == 0, errors
    return [line for output, _ in outputs for line in told_by(output)]


@pytest.mark.parametrize("name", ["refs/heads/main.lock", "HEAD.lock", "packed-refs.lock", "config.lock"])
def test_a_stale_lock_stops_nobody(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    folder = copy_folder(tmp_path / "house")
    lock = folder / "library.git" / name
    with house_in(folder) as house, caplog.at_level(logging.WARNING):
        lock.touch()
        start_at = time.monotonic()
        house.adopt("criteres/A1.md", {"Énoncé": "Malgré le verrou."})
        assert time.monotonic() - start_at < 1
        assert not lock.exists()
    assert any("stale lock" in record.message for record in caplog.records)
