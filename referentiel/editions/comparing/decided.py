"""The decisions beside a text, as their files in the library tell them: no row of the database is needed."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from referentiel.criteria.paths import Kind, path_of
from referentiel.errors import FileError
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.library.reading import Reading
from referentiel.proposals import act
from referentiel.proposals.act import Written


def decision(library: Library, commit: str, number: int | None) -> Written | None:
    """The decision of this number at a commit, None when there is none that can be read. Kept by its blob."""
    return decisions(library, commit, [number]).get(number) if number else None


def decisions(library: Library, commit: str, numbers: Iterable[int]) -> dict[int, Written]:
    """Those of these numbers that can be read. Costs about 0.1 ms each the first time."""
    files = library.files(commit)
    blobs = {number: files.get(path_of(Kind.DECISION, str(number))) for number in dict.fromkeys(numbers)}
    reading = Reading(library, (blob for blob in blobs.values() if blob and _kept.known(blob) is None))
    found = ((number, _decision(reading, blob)) for number, blob in blobs.items() if blob)
    return {number: written for number, written in found if written is not None}


_kept: Cache[str, tuple[Written, ...]] = Cache(400)
"""By blob, alone in its tuple; nothing in it for a file that is no decision as we write them"""


def _decision(reading: Reading, blob: str) -> Written | None:
    return next(iter(_kept.get(blob, lambda _key: tuple(_read(reading, blob)))), None)


def _read(reading: Reading, blob: str) -> Iterator[Written]:
    document = reading.document(blob)
    if document is not None:
        with suppress(FileError, ValueError, KeyError):
            yield act.read(document)
