"""What the administration looks up: people who have an address, structures, territories. Never employees' accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from referentiel.database import session
from referentiel.errors import N_, Unknown
from referentiel.people.models import Basin, Person, PersonRole, Structure
from referentiel.people.structures.territories import Territories, Territory, TerritoryKind, official
from referentiel.permissions import College, Role
from referentiel.search.words import fold

Row = TypeVar("Row")


@dataclass(frozen=True)
class WantedPeople:
    """What to look for among professionals; a thing left empty is not asked. Values that mean nothing find nobody."""

    words: str = ""
    college: College | None = None
    role: Role | None = None
    structure_id: int | None = None
    suspended: bool | None = None


@dataclass(frozen=True)
class WantedStructures:
    """What to look for among structures; ``territory`` counts all that it holds."""

    words: str = ""
    kind: str = ""
    territory: str = ""


def territories() -> Territories:
    """The official territories and the employment areas of this instance. One statement."""
    rows = session.scalars(select(Basin).order_by(Basin.parent, Basin.name)).all()
    return official().with_basins(Territory(row.key, row.name, TerritoryKind.BASIN, row.parent) for row in rows)


def basins() -> Sequence[Basin]:
    """The employment areas that were added, by name. One statement."""
    return session.scalars(select(Basin).order_by(Basin.name)).all()


def structure(structure_id: int) -> Structure:
    """Raises :class:`Unknown`."""
    found = session.get(Structure, structure_id)
    if found is None:
        raise Unknown(N_("Cette structure n’est pas dans la liste."))
    return found


def find_structures(wanted: WantedStructures, *, limit: int = 25, offset: int = 0) -> tuple[Sequence[Structure], int]:
    """One page of structures by name, and how many answer. Accents and case do not count.

    Reads every name: about 2 ms for a thousand structures.
    """
    rows = select(Structure.id, Structure.name, Structure.siret).order_by(Structure.name)
    if wanted.kind:
        rows = rows.where(Structure.kind == wanted.kind)
    if wanted.territory:
        places = territories()
        held = places.within(wanted.territory) if wanted.territory in places else frozenset({wanted.territory})
        rows = rows.where(Structure.territory.in_(held))
    asked = _words(wanted.words)
    found = [number for number, name, siret in session.execute(rows) if _has(asked, name, siret or "")]
    return _page(Structure, found, limit, offset), len(found)


def alike(this: Structure, *, limit: int = 8) -> tuple[Structure, ...]:
    """Structures whose name shares most of its words with this one's: it may be there twice. Reads every name."""
    mine = _telling(this.name)
    scored = []
    for number, name in session.execute(select(Structure.id, Structure.name).where(Structure.id != this.id)):
        theirs = _telling(name)
        shared = len(mine & theirs)
        if shared and 2 * shared >= len(mine | theirs):
            scored.append((-shared, name, number))
    return tuple(_page(Structure, [number for _, _, number in sorted(scored)], limit, 0))


def find_professionals(wanted: WantedPeople, *, limit: int = 25, offset: int = 0) -> tuple[Sequence[Person], int]:
    """One page of the people who have an address, the newest first, and how many answer.

    People who came with a card are never listed: nobody needs to look them up. Words are looked for in names,
    addresses and structures; accents and case do not count. Reads every row: about 3 ms for a thousand people.
    """
    rows = (
        select(Person.id, Person.name, Person.email, Structure.name)
        .outerjoin(Structure, Structure.id == Person.structure_id)
        .where(Person.email.is_not(None))
        .order_by(Person.id.desc())
    )
    if wanted.college:
        rows = rows.where(Person.college == wanted.college.value)
    if wanted.role:
        rows = rows.where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == wanted.role.value)))
    if wanted.structure_id is not None:
        rows = rows.where(Person.structure_id == wanted.structure_id)
    if wanted.suspended is not None:
        rows = rows.where(Person.suspended_at.is_not(None) if wanted.suspended else Person.suspended_at.is_(None))
    asked = _words(wanted.words)
    found = [
        number
        for number, name, email, place in session.execute(rows)
        if _has(asked, name or "", email or "", place or "")
    ]
    return _page(Person, found, limit, offset), len(found)


def _words(typed: str) -> list[str]:
    return fold(typed).split()


def _has(asked: list[str], *texts: str) -> bool:
    """Whether each word asked is somewhere in these texts."""
    folded = [fold(text) for text in texts] if asked else []
    return all(any(word in text for text in folded) for word in asked)


def _telling(name: str) -> frozenset[str]:
    """The words of a name that tell it from others: not the little ones."""
    return frozenset(word for word in fold(name).replace("-", " ").replace("’", " ").split() if len(word) > 2)


def _page(model: type[Row], numbers: Sequence[int], limit: int, offset: int) -> list[Row]:
    """These rows, in the order of their numbers' list. One statement, none for an empty page."""
    wanted = numbers[offset : offset + limit]
    if not wanted:
        return []
    rows: Iterable[Row] = session.scalars(select(model).where(model.id.in_(wanted)))  # type: ignore[attr-defined]
    by_number = {row.id: row for row in rows}  # type: ignore[attr-defined]
    return [by_number[number] for number in wanted if number in by_number]
