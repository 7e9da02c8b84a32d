"""Tests that share what is long to make stay in one process of a run: a version of a tool may forget it silently."""

import re
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE

SHARED = """
import pytest

pytestmark = pytest.mark.xdist_group("shared")


@pytest.mark.parametrize("place", range(12))
def test_place(place: int) -> None:
    assert place >= 0
"""


def test_tests_of_one_group_run_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "test_shared.py").write_text(SHARED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"]
    told = subprocess.run(
        [*command, "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    ).stdout
    passed = re.findall(r"^\[(gw\d)\].*PASSED", told, re.MULTILINE)
    assert len(passed) == 12
    assert len(set(passed)) == 1
