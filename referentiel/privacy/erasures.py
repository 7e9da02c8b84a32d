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

from referentiel.durable import SECRET, synchronise
from referentiel.errors import N_, Refused
from referentiel.people.doors.keys import derived

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
    """Add lines, on disk when this returns. A line that a crash cut short is taken away first: it was never said."""
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, SECRET)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        held = file.read_bytes()
        last = held[held.rfind(b"\n") + 1 :]
        whole = _erasure(last) is not None
        if last and not whole:
            os.ftruncate(descriptor, len(held) - len(last))
        lines = "".join(one.line() for one in erasures)
        os.write(descriptor, (("\n" if whole else "") + lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        synchronise(file.parent)


def read(file: Path) -> frozenset[Erasure]:
    """Every line; none when there is no file. The last one may have been cut short by a crash: it is left out.

    Raises :class:`Refused` for any other line that cannot be read: somebody who was erased would come back.
    """
    if not file.is_file():
        return frozenset()
    *lines, last = file.read_bytes().split(b"\n")
    found = {_erasure(last)}
    for number, line in enumerate(lines, 1):
        one = _erasure(line)
        if one is None and line.strip():
            raise Refused(
                N_("La liste d’effacements %(file)s ne se lit pas à la ligne %(line)s : un effacement serait oublié."),
                way_out=N_("Reprenez cette ligne dans une autre copie de la liste, puis recommencez."),
                file=file,
                line=number,
            )
        found.add(one)
    return frozenset(one for one in found if one is not None)


def _erasure(line: bytes) -> Erasure | None:
    """What a line says; None when it says nothing that can be read."""
    try:
        row = json.loads(line)
        at, what, key = datetime.fromisoformat(row["at"]), What(row["what"]), row["key"]
    except (ValueError, KeyError, TypeError):
        return None
    return Erasure(at, what, key) if isinstance(key, str) and len(key) == 64 and at.tzinfo else None


def merge(file: Path, others: Iterable[Path]) -> int:
    """Add to a list what others hold and it does not; gives how many lines came."""
    missing = frozenset().union(*(read(other) for other in others)) - read(file)
    if missing:
        append(file, sorted(missing))
    return len(missing)
