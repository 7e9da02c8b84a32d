"""What differs between two states of the text, item by item: what became of each, and which decisions made it so.

All of it comes from Git: files, decisions beside them, and the list of versions, which is made again from the commits
alone. Words are not compared here: that costs, and only what is shown needs it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn, title_of
from referentiel.criteria.merging import COMMENTS, FILE, KEY, ORDER, SECTION, touched
from referentiel.criteria.paths import Kind, in_order, kind_and_key
from referentiel.criteria.vocabulary import KEY_ORDER, SECTION_ORDER
from referentiel.editions.comparing import histories
from referentiel.editions.comparing.decided import decision
from referentiel.editions.comparing.fates import (
    COUNTED,
    Fate,
    Move,
    fate_of,
    is_compared,
    moved,
    parentage,
    shown_first,
)
from referentiel.editions.comparing.histories import Row, Why, came, decisions_behind, went
from referentiel.editions.summary import NOT_LISTED, Summary
from referentiel.library.library import Library
from referentiel.library.reading import Reading

PLACE = frozenset({f"{KEY}chapitre", f"{KEY}rang"})
"""Where an item stands, and nothing of what it says"""
UNREAD = PLACE | {COMMENTS}
HANDING_OVER = "Passage de relais"
_PARTS = (*(f"{KEY}{key}" for key in KEY_ORDER), *(f"{SECTION}{title}" for title in SECTION_ORDER))
_PRESCRIBER_NAMES = ("prescripteur", "prescriptrice", "orienteur", "orientrice")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one side says of whom it concerns; ``structures`` empty means all of them. ``relayed``: its handing over
    names who prescribes."""

    structures: frozenset[str]
    step: str
    holders: frozenset[str]
    relayed: bool

    @classmethod
    def of(cls, document: Document) -> "Scope":
        handing_over = (document.section(HANDING_OVER) or "").lower()
        return cls(
            structures=frozenset(document.values("structures")),
            step=document.value("etape") or "",
            holders=frozenset(document.values("preuve_detenue_par")),
            relayed=any(name in handing_over for name in _PRESCRIBER_NAMES),
        )

    def holds_for(self, structure: str) -> bool:
        return not self.structures or structure in self.structures


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that differs. ``before`` and ``after`` are blobs, None where there is no such file; ``was`` and ``now``
    are told only of sides where it is in force. ``rows`` are its latest versions.

    ``parts`` are those that differ, ``file`` alone when it comes or goes. ``successors`` are what it became,
    ``sources`` what it was made from or took up. ``move`` is where it stands now, when that is elsewhere.
    """

    path: str
    kind: Kind
    key: str
    title: str
    fate: Fate
    before: str | None
    after: str | None
    was: Scope | None
    now: Scope | None
    parts: frozenset[str]
    rows: tuple[Row, ...] = ()
    successors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    move: Move | None = None

    @property
    def blobs(self) -> Iterator[str | None]:
        """All that its page needs to read."""
        yield from (self.before, self.after)
        if len(self.rows) > 1:
            yield from (blob for row in self.rows for blob in (row.before_blob, row.blob))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return tuple(scope for scope in (self.was, self.now) if scope is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts that differ, in the order of a file: ``titre``, ``Énoncé``… Where it stands is told apart."""
        places = {part: place for place, part in enumerate(_PARTS)}
        told = self.parts - UNREAD - {FILE, ORDER}
        ranked = sorted(told, key=lambda part: (places.get(part, len(places)), part))
        return tuple(part.partition(":")[2] for part in ranked)


@dataclass(frozen=True)
class Difference:
    """What differs between two states, what a reader must know first coming first; each criterion stands once.

    ``others`` are what is no criterion; ``same`` counts the criteria in force that say and ask the same.
    """

    criteria: tuple[ItemChange, ...]
    others: tuple[ItemChange, ...]
    same: int

    @cached_property
    def counts(self) -> Mapping[Fate, int]:
        """How many criteria had each fate, in the order in which they are said."""
        found = Counter(one.fate for one in self.criteria)
        return {fate: found[fate] for fate in COUNTED}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commits of ``main``, the older first, each with its table of contents."""

    older: str
    newer: str
    before: Summary
    after: Summary


def reasons(reading: Reading, change: ItemChange) -> tuple[int, ...]:
    """The latest decisions behind a change, in their order. Its versions are read when there are several."""
    told = UNREAD if change.move is None else frozenset({COMMENTS})
    return decisions_behind(reading, change.rows, change.parts - told)


def difference(library: Library, pair: Pair) -> Difference:
    """Everything that a reader would see differ. One SQL query; about 0.2 ms a file that differs."""
    after, before = library.files(pair.newer), library.files(pair.older)
    found = [one for one in after.changes_from(before, outside=NOT_LISTED) if is_compared(one.path)]
    reading = Reading(library, (blob for one in found for blob in (one.before, one.after)))
    changes = [one for change in found if (one := _Raw.read(reading, *change)) is not None]
    whys = histories.whys(reading, pair.older, pair.newer, {one.path: one.parts - UNREAD for one in changes})
    moves = moved(pair.before, pair.after, [(one.kind, one.key) for one in changes if one.moves])
    criteria = [one for one in changes if one.kind is Kind.CRITERION]
    born = {one.key: one for one in criteria if not one.was_there and one.is_there}
    died = {one.key: one for one in criteria if one.was_there and not one.is_there}
    known = parentage(
        {
            key: decision(library, pair.newer, came(whys[one.path].rows))
            for key, one in born.items()
            if one.path in whys
        },
        {
            key: decision(library, pair.newer, went(reading, whys[one.path].rows))
            for key, one in died.items()
            if one.path in whys
        },
        {key: one.successors for key, one in died.items()},
    )
    made = []
    for one in changes:
        why = whys.get(one.path, Why())
        move = moves.get(one.path)
        fate = fate_of(one.was_there, one.is_there, one.parts - UNREAD, why.change_class)
        if one.kind is Kind.CRITERION:
            fate = known.fates.get(one.key, fate)
        if fate is None:
            # A number in a chapter that made room for another: nobody reads that.
            if move is None:
                continue
            fate = Fate.MOVED
        made.append(one.told(fate, why, known.successors, known.sources, move))
    made.sort(key=lambda one: (shown_first(one.fate), in_order(one.path)))
    told = tuple(one for one in made if one.kind is Kind.CRITERION and one.scopes)
    changed = {one.key for one in told}
    others = tuple(one for one in made if one.kind is not Kind.CRITERION or not one.scopes)
    return Difference(told, others, sum(line.code not in changed for line in pair.after.in_force))


@dataclass(frozen=True, slots=True)
class _Raw:
    """Two files as they were read, before anything is known of why."""

    path: str
    kind: Kind
    key: str
    title: str
    blobs: tuple[str | None, str | None]
    was: Scope | None
    now: Scope | None
    was_there: bool
    is_there: bool
    parts: frozenset[str]
    successors: tuple[str, ...]

    @classmethod
    def read(cls, reading: Reading, path: str, old: str | None, new: str | None) -> "_Raw | None":
        """None for what came and went between the two."""
        kind, key = kind_and_key(path)
        before, after = reading.document(old), reading.document(new)
        was, now = (document is not None and not is_withdrawn(document) for document in (before, after))
        shown = after or before
        if shown is None or (before is None and not now):
            return None
        return cls(
            path=path,
            kind=kind,
            key=key,
            title=title_of(shown) or key,
            blobs=(old, new),
            was=Scope.of(before) if before is not None and was else None,
            now=Scope.of(after) if after is not None and now else None,
            was_there=was,
            is_there=now,
            parts=touched(before, after),
            successors=shown.values("remplace_par"),
        )

    @property
    def moves(self) -> bool:
        return self.was_there and self.is_there and bool(self.parts & PLACE)

    def told(
        self,
        fate: Fate,
        why: Why,
        successors: Mapping[str, tuple[str, ...]],
        sources: Mapping[str, tuple[str, ...]],
        move: Move | None,
    ) -> ItemChange:
        mine = self.kind is Kind.CRITERION
        return ItemChange(
            path=self.path,
            kind=self.kind,
            key=self.key,
            title=self.title,
            fate=fate,
            before=self.blobs[0],
            after=self.blobs[1],
            was=self.was,
            now=self.now,
            parts=self.parts,
            rows=why.rows,
            successors=successors.get(self.key, self.successors) if mine else self.successors,
            sources=sources.get(self.key, ()) if mine else (),
            move=move,
        )
