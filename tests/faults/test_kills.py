"""``kill -9`` at random instants, of the workers alone or with their git children."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from referentiel.database import session
from referentiel.journal.models import OPEN, Operation
from tests.faults.settling import WHOLE, settle, start, told_by
from tests.library_house import copy_folder, house_in

RUNS = 150 if WHOLE else 15
WORKERS = 2
CUT_IN_BETWEEN = 0.3


def test_killed_at_random_instants_everything_settles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy_folder(tmp_path / "house")
    chance = random.Random(20260105)
    cut, done = 0, 0
    for run in range(RUNS):
        workers = [start(folder, "loop", f"criteres/A{number + 2}.md") for number in range(WORKERS)]
        outputs = [first_line(worker) for worker in workers]
        wait_for(chance.uniform(0.0, 0.08))
        for worker in workers:
            # Every other time git outlives its worker: it then keeps the writer lock until it ends.
            if run % 2:
                os.kill(worker.pid, signal.SIGKILL)
            else:
                os.killpg(worker.pid, signal.SIGKILL)
        told = []
        for worker, output in zip(workers, outputs, strict=True):
            told += told_by(output + worker.communicate()[0])
        done += len(told)
        cut += open_operations(folder) > 0
        settle(folder, told)
    with capsys.disabled():
        sys.stdout.write(
            f"\nkill -9: {cut} of {RUNS} runs fell between an operation and its end; {done} answers true\n"
        )
    assert cut >= CUT_IN_BETWEEN * RUNS


def first_line(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline()


def wait_for(seconds: float) -> None:
    """The instant of the kill is what is drawn at random here."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def open_operations(folder: Path) -> int:
    with house_in(folder):
        return session.scalar(select(func.count(Operation.id)).where(Operation.state == OPEN)) or 0
