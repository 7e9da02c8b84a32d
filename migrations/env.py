"""Alembic's environment: one engine, the application's; SQLite alters tables by copying them."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from referentiel.database import Base, know_postgresql

# A full-text index is made and dropped by its own module; the tables that the engine keeps for it are not ours.
OUTSIDE = ("search_",)


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind == "table" and (name or "").startswith(OUTSIDE))


@contextmanager
def references_left_alone(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by copying and dropping it: the rows that point to it must not mind meanwhile.

    The pragma has no effect inside a transaction, hence the driver's own connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_astray(connection: Connection) -> None:
    """Raises ``RuntimeError``, and nothing is changed, when a row points to nothing in the end."""
    if connection.dialect.name == "sqlite":
        astray = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if astray:
            raise RuntimeError(f"rows point to nothing after the migration: {astray[:5]}")


know_postgresql()
engine = current_app.extensions["sqlalchemy"].engine
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        **{
            "compare_type": True,
            "render_as_batch": engine.dialect.name == "sqlite",
            **current_app.extensions["migrate"].configure_args,
        },
    )
    with references_left_alone(connection), context.begin_transaction():
        context.run_migrations()
        refuse_astray(connection)
