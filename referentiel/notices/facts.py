"""Something that happened, and who may be written to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from referentiel.database import session
from referentiel.people.models import Person
from referentiel.proposals.models import Proposal


@dataclass(frozen=True)
class News:
    """Something that happened, named once for all. ``to`` are told at once, everybody else in the letter of the day
    when it is ``for_everybody``, and so are those who follow one of ``topics``, or what ``touched`` touches, and those
    ``in_charge``; ``by_id`` did it and is not told. ``payload`` holds numbers, never words."""

    event: str
    kind: str
    payload: Mapping[str, Any]
    to: Iterable[int] = field(default=())
    for_everybody: bool = False
    topics: Iterable[str] = field(default=())
    touched: Proposal | None = None
    in_charge: Iterable[int] = field(default=())
    by_id: int | None = None


def readers(*conditions: ColumnElement[bool]) -> list[int]:
    """The numbers of those who can be written to. One statement."""
    open_account = (Person.email.is_not(None), Person.suspended_at.is_(None), Person.erased_at.is_(None))
    return list(session.scalars(select(Person.id).where(*open_account, *conditions).order_by(Person.id)))
