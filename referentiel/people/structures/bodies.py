"""The bodies of the network for employment: their names in time, what came after them, and how sure each line is. Pure.

The lines are data, kept beside this module with their marks: *sûr*, read in a founding text, in an official one or its
notice, or told alike by several sources; *à vérifier*, known from memory, incomplete, or different from place to place.
"""

import calendar
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from referentiel.criteria.vocabulary import Certainty, Labelled
from referentiel.dates import long_date, month_and_year
from referentiel.errors import N_, Unknown
from referentiel.people.structures.territories import Territories
from referentiel.search.words import fold

FILE = Path(__file__).with_name("data") / "bodies.json"


class BodyLevel(Labelled):
    """From the country down to the field; the value is what the file holds."""

    NATIONAL = "national", N_("Niveau national")
    REGION = "region", N_("Région")
    DEPARTMENT = "departement", N_("Département")
    LOCAL = "local", N_("Plus près du terrain")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as precisely as it is known: ``2021-04-01``, ``2019-08`` or ``2009``."""

    text: str

    @property
    def first(self) -> date:
        year, month, number = self._parts()
        return date(year, month or 1, number or 1)

    @property
    def last(self) -> date:
        year, month, number = self._parts()
        month = month or 12
        return date(year, month, number or calendar.monthrange(year, month)[1])

    @property
    def words(self) -> str:
        """``1er avril 2021``, ``août 2019``, ``2009``."""
        if len(self.text) == len("2009"):
            return self.text
        return month_and_year(self.first) if len(self.text) == len("2019-08") else long_date(self.first)

    def _parts(self) -> tuple[int, int, int]:
        year, month, number = (*(int(part) for part in self.text.split("-")), 0, 0)[:3]
        return year, month, number


@dataclass(frozen=True, slots=True)
class BodyName:
    """One name of a body; no ``since``: since always, as far as we know; no ``until``: until further notice."""

    name: str
    long: str = ""
    since: Day | None = None
    until: Day | None = None
    note: str = ""

    def holds(self, on: date) -> bool:
        """Whether the body had this name that day."""
        return (self.since is None or self.since.first <= on) and (self.until is None or on <= self.until.last)


@dataclass(frozen=True, slots=True)
class Body:
    """One body. ``territories`` are the keys of the places where it is; none: everywhere, as far as we know.

    ``to_check`` says what is not sure in a line that is; ``successors`` are the keys of what took over from it.
    """

    key: str
    level: BodyLevel
    title: str
    certainty: Certainty
    names: tuple[BodyName, ...]
    where: str = ""
    territories: frozenset[str] = frozenset()
    role: str = ""
    to_check: str = ""
    basis: str = ""
    successors: tuple[str, ...] = ()

    def name_on(self, on: date) -> BodyName | None:
        """Its name that day, the latest taken when it had two; None when it was no more, or not yet."""
        return next((name for name in reversed(self.names) if name.holds(on)), None)


@dataclass(frozen=True, slots=True)
class Today:
    """What to look for instead of a name: another name, and whose it is. ``sure`` when both lines are.

    ``to_check`` is what is not sure in either.
    """

    name: BodyName
    body: Body
    sure: bool
    to_check: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Former:
    """A name that one may still read: what to look for instead, place by place."""

    name: str
    long: str
    todays: tuple[Today, ...]


class Bodies:
    """All the bodies, in the order of their file."""

    def __init__(self, bodies: Iterable[Body], sources: Iterable[str] = ()) -> None:
        """Raises ``ValueError`` for a key given twice or a successor that is not there."""
        rows = tuple(bodies)
        self._by_key = {body.key: body for body in rows}
        self.sources = tuple(sources)
        wrong = [key for body in rows for key in body.successors if key not in self._by_key]
        if len(self._by_key) != len(rows) or wrong:
            raise ValueError(f"bodies: {wrong or 'a key is given twice'}")

    def __iter__(self) -> Iterator[Body]:
        return iter(self._by_key.values())

    def of(self, key: str) -> Body:
        """Raises :class:`Unknown`."""
        if key not in self._by_key:
            raise Unknown(N_("Cette instance n’est pas dans la liste."))
        return self._by_key[key]

    def at(self, level: BodyLevel) -> tuple[Body, ...]:
        return tuple(body for body in self if body.level is level)

    def successors(self, body: Body, on: date) -> tuple[Today, ...]:
        """What a body has become that day: itself under its name of then, or what took over, however far."""
        name = body.name_on(on)
        if name is not None:
            return (_seen_from(body, Today(name, body, True)),)
        return tuple(_seen_from(body, today) for key in body.successors for today in self.successors(self.of(key), on))

    def former(self, on: date) -> tuple[Former, ...]:
        """Each name that was left before that day, in the order of the file, with what to look for instead."""
        left: dict[str, list[tuple[BodyName, Body]]] = {}
        for body in self:
            now = body.name_on(on)
            for name in body.names:
                if name is not now and (name.since is None or name.since.first <= on):
                    left.setdefault(name.name, []).append((name, body))
        return tuple(self._former(name, found, on) for name, found in left.items())

    def search(self, words: str) -> "Bodies":
        """Those of which a name, a title or a role has each word, and what they have become. All, for no word."""
        asked = fold(words).split()
        if not asked:
            return self
        found = {body.key for body in self if all(word in _said(body) for word in asked)}
        kept = self._with_what_followed(found)
        return Bodies((body for body in self if body.key in kept), self.sources)

    def within(self, key: str, places: Territories) -> "Bodies":
        """Those that are in a territory, or around it, or everywhere. Raises :class:`Unknown` for no such territory."""
        around = {place.key for place in places.around(key)} | places.within(key)
        kept = self._with_what_followed(
            {body.key for body in self if not body.territories or body.territories & around}
        )
        return Bodies((body for body in self if body.key in kept), self.sources)

    def _with_what_followed(self, keys: set[str]) -> set[str]:
        waiting = list(keys)
        while waiting:
            new = set(self.of(waiting.pop()).successors) - keys
            keys |= new
            waiting += new
        return keys

    def _former(self, name: str, found: list[tuple[BodyName, Body]], on: date) -> Former:
        return Former(
            name=name,
            long=next((one.long for one, _ in found if one.long), ""),
            todays=tuple(dict.fromkeys(today for _, body in found for today in self.successors(body, on))),
        )


@cache
def bodies() -> Bodies:
    """The bodies of the file kept beside this module. Reads it once."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return Bodies((_body(row) for row in read["bodies"]), read["sources"])


def _seen_from(body: Body, today: Today) -> Today:
    """The same, as sure as the line that it is reached from."""
    told = (body.to_check, *today.to_check) if body.to_check else today.to_check
    sure = today.sure and body.certainty is Certainty.SURE
    return Today(today.name, today.body, sure, tuple(dict.fromkeys(told)))


def _body(row: Mapping[str, Any]) -> Body:
    return Body(
        key=row["key"],
        level=BodyLevel(row["level"]),
        title=row["title"],
        certainty=Certainty(row["certainty"]),
        names=tuple(_name(name) for name in row["names"]),
        where=row.get("where", ""),
        territories=frozenset(row.get("territories", ())),
        role=row.get("role", ""),
        to_check=row.get("to_check", ""),
        basis=row.get("basis", ""),
        successors=tuple(row.get("successors", ())),
    )


def _name(row: Mapping[str, str]) -> BodyName:
    since, until = row.get("since"), row.get("until")
    return BodyName(
        row["name"],
        row.get("long", ""),
        Day(since) if since else None,
        Day(until) if until else None,
        row.get("note", ""),
    )


def _said(body: Body) -> str:
    return fold(" ".join([body.title, body.role, *(f"{name.name} {name.long} {name.note}" for name in body.names)]))
