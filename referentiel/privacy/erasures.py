"""The erasure list: what must be erased again when an older backup is restored. A file beside the database, one JSON
line an erasure.

It holds no name and no number: what was erased is known by an HMAC under the instance's secret, over its number and the
moment when it was made, so that a number given again after a restoration is somebody else.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from referentiel.library.loose import synchronise_folder
from referentiel.people.keys import derived

FILE = "erasures.jsonl"


class What(StrEnum):
    """What was erased: an account, an account with its published words, or one contribution."""

    ACCOUNT = "account"
    WORDS_TOO = "account_and_words"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True, order=True)
class Erasure:
    """One line of the list."""

    at: datetime
    what: What
    key: str

    def line(self) -> str:
        return json.dumps({"at": self.at.isoformat(), "what": self.what.value, "key": self.key}) + "\n"


def key_of(secret: bytes, table: str, number: int, made: datetime) -> str:
    """How a row is known in the list, 64 hexadecimal digits."""
    return hmac.digest(derived(secret, "erasures"), f"{table}/{number}/{made.isoformat()}".encode(), "sha256").hex()


def append(file: Path, erasures: Iterable[Erasure]) -> None:
    """Add lines, on disk when this returns. A line that a crash cut short is ended first, and read by nobody."""
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        lines = "".join(one.line() for one in erasures)
        os.write(descriptor, (("\n" if cut else "") + lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        synchronise_folder(file.parent)


def read(file: Path) -> frozenset[Erasure]:
    """Every whole line; none when there is no file."""
    if not file.is_file():
        return frozenset()
    found = set()
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            found.add(Erasure(datetime.fromisoformat(row["at"]), What(row["what"]), row["key"]))
        except (ValueError, KeyError, TypeError):
            continue
    return frozenset(found)


def merge(file: Path, others: Iterable[Path]) -> int:
    """Add to a list what others hold and it does not; gives how many lines came."""
    missing = frozenset().union(*(read(other) for other in others)) - read(file)
    if missing:
        append(file, sorted(missing))
    return len(missing)
