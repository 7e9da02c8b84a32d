"""How the readable page says a row: labels, dates and closed lists in French. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.vocabulary import Labelled
from referentiel.dates import PARIS, long_date
from referentiel.errors import N_
from referentiel.journal import events
from referentiel.people.models import MAIL_LABELS, Mail, Person
from referentiel.permissions import COLLEGE_LABELS, ROLE_LABELS, College, Role
from referentiel.privacy.labels import FOR_PROGRAMS, LABELS, OF_A_PART, SAYS_NOTHING_WHEN_FALSE, SUBJECTS, WORDS
from referentiel.privacy.parts import Part

NO_BREAK = "\N{NO-BREAK SPACE}"
SOMEBODY_ELSE = N_("une autre personne")
YES, NO = N_("oui"), N_("non")
TYPED = frozenset(
    {
        "content",
        "first_quotation",
        "name",
        "note",
        "plain_change",
        "plain_reason",
        "quotation",
        "reason",
        "replacement",
        "text",
        "title",
        "words",
    }
)
"""Columns that hold what somebody wrote, with its lines"""


@dataclass(frozen=True)
class Fact:
    """One line of the page: a label and a text, both French; ``typed`` when it is somebody's own words."""

    label: str
    text: str
    typed: bool = False


def facts(part: Part, row: Mapping[str, Any], person: Person, structures: Mapping[int, str]) -> tuple[Fact, ...]:
    """What a row says to its person, without what is empty and what only a program reads."""
    found = []
    for name, value in row.items():
        if name in FOR_PROGRAMS or (part.key == "notices" and name == "event"):
            continue
        if name == "mail" and person.email is None:
            continue
        text = _said(name, value, structures)
        if text:
            found.append(Fact(OF_A_PART.get(f"{part.key}.{name}", LABELS[name]), text, typed=name in TYPED))
    return tuple(found)


def _said(name: str, value: object, structures: Mapping[int, str]) -> str:
    if value is None or (value is False and name in SAYS_NOTHING_WHEN_FALSE):
        return ""
    if name == "structure_id" and isinstance(value, int):
        return structures.get(value, str(value))
    match value:
        case bool():
            return YES if value else NO
        case Labelled() | ChangeClass():
            return value.label
        case datetime():
            local = value.astimezone(PARIS)
            return f"{long_date(local.date())}, {local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02d}"
        case date():
            return long_date(value)
        case dict():
            return "\n".join(_inside(value))
        case list():
            return ", ".join(_word(name, str(item)) for item in value)
    return _word(name, str(value))


def _inside(value: Mapping[str, object]) -> list[str]:
    """What a draft holds, one line a value, under the names of its fields."""
    lines = []
    for key, held in value.items():
        if isinstance(held, dict):
            lines += _inside(held)
        elif held:
            said = ", ".join(map(str, held)) if isinstance(held, list) else str(held)
            lines.append(f"{LABELS.get(key, key)}{NO_BREAK}: {said}")
    return lines


def _word(name: str, value: str) -> str:
    """The French of a short code, when it is one of a closed list."""
    if name == "event":
        return events.label(value)
    if name == "subject":
        return _subject(value)
    if name in {"role", "roles"} and value in set(Role):
        return ROLE_LABELS[Role(value)]
    if name == "college" and value in set(College):
        return COLLEGE_LABELS[College(value)]
    if name == "mail" and value in set(Mail):
        return MAIL_LABELS[Mail(value)]
    return WORDS.get(value, value) if name in {"kind", "state", "way"} else value


def _subject(value: str) -> str:
    """``proposal:42`` is "proposition 42"; a person without a number is somebody else."""
    kind, _, number = value.partition(":")
    if kind == "person" and not number:
        return SOMEBODY_ELSE
    return SUBJECTS.get(kind, value) % {"number": number}
