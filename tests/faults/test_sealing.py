"""An edition sealed while the process is killed, or the disk is full: the former one untouched, nothing in halves."""

import shutil
import signal
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest

from referentiel.editions.sealing.sealing import recover, seal
from referentiel.editions.shelf import Shelf
from referentiel.library.library import Library
from tests.faults.sealing_house import AT, NEXT, described, die_at, made, published
from tests.faults.settling import ROOT

SCRIPT = "tests.faults.sealing_house"
BEFORE = ("built", "written", "lock awaited", "lock taken", "in place", "tag stored")
AFTER = ("tagged",)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house that each test copies."""
    folder = tmp_path_factory.mktemp("house")
    made(folder).close()
    return folder


@pytest.mark.parametrize("step", [*BEFORE, *AFTER])
def test_killed_at_this_step_an_edition_is_whole_or_is_not_there(whole: Path, tmp_path: Path, step: str) -> None:
    shutil.copytree(whole, tmp_path / "house")
    process = get_context("fork").Process(target=die_at, args=(step, tmp_path / "house"))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    library, editions = Library.open(tmp_path / "house" / "library.git"), tmp_path / "house" / "editions"
    assert [str(one.number) for one in Shelf(editions).editions()] == ["2026.0"]
    recover(library, editions)
    if step in BEFORE:
        assert published(library) == ["2026.0"]
        seal(library, editions, described(library, NEXT), at=AT)
    assert published(library) == ["2026.0", "2026.1"]
    assert recover(library, editions) == []


def test_a_full_disk_leaves_the_former_edition_as_it_was_and_the_next_try_passes(whole: Path, tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed (apt-get install util-linux)")
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"a disk of our own may not be mounted here: {tried.stderr.decode().strip()}")
    (tmp_path / "disk").mkdir()
    inside = f'mount -t tmpfs -o size=4m tmpfs "$1" && cp -a "$2"/. "$1" && exec "$3" -B -m {SCRIPT} "$1"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", inside, "sh", str(tmp_path / "disk"), str(whole), sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.split()
    assert said.count("refused") >= 3
    assert said[-1] == "done"
