"""What is kept about one person, read from the table of parts: for the readable page and for the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from referentiel.database import session
from referentiel.people.models import Person, Structure
from referentiel.privacy.parts import PARTS, Part
from referentiel.privacy.wording import Fact, facts

SHOWN = 50
"""Rows of a part that the page shows; the file holds them all"""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """One part with its rows, and how many there are in all."""

    title: str
    fate: str
    rows: tuple[tuple[Fact, ...], ...]
    total: int


def as_data(person: Person, *, at: datetime) -> dict[str, Any]:
    """Everything kept about a person, for a program: two dozen statements, whatever they did."""
    rows = {part.key: [_plain(row) for row in _rows(part, person)] for part in PARTS}
    named = {row["structure_id"] for part in rows.values() for row in part if row.get("structure_id")}
    return {
        "made_at": at.isoformat(),
        "person": person.id,
        "parts": {
            part.key: {"title": part.title, "when_erased": part.fate.value, "rows": rows[part.key]} for part in PARTS
        },
        "structures": {number: name for number, name in _structures().items() if number in named},
    }


def as_pages(person: Person) -> tuple[Kept, ...]:
    """The same for the person to read: the parts that hold something, ``SHOWN`` rows each, the newest first."""
    names = _structures()
    found = []
    for part in PARTS:
        total = _count(part, person)
        if total:
            rows = tuple(facts(part, row, person, names) for row in _rows(part, person, limit=SHOWN))
            found.append(Kept(part.title, part.fate.value, rows, total))
    return tuple(found)


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
        row["subject"] = "person"
    return row


def _structures() -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Structure.id, Structure.name))}


def _plain(row: Row) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {name: _as_json(value) for name, value in row.items()}


def _as_json(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
