"""The process killed, or the disk failing, at the Nth system call of a decision: before or after, never between."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from referentiel.library.references import MAIN
from tests.faults.settling import WHOLE, settle, start, told_by
from tests.library_house import House, copy_folder, house_in

FARTHEST = 120
PLACES = {"rename": 4, "unlink": 1, "fsync": 9, "fdatasync": 5, "pwrite64": 90}
"""How many of each call a decision makes, about: a sample is drawn among them."""


def needs_strace() -> None:
    """Skips, with the reason, where processes cannot be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (apt-get install strace)")
    tried = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"strace may not trace here: {tried.stderr.decode().strip()}")


def decide_under(folder: Path, *injections: str, words: str) -> tuple[int, list[tuple[str, str]]]:
    """One decision by a traced process: its exit status (0 when nothing was injected into it) and what was told."""
    options = [f"--inject={injection}" for injection in injections]
    calls = ",".join(injection.partition(":")[0] for injection in injections)
    tracer = ["strace", "-f", "-qq", "-o", str(trace_of(folder)), f"--trace={calls}", *options]
    worker = start(folder, "once", "criteres/A2.md", "Énoncé", words, before=tracer)
    output, _ = worker.communicate("go\n", timeout=60)
    return worker.returncode, told_by(output)


def trace_of(folder: Path) -> Path:
    """What was injected, call by call."""
    return folder.with_suffix(".calls")


def statement(folder: Path) -> str:
    with house_in(folder) as house:
        return house.section("criteres/A2.md", "Énoncé")


@pytest.mark.parametrize("call", list(PLACES))
def test_killed_at_any_system_call_it_is_before_or_after(tmp_path: Path, call: str) -> None:
    needs_strace()
    chosen = range(1, FARTHEST + 1) if WHOLE else [random.Random(call).randint(1, PLACES[call])]
    for number in chosen:
        folder = copy_folder(tmp_path / f"{call}-{number}")
        before = statement(folder)
        status, told = decide_under(folder, f"{call}:signal=KILL:when={number}", words="Après.")
        settled = settle(folder, told)
        after = statement(folder)
        assert after in (before, "Après.")
        if settled.replayed or settled.found or ("done" in dict(told)):
            assert after == "Après."
        shutil.rmtree(folder)
        if status == 0:
            break


@pytest.mark.parametrize(
    "injection",
    ["fsync:error=EIO", "fsync:error=EIO:when=3", "fsync:error=ENOSPC:when=2+", "rename:error=EIO:when=2"],
)
def test_a_disk_that_fails_is_told_and_the_next_try_succeeds(tmp_path: Path, injection: str) -> None:
    needs_strace()
    folder = copy_folder(tmp_path / "house")
    head = reference(folder)
    status, told = decide_under(folder, injection, words="Perdu.")
    assert status == 0
    ((word, _),) = told
    # Calls are counted in each thread, and several synchronise together: the third of one may never come.
    always = ":when=" not in injection or injection.startswith("rename")
    if always or "INJECTED" in trace_of(folder).read_text():
        assert word in ("busy", "unsure")
    else:
        assert (word, statement(folder)) == ("done", "Perdu.")
    if word == "busy":
        assert reference(folder) == head
    settle(folder, told)
    with house_in(folder) as house:
        house.adopt("criteres/A2.md", {"Énoncé": "Cette fois."})
        assert_debris_is_swept(house)


def test_a_database_whose_disk_fails_promises_nothing(tmp_path: Path) -> None:
    needs_strace()
    folder = copy_folder(tmp_path / "house")
    for number in (1, 2):
        _, told = decide_under(folder, f"fdatasync:error=EIO:when={number}", words=f"Essai {number}.")
        settle(folder, told)


def reference(folder: Path) -> str:
    return (folder / "library.git" / MAIN).read_text()


def assert_debris_is_swept(house: House) -> None:
    assert list((house.library.path / "objects").rglob("tmp_obj_*")) == []
