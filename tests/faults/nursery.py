"""Workers forked from one process that has imported everything already: starting thirty of them takes no time.

The nursery has one thread and opens nothing, so that each child is as fresh as a process of its own.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.faults import worker

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Child:
    """A worker, alone in its process group: what it says, and what it is told."""

    pid: int
    says: TextIO
    hears: TextIO

    def kill(self, *, group: bool) -> None:
        """``kill -9``, with its git children or without."""
        if group:
            os.killpg(self.pid, signal.SIGKILL)
        else:
            os.kill(self.pid, signal.SIGKILL)

    def rest(self) -> str:
        """All that it still says until it is gone."""
        with self.says, self.hears:
            return self.says.read()


class Nursery:
    """Asks the process for children."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self._folder, self._process, self._count = folder, process, 0

    def start(self, house: Path, *arguments: str) -> Child:
        """A worker on this house; it opens it by itself."""
        self._count += 1
        says, hears = (self._folder / f"{self._count}-{name}" for name in ("says", "hears"))
        os.mkfifo(says)
        os.mkfifo(hears)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(says), str(hears), str(house), *arguments]) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        return Child(pid, says.open(), hears.open("w"))


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """Open it for one test."""
    folder.mkdir()
    command = [sys.executable, "-B", "-m", "tests.faults.nursery"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Nursery(folder, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def main() -> None:
    """Fork a child for each line; the kernel buries them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        says, hears, house, *arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(says, hears, Path(house), arguments)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _live(says: str, hears: str, house: Path, arguments: list[str]) -> None:
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdout = open(says, "w")  # noqa: SIM115
        sys.stdin = open(hears)  # noqa: SIM115
        worker.main(house, *arguments)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
