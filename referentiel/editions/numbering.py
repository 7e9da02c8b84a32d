"""The number of an edition: how it is written, and which one comes next. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import Kind, kind_and_key

FORM = re.compile(r"[0-9]{4}\.[0-9]{1,3}(\.[0-9]{1,3})?")

# What a reader is held to: what is said, how strongly, for whom, and whether it still holds.
SUBSTANTIAL = frozenset({"section:Énoncé", "key:niveau", "key:structures", "key:etat", "file"})


@dataclass(frozen=True, order=True, slots=True)
class Number:
    """``2026.2`` or, for a correction of it, ``2026.2.1``. Ordered as editions follow each other."""

    year: int
    rank: int
    correction: int = 0

    @classmethod
    def read(cls, text: str) -> "Number":
        """Raises ValueError unless ``text`` is a number as we write it (no leading zero, no sign, no space)."""
        if not FORM.fullmatch(text):
            raise ValueError(f"{text!r} is no edition number")
        number = cls(*(int(part) for part in text.split(".")))
        if str(number) != text:
            raise ValueError(f"{text!r} is not written as {number}")
        return number

    def __str__(self) -> str:
        return f"{self.year:04d}.{self.rank}" + (f".{self.correction}" if self.correction else "")


def is_number(text: str) -> bool:
    """Whether ``text`` is written as an edition number."""
    try:
        Number.read(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Change:
    """One file in one adoption: the class that was signed, and the parts that moved (``section:Énoncé``…)."""

    path: str
    change_class: ChangeClass
    parts: frozenset[str]


def is_substantial(change: Change) -> bool:
    """Whether this change alone asks for a new edition rather than a correction of the last one."""
    try:
        kind, _ = kind_and_key(change.path)
    except ValueError:
        return False
    return (
        kind is Kind.CRITERION
        and change.change_class is ChangeClass.SUBSTANCE
        and not SUBSTANTIAL.isdisjoint(change.parts)
    )


def next_number(latest: Number | None, changes: Iterable[Change], *, published: date) -> Number:
    """The number that follows ``latest`` for these changes.

    The first of all is ``<year>.0``. A new edition bears the year of its publication and starts again at 1 in a new
    year; a correction keeps the year and rank of the edition that it corrects.
    """
    if latest is None:
        return Number(published.year, 0)
    if not any(is_substantial(change) for change in changes):
        return Number(latest.year, latest.rank, latest.correction + 1)
    if published.year > latest.year:
        return Number(published.year, 1)
    return Number(latest.year, latest.rank + 1)
