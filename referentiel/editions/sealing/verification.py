"""The promise I5: each edition's tag, seal, sealed files and signature agree.

``sealing.mend`` puts right what does not.
"""

from collections.abc import Iterator

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import Erratum
from referentiel.criteria.paths import Kind
from referentiel.editions.edition import Edition
from referentiel.editions.numbering import is_number
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing import signing
from referentiel.editions.sealing.tidying import faults
from referentiel.editions.shelf import PUBLISHED, SEAL, Shelf
from referentiel.errors import FileError, Unknown
from referentiel.library.editions import EditionTag
from referentiel.library.library import Library
from referentiel.library.verification import Finding


def check_errata(library: Library) -> Iterator[Finding]:
    """Each erratum can be read, corrects a published edition, and quotes words that it says."""
    for path, blob in library.files(library.head()).items_under(Kind.ERRATUM.value):
        try:
            erratum = Erratum.of(Document.read(library.text(blob), path))
            sealed = library.read(erratum.path, library.edition(erratum.edition).commit).text
        except FileError as error:
            yield Finding("I6", path, error.message)
        except Unknown:
            yield Finding("I5", path, "corrige une édition qui n’existe pas, ou un texte qu’elle n’a pas")
        else:
            if not erratum.stands_in(Document.read(sealed, erratum.path)):
                yield Finding("I5", path, "cite des mots que l’édition ne dit pas")


def check(library: Library) -> Iterator[Finding]:
    """One finding a thing that disagrees, in all editions. Reads every sealed file once."""
    shelf = shelf_of(library)
    tags = library.editions()
    for tag in tags:
        yield from check_edition(shelf, tag)
    tagged = {tag.number for tag in tags}
    for place in sorted(shelf.path.iterdir()) if shelf.path.is_dir() else ():
        if is_number(place.name) and place.name not in tagged:
            yield Finding("I5", f"édition {place.name}", "il y a un dossier, mais Git n’a pas d’étiquette")


def check_edition(shelf: Shelf, tag: EditionTag) -> Iterator[Finding]:
    """The same for one edition."""
    number, subject = tag.number, f"édition {tag.number}"
    place = shelf.path / number
    try:
        edition = Edition.of(number, tag.header, tag.manifest)
    except (KeyError, ValueError):
        yield Finding("I5", subject, "l’étiquette de Git n’a pas la forme attendue")
        return
    if edition.commit != tag.commit:
        yield Finding("I5", subject, "l’étiquette de Git est posée sur un autre texte que celui qu’elle annonce")
    if not place.is_dir():
        yield Finding("I5", subject, "le dossier manque ; « referentiel verify --fix » le refait à l’identique")
        return
    if not (place / PUBLISHED).exists():
        yield Finding("I5", subject, "le dossier n’est pas publié ; « referentiel verify --fix » le termine")
    seal = place / SEAL
    if not seal.is_file() or seal.read_text(encoding="utf-8", errors="replace") != tag.message:
        yield Finding("I5", subject, "le fichier « sceau » ne dit pas la même chose que l’étiquette de Git")
    for path in faults(shelf.path, edition):
        yield Finding("I5", subject, f"le fichier {path} n’a plus l’empreinte annoncée")
    if (said := signing.fault(shelf, number)) is not None:
        yield Finding("I5", subject, said)
