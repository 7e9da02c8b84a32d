"""One writer at a time, among all threads and processes that share the library."""

import fcntl
import logging
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from referentiel.library.failures import busy, disk_refuses

log = logging.getLogger(__name__)
PATIENCE = 5.0
LONGEST_PAUSE, SHORTEST_PAUSE = 0.015, 0.0005
ATTENDED = "attended-operations"
_here = threading.local()


@contextmanager
def writer_lock(repository: Path, *, patience: float = PATIENCE) -> Iterator[int]:
    """Hold ``writer.flock``; gives its descriptor, to be passed to the git child.

    A child that outlives a killed worker keeps the lock until it ends, so nobody writes beside it. Raises ``Busy``
    after ``patience`` seconds. Who holds it is alone, so any ``*.lock`` left in the library is stale and is deleted.
    """
    try:
        descriptor = os.open(repository / "writer.flock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise disk_refuses() from error
    try:
        if not _take(descriptor, patience):
            raise busy()
        _delete_stale_locks(repository)
        yield descriptor
    finally:
        # Closing lets go of it, unless a child still has it: an explicit unlock would take it from that child.
        os.close(descriptor)


class Elsewhere(Exception):
    """Another living process is at this operation."""


@contextmanager
def attended(repository: Path, operation: str, *, patience: float = PATIENCE) -> Iterator[None]:
    """Be alone, among all processes, at one operation; a crash lets go of it. About 50 µs.

    A thread that is at it already goes on: it lets go at the end of the first block. Raises :class:`Elsewhere` when
    another process still is after ``patience`` seconds, ``Busy`` when the disk refuses.
    """
    path = repository / ATTENDED / operation
    mine: set[Path] = _here.__dict__.setdefault("mine", set())
    if path in mine:
        yield
        return
    descriptor = _attend(path, patience)
    mine.add(path)
    try:
        yield
    finally:
        mine.discard(path)
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _attend(path: Path, patience: float) -> int:
    while True:
        try:
            path.parent.mkdir(exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise disk_refuses() from error
        if not _take(descriptor, patience):
            os.close(descriptor)
            raise Elsewhere(path.name)
        if _is_still(path, descriptor):
            return descriptor
        # Who was at it has just ended, and took the file away: what we hold has no name any more.
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.stat(path).st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _take(descriptor: int, patience: float) -> bool:
    """Whether we hold it, after at most that many seconds.

    Who has waited longest asks most often: among many writers nobody is left behind.
    """
    start = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            waited = time.monotonic() - start
            if waited >= patience:
                return False
            pause = max(LONGEST_PAUSE * (1 - waited / patience) ** 3, SHORTEST_PAUSE)
            time.sleep(min(pause * random.uniform(0.5, 1.5), patience - waited))  # noqa: S311


def _delete_stale_locks(repository: Path) -> None:
    for path in (*_locks_in(repository, deep=False), *_locks_in(repository / "refs", deep=True)):
        log.warning("stale lock deleted: %s", path)
        Path(path).unlink(missing_ok=True)


def _locks_in(folder: Path | str, *, deep: bool) -> Iterator[str]:
    """Paths that end with ``.lock``. A few folders only: about 50 µs."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".lock"):
                yield entry.path
            elif deep and entry.is_dir(follow_symlinks=False):
                yield from _locks_in(entry.path, deep=True)
