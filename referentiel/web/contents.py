"""A table of contents as the address asks for it: filters, and what differs from the edition before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from flask_babel import gettext as _

from referentiel.criteria.vocabulary import Labelled, Level, Step, StructureType
from referentiel.editions import queries
from referentiel.editions.summary import CriterionLine, Summary
from referentiel.errors import N_, Unknown
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.web.language import LANGUAGE
from referentiel.web.numbers import page_number
from referentiel.web.texts import State

LONGEST_QUERY = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_changed: Cache[tuple[str, str], dict[str, str]] = Cache(100)


@dataclass(frozen=True)
class Field:
    """One list of the filter form; ``choices`` are (value, words)."""

    name: str
    label: str
    all: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Filters:
    """What the address asks for. A value that is not in its list asks for nothing."""

    state: State
    q: str = ""
    structure: str = ""
    step: str = ""
    level: str = ""
    easy: bool = False
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str], state: State) -> "Filters":
        return cls(
            state=state,
            q=words_of(args.get("q", "")),
            structure=_known(StructureType, args.get("structure", "")),
            step=_known(Step, args.get("etape", "")),
            level=_known(Level, args.get("niveau", "")),
            easy=args.get("presentation") == "facile",
            page=page_number(args.get("page")),
        )

    @property
    def active(self) -> bool:
        return bool(self.q or self.structure or self.step or self.level)

    def keeps(self, line: CriterionLine) -> bool:
        """Whether a criterion is shown. A withdrawn one stands in its place unless something is asked for."""
        return (
            not (self.active and line.withdrawn)
            and (not self.structure or not line.structures or self.structure in line.structures)
            and (not self.step or line.step == self.step)
            and (not self.level or line.level == self.level)
        )

    def address(self, **changes: str | int) -> str:
        """The same choices with these changed, as an address: its first page. An empty value asks for nothing."""
        given: dict[str, str | int] = {
            "le": self.state.asked.isoformat() if self.state.asked else "",
            "presentation": "facile" if self.easy else "",
            "q": self.q,
            "structure": self.structure,
            "etape": self.step,
            "niveau": self.level,
            **changes,
        }
        start = self.state.address("").partition("?")[0]
        asked = urlencode({name: value for name, value in given.items() if value})
        return f"{start}?{asked}" if asked else start

    @property
    def cleared(self) -> str:
        return self.address(q="", structure="", etape="", niveau="")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        chosen = {"structure": self.structure, "etape": self.step, "niveau": self.level}
        return tuple(Field(*words, chosen[words[0]]) for words in _fields(LANGUAGE))

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(words, address without it) for each choice made."""
        words = [(_("«\u00a0%(words)s\u00a0»", words=self.q), self.address(q=""))] if self.q else []
        for one in self.fields:
            if one.chosen:
                label = dict(one.choices)[one.chosen]
                words.append((label, self.address(**{one.name: ""})))
        return words


def words_of(raw: str) -> str:
    """What somebody looks for: printable characters, one space between words, not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in raw[:LONGEST_QUERY]).split())


def day_of(raw: str) -> date:
    """A day as addresses write it, 2026-06-01. Raises Unknown for anything else."""
    try:
        # The first day of all began in Paris before any moment that can be counted.
        if _DAY.fullmatch(raw) and (found := date.fromisoformat(raw)) > date.min:
            return found
    except ValueError:
        pass
    raise Unknown(N_("Cette date n’existe pas\u00a0: écrivez-la ainsi, 2026-06-01."))


def changed_codes(library: Library, state: State) -> dict[str, str]:
    """Criterion code → ``added`` or ``changed``, compared with the edition before (for the draft, the last one)."""
    published = queries.all_editions(library)
    if state.edition is None:
        before = published[-1] if published else None
    else:
        before = next((e for e in published if str(e.number) == state.edition.previous), None)
    if before is None or before.commit == state.commit:
        return {}
    pair = before.commit, state.commit
    return _changed.get(pair, lambda _: differing(queries.summary_of(library, before), state.summary))


def differing(before: Summary, after: Summary) -> dict[str, str]:
    """Criterion code → ``added``, ``changed`` or ``removed`` from one state to another."""
    old = {line.code: line for line in before.criteria}
    new = {line.code: line for line in after.criteria}
    found = {code: "added" for code in new if code not in old}
    found |= {code: "changed" for code, line in new.items() if code in old and old[code].blob != line.blob}
    found |= {
        code: "removed" for code, line in new.items() if line.withdrawn and code in old and not old[code].withdrawn
    }
    return found | {code: "removed" for code in old if code not in new}


def label_of(closed_list: type[Labelled], value: str) -> str:
    """What the screen says for a value of a closed list; the value itself when it is not in the list."""
    return next((str(_(member.label)) for member in closed_list if member.value == value), value)


def _known(closed_list: type[Labelled], value: str) -> str:
    return value if value in {member.value for member in closed_list} else ""


@lru_cache(maxsize=8)
def _fields(_language: str) -> tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]:
    """The lists of the form, translated once a language."""
    return (
        ("structure", _("Type de structure"), _("Toutes"), _choices(StructureType)),
        ("etape", _("Étape du parcours"), _("Toutes"), _choices(Step)),
        ("niveau", _("Niveau"), _("Tous"), _choices(Level)),
    )


def _choices(closed_list: type[Labelled]) -> tuple[tuple[str, str], ...]:
    return tuple((member.value, str(_(member.label))) for member in closed_list)
