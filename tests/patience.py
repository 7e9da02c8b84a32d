"""A generous time-out: it tells a hang from an answer, and measures nothing. Speed lives in ``make bench``."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 60


class Hangs(Exception):
    """No answer came."""


@contextmanager
def patience(seconds: int = PATIENCE) -> Iterator[None]:
    """Raise :class:`Hangs` inside the block after that many seconds."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise Hangs(f"no answer after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
