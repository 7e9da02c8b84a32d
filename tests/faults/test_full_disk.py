"""A disk with no room left: nothing acknowledged falsely, reading still works, the next try succeeds."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.settling import ROOT
from tests.library_house import copy_folder

SCRIPT = "tests.faults.full_disk"


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed (apt-get install util-linux)")
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"a disk of our own may not be mounted here: {tried.stderr.decode().strip()}")
    disk, source = tmp_path / "disk", copy_folder(tmp_path / "house")
    disk.mkdir()
    inside = f'mount -t tmpfs -o size=4m tmpfs "$1" && cp -a "$2" "$1/house" && exec "$3" -B -m {SCRIPT} "$1"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", inside, "sh", str(disk), str(source), sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "refused" in done.stdout
