"""Alembic's environment: one engine, the application's; SQLite alters tables by copying them."""

from alembic import context
from flask import current_app

from referentiel.database import Base, know_postgresql

# A full-text index is made and dropped by its own module; the tables that the engine keeps for it are not ours.
OUTSIDE = ("search_",)


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind == "table" and (name or "").startswith(OUTSIDE))


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
    with context.begin_transaction():
        context.run_migrations()
