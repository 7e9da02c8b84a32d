"""A library of three small files and a first edition, in a folder; and what must hold of it whatever happened.

Run as a program, it seals the next edition on a disk that it fills first, leaving more and more room.
"""

import os
import shutil
import signal
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from referentiel.commands.init import CONTENT
from referentiel.editions.edition import SIGNED_STATUS, Edition
from referentiel.editions.numbering import Number
from referentiel.editions.sealing.sealing import recover, seal
from referentiel.editions.sealing.tidying import faults, is_settled
from referentiel.editions.shelf import Shelf
from referentiel.errors import Busy
from referentiel.library.library import Library
from tests.faults.full_disk import fill

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIRST, NEXT = Number(2026, 0), Number(2026, 1)
FILES = ("referentiel.md", "chapitres/E.md", "criteres/E4.md", "LICENCE")
ROOM = (0, 4, 12, 24, 40, 64, 96, 128, 160, 192, 256)
"""Kilobytes left free, one try for each"""


def made(folder: Path) -> Library:
    """The house, new, with its first edition published."""
    content = folder / "content"
    for path in FILES:
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CONTENT / path, content / path)
    library = Library.create(folder / "library.git", content, at=AT)
    seal(library, folder / "editions", described(library, FIRST), at=AT)
    return library


def described(library: Library, number: Number) -> Edition:
    return Edition(
        number=number,
        commit=library.head(),
        previous="",
        published=date(2026, 1, 5),
        applies=date(2026, 1, 5),
        status=SIGNED_STATUS,
        note="",
        audit="0" * 64,
        builder="tests",
        versions="",
    )


def published(library: Library) -> list[str]:
    """The editions that people see; each is whole, has its tag, and nothing else is in the folder."""
    folder = library.path.parent / "editions"
    seen = Shelf(folder).editions()
    for edition in seen:
        assert faults(folder, edition) == []
        assert library.edition(str(edition.number)).message == edition.message
    assert is_settled(library, folder)
    return [str(edition.number) for edition in seen]


def die_at(step: str, folder: Path) -> None:
    """Seal the next edition; ``kill -9`` when that step is reached."""

    def reached(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    library = Library.open(folder / "library.git", failpoints=reached)
    seal(library, folder / "editions", described(library, NEXT), at=AT)


def on_a_full_disk(folder: Path) -> None:
    """Tried with more and more room: refused, refused, … then done. The first edition is never touched."""
    library, editions = Library.open(folder / "library.git"), folder / "editions"
    said = []
    for room in ROOM:
        ballast = fill(folder, room)
        try:
            seal(library, editions, described(library, NEXT), at=AT)
            said.append("done")
        except (OSError, Busy):
            said.append("refused")
        assert not faults(editions, Shelf(editions).edition(str(FIRST)))
        assert [str(one.number) for one in Shelf(editions).editions()] == ["2026.0", "2026.1"][
            : 1 + (said[-1] == "done")
        ]
        ballast.unlink()
        recover(library, editions)
        if said[-1] == "done":
            break
    assert published(library) == ["2026.0", "2026.1"]
    assert seal(library, editions, replace(described(library, NEXT), number=Number(2026, 2)), at=AT).manifest
    sys.stdout.write(" ".join(said) + "\n")


if __name__ == "__main__":
    on_a_full_disk(Path(sys.argv[1]))
