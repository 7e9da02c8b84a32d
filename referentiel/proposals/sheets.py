"""A form as it was filled, complete or not: what a draft keeps, and how each of its fields is called. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Invalid

LONGEST_TITLE = 150
LONGEST_REASON = 5_000
LONGEST_PLAIN = 1_000
LONGEST_KEY = 300
LONGEST_SECTION = 20_000
LONGEST_PROPOSAL = 60_000

Value = str | tuple[str, ...]


class Incomplete(Invalid):
    """Several things are to be corrected; ``problems`` are all of them, each with its field."""

    def __init__(self, problems: Sequence[Invalid]) -> None:
        first = problems[0]
        super().__init__(first.message, field=first.field, way_out=first.way_out, **first.values)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it was filled, complete or not. ``sections`` are by title, ``keys`` by front-matter key."""

    title: str = ""
    reason: str = ""
    plain_change: str = ""
    change_class: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Value] = field(default_factory=dict)
    licence: bool = False
    wish: int | None = None
    """The number of the wish that it makes a wording of"""

    def as_json(self) -> dict[str, Any]:
        """The sheet as a draft keeps it; the licence is accepted anew at each sending."""
        return {
            "title": self.title,
            "reason": self.reason,
            "plain_change": self.plain_change,
            "change_class": self.change_class,
            "sections": dict(self.sections),
            "keys": {key: value if isinstance(value, str) else list(value) for key, value in self.keys.items()},
            "wish": self.wish,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Sheet":
        keys = {key: value if isinstance(value, str) else tuple(value) for key, value in kept["keys"].items()}
        return cls(
            kept["title"],
            kept["reason"],
            kept["plain_change"],
            kept["change_class"],
            kept["sections"],
            keys,
            wish=kept.get("wish"),
        )

    @property
    def length(self) -> int:
        """Characters of all that was typed."""
        typed = [self.title, self.reason, self.plain_change, *self.sections.values()]
        typed += [value if isinstance(value, str) else "".join(value) for value in self.keys.values()]
        return sum(map(len, typed))


def section_field(title: str) -> str:
    """The name of a section's field in forms and messages: ``section_enonce``."""
    return f"section_{anchor(title)}"


def key_field(key: str) -> str:
    return f"key_{key}"


def storable(sheet: Sheet) -> None:
    """Refuse what a database or a page could not hold: half characters and the nul character.

    Raises :class:`Invalid`. Everything else of an unfinished draft is kept as it was typed.
    """
    typed = {"title": sheet.title, "reason": sheet.reason, "plain_change": sheet.plain_change}
    typed |= {section_field(name): text for name, text in sheet.sections.items()}
    typed |= {key_field(key): value if isinstance(value, str) else "".join(value) for key, value in sheet.keys.items()}
    for name, text in typed.items():
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Invalid(N_("Ce texte contient un caractère qui ne peut pas être gardé : retirez-le."), field=name)
