"""``kill -9`` at random instants, of the workers alone or with their git children."""

import random
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from referentiel.database import session
from referentiel.journal.models import OPEN, Operation
from tests.faults.nursery import nursery
from tests.faults.settling import WHOLE, settle, told_by
from tests.library_house import copy_folder, house_in

RUNS = 150 if WHOLE else 15
WORKERS = 2
CUT_IN_BETWEEN = 0.3


def test_killed_at_random_instants_everything_settles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy_folder(tmp_path / "house")
    chance = random.Random(20260105)
    cut, answers = 0, 0
    with nursery(tmp_path / "nursery") as children:
        for run in range(RUNS):
            workers = [children.start(folder, "loop", f"criteres/A{number + 2}.md") for number in range(WORKERS)]
            said = [worker.says.readline() for worker in workers]
            until(chance.uniform(0.0, 0.08))
            for worker in workers:
                # Every other time git outlives its worker: it then keeps the writer lock until it ends.
                worker.kill(group=run % 2 == 0)
            told = [
                line for first, worker in zip(said, workers, strict=True) for line in told_by(first + worker.rest())
            ]
            answers += len(told)
            cut += open_operations(folder) > 0
            settle(folder, told)
    with capsys.disabled():
        sys.stdout.write(
            f"\nkill -9: {cut} of {RUNS} runs fell between an operation and its end; {answers} answers true\n"
        )
    assert cut >= CUT_IN_BETWEEN * RUNS


def until(seconds: float) -> None:
    """The instant of the kill is what is drawn at random here."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def open_operations(folder: Path) -> int:
    with house_in(folder):
        return session.scalar(select(func.count(Operation.id)).where(Operation.state == OPEN)) or 0
