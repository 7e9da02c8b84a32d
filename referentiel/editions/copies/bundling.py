"""The ``git bundle`` of each edition, beside its sealed files: made once its tag is there, made again when it is gone.

It holds the tag, hence can be in no manifest; and its bytes follow the version of Git, hence are promised to nobody.
What it holds is: whoever clones it compares commit and tag with those of any other copy.
"""

from pathlib import Path

from referentiel.editions.queries import shelf_of
from referentiel.editions.shelf import Shelf
from referentiel.library.edition_bundles import bundle_edition
from referentiel.library.library import Library

BUNDLE = "referentiel.bundle"


def bundle_of(shelf: Shelf, number: str) -> Path:
    """Where the bundle of a published edition stands, once it is made. Raises Unknown for any other number."""
    shelf.edition(number)
    return shelf.path / number / BUNDLE


def bundle_missing(library: Library) -> list[str]:
    """Make those that are missing; gives their numbers. One listing and one ``stat`` an edition when none is."""
    shelf = shelf_of(library)
    missing = [str(edition.number) for edition in shelf.editions() if not _there(shelf, str(edition.number))]
    for number in missing:
        bundle_edition(library, number, bundle_of(shelf, number))
    return missing


def _there(shelf: Shelf, number: str) -> bool:
    return bundle_of(shelf, number).is_file()
