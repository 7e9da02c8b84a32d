"""The SQL database: the base of the models, the session, and the one way to write.

SQLite by default (WAL, every commit on disk), PostgreSQL by setting. A reading transaction opens by itself; a writing
one is opened by :func:`writing` alone, so that SQLite never has to turn a reader into a writer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
WHERE = "where"


ONE_WRITER = text("SELECT set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(7233000)")
"""Writers come one after the other on PostgreSQL too: what an action checks then stays true until its commit."""


class Base(DeclarativeBase):
    """Every model inherits this."""

    metadata = MetaData(naming_convention=NAMES)


class Moment(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, UTC in the database whatever the engine. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def closed_list(members: type[StrEnum], name: str, *, length: int) -> Enum:
    """The column of a closed list: a short string of at most ``length`` characters, with its CHECK constraint."""
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=length,
        values_callable=lambda known: [member.value for member in known],
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
session: scoped_session[Session] = db.session  # type: ignore[assignment]


@contextmanager
def writing() -> Iterator[Session]:
    """One writing transaction, committed at the end, rolled back on any error.

    What was read before is read again inside it. On SQLite it takes the write lock at once (``BEGIN IMMEDIATE``), and
    waits for it at most the busy time-out; on PostgreSQL an advisory lock does the same. It cannot be nested: two
    actions are two transactions.
    """
    current = session()
    if current.info.get("writing"):
        raise RuntimeError("a writing transaction is already open")
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("rows were changed outside a writing transaction")
    current.rollback()
    current.info["writing"] = True
    try:
        connection = current.connection(execution_options={"immediate": True})
        if connection.dialect.name == "postgresql":
            connection.execute(ONE_WRITER)
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info.pop("writing", None)


class _DriverConnection(Protocol):
    isolation_level: str | None

    def execute(self, sql: str) -> Any: ...


def only_where(condition: str) -> dict[str, Any]:
    """The keywords of an ``Index`` that holds the rows of a condition alone, on both engines.

    PostgreSQL's own is set by :func:`know_postgresql` when that engine is there: naming it in a model loads its whole
    dialect, 2 MB of each process that will never use it.
    """
    return {"sqlite_where": text(condition), "info": {WHERE: condition}}


def know_postgresql() -> None:
    """Tell PostgreSQL of the conditions of our indexes. For its engine, and for migrations, which speak to both."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            if WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = text(index.info[WHERE])


def engine_options(url: str) -> dict[str, Any]:
    """How connections are kept. One of SQLite's holds most of a megabyte, and another opens in 1 ms: two wait."""
    options: dict[str, Any] = {"pool_pre_ping": False, "pool_use_lifo": True, "hide_parameters": True}
    if url.startswith("sqlite"):
        options |= {"pool_size": 2, "max_overflow": 10, "connect_args": {"cached_statements": 32}}
    return options


def prepare_engine(engine: Engine) -> None:
    """Give each SQLite connection its pragmas, and let us say when a transaction takes the write lock."""
    if engine.dialect.name != "sqlite":
        know_postgresql()
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: _DriverConnection, _record: object) -> None:
        # The driver's own transaction handling is turned off: BEGIN is emitted below.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "secure_delete=ON",
            "temp_store=MEMORY",
            # 128 KiB a connection: the system keeps the pages of the file in memory once for all of them.
            "cache_size=-128",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
