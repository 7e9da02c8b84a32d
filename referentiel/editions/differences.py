"""What differs between two states of the text, item by item: added, changed, moved, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import Kind, kind_and_key
from referentiel.criteria.vocabulary import State
from referentiel.library.library import Library
from referentiel.library.models import Version

Status = Literal["added", "changed", "moved", "removed"]

# Where an item stands, and nothing of what it says.
PLACE = frozenset({"chapitre", "rang"})
COMPARED = frozenset({Kind.REFERENTIAL, Kind.CHAPTER, Kind.CRITERION, Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL})
WEIGHT = {ChangeClass.TYPO: 1, ChangeClass.CLARITY: 2, ChangeClass.SUBSTANCE: 3}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that differs. ``structures`` are the types that either text concerns; empty: all of them."""

    path: str
    kind: Kind
    key: str
    title: str
    status: Status
    structures: frozenset[str]
    comparison: Comparison
    replaced_by: tuple[str, ...]

    def concerns(self, structure: str) -> bool:
        """Whether a structure of this type has something to read here; any does when the type is empty."""
        return not structure or not self.structures or structure in self.structures


@dataclass(frozen=True, slots=True)
class Why:
    """Behind one item's change: the weightiest class that was signed, and the decisions, in their order."""

    change_class: ChangeClass | None = None
    decisions: tuple[int, ...] = ()


@lru_cache(maxsize=2)
def between(library: Library, before: str, after: str) -> tuple[ItemChange, ...]:
    """Everything that differs from one commit to another, by path; kept.

    Costs about 1 ms an item that differs; folders that are the same are not read.
    """
    changes = library.files(after).changes_from(library.files(before))
    made = (_change(library, change.path, change.before, change.after) for change in changes)
    return tuple(change for change in made if change is not None)


def reasons(versions: Iterable[Version]) -> dict[str, Why]:
    """Path → why, from the versions between the two states."""
    found: dict[str, Why] = {}
    for version in versions:
        known = found.get(version.path, Why())
        classes = [known.change_class, ChangeClass(version.change_class) if version.change_class else None]
        heaviest = max((one for one in classes if one), key=WEIGHT.__getitem__, default=None)
        decisions = dict.fromkeys([*known.decisions, *([version.decision] if version.decision else [])])
        found[version.path] = Why(heaviest, tuple(decisions))
    return found


def _change(library: Library, path: str, old: str | None, new: str | None) -> ItemChange | None:
    try:
        kind, key = kind_and_key(path)
    except ValueError:
        return None
    if kind not in COMPARED:
        return None
    before, after = (Document.read(library.text(blob), path) if blob else None for blob in (old, new))
    shown = after or before
    if shown is None:
        return None
    comparison = compare(before, after)
    return ItemChange(
        path=path,
        kind=kind,
        key=key,
        title=title_of(shown) or key,
        status=_status(before, after, comparison),
        structures=_structures(before) | _structures(after) if _is_limited(before, after) else frozenset(),
        comparison=comparison,
        replaced_by=shown.values("remplace_par"),
    )


def _status(before: Document | None, after: Document | None, comparison: Comparison) -> Status:
    if before is None or (_withdrawn(before) and not _withdrawn(after)):
        return "added"
    if after is None or (_withdrawn(after) and not _withdrawn(before)):
        return "removed"
    keys = {change.key for change in comparison.keys}
    return "moved" if keys and keys <= PLACE and not comparison.changed_sections else "changed"


def _withdrawn(document: Document | None) -> bool:
    return document is not None and document.value("etat") == State.WITHDRAWN


def _structures(document: Document | None) -> frozenset[str]:
    return frozenset(document.values("structures")) if document else frozenset()


def _is_limited(*documents: Document | None) -> bool:
    """True when no side concerns every structure."""
    return all(document.values("structures") for document in documents if document)
