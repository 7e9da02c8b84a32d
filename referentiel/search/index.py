"""The index of the text: what enters it, and what is found in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, event, insert, select

from referentiel.criteria.paths import Kind
from referentiel.database import Base, session
from referentiel.search.engines import Words, engine_of
from referentiel.search.models import entries, metadata, texts
from referentiel.search.snippets import Marker, Run
from referentiel.search.words import Asked, stems

_texts_of = select(texts.c.id, texts.c.text).where(texts.c.id.in_(bindparam("ids", expanding=True)))

KINDS = {kind.value: kind for kind in Kind}

LOOKED_AT = 2_000
"""Matches looked at before those of another state of the text are left out"""

Snippet = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the index takes it. ``text`` is without Markdown marks; ``current`` when it is the draft's."""

    path: str
    kind: Kind
    key: str
    title: str
    text: str
    former_names: tuple[str, ...] = ()
    blob: str = ""
    current: bool = True


class Hit(NamedTuple):
    """An item found, by its place in the index. ``former_names`` are those of its old names that answer."""

    id: int
    path: str
    blob: str
    kind: Kind
    key: str
    title: str
    former_names: tuple[str, ...] = ()


def create(connection: Connection) -> None:
    """Make the tables of the index, unless they are there."""
    metadata.create_all(connection)
    engine_of(connection).create(connection)


def drop(connection: Connection) -> None:
    """Drop them, unless they are not there."""
    engine_of(connection).drop(connection)
    metadata.drop_all(connection)


def reindex(items: Iterable[Entry]) -> int:
    """Replace the whole index, inside the caller's ``writing()``; gives the number of entries. 2 ms each."""
    connection = session.connection()
    engine_of(connection).clear(connection)
    connection.execute(delete(texts))
    connection.execute(delete(entries))
    return add(connection, items)


def add(connection: Connection, items: Iterable[Entry]) -> int:
    """Add entries whose (path, blob) the index does not have."""
    waiting = list(items)
    if not waiting:
        return 0
    rows, said = [], []
    for entry in waiting:
        values = {
            "path": entry.path,
            "blob": entry.blob,
            "kind": entry.kind.value,
            "key": entry.key,
            "title": entry.title,
            "former_names": "\n".join(entry.former_names),
            "current": entry.current,
        }
        id = connection.execute(insert(entries).returning(entries.c.id), values).scalar_one()
        heading = f"{entry.key} {entry.title}" if entry.kind in (Kind.CRITERION, Kind.CHAPTER) else entry.title
        said.append({"id": id, "text": entry.text})
        rows.append(Words(id, stems(heading), stems(" ".join(entry.former_names)), stems(entry.text)))
    connection.execute(insert(texts), said)
    engine_of(connection).add(connection, rows)
    return len(rows)


def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Take entries away by their ids."""
    if ids:
        engine_of(connection).remove(connection, ids)
        connection.execute(delete(texts).where(texts.c.id.in_(ids)))
        connection.execute(delete(entries).where(entries.c.id.in_(ids)))


def find(
    query: str,
    *,
    kinds: Collection[Kind] | None = None,
    limit: int = 50,
    files: Mapping[str, str] | None = None,
) -> list[Hit]:
    """The items that hold every word asked, in the session's reading transaction: titles first, then former names.

    Looks in the draft, or in the state of the text that ``files`` (path → blob) describes. Accents, plurals and the
    end of the last word do not count; there is no syntax, so no query is wrong. One statement, about 2 ms for 400
    criteria; the words around are another, :func:`snippets`.
    """
    return find_in(session.connection(), query, kinds=kinds, limit=limit, files=files)


def snippets(query: str, hits: Sequence[Hit]) -> list[Snippet]:
    """The words around what was found, for those of the hits that are shown, in their order. One statement."""
    return snippets_in(session.connection(), query, hits)


def find_in(
    connection: Connection,
    query: str,
    *,
    kinds: Collection[Kind] | None = None,
    limit: int = 50,
    files: Mapping[str, str] | None = None,
) -> list[Hit]:
    """:func:`find` on a given connection."""
    asked = Asked(query)
    if not asked or limit < 1:
        return []
    wanted = None if kinds is None else [kind.value for kind in kinds]
    looked_at = limit if files is None else LOOKED_AT
    found = engine_of(connection).matches(connection, asked, wanted, current=files is None, limit=looked_at)
    if files is not None:
        found = [row for row in found if files.get(row.path) == row.blob][:limit]
    marker = Marker(asked)
    return sorted((_hit(row, asked) for row in found), key=lambda hit: _tier(hit, asked, marker))


def snippets_in(connection: Connection, query: str, hits: Sequence[Hit]) -> list[Snippet]:
    """:func:`snippets` on a given connection."""
    marker = Marker(Asked(query))
    ids = [hit.id for hit in hits if not hit.former_names]
    said = _texts(connection, ids) if ids else {}
    return [
        marker.marked(" · ".join(hit.former_names)) if hit.former_names else marker.snippet(said.get(hit.id, ""))
        for hit in hits
    ]


def _tier(hit: Hit, asked: Asked, marker: Marker) -> int:
    """The code itself, then every word in the title, then in a former name, then the rest in the engine's order."""
    if asked.alone and hit.key.lower() == asked.alone:
        return 0
    if marker.may_be_in(hit.title) and asked.all_in(f"{hit.key} {hit.title}"):
        return 1
    return 2 if hit.former_names else 3


def _texts(connection: Connection, ids: list[int]) -> dict[int, str]:
    return dict(connection.execute(_texts_of, {"ids": ids}).all())


def _hit(row: Sequence[Any], asked: Asked) -> Hit:
    id, path, blob, kind, key, title, former = row
    names = tuple(name for name in former.split("\n") if asked.all_in(name)) if former else ()
    return Hit(id, path, blob, KINDS[kind], key, title, names)


@event.listens_for(Base.metadata, "after_create")
def _after_create(_target: object, connection: Connection, **_options: object) -> None:
    create(connection)


@event.listens_for(Base.metadata, "before_drop")
def _before_drop(_target: object, connection: Connection, **_options: object) -> None:
    drop(connection)
