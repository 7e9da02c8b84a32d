"""The folder of the editions put in agreement with the tags, as far as it goes without making anything again.

Light: the worker asks it at each pass whether the process that seals is wanted.
"""

import fcntl
import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from referentiel.durable import synchronise
from referentiel.editions.edition import Edition
from referentiel.editions.numbering import is_number
from referentiel.editions.shelf import PUBLISHED, SEALED
from referentiel.library.library import Library

BUILDING = ".building-"
LOCK = ".verrou"

log = logging.getLogger(__name__)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Two sealings never run together; the lock falls with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_sealing(folder: Path) -> bool:
    """Whether a process seals in this folder now. It is not made to wait."""
    try:
        with open(folder / LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def is_settled(library: Library, folder: Path) -> bool:
    """Whether the folders are those of the tags, each published. One listing, and one ``stat`` an edition."""
    tags = {tag.number for tag in library.editions()}
    names = set(os.listdir(folder)) if folder.is_dir() else set()
    return not _litter(names, tags) and not lost(library, folder)


def tidy(library: Library, folder: Path) -> list[str]:
    """Take away the folders that no tag publishes, publish those that are whole; a French line for each.

    For who is alone in the folder.
    """
    done = []
    tags = {tag.number for tag in library.editions()}
    for name in sorted(_litter(set(os.listdir(folder)), tags)):
        remove(folder / name)
        done.append(f"{name} : dossier retiré, aucune étiquette ne le publie")
    for edition in tagged(library):
        place = folder / str(edition.number)
        if not (place / PUBLISHED).exists() and not faults(folder, edition):
            mark(place)
            done.append(f"édition {edition.number} : publiée, elle était entière et étiquetée")
    return done


def lost(library: Library, folder: Path) -> list[Edition]:
    """The editions that have a tag, and no folder that is published."""
    return [edition for edition in tagged(library) if not (folder / str(edition.number) / PUBLISHED).exists()]


def tagged(library: Library) -> Iterator[Edition]:
    """The editions as their tags tell them, oldest first. A tag of another form is left out: ``verify`` names it."""
    for tag in library.editions():
        try:
            yield Edition.of(tag.number, tag.header, tag.manifest)
        except (KeyError, ValueError):
            log.error("the tag of edition %s has not the form expected", tag.number)


def faults(folder: Path, edition: Edition) -> list[str]:
    """The paths whose sealed bytes are missing, changed, or in nobody's manifest. Reads every file once."""
    sealed = folder / str(edition.number) / SEALED
    found = []
    for path, digest in edition.manifest.items():
        try:
            data = (sealed / path).read_bytes()
        except OSError:
            found.append(path)
            continue
        if hashlib.sha256(data).hexdigest() != digest:
            found.append(path)
    present = {str(p.relative_to(sealed)) for p in sealed.rglob("*") if not p.is_dir()} if sealed.is_dir() else set()
    return sorted({*found, *(present - set(edition.manifest))})


def mark(place: Path) -> None:
    """From now on people see this folder."""
    (place / PUBLISHED).touch()
    synchronise(place)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)


def _litter(names: set[str], tags: set[str]) -> set[str]:
    """What a process that died left: folders half made, folders made whose tag was not written."""
    return {name for name in names if name.startswith(BUILDING) or (is_number(name) and name not in tags)}
