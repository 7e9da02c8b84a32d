"""Behind what differs: the class that was signed and the decisions, from the list of versions. One SQL query."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.merging import FILE, touched
from referentiel.database import session
from referentiel.library.models import Version
from referentiel.library.reading import Reading

WEIGHT = {ChangeClass.TYPO: 1, ChangeClass.CLARITY: 2, ChangeClass.SUBSTANCE: 3}
TOLD = 3
"""How many decisions are told of one item: the latest; all are in its history"""
READ = 4
"""How many versions of one item, and of one class, are kept at most to find them"""


class Row(NamedTuple):
    """One version of a file between the two states."""

    before_blob: str | None
    blob: str | None
    change_class: str | None
    decision: int | None


@dataclass(frozen=True, slots=True)
class Why:
    """Behind one item's change: the weightiest class that was signed, and its latest versions, oldest first."""

    change_class: ChangeClass | None = None
    rows: tuple[Row, ...] = ()


def whys(reading: Reading, older: str, newer: str, parts: Mapping[str, frozenset[str]]) -> dict[str, Why]:
    """Path → why, for paths whose ``parts`` differ; nothing for a path that no listed version changed.

    Versions are read only where several classes were signed: one that only moved an item is no reason of its words.
    """
    found: dict[str, list[Row]] = {}
    for path, row in _versions(older, newer, parts):
        found.setdefault(path, []).append(row)
    suspects = [row for path, rows in found.items() for _, latest in _suspects(rows, parts[path]) for row in latest]
    reading.foresee(blob for row in suspects for blob in (row.before_blob, row.blob))
    return {path: Why(_class(reading, rows, parts[path]), tuple(rows[-READ:])) for path, rows in found.items()}


def decisions_behind(reading: Reading, rows: Sequence[Row], parts: frozenset[str]) -> tuple[int, ...]:
    """The latest decisions that touched what differs, in their order. Reads the versions, when there are several."""
    told = rows
    if len(rows) > 1 and parts and FILE not in parts:
        told = [row for row in rows if touches(reading, row, parts)] or rows
    return tuple(dict.fromkeys(row.decision for row in told if row.decision))[-TOLD:]


def came(rows: Sequence[Row]) -> int | None:
    """The decision by which an item came."""
    return next((row.decision for row in rows if row.before_blob is None), rows[0].decision if rows else None)


def went(reading: Reading, rows: Sequence[Row]) -> int | None:
    """The decision by which an item that is gone went."""
    for row in reversed(rows):
        before, _after = _sides(reading, row)
        if before is not None and not is_withdrawn(before):
            return row.decision
    return None


def touches(reading: Reading, row: Row, parts: frozenset[str]) -> bool:
    return not parts.isdisjoint(touched(*_sides(reading, row)))


def _class(reading: Reading, rows: Sequence[Row], parts: frozenset[str]) -> ChangeClass | None:
    """The weightiest class of those that touched what differs, among the latest of each."""
    signed = _signed(rows)
    for one, latest in _suspects(rows, parts):
        if any(touches(reading, row, parts) for row in latest):
            return one
    return (signed[0] if parts and FILE not in parts else signed[-1]) if signed else None


def _suspects(rows: Sequence[Row], parts: frozenset[str]) -> list[tuple[ChangeClass, Sequence[Row]]]:
    """The classes above the lightest, the weightiest first, each with its latest versions: those to be read."""
    heavier = _signed(rows)[1:] if parts and FILE not in parts else []
    return [(one, [row for row in rows if row.change_class == one.value][: -READ - 1 : -1]) for one in heavier[::-1]]


def _signed(rows: Sequence[Row]) -> list[ChangeClass]:
    return sorted({ChangeClass(row.change_class) for row in rows if row.change_class}, key=WEIGHT.__getitem__)


def _sides(reading: Reading, row: Row) -> tuple[Document | None, Document | None]:
    return reading.document(row.before_blob), reading.document(row.blob)


def _versions(older: str, newer: str, paths: Collection[str]) -> Iterator[tuple[str, Row]]:
    """The latest versions of these files between two commits, so many of each class, oldest first. One query.

    The index says which: of all the others, however long the history, no row is read.
    """
    start, end = (
        select(func.coalesce(func.max(Version.seq), 0)).where(Version.commit == commit).scalar_subquery()
        for commit in (older, newer)
    )
    latest = func.row_number().over(partition_by=(Version.path, Version.change_class), order_by=Version.seq.desc())
    between = Version.seq > start, Version.seq <= end, Version.path.in_(paths)
    ranked = select(Version.seq, latest.label("place")).where(*between).subquery()
    columns = select(Version.path, Version.before_blob, Version.blob, Version.change_class, Version.decision)
    query = columns.join(ranked, ranked.c.seq == Version.seq).where(ranked.c.place <= READ).order_by(Version.seq)
    for path, before, blob, signed, decision in session.execute(query):
        yield path, Row(before, blob, signed, decision)
