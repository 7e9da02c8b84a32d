"""The errata of the published editions, read from the library: what stands beside the sealed text, never in it.

They are on ``main``, in ``errata/<number>/``, so an erratum adopted after an edition is read at the head, and the seal
knows nothing of it. Git alone is asked: a lost database, or none, changes nothing here.
"""

import logging
from collections.abc import Iterable
from functools import lru_cache

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import Erratum, standing
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.paths import Kind, corrected_by, errata_folder, in_order
from referentiel.editions.numbering import Number
from referentiel.errors import FileError
from referentiel.library.library import Library

log = logging.getLogger(__name__)


def errata_of(library: Library, number: str) -> tuple[Erratum, ...]:
    """The errata of an edition that hold, by item and then in the order of their adoption.

    One that another erratum replaced is left out, and so is one that gives the sealed words back. ``number`` is that of
    an edition, published or not: none has errata before it is. Costs one look-up in Git, 10 µs once the folder is read.
    """
    return holding(every_erratum(library, number))


def every_erratum(library: Library, number: str) -> tuple[Erratum, ...]:
    """All the errata of an edition, those that were replaced included, in the same order."""
    found = library.files(library.head()).items_under(errata_folder(number))
    return _read(
        library, tuple(sorted(found, key=lambda file: (in_order(corrected_by(file[0])[1]), in_order(file[0]))))
    )


def holding(errata: Iterable[Erratum]) -> tuple[Erratum, ...]:
    """Those that say what to read today: neither replaced by a later one, nor taken back."""
    return tuple(one for one in standing(errata) if not one.cancels)


def of_item(library: Library, path: str) -> tuple[Erratum, ...]:
    """All the errata of one item of the text, in all the editions, the latest edition first."""
    found = tuple(library.files(library.head()).items_under(Kind.ERRATUM.value))
    mine = (one for one in _read(library, found) if one.path == path)
    return tuple(sorted(mine, key=lambda one: (Number.read(one.edition), one.number), reverse=True))


def still_in(library: Library, number: str, commit: str) -> tuple[Erratum, ...]:
    """The errata of an edition whose wrong words are still in the text at a commit: the next edition would say them."""
    files, found = library.files(commit), []
    for erratum in errata_of(library, number):
        blob = files.get(erratum.path)
        document = Document.read(library.text(blob), erratum.path) if blob else None
        if document is not None and not is_withdrawn(document) and erratum.stands_in(document):
            found.append(erratum)
    return tuple(found)


def state(library: Library, number: str) -> str:
    """What changes as soon as an erratum of this edition is adopted, and with nothing else: for who keeps copies."""
    found = library.files(library.head()).items_under(errata_folder(number))
    return " ".join(sorted(blob for _path, blob in found))


@lru_cache(maxsize=64)
def _read(library: Library, files: tuple[tuple[str, str], ...]) -> tuple[Erratum, ...]:
    """Kept by the ids of the files. One that cannot be read is left out, and said by ``verify``."""
    errata = []
    for path, blob in files:
        try:
            errata.append(Erratum.of(Document.read(library.text(blob), path)))
        except FileError:
            log.exception("the erratum %s cannot be read", path)
    return tuple(errata)
