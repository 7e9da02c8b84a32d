"""A copy of the editions written to a folder: whole, or not at all; a copy of before is replaced by one rename."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from referentiel import durable
from referentiel.editions.copies.compressing import compressed
from referentiel.editions.copies.site import Copied, files, front
from referentiel.editions.edition import Edition
from referentiel.editions.errata import errata_of
from referentiel.editions.queries import shelf_of, summary_of
from referentiel.errors import N_, Refused, Unknown
from referentiel.library.library import Library

MARK = ".copie-du-referentiel"
READ_ME = "LISEZ-MOI.txt"
Progress = Callable[[int, int], None]


def copy(
    library: Library,
    target: Path,
    numbers: Sequence[str] = (),
    *,
    site: str,
    day: date,
    progress: Progress = lambda _done, _total: None,
) -> int:
    """Write a site of files at ``target``: these editions, all of them when none is named. Gives how many files.

    ``day`` is said on its pages. Raises Refused when the folder holds something else, Unknown for a number that was not
    published, OSError when the disk refuses: what was there is then untouched.
    """
    shelf = shelf_of(library)
    chosen = tuple(shelf.edition(number) for number in dict.fromkeys(numbers)) or shelf.editions()
    if not chosen:
        raise Unknown(N_("Aucune édition n’est encore publiée\u00a0: il n’y a rien à copier."))
    chosen = tuple(sorted(chosen, key=lambda edition: edition.number))
    written = 0
    with _aside(target) as folder:
        title = summary_of(library, chosen[-1]).title
        written += _write(folder, "index.html", front(chosen, title, site=site, day=day))
        written += _write(folder, READ_ME, _read_me(chosen, day).encode())
        for place, edition in enumerate(chosen):
            copied = Copied(shelf, edition, chosen, errata_of(library, str(edition.number)), day)
            for path, data in files(copied):
                written += _write(folder, f"editions/{edition.number}/{path}", data)
            progress(place + 1, len(chosen))
        (folder / MARK).touch()
    return written


def _write(folder: Path, path: str, data: bytes) -> int:
    """The file and its compressed forms; how many were written."""
    made = [(path, data), *compressed(path, data)]
    for name, content in made:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return len(made)


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A new folder beside the target, which takes its place when all went well, and goes away when not.

    Of a link, the folder that it names is the target: a web server follows it, and the link stays.
    """
    target = target.resolve()
    if target.exists() and not (target / MARK).exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(
            N_("« %(place)s » contient autre chose qu’une copie du référentiel : choisissez un autre dossier."),
            place=target,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    former = target.with_name(f".{target.name}-{os.getpid()}-avant")
    with durable.aside(target) as folder:
        folder.mkdir()
        yield folder
        if target.exists():
            target.rename(former)
    shutil.rmtree(former, ignore_errors=True)


def _read_me(editions: Sequence[Edition], day: date) -> str:
    listed = "".join(
        f"- édition {edition.number}, applicable le {edition.applies.isoformat()}\n" for edition in editions
    )
    return (
        f"Référentiel partagé : copie faite le {day.isoformat()}\n\n{listed}\n"
        "Ouvrez « index.html » dans un navigateur : aucune connexion n’est nécessaire.\n"
        "Le dossier « scelle » de chaque édition contient ses fichiers scellés, « sceau » leurs empreintes.\n"
    )
