"""A form as it was filled, complete or not: what a draft keeps, and how each of its fields is called. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Invalid
from referentiel.proposals.states import ItemVerb

LONGEST_TITLE = 150
LONGEST_REASON = 5_000
LONGEST_PLAIN = 1_000
LONGEST_KEY = 300
LONGEST_SECTION = 20_000
LONGEST_PROPOSAL = 60_000

MOST_PARTS = 10

Value = str | tuple[str, ...]


class Incomplete(Invalid):
    """Several things are to be corrected; ``problems`` are all of them, each with its field."""

    def __init__(self, problems: Sequence[Invalid]) -> None:
        first = problems[0]
        super().__init__(first.message, field=first.field, way_out=first.way_out, **first.values)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Part:
    """What is written on one more item: ``path`` is its file, or that of an item which waits for its code."""

    verb: ItemVerb
    path: str
    sections: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Value] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"verb": self.verb.value, "path": self.path, "sections": dict(self.sections), "keys": _listed(self.keys)}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Part":
        return cls(ItemVerb(kept["verb"]), kept["path"], kept["sections"], _tupled(kept["keys"]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it was filled, complete or not. ``sections`` are by title, ``keys`` by front-matter key.

    They are those of the main item; ``more`` are the other items that the proposal touches. ``verb`` says what becomes
    of the main one where the verb of the proposal leaves it open: a criterion that is split stays or goes.
    """

    title: str = ""
    reason: str = ""
    plain_change: str = ""
    change_class: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Value] = field(default_factory=dict)
    licence: bool = False
    wish: int | None = None
    """The number of the wish that it makes a wording of"""
    more: tuple[Part, ...] = ()
    verb: ItemVerb | None = None

    def as_json(self) -> dict[str, Any]:
        """The sheet as a draft keeps it; the licence is accepted anew at each sending."""
        return {
            "title": self.title,
            "reason": self.reason,
            "plain_change": self.plain_change,
            "change_class": self.change_class,
            "sections": dict(self.sections),
            "keys": _listed(self.keys),
            "wish": self.wish,
            "more": [part.as_json() for part in self.more],
            "verb": self.verb.value if self.verb else None,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Sheet":
        verb = kept.get("verb")
        return cls(
            kept["title"],
            kept["reason"],
            kept["plain_change"],
            kept["change_class"],
            kept["sections"],
            _tupled(kept["keys"]),
            wish=kept.get("wish"),
            more=tuple(Part.of_json(part) for part in kept.get("more", ())),
            verb=ItemVerb(verb) if verb else None,
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that is written, the main item first; its path and its verb are said by the proposal."""
        return (Part(self.verb or ItemVerb.MODIFY, "", self.sections, self.keys), *self.more)

    @property
    def length(self) -> int:
        """Characters of all that was typed."""
        typed = [self.title, self.reason, self.plain_change]
        for part in self.parts:
            typed += [*part.sections.values(), *map(_spelt, part.keys.values())]
        return sum(map(len, typed))


def section_field(title: str, place: int = 0) -> str:
    """The name of a section's field in forms and messages: ``section_enonce``; ``t2_section_enonce`` in the second."""
    return f"{_prefix(place)}section_{anchor(title)}"


def key_field(key: str, place: int = 0) -> str:
    return f"{_prefix(place)}key_{key}"


def _prefix(place: int) -> str:
    """The main item is at place 0, and has none."""
    return f"t{place + 1}_" if place else ""


def _spelt(value: Value) -> str:
    return value if isinstance(value, str) else "".join(value)


def _listed(keys: Mapping[str, Value]) -> dict[str, Any]:
    return {key: value if isinstance(value, str) else list(value) for key, value in keys.items()}


def _tupled(keys: Mapping[str, Any]) -> dict[str, Value]:
    return {key: value if isinstance(value, str) else tuple(value) for key, value in keys.items()}


def storable(sheet: Sheet) -> None:
    """Refuse what a database or a page could not hold: half characters and the nul character.

    Raises :class:`Invalid`. Everything else of an unfinished draft is kept as it was typed.
    """
    typed = {"title": sheet.title, "reason": sheet.reason, "plain_change": sheet.plain_change}
    for place, part in enumerate(sheet.parts):
        typed |= {section_field(name, place): text for name, text in part.sections.items()}
        typed |= {key_field(key, place): _spelt(value) for key, value in part.keys.items()}
    for name, text in typed.items():
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Invalid(N_("Ce texte contient un caractère qui ne peut pas être gardé : retirez-le."), field=name)
