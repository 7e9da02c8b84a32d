"""What must hold after any fault: everything settles, nothing is lost, and what people were told is true."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from referentiel.database import session
from referentiel.journal.messages import OPERATION, trailers
from referentiel.journal.models import Operation
from referentiel.library.recovery import Recovery, recover
from referentiel.library.verification import verify
from tests.library_house import House, house_in

WHOLE = os.environ.get("REFERENTIEL_TEST_FAULTS") == "whole"
ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, *arguments: str, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """A worker in a process group of its own; ``before`` is a command that runs it (strace, unshare)."""
    return subprocess.Popen(
        [*before, sys.executable, "-B", "-m", "tests.faults.worker", str(folder), *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def told_by(output: str) -> list[tuple[str, str]]:
    """The complete lines of a worker: what people were told, and of which operation."""
    lines = output.split("\n")[:-1]
    return [(word, identity) for word, _, identity in (line.partition(" ") for line in lines) if word != "ready"]


def settle(folder: Path, told: Iterable[tuple[str, str]]) -> Recovery:
    """Start again after a fault, and check every promise. Gives what recovery had to settle."""
    with house_in(folder) as house:
        settled = recover(house.library, at=house.tick())
        check(house, told)
        house.adopt("criteres/A1.md", {"Pourquoi": f"Encore debout : {house.library.head()}."})
        assert recover(house.library, at=house.tick()) == Recovery()
        return settled


def check(house: House, told: Iterable[tuple[str, str]]) -> None:
    """I1 to I7, and that each answer is still true."""
    assert [str(finding) for finding in verify(house.library)] == []
    carried = [
        one
        for _, commit in house.library.snapshots.chain(house.library.head())
        for one in trailers(commit.message).get(OPERATION, ())
    ]
    assert len(carried) == len(set(carried))
    for word, identity in told:
        operation = session.get(Operation, identity)
        state = operation.state if operation else "unknown"
        allowed = {
            "done": {"done"},
            "moved": {"refused"},
            "busy": {"refused"},
            "unsure": {"done", "refused"},
            "failed": {"unknown", "done", "refused"},
        }
        assert state in allowed[word], f"told {word}, found {state}"
        assert (identity in carried) == (state == "done")
    answers = house.told()
    assert len(answers) == len({identity for identity, _ in answers})
    session.rollback()
