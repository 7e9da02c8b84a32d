"""Migrations, with rows in the tables: what ``init`` makes is what the models say, and goes down and up again."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from referentiel.commands.init import MIGRATIONS, initialise
from referentiel.config import Settings
from referentiel.database import Base, db, session, writing
from referentiel.people.models import Person, Structure
from tests import postgresql

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind == "table" and (name or "").startswith("search_"))


def drift() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


@pytest.fixture
def fresh(tmp_path: Path, server: postgresql.Server | None) -> Iterator[Flask]:
    """What the first ``referentiel init`` leaves, with two people in it."""
    url = server.create("fresh") if server else ""
    app = initialise(Settings(instance=tmp_path / "instance", database_url=url), at=NOW)
    with app.app_context():
        with writing() as rows:
            rows.add(Structure(name="Chantier des Lilas", kind="ACI", territory="dep-38"))
            rows.flush()
            for college in ("employees", "spe"):
                rows.add(Person(college=college, structure_id=1, roles=(), created_at=NOW))
        yield app
        session.remove()
        db.engine.dispose()
    if server:
        server.drop("fresh")


def test_init_makes_the_tables_of_the_models(fresh: Flask) -> None:
    assert drift() == []


def test_init_again_loads_no_migration_and_loses_nothing(fresh: Flask, tmp_path: Path) -> None:
    sys.modules.pop("referentiel.commands.migrations", None)
    session.remove()
    again = initialise(Settings(instance=tmp_path / "instance", database_url=fresh_url(fresh)), at=NOW)
    assert "referentiel.commands.migrations" not in sys.modules
    with again.app_context():
        assert session.scalar(select(func.count()).select_from(Person)) == 2


def fresh_url(app: Flask) -> str:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    return "" if url.startswith("sqlite") else url.replace("+psycopg", "")


def test_the_filled_tables_go_down_and_up_again(fresh: Flask) -> None:
    session.remove()
    downgrade(directory=str(MIGRATIONS), revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert {name for name in left if not name.startswith("search_")} == set()
    upgrade(directory=str(MIGRATIONS))
    assert drift() == []


def test_what_was_there_before_a_migration_is_there_after_it(fresh: Flask) -> None:
    """The first tables, with people and a structure, take the next ones: nobody is lost, and everybody has a choice."""
    session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0001")
    upgrade(directory=str(MIGRATIONS))
    assert drift() == []
    assert [
        (p.college, p.structure_id, p.mail, p.typed) for p in session.scalars(select(Person).order_by(Person.id))
    ] == [
        ("employees", 1, "all", False),
        ("spe", 1, "all", False),
    ]


def test_the_audit_is_guarded_by_the_migrated_database_too(fresh: Flask) -> None:
    with pytest.raises(Exception, match="append-only"), writing():
        session.execute(text("UPDATE audit_lines SET event = 'autre'"))
