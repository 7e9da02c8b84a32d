"""Differences of a wording with what it starts from, with the text as it is now, with another wording."""

from collections.abc import Sequence
from dataclasses import dataclass

from referentiel.criteria.comparison import Comparison, compare
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


_comparisons: Cache[tuple[str | None, str], Comparison] = Cache(
    3_000, lambda made: sum(len(change.runs) + 4 for section in made.sections for change in section.paragraphs) + 10
)
"""Weighed in runs: under a megabyte."""


def difference(library: Library, revision: Revision) -> list[FileDifference]:
    """What a revision changes in the text that it starts from. No SQL beyond its files."""
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
        found.append(_difference(file, old.blob if old else None, old.text if old else None))
    return found


def _from_base(library: Library, file: RevisionFile | DecisionFile) -> FileDifference:
    return _difference(file, file.before_blob, library.text(file.before_blob) if file.before_blob else None)


def _difference(file: RevisionFile | DecisionFile, before_blob: str | None, before: str | None) -> FileDifference:
    old = Document.read(before, file.path) if before is not None else None
    new = Document.read(file.text, file.path)
    return FileDifference(file.path, old, new, (before_blob, file.blob))
