"""The promise I5: each edition's tag, seal and sealed files agree. And how what disagrees is put right."""

from collections.abc import Iterator

from referentiel.editions.edition import Edition
from referentiel.editions.numbering import is_number
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing import faults, rebuild, recover
from referentiel.editions.shelf import SEAL
from referentiel.library.library import Library
from referentiel.library.verification import Finding


def check(library: Library) -> Iterator[Finding]:
    """One finding a thing that disagrees. Reads every sealed file once."""
    shelf = shelf_of(library)
    tagged = {tag.number: tag for tag in library.editions()}
    for number, tag in tagged.items():
        subject = f"édition {number}"
        try:
            edition = Edition.of(number, tag.header, tag.manifest)
        except (KeyError, ValueError):
            yield Finding("I5", subject, "l’étiquette de Git n’a pas la forme attendue")
            continue
        if not (shelf.path / number).is_dir():
            yield Finding("I5", subject, "le dossier manque ; « referentiel verify --fix » le refait à l’identique")
            continue
        seal = shelf.path / number / SEAL
        if not seal.is_file() or seal.read_text(encoding="utf-8", errors="replace") != edition.message:
            yield Finding("I5", subject, "le fichier « sceau » ne dit pas la même chose que l’étiquette de Git")
        for path in faults(shelf.path, edition):
            yield Finding("I5", subject, f"le fichier {path} n’a plus l’empreinte annoncée")
    for place in sorted(shelf.path.iterdir()) if shelf.path.is_dir() else ():
        if is_number(place.name) and place.name not in tagged:
            yield Finding("I5", f"édition {place.name}", "il y a un dossier, mais Git n’a pas d’étiquette")


def mend(library: Library) -> list[str]:
    """Make again, from the tags, what disagrees with them; one French line a thing. Raises NotTheSame."""
    folder = shelf_of(library).path
    done = recover(library, folder)
    for tag in library.editions():
        edition = Edition.of(tag.number, tag.header, tag.manifest)
        seal = folder / tag.number / SEAL
        whole = seal.is_file() and seal.read_text(encoding="utf-8", errors="replace") == edition.message
        if not whole or faults(folder, edition):
            rebuild(library, folder, edition)
            done.append(f"édition {tag.number} : fichiers refaits d’après son étiquette")
    return done
