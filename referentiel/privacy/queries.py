"""What is kept about one person, read from the table of parts: for the readable page and for the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from referentiel.criteria.vocabulary import Labelled
from referentiel.database import session
from referentiel.dates import PARIS, long_date
from referentiel.errors import N_
from referentiel.journal import events
from referentiel.people.models import MAIL_LABELS, Mail, Person, Structure
from referentiel.permissions import COLLEGE_LABELS, ROLE_LABELS, College, Role
from referentiel.privacy.labels import LABELS
from referentiel.privacy.parts import PARTS, Fate, Part

SHOWN = 50
"""Rows of a part that the page shows; the file holds them all"""

SOMEBODY_ELSE = N_("une autre personne")
YES, NO = N_("oui"), N_("non")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """One line of the page: a label and a text, both French; ``typed`` when it is somebody's own words."""

    label: str
    text: str
    typed: bool = False


@dataclass(frozen=True)
class Kept:
    """One part with its rows, and how many there are in all."""

    title: str
    fate: str
    rows: tuple[tuple[Fact, ...], ...]
    total: int


def as_data(person: Person, *, at: datetime) -> dict[str, Any]:
    """Everything kept about a person, for a program: two dozen statements, whatever they did."""
    return {
        "made_at": at.isoformat(),
        "person": person.id,
        "parts": {
            part.key: {
                "title": part.title,
                "when_erased": part.fate.value,
                "rows": [{name: _plain(value) for name, value in row.items()} for row in _rows(part, person)],
            }
            for part in PARTS
        },
        "structures": _structures(),
    }


def as_pages(person: Person) -> tuple[Kept, ...]:
    """The same for the person to read: the parts that hold something, ``SHOWN`` rows each, the newest first."""
    names = _structures()
    found = []
    for part in PARTS:
        total = _count(part, person)
        if total:
            rows = tuple(_facts(row, names) for row in _rows(part, person, limit=SHOWN))
            found.append(Kept(part.title, part.fate.value, rows, total))
    return tuple(found)


def fates() -> tuple[tuple[Fate, tuple[str, ...]], ...]:
    """What erasing does, and to which parts."""
    return tuple((fate, tuple(part.title for part in PARTS if part.fate is fate)) for fate in Fate)


def _count(part: Part, person: Person) -> int:
    return session.scalar(select(func.count()).select_from(part.model).where(part.of(person.id))) or 0


def _rows(part: Part, person: Person, *, limit: int | None = None) -> Sequence[Row]:
    columns = [part.model.__table__.c[name] for name in part.told]
    newest = [column.desc() for column in part.model.__mapper__.primary_key]
    asked = select(*columns).where(part.of(person.id)).order_by(*newest).limit(limit)
    return [_without_others(part, dict(row), person) for row in session.execute(asked).mappings()]


def _without_others(part: Part, row: dict[str, Any], person: Person) -> Row:
    """A line of the audit names whom it is about by a number: another person's is left out."""
    if part.key == "audit" and row["subject"].startswith("person:") and row["subject"] != f"person:{person.id}":
        row["subject"] = SOMEBODY_ELSE
    return row


def _structures() -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Structure.id, Structure.name))}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _facts(row: Row, structures: Mapping[int, str]) -> tuple[Fact, ...]:
    """What a row says, without what it leaves empty."""
    return tuple(
        Fact(LABELS[name], text, typed=name in TYPED)
        for name, value in row.items()
        if (text := _said(name, value, structures))
    )


TYPED = frozenset({"text", "words", "reason", "plain_reason", "plain_change", "title", "note", "quotation", "name"})


def _said(name: str, value: object, structures: Mapping[int, str]) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return YES if value else NO
        case Labelled():
            return value.label
        case datetime():
            local = value.astimezone(PARIS)
            return f"{long_date(local.date())}, {local.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{local.minute:02d}"
        case date():
            return long_date(value)
        case dict():
            return "\n".join(_inside(value))
        case list():
            return ", ".join(_word(name, str(item)) for item in value)
    if name == "structure_id" and isinstance(value, int):
        return structures.get(value, str(value))
    return _word(name, str(value))


def _inside(value: Mapping[str, object]) -> list[str]:
    """What a draft or a notice holds, one line a value."""
    lines = []
    for key, held in value.items():
        if isinstance(held, dict):
            lines += _inside(held)
        elif held not in (None, "", []):
            lines.append(f"{key}\N{NO-BREAK SPACE}: {', '.join(map(str, held)) if isinstance(held, list) else held}")
    return lines


def _word(name: str, value: str) -> str:
    """The French of a short code, when it is one of a closed list."""
    if name == "event":
        return events.label(value)
    if name in {"role", "roles"} and value in set(Role):
        return ROLE_LABELS[Role(value)]
    if name == "college" and value in set(College):
        return COLLEGE_LABELS[College(value)]
    if name == "mail" and value in set(Mail):
        return MAIL_LABELS[Mail(value)]
    return value
