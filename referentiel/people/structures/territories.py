"""Territories, keyed by type and code: ``france``, ``reg-84``, ``dep-38``, ``bassin-voironnais``. Pure.

Regions and départements are those of the official geographic code; an operator adds employment areas under them. An
overseas collectivity, which is neither, stands among the départements, straight under France.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from referentiel.errors import N_, Unknown
from referentiel.search.words import fold

DATA = Path(__file__).with_name("data")
COUNTRY = "france"
BASIN_KEY = re.compile(r"bassin-[0-9A-Za-z]{1,30}")
_WORD = re.compile(r"[^\W_]+")


class TerritoryKind(StrEnum):
    """The types, from the widest to the nearest; the value begins the key of those that have a code."""

    COUNTRY = "france"
    REGION = "reg"
    DEPARTMENT = "dep"
    BASIN = "bassin"


@dataclass(frozen=True, slots=True)
class Territory:
    """One place: ``parent`` is the key of the one around it, none for the country."""

    key: str
    name: str
    kind: TerritoryKind
    parent: str | None

    @property
    def code(self) -> str:
        """What follows the type in the key: ``38``; the whole key for the country."""
        return self.key.partition("-")[2] or self.key

    @property
    def label(self) -> str:
        """The name with what tells it from a place of the same name: ``Isère (38)``, ``La Réunion (région)``."""
        if self.kind is TerritoryKind.DEPARTMENT:
            return f"{self.name} ({self.code})"
        return f"{self.name} (région)" if self.kind is TerritoryKind.REGION else self.name


class Territories:
    """A tree of territories, from the country down. Immutable."""

    def __init__(self, territories: Iterable[Territory]) -> None:
        """Raises ``ValueError`` for a key given twice or a parent that is not there."""
        self._by_key: dict[str, Territory] = {}
        self._children: dict[str, list[Territory]] = {}
        for territory in territories:
            if territory.key in self._by_key or (territory.parent and territory.parent not in self._by_key):
                raise ValueError(territory.key)
            self._by_key[territory.key] = territory
            if territory.parent:
                self._children.setdefault(territory.parent, []).append(territory)

    def __iter__(self) -> Iterator[Territory]:
        return iter(self._by_key.values())

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def of(self, key: str) -> Territory:
        """Raises :class:`Unknown`."""
        if key not in self._by_key:
            raise Unknown(N_("Ce territoire n’est pas dans la liste."))
        return self._by_key[key]

    def children(self, key: str) -> tuple[Territory, ...]:
        """Those just under it, in the order of the official code. Raises :class:`Unknown`."""
        return tuple(self._children.get(self.of(key).key, ()))

    def within(self, key: str) -> frozenset[str]:
        """Its own key and those of all that it holds. Raises :class:`Unknown`."""
        return frozenset({key}).union(*(self.within(child.key) for child in self.children(key)))

    def around(self, key: str) -> tuple[Territory, ...]:
        """It and what holds it, the nearest first. Raises :class:`Unknown`."""
        here = self.of(key)
        return (here, *self.around(here.parent)) if here.parent else (here,)

    def search(self, words: str, *, limit: int = 20) -> tuple[Territory, ...]:
        """Those whose name has each word at the beginning of one of its own, or whose code is the word.

        Case, accents, hyphens and apostrophes do not count. The widest come first. Nothing for no word.
        """
        asked = _WORD.findall(fold(words))
        if not asked:
            return ()
        return tuple(territory for territory in self if _answers(territory, asked))[:limit]

    def label(self, key: str | None) -> str:
        """The label of a stored key; the key itself when the territory was removed since, nothing for none."""
        if not key:
            return ""
        return self._by_key[key].label if key in self._by_key else key

    def with_basins(self, basins: Iterable[Territory]) -> "Territories":
        """The same tree and these employment areas. One whose parent has gone is put under the country."""
        added = [
            basin if basin.parent in self._by_key else Territory(basin.key, basin.name, basin.kind, COUNTRY)
            for basin in basins
        ]
        return Territories([*self, *added]) if added else self


@cache
def official() -> Territories:
    """France, its regions and its départements, from the files kept beside this module. Reads two small files once."""
    regions = [
        Territory(f"reg-{row['code']}", _name(row), TerritoryKind.REGION, COUNTRY) for row in _rows("regions.json")
    ]
    departments = [
        Territory(
            f"dep-{row['code']}",
            _name(row),
            TerritoryKind.DEPARTMENT,
            f"reg-{row['region']}" if "region" in row else COUNTRY,
        )
        for row in _rows("departements.json")
    ]
    return Territories([Territory(COUNTRY, "France entière", TerritoryKind.COUNTRY, None), *regions, *departments])


def of(key: str) -> Territory:
    """A territory of the official code. Raises :class:`Unknown`."""
    return official().of(key)


def _rows(name: str) -> list[dict[str, str]]:
    read: list[dict[str, str]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return read


def _name(row: dict[str, str]) -> str:
    return row["nom"].replace("'", "’")


def _answers(territory: Territory, asked: list[str]) -> bool:
    names = _WORD.findall(fold(territory.name))
    key = fold(territory.key)
    if asked in ([fold(territory.code)], key.split("-")):
        return True
    return all(any(name.startswith(word) for name in names) for word in asked)
