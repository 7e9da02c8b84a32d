"""Differences of a wording with what it starts from, with the text as it is now, with another wording."""

from collections.abc import Sequence
from dataclasses import dataclass

from referentiel.criteria.comparison import Comparison, compare, keys_differ
from referentiel.criteria.document import Document
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.proposals.models import Decision, DecisionFile, Revision, RevisionFile


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file of a wording, before and after; ``blobs`` are the ids of both."""

    path: str
    before: Document | None
    after: Document
    blobs: tuple[str | None, str]

    @property
    def comparison(self) -> Comparison:
        """What differs: found when it is looked at, then kept for a while."""
        return _comparisons.get(self.blobs, lambda _blobs: compare(self.before, self.after))

    @property
    def changes_the_sheet(self) -> bool:
        """Whether some key of the front matter differs; found without comparing the words."""
        return keys_differ(self.before, self.after)


_comparisons: Cache[tuple[str | None, str], Comparison] = Cache(
    3_000, lambda made: sum(len(change.runs) + 4 for section in made.sections for change in section.paragraphs) + 10
)
"""Weighed in runs: under a megabyte."""

_documents: Cache[tuple[str, str], Document] = Cache(200_000, lambda read: sum(len(piece.raw) for piece in read.pieces))
"""By path and blob, weighed in characters"""


def difference(library: Library, revision: Revision) -> list[FileDifference]:
    """What a revision changes in the text that it starts from. No SQL beyond its files.

    A text is read once and kept for a while: comparing four hundred lines again costs less than reading them.
    """
    return [_from_base(library, file) for file in revision.files]


def difference_of_decision(library: Library, decision: Decision) -> list[FileDifference]:
    """What a decision that adopts changes in the text, amended or not."""
    return [_from_base(library, file) for file in decision.files]


def difference_between(
    earlier: Sequence[RevisionFile | DecisionFile], later: Sequence[RevisionFile | DecisionFile]
) -> list[FileDifference]:
    """What changed from one wording to another, file by file."""
    before = {file.path: file for file in earlier}
    found = []
    for file in later:
        old = before.get(file.path)
        start = _document(file.path, old.blob, old.text) if old else None
        found.append(_difference(file, start, old.blob if old else None))
    return found


def _from_base(library: Library, file: RevisionFile | DecisionFile) -> FileDifference:
    blob = file.before_blob
    if blob is None:
        return _difference(file, None, None)
    return _difference(file, _documents.get((file.path, blob), lambda key: _read(key, library.text(blob))), blob)


def _difference(file: RevisionFile | DecisionFile, before: Document | None, blob: str | None) -> FileDifference:
    return FileDifference(file.path, before, _document(file.path, file.blob, file.text), (blob, file.blob))


def _document(path: str, blob: str, text: str) -> Document:
    return _documents.get((path, blob), lambda key: _read(key, text))


def _read(key: tuple[str, str], text: str) -> Document:
    return Document.read(text, key[0])
