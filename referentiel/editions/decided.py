"""The decisions beside a text, as their files in the library tell them: no row of the database is needed."""

from collections.abc import Iterable
from functools import lru_cache

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.errors import FileError
from referentiel.library.library import Library
from referentiel.proposals import act
from referentiel.proposals.act import Written


def decision(library: Library, commit: str, number: int | None) -> Written | None:
    """The decision of this number at a commit, None when there is none that can be read. Kept by its blob."""
    blob = library.files(commit).get(path_of(Kind.DECISION, str(number))) if number else None
    return _decision(library, blob) if blob else None


def decisions(library: Library, commit: str, numbers: Iterable[int]) -> dict[int, Written]:
    """Those of these numbers that can be read. Costs about 0.2 ms each the first time."""
    found = ((number, decision(library, commit, number)) for number in dict.fromkeys(numbers))
    return {number: written for number, written in found if written is not None}


@lru_cache(maxsize=400)
def _decision(library: Library, blob: str) -> Written | None:
    try:
        return act.read(Document.read(library.text(blob)))
    except (FileError, ValueError, KeyError):
        return None
