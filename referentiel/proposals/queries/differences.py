"""Differences of a wording with what it starts from, with the text as it is now, with another wording."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.library.library import Library
from referentiel.proposals.models import Decision, DecisionFile, Revision, RevisionFile


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file of a wording: before, after, and what differs."""

    path: str
    before: Document | None
    after: Document
    comparison: Comparison


def difference(library: Library, revision: Revision) -> list[FileDifference]:
    """What a revision changes in the text that it starts from. No SQL beyond its files; kept by the two texts."""
    return [_difference(file.path, _base(library, file), file.text) for file in revision.files]


def difference_of_decision(library: Library, decision: Decision) -> list[FileDifference]:
    """What a decision that adopts changes in the text, amended or not."""
    return [_difference(file.path, _base(library, file), file.text) for file in decision.files]


def difference_between(
    earlier: Sequence[RevisionFile | DecisionFile], later: Sequence[RevisionFile | DecisionFile]
) -> list[FileDifference]:
    """What changed from one wording to another, file by file."""
    before = {file.path: file.text for file in earlier}
    return [_difference(file.path, before.get(file.path), file.text) for file in later]


def _base(library: Library, file: RevisionFile | DecisionFile) -> str | None:
    return library.text(file.before_blob) if file.before_blob else None


def _difference(path: str, before: str | None, after: str) -> FileDifference:
    return FileDifference(path, *_compared(path, before, after))


@lru_cache(maxsize=32)
def _compared(path: str, before: str | None, after: str) -> tuple[Document | None, Document, Comparison]:
    old = Document.read(before, path) if before is not None else None
    new = Document.read(after, path)
    return old, new, compare(old, new)
