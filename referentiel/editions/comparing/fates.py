"""What became of a criterion between two states, said once for each: the rules. Pure.

A criterion that was in force and is no more was *merged* when the decision that withdrew it merged it into another,
*split* when that decision shared it among others, *removed* else, even if something replaces it. One that a split left
in force is *split*; those that it gave birth to are *added*. The one that takes up another by a merge has the fate of
its own words. What came and went in between is not told, nor a number in a chapter that only made room for another.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import Kind, kind_and_key, path_of
from referentiel.editions.numbering import SUBSTANTIAL
from referentiel.editions.summary import Summary
from referentiel.proposals.act import Written
from referentiel.proposals.states import ProposalKind


class Fate(StrEnum):
    """In the order in which a reader must know them."""

    ADDED = "added"
    REMOVED = "removed"
    MERGED = "merged"
    SPLIT = "split"
    SUBSTANCE = "substance"
    CLARITY = "clarity"
    MOVED = "moved"
    TYPO = "typo"


COUNTED = (
    *(Fate.ADDED, Fate.SUBSTANCE, Fate.CLARITY, Fate.TYPO),
    *(Fate.MOVED, Fate.MERGED, Fate.SPLIT, Fate.REMOVED),
)
"""In the order of the figures"""
GONE = frozenset({Fate.REMOVED, Fate.MERGED})
COMPARED = frozenset({Kind.REFERENTIAL, Kind.CHAPTER, Kind.CRITERION, Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL})
_ORDER = {fate: place for place, fate in enumerate(Fate)}


def is_compared(path: str) -> bool:
    """Whether this file is a part of the text that readers compare: no decision, no erratum, no annex."""
    try:
        return kind_and_key(path)[0] in COMPARED
    except ValueError:
        return False


def shown_first(fate: Fate) -> int:
    """What sorts fates as lists show them."""
    return _ORDER[fate]


def fate_of(was_there: bool, is_there: bool, parts: Collection[str], change_class: ChangeClass | None) -> Fate | None:
    """What files alone tell, with the class that was signed; None when no reader would see the difference.

    ``parts`` leave out where the item stands. A change that nobody signed is weighed by what it touches.
    """
    if was_there != is_there:
        return Fate.ADDED if is_there else Fate.REMOVED
    if not parts:
        return None
    if change_class is None:
        return Fate.CLARITY if SUBSTANTIAL.isdisjoint(parts) else Fate.SUBSTANCE
    return Fate(change_class.value)


@dataclass(frozen=True, slots=True)
class Parentage:
    """Fates that merges and splits give, by code; what each became, and what each was made from."""

    fates: dict[str, Fate] = field(default_factory=dict)
    successors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)


def parentage(
    born: Mapping[str, Written | None], died: Mapping[str, Written | None], replaced: Mapping[str, tuple[str, ...]]
) -> Parentage:
    """Merges and splits, from the decisions by which criteria came (``born``) and went (``died``).

    ``replaced`` are the successors that each tombstone names.
    """
    found = Parentage()
    for code, decided in died.items():
        if decided is None:
            continue
        if decided.kind is ProposalKind.MERGE and decided.item in replaced.get(code, ()):
            found.fates[code] = Fate.MERGED
            found.sources[decided.item] = (*found.sources.get(decided.item, ()), code)
        elif decided.kind is ProposalKind.SPLIT and decided.item == code:
            found.fates[code] = Fate.SPLIT
    for code, decided in born.items():
        if decided is None or decided.kind is not ProposalKind.SPLIT or decided.item == code:
            continue
        origin = decided.item
        found.sources[code] = (origin,)
        if origin not in died and origin not in born:
            found.fates[origin] = Fate.SPLIT
            found.successors[origin] = (*found.successors.get(origin, (origin,)), code)
    return found


@dataclass(frozen=True, slots=True)
class Neighbour:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Move:
    """Where an item stands now: in which group (its chapter), between which two of its like; ``came`` from another."""

    group: Neighbour | None
    previous: Neighbour | None
    following: Neighbour | None
    came: bool


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    title: str
    group: str

    @property
    def neighbour(self) -> Neighbour:
        return Neighbour(self.key, self.title)


def moved(before: Summary, after: Summary, suspects: Iterable[tuple[Kind, str]]) -> dict[str, Move]:
    """Path → where it stands now, for each suspect that really moved; the others only gave or took a number."""
    found: dict[str, Move] = {}
    for kind, keys in _by_kind(suspects):
        old, new = ({row.key: row for row in _rows(one, kind)} for one in (before, after))
        groups: dict[str, list[_Row]] = {}
        for row in new.values():
            groups.setdefault(row.group, []).append(row)
        for code, rows in groups.items():
            stayed = [row.key for row in rows if row.key in old and old[row.key].group == code]
            former = {key: place for place, key in enumerate(old)}
            in_place = _in_place(stayed, former, keys)
            for place, row in enumerate(rows):
                if row.key in keys and row.key in old and row.key not in in_place:
                    around = (
                        rows[place - 1].neighbour if place else None,
                        rows[place + 1].neighbour if place + 1 < len(rows) else None,
                    )
                    chapter = after.chapter(code) if code else None
                    group = Neighbour(chapter.code, chapter.title) if chapter else None
                    found[path_of(kind, row.key)] = Move(group, *around, came=old[row.key].group != code)
    return found


def _by_kind(suspects: Iterable[tuple[Kind, str]]) -> Iterator[tuple[Kind, set[str]]]:
    for kind, pairs in groupby(sorted(suspects), key=lambda pair: pair[0]):
        yield kind, {key for _, key in pairs}


def _rows(summary: Summary, kind: Kind) -> list[_Row]:
    if kind is Kind.CRITERION:
        return [_Row(line.code, line.title, line.chapter) for line in summary.in_force]
    if kind is Kind.CHAPTER:
        return [_Row(chapter.code, chapter.title, "") for chapter in summary.chapters if not chapter.withdrawn]
    return [_Row(item.key, item.title, "") for item in summary.items(kind)] if kind is Kind.PAGE else []


def _in_place(order: Sequence[str], former: Mapping[str, int], suspects: Collection[str]) -> set[str]:
    """The heaviest part of the order that is as it was: those whose number did not change, and as many more as can be.

    Those never changed order among themselves, and weigh more than all others together.
    """
    if not any(key in suspects for key in order):
        return set(order)
    weights = [1 if key in suspects else len(order) + 1 for key in order]
    best, link = list(weights), [-1] * len(order)
    for here, key in enumerate(order):
        for there in range(here):
            if former[order[there]] < former[key] and best[there] + weights[here] > best[here]:
                best[here], link[here] = best[there] + weights[here], there
    kept = set()
    place = max(range(len(order)), key=best.__getitem__)
    while place >= 0:
        kept.add(order[place])
        place = link[place]
    return kept
