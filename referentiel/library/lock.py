"""One writer at a time, among all threads and processes that share the library."""

import fcntl
import logging
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from referentiel.library.failures import busy, disk_refuses

log = logging.getLogger(__name__)
PATIENCE = 5.0


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
        _take(descriptor, patience)
        _delete_stale_locks(repository)
        yield descriptor
    finally:
        # Closing lets go of it, unless a child still has it: an explicit unlock would take it from that child.
        os.close(descriptor)


def _take(descriptor: int, patience: float) -> None:
    limit, pause = time.monotonic() + patience, 0.001
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            left = limit - time.monotonic()
            if left <= 0:
                raise busy() from None
            time.sleep(min(left, pause * random.uniform(0.5, 1.5)))  # noqa: S311
            pause = min(pause * 1.5, 0.02)


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
