"""How far the process that seals is: a small file beside the editions, for the page of who publishes.

It is a courtesy, not a record: whoever cannot read it does without.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from referentiel.durable import write_whole

FILE = ".avancement"
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Advance:
    """``done`` of ``total`` steps; ``tries`` that ended badly one after another, why in French, when the next comes."""

    done: int = 0
    total: int = 0
    tries: int = 0
    reason: str = ""
    again: datetime | None = None

    def stopped(self, *, at: datetime) -> "Advance":
        """One more try ended badly. The next one comes later each time: 10 seconds, 20, 40… up to 10 minutes."""
        pause = min(SHORTEST * 2 ** min(self.tries, 10), LONGEST)
        return replace(self, done=0, total=0, tries=self.tries + 1, again=at + pause)


def read(folder: Path) -> Advance:
    """What the file says; nothing yet when it is missing or is none of ours."""
    try:
        found = json.loads((folder / FILE).read_bytes())
        again = found.pop("again")
        return Advance(**found, again=datetime.fromisoformat(again) if again else None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Advance()


def write(folder: Path, advance: Advance) -> None:
    """Replace the file. A disk that refuses is told by who seals, not here."""
    data = {**asdict(advance), "again": advance.again.isoformat() if advance.again else None}
    with suppress(OSError):
        write_whole(folder / FILE, json.dumps(data, ensure_ascii=False).encode())


def forget(folder: Path) -> None:
    """Nothing is under way, nothing hinders."""
    (folder / FILE).unlink(missing_ok=True)
