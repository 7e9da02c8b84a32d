"""Behind what differs: the class that was signed and the decisions, from the list of versions. One SQL query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.merging import FILE, touched
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.library.models import Version

WEIGHT = {ChangeClass.TYPO: 1, ChangeClass.CLARITY: 2, ChangeClass.SUBSTANCE: 3}
TOLD = 3
"""How many decisions are told of one item: the latest; all are in its history"""
READ = 12
"""How many versions of one item are read, at most, to find them"""


class _Found(NamedTuple):
    path: str
    before_blob: str | None
    blob: str | None
    change_class: str | None
    decision: int | None


@dataclass(frozen=True, slots=True)
class Why:
    """Behind one item's change: the weightiest class that was signed, the latest decisions in their order.

    ``first`` is the decision by which the item came, ``last`` that by which it went.
    """

    change_class: ChangeClass | None = None
    decisions: tuple[int, ...] = ()
    first: int | None = None
    last: int | None = None


def whys(library: Library, older: str, newer: str, parts: Mapping[str, Collection[str]]) -> dict[str, Why]:
    """Path → why, for paths whose ``parts`` differ; nothing for a path that no listed version changed.

    A version that only moved an item is no reason of its words, unless nothing else differs.
    """
    found: dict[str, list[_Found]] = {}
    for row in _versions(older, newer, parts):
        found.setdefault(row.path, []).append(row)
    return {path: _why(library, rows, frozenset(parts[path])) for path, rows in found.items()}


def _why(library: Library, rows: list[_Found], parts: frozenset[str]) -> Why:
    # One version made the whole difference, or the whole is new: there is nothing to tell apart.
    behind = rows if len(rows) == 1 or not parts or FILE in parts else _behind(library, rows, parts)
    classes = [ChangeClass(row.change_class) for row in behind if row.change_class]
    decisions = tuple(dict.fromkeys(row.decision for row in behind if row.decision))
    came = next((row.decision for row in rows if row.before_blob is None), rows[0].decision)
    return Why(
        change_class=max(classes, key=WEIGHT.__getitem__, default=None),
        decisions=decisions[-TOLD:],
        first=came,
        last=_went(library, rows),
    )


def _behind(library: Library, rows: list[_Found], parts: frozenset[str]) -> list[_Found]:
    """The versions that touched what differs, among the latest; older ones are believed."""
    start = max(0, len(rows) - READ)
    latest = [row for row in rows[start:] if parts & touched(*_sides(library, row))]
    return [*rows[:start], *latest] or rows


def _went(library: Library, rows: list[_Found]) -> int | None:
    """The decision by which the item went, when it is gone."""
    last = _document(library, rows[-1].blob)
    if last is not None and not is_withdrawn(last):
        return None
    for row in reversed(rows[-READ:]):
        before, _after = _sides(library, row)
        if before is not None and not is_withdrawn(before):
            return row.decision
    return rows[-1].decision


def _sides(library: Library, row: _Found) -> tuple[Document | None, Document | None]:
    return _document(library, row.before_blob), _document(library, row.blob)


def _document(library: Library, blob: str | None) -> Document | None:
    return Document.read(library.text(blob)) if blob else None


def _versions(older: str, newer: str, paths: Collection[str]) -> list[_Found]:
    """The versions of these files between two commits, oldest first. One query, whatever the history before."""
    start, end = (
        select(func.coalesce(func.max(Version.number), 0)).where(Version.commit == commit).scalar_subquery()
        for commit in (older, newer)
    )
    columns = select(Version.path, Version.before_blob, Version.blob, Version.change_class, Version.decision)
    query = columns.where(Version.number > start, Version.number <= end, Version.path.in_(paths))
    return [_Found(*row) for row in session.execute(query.order_by(Version.seq))]
