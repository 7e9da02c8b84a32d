"""What keeps a library fast: packing at night, by us alone, since Git's own automatic maintenance is off."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from referentiel.library.library import Library
from referentiel.library.loose import open_folders
from referentiel.library.streams import LONG

DAY = 86_400.0
KEPT_FENCES = 7 * DAY


def maintain(library: Library) -> list[str]:
    """Pack objects and references, drop what crashes left; French lines say what was done. Readers never wait.

    Writers wait only while folders are made and the references packed, some milliseconds. Objects that nothing refers
    to are kept: a decision under way may be about to.
    """
    before = sum(1 for _ in _loose(library.path))
    library.repositories.run("repack", "-a", "-d", "-l", "-q", "--keep-unreachable", timeout=LONG)
    library.repositories.run("prune-packed", "-q", timeout=LONG)
    library.repositories.run("commit-graph", "write", "--reachable", timeout=LONG)
    with library.writing() as lock:
        open_folders(library.path / "objects")
        library.repositories.run("pack-refs", "--all", lock=lock)
    swept = sum(1 for path in _debris(library.path) if _delete(path))
    after = sum(1 for _ in _loose(library.path))
    done = [f"{before - after} objets mis en paquet"]
    if swept:
        done.append(f"{swept} restes de coupures effacés")
    return done


def _loose(path: Path) -> Iterator[Path]:
    return (path / "objects").glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 38)


def _debris(path: Path) -> Iterator[Path]:
    """Temporary objects older than a day, and fences older than a week: whoever wrote them is long gone."""
    now = time.time()
    for pattern, age in (
        ("objects/*/tmp_*", DAY),
        ("attended-operations/*", DAY),
        ("refused-operations/*", KEPT_FENCES),
    ):
        for file in path.glob(pattern):
            if now - os.stat(file).st_mtime > age:
                yield file


def _delete(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True
