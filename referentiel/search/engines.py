"""The two engines behind one interface: FTS5 for SQLite, tsvector for PostgreSQL. Both hold the same stems.

No word of a person ever reaches the engines' query languages but as a quoted form made of letters and digits.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Row, String, TextClause, bindparam, text

from referentiel.search.words import Asked


class Words(NamedTuple):
    """The stems of an entry, by weight."""

    id: int
    title: str
    former: str
    body: str


class Engine(Protocol):
    def create(self, connection: Connection) -> None: ...

    def drop(self, connection: Connection) -> None: ...

    def add(self, connection: Connection, rows: Sequence[Words]) -> None: ...

    def remove(self, connection: Connection, ids: Iterable[int]) -> None: ...

    def clear(self, connection: Connection) -> None: ...

    def matches(
        self, connection: Connection, asked: Asked, kinds: Sequence[str] | None, *, current: bool, limit: int
    ) -> Sequence[Row[Any]]:
        """The entries that hold every word, the best first: (id, path, blob, kind, key, title, former_names)."""
        ...


_COLUMNS = "e.id, e.path, e.blob, e.kind, e.key, e.title, e.former_names"


class Fts5:
    """Weights: a title counts more than a former name, a former name more than the text."""

    _FIND = f"""
        SELECT {_COLUMNS} FROM search_words w JOIN search_entry e ON e.id = w.rowid
        WHERE search_words MATCH :query AND (:all_states OR e.current) {{kinds}}
        ORDER BY bm25(search_words, 60.0, 20.0, 1.0), e.path LIMIT :limit
    """  # noqa: S608 - only our own column names

    def create(self, connection: Connection) -> None:
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE IF NOT EXISTS search_words"
                " USING fts5(title, former, body, tokenize='unicode61 remove_diacritics 0', prefix='3 4')"
            )
        )

    def drop(self, connection: Connection) -> None:
        connection.execute(text("DROP TABLE IF EXISTS search_words"))

    def add(self, connection: Connection, rows: Sequence[Words]) -> None:
        connection.execute(
            text("INSERT INTO search_words (rowid, title, former, body) VALUES (:id, :title, :former, :body)"),
            [row._asdict() for row in rows],
        )

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        connection.execute(text("DELETE FROM search_words WHERE rowid = :id"), [{"id": id} for id in ids])

    def clear(self, connection: Connection) -> None:
        connection.execute(text("DELETE FROM search_words"))

    def matches(
        self, connection: Connection, asked: Asked, kinds: Sequence[str] | None, *, current: bool, limit: int
    ) -> Sequence[Row[Any]]:
        query = " AND ".join(self._term(asked, place) for place in range(len(asked.terms)))
        return _find(connection, self._FIND, {"query": query, "limit": limit, "all_states": not current}, kinds)

    @staticmethod
    def _term(asked: Asked, place: int) -> str:
        forms = [f'"{form}"' for form in sorted(asked.terms[place])]
        if asked.prefix and place == len(asked.terms) - 1:
            forms.append(f'"{asked.prefix}"*')
        return f"({' OR '.join(forms)})"


class TsVector:
    """The same words in a GIN index; ``simple`` because they are stemmed already."""

    _FIND = f"""
        SELECT {_COLUMNS} FROM search_words w JOIN search_entry e ON e.id = w.id
        WHERE w.words @@ to_tsquery('simple', :query) AND (:all_states OR e.current) {{kinds}}
        ORDER BY ts_rank('{{{{0.01, 0.02, 0.4, 1.0}}}}', w.words, to_tsquery('simple', :query), 1) DESC, e.path
        LIMIT :limit
    """  # noqa: S608 - only our own column names

    def create(self, connection: Connection) -> None:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS search_words (id integer PRIMARY KEY, words tsvector NOT NULL)")
        )
        connection.execute(text("CREATE INDEX IF NOT EXISTS search_words_gin ON search_words USING gin (words)"))

    def drop(self, connection: Connection) -> None:
        connection.execute(text("DROP TABLE IF EXISTS search_words"))

    def add(self, connection: Connection, rows: Sequence[Words]) -> None:
        connection.execute(
            text(
                "INSERT INTO search_words (id, words) VALUES (:id, setweight(to_tsvector('simple', :title), 'A')"
                " || setweight(to_tsvector('simple', :former), 'B') || setweight(to_tsvector('simple', :body), 'D'))"
            ),
            [row._asdict() for row in rows],
        )

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        connection.execute(text("DELETE FROM search_words WHERE id = :id"), [{"id": id} for id in ids])

    def clear(self, connection: Connection) -> None:
        connection.execute(text("DELETE FROM search_words"))

    def matches(
        self, connection: Connection, asked: Asked, kinds: Sequence[str] | None, *, current: bool, limit: int
    ) -> Sequence[Row[Any]]:
        query = " & ".join(self._term(asked, place) for place in range(len(asked.terms)))
        return _find(connection, self._FIND, {"query": query, "limit": limit, "all_states": not current}, kinds)

    @staticmethod
    def _term(asked: Asked, place: int) -> str:
        forms = [f"'{form}'" for form in sorted(asked.terms[place])]
        if asked.prefix and place == len(asked.terms) - 1:
            forms.append(f"'{asked.prefix}':*")
        return f"({' | '.join(forms)})"


def _find(
    connection: Connection, statement: str, values: dict[str, object], kinds: Sequence[str] | None
) -> Sequence[Row[Any]]:
    if kinds is not None:
        values = {**values, "kinds": list(kinds)}
    return connection.execute(_query(statement, kinds is not None), values).all()


@cache
def _query(statement: str, of_kinds: bool) -> TextClause:
    query = text(statement.format(kinds="AND e.kind IN :kinds" if of_kinds else ""))
    return query.bindparams(bindparam("kinds", type_=String, expanding=True)) if of_kinds else query


_ENGINES: dict[str, Engine] = {"sqlite": Fts5(), "postgresql": TsVector()}


def engine_of(connection: Connection) -> Engine:
    """The engine of this database. Raises LookupError for one that we do not know."""
    return _ENGINES[connection.dialect.name]
