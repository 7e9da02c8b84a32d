"""What columns of proposals share: closed lists, as SQL keeps them and as its constraints write them."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Enum, event

from referentiel.database import Base, closed_list


def kept(members: type[StrEnum], name: str) -> Enum:
    return closed_list(members, name, length=32)


def listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def written_once(*tables: type[Base]) -> None:
    """Changing a row of these is a programming error, refused at the flush."""
    for table in tables:
        event.listen(table, "before_update", _refuse_update)


def _refuse_update(_mapper: object, _connection: object, row: object) -> None:
    raise RuntimeError(f"a {type(row).__name__} is written once")
