"""From a commit to a published edition: built aside, put in place by one rename, published by one tag.

The tag is the commit point. A crash before it leaves a folder without a tag, which :func:`recover` takes away, and the
confirmed plan is sealed again; a crash after it leaves a tag whose folder :func:`recover` finishes.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from referentiel.editions.building import Progress, build
from referentiel.editions.edition import Edition
from referentiel.editions.numbering import is_number
from referentiel.editions.shelf import PUBLISHED, SEAL, SEALED
from referentiel.errors import N_, Refused
from referentiel.library.failures import Failpoints, no_failpoint
from referentiel.library.library import Library

BUILDING = ".building-"


class NotTheSame(Refused):
    """An edition was built again, and its bytes differ from those that its tag promises."""


def seal(
    library: Library,
    folder: Path,
    edition: Edition,
    *,
    at: datetime,
    progress: Progress | None = None,
    step: Failpoints = no_failpoint,
) -> Edition:
    """Build the sealed files, put them in place, tag. ``folder`` holds all editions; ``at`` dates the tag.

    Gives the edition back with its manifest. Raises FileError when the text cannot be read, OSError when the disk
    refuses; then nothing of it is visible, and earlier editions were not touched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        files = build(library, edition, progress=progress)
        edition = replace(edition, manifest=manifest(files))
        place = folder / str(edition.number)
        aside = folder / f"{BUILDING}{edition.number}"
        _remove(aside)
        _write(aside, edition, files)
        step("written")
        os.rename(aside, place)
        _sync(folder)
        step("in place")
        library.tag_edition(str(edition.number), edition.commit, edition.message, at=at)
        step("tagged")
        _mark(place)
    return edition


def manifest(files: dict[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file, in the order of the paths."""
    return {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}


def recover(library: Library, folder: Path) -> list[str]:
    """Put the folder in agreement with the tags; say in French what was done, one line a thing. Run it before sealing.

    Folders without a tag go away; a tag without its folder, or with a folder that is not whole, has it built again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    with _one_at_a_time(folder):
        tags = {tag.number: tag for tag in library.editions()}
        for path in sorted(folder.iterdir()):
            if path.name.startswith(BUILDING) or (is_number(path.name) and path.name not in tags):
                _remove(path)
                done.append(f"{path.name} : dossier retiré, aucune étiquette ne le publie")
        for number, tag in tags.items():
            place = folder / number
            edition = Edition.of(number, tag.header, tag.manifest)
            if (place / PUBLISHED).exists():
                continue
            if not faults(folder, edition):
                _mark(place)
                done.append(f"édition {number} : publiée, elle était entière et étiquetée")
            else:
                rebuild(library, folder, edition)
                done.append(f"édition {number} : fichiers refaits d’après son étiquette")
    return done


def rebuild(library: Library, folder: Path, edition: Edition) -> None:
    """Make the sealed files of a tagged edition again. Raises NotTheSame when one byte differs; then nothing moves."""
    files = build(library, edition)
    made = manifest(files)
    differing = sorted(path for path in {*made, *edition.manifest} if made.get(path) != edition.manifest.get(path))
    if differing:
        raise NotTheSame(
            N_("L’édition %(number)s ne se refait pas à l’identique : %(path)s diffère. Restaurez une sauvegarde."),
            number=edition.number,
            path=differing[0],
        )
    place = folder / str(edition.number)
    aside = folder / f"{BUILDING}{edition.number}"
    _remove(aside)
    _write(aside, edition, files)
    _remove(place)
    os.rename(aside, place)
    _sync(folder)
    _mark(place)


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


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two sealings never run together; the lock falls with the process."""
    with open(folder / ".verrou", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(aside: Path, edition: Edition, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        _write_file(aside / SEALED / path, data)
    _write_file(aside / SEAL, edition.message.encode())
    for directory, _, _ in os.walk(aside):
        _sync(Path(directory))


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)


def _mark(place: Path) -> None:
    (place / PUBLISHED).touch()
    _sync(place)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
