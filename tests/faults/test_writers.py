"""Many deciders at once, and what a crash leaves behind: all that can land lands, and each is told the truth."""

import logging
from pathlib import Path

import pytest

from referentiel.database import session
from referentiel.journal.models import Operation
from tests.faults.nursery import nursery
from tests.faults.settling import WHOLE, check, told_by
from tests.library_house import copy_folder, house_in, on_server
from tests.postgresql import Server

WRITERS = 8
TIMES = 50 if WHOLE else 10


def test_eight_writers_of_eight_criteria_all_land(tmp_path: Path, server: Server | None) -> None:
    folder = on_server(copy_folder(tmp_path / "house", WRITERS), server)
    paths = [f"criteres/A{number}.md" for number in range(1, WRITERS + 1)]
    told = race(tmp_path, folder, [["times", path, str(TIMES)] for path in paths])
    assert [word for word, _ in told].count("done") == WRITERS * TIMES, sorted(told)
    with house_in(folder) as house:
        check(house, told)
        assert len(list(house.library.snapshots.chain(house.library.head()))) == WRITERS * TIMES + 1
        for path in paths:
            assert house.section(path, "Énoncé") == f"Fois {TIMES - 1} de {path}."


def test_eight_deciders_of_one_section_one_wins_and_the_others_keep_their_text(
    tmp_path: Path, server: Server | None
) -> None:
    folder = on_server(copy_folder(tmp_path / "house"), server)
    with house_in(folder) as house:
        base = house.library.head()
    acts = [["once", "criteres/A1.md", "Énoncé", f"Rédaction {number}.", base] for number in range(WRITERS)]
    told = race(tmp_path, folder, acts)
    assert sorted(word for word, _ in told) == ["done"] + ["moved"] * (WRITERS - 1)
    with house_in(folder) as house:
        check(house, told)
        kept = [session.get_one(Operation, identity) for _, identity in told]
        assert {row.files[0]["text"].count("Rédaction") for row in kept} == {1}
        (winner,) = [identity for word, identity in told if word == "done"]
        order = session.get_one(Operation, winner).order
        assert house.library.read("criteres/A1.md").text == order.changes[0].text


def race(tmp_path: Path, folder: Path, acts: list[list[str]]) -> list[tuple[str, str]]:
    """Let them all go once they are all ready."""
    with nursery(tmp_path / "nursery") as children:
        workers = [children.start(folder, *act) for act in acts]
        for worker in workers:
            worker.says.readline()
        for worker in workers:
            worker.hears.write("go\n")
            worker.hears.flush()
        return [line for worker in workers for line in told_by(worker.rest())]


@pytest.mark.parametrize("name", ["refs/heads/main.lock", "HEAD.lock", "packed-refs.lock", "config.lock"])
def test_a_stale_lock_stops_nobody(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    folder = copy_folder(tmp_path / "house")
    lock = folder / "library.git" / name
    with house_in(folder) as house, caplog.at_level(logging.WARNING):
        lock.touch()
        house.adopt("criteres/A1.md", {"Énoncé": "Malgré le verrou."})
        assert not lock.exists()
    assert any("stale lock" in record.message for record in caplog.records)
