"""From a commit to a published edition: built aside, put in place by one rename, published by one tag.

Building takes seconds and holds nothing that a writer waits for; then, under the lock of the library, one rename and
the tag, which is the commit point. A crash before it leaves a folder without a tag, which is taken away, and the
confirmed plan is sealed again; a crash after it leaves a tag whose folder :func:`recover` finishes.
"""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from referentiel.durable import synchronise, write_new
from referentiel.editions.edition import Edition
from referentiel.editions.numbering import Number
from referentiel.editions.sealing.builder import builder, versions
from referentiel.editions.sealing.building import Progress, build
from referentiel.editions.sealing.tidying import BUILDING, faults, lost, mark, one_at_a_time, remove, tagged, tidy
from referentiel.editions.shelf import SEAL, SEALED, SIGNATURE
from referentiel.errors import N_, Refused
from referentiel.library.failures import Failpoints
from referentiel.library.library import Library

log = logging.getLogger(__name__)


class NotTheSame(Refused):
    """An edition was built again, and its bytes differ from those that its tag promises."""


def seal(
    library: Library,
    folder: Path,
    edition: Edition,
    *,
    at: datetime,
    progress: Progress | None = None,
    step: Failpoints | None = None,
) -> Edition:
    """Build the sealed files, put them in place, tag. ``folder`` holds all editions; ``at`` dates the tag.

    Gives the edition back with its manifest. Raises FileError when the text cannot be read, Refused when the number is
    taken or goes backwards, Busy when the library is not to be had, OSError when the disk refuses; then nothing of it
    is visible, and earlier editions were not touched.
    """
    step = step or library.failpoints
    with one_at_a_time(folder):
        _check_follows(library, folder, edition)
        files = build(library, edition, progress=progress)
        step("built")
        edition = replace(edition, manifest=manifest(files))
        with _aside(folder / str(edition.number), edition.message, files) as ready:
            step("written")
            _publish(library, folder, edition, ready, at=at, step=step)
    return edition


def manifest(files: dict[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file, in the order of the paths."""
    return {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}


def recover(library: Library, folder: Path) -> list[str]:
    """Put the folder in agreement with the tags; say in French what was done, one line a thing. Run it before sealing.

    Folders without a tag go away; a tag without its folder, or with a folder that is not whole, has it built again.
    Raises NotTheSame once all that could be made again is.
    """
    with one_at_a_time(folder):
        return [*tidy(library, folder), *_restore(library, folder, lost(library, folder))]


def mend(library: Library, folder: Path) -> list[str]:
    """:func:`recover`, then each published edition whose files or seal do not agree with its tag, made again."""
    done = recover(library, folder)
    with one_at_a_time(folder):
        return [*done, *_restore(library, folder, [one for one in tagged(library) if not _whole(library, folder, one)])]


def differing(files: dict[str, bytes], edition: Edition) -> list[str]:
    """The paths of which these files and the manifest of the edition do not say the same."""
    made = manifest(files)
    return sorted(path for path in {*made, *edition.manifest} if made.get(path) != edition.manifest.get(path))


def write_out(target: Path, message: str, files: dict[str, bytes]) -> None:
    """Write these files and the seal, the message of a tag, into a new folder. Raises Refused when it exists."""
    if target.exists():
        raise Refused(N_("Le dossier « %(folder)s » existe déjà : choisissez-en un nouveau."), folder=target)
    with _aside(target, message, files) as ready:
        os.rename(ready, target)


def other_builder(edition: Edition) -> str:
    """What differs between who sealed this edition and this program, in French; empty when nothing does."""
    then = {*edition.builder.split(", "), *edition.versions.split(", ")}
    now = {*builder().split(", "), *versions(edition.formats).split(", ")}
    told = [("scellée avec", then - now), ("ici", now - then)]
    return " ; ".join(f"{words} {', '.join(sorted(names))}" for words, names in told if names)


def _check_follows(library: Library, folder: Path, edition: Edition) -> None:
    """A number is used once, and numbers go forward."""
    number = str(edition.number)
    numbers = [Number.read(tag.number) for tag in library.editions()]
    if (folder / number).exists() or edition.number in numbers:
        raise Refused(N_("L’édition %(number)s existe déjà : préparez-la de nouveau."), number=number)
    last = max(numbers, default=None)
    if last is not None and edition.number < last:
        raise Refused(
            N_("Le numéro %(number)s vient avant celui de la dernière édition, %(last)s : préparez-la de nouveau."),
            number=number,
            last=last,
        )


def _publish(library: Library, folder: Path, edition: Edition, ready: Path, *, at: datetime, step: Failpoints) -> None:
    """One rename and the tag, alone in the library."""
    number = str(edition.number)
    place = folder / number
    with library.writing() as lock:
        step("lock taken")
        os.rename(ready, place)
        synchronise(folder)
        step("in place")
        try:
            library.tag_edition_holding(number, edition.commit, edition.message, lock, at=at)
        except Refused:
            # It was not written: neither a number that is taken nor a disk that refuses leaves half an edition.
            remove(place)
            raise
    step("tagged")
    mark(place)


def _restore(library: Library, folder: Path, editions: list[Edition]) -> list[str]:
    """Make these again. One that cannot be made the same leaves the others their turn, and is raised in the end."""
    done, refused = [], None
    for edition in editions:
        try:
            _rebuild(library, folder, edition)
        except NotTheSame as error:
            log.error("%s", error)
            refused = refused or error
        else:
            done.append(f"édition {edition.number} : fichiers refaits d’après son étiquette")
    if refused is not None:
        raise refused
    return done


def _rebuild(library: Library, folder: Path, edition: Edition) -> None:
    """Make the sealed files of a tagged edition again. Raises NotTheSame when one byte differs; then nothing moves."""
    files = build(library, edition)
    different = differing(files, edition)
    if different:
        raise NotTheSame(
            N_(
                "L’édition %(number)s ne se refait pas à l’identique : %(path)s diffère. Restaurez une sauvegarde, ou "
                "refaites-la avec les versions qui l’ont scellée%(versions)s."
            ),
            number=edition.number,
            path=different[0],
            versions=f" ({told})" if (told := other_builder(edition)) else "",
        )
    place = folder / str(edition.number)
    with _aside(place, library.edition(place.name).message, files) as ready:
        if (place / SIGNATURE).is_file():
            # No tag holds it: it is in the folder, or nowhere.
            _write_file(ready / SIGNATURE, (place / SIGNATURE).read_bytes())
        remove(place)
        os.rename(ready, place)
    synchronise(folder)
    mark(place)


@contextmanager
def _aside(place: Path, message: str, files: dict[str, bytes]) -> Iterator[Path]:
    """What will stand at ``place``, written beside it where nobody looks; taken away when what follows fails."""
    ready = place.with_name(f"{BUILDING}{place.name}")
    remove(ready)
    try:
        for path, data in files.items():
            _write_file(ready / SEALED / path, data)
        _write_file(ready / SEAL, message.encode())
        for directory, _, _ in os.walk(ready):
            synchronise(Path(directory))
        yield ready
    except Exception:
        remove(ready)
        raise


def _whole(library: Library, folder: Path, edition: Edition) -> bool:
    number = str(edition.number)
    seal = folder / number / SEAL
    said = seal.read_text(encoding="utf-8", errors="replace") if seal.is_file() else ""
    return said == library.edition(number).message and not faults(folder, edition)


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, data)
    path.chmod(0o444)
