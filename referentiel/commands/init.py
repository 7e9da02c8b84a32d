"""``referentiel init``: prepare the instance, or bring it up to date. Running it again changes nothing."""

import os
import secrets
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import inspect, text

from referentiel import __file__ as package
from referentiel.app import create_app
from referentiel.commands.bars import percents
from referentiel.config import Settings
from referentiel.database import db
from referentiel.durable import SECRET, write_durably
from referentiel.editions.sealing.building import Progress
from referentiel.editions.sealing.press import Press
from referentiel.editions.sealing.publishing import publish_first
from referentiel.library.library import Library
from referentiel.people.doors.inviting import invite_first_administrator
from referentiel.web.stores import library, secret

ROOT = Path(package).resolve().parents[1]
CONTENT = ROOT / "content"
MIGRATIONS = ROOT / "migrations"


def write_secret(path: Path) -> None:
    """Write 32 random bytes, readable by the operator alone, unless they are there. All of them, or no file."""
    if not path.exists():
        write_durably(path, secrets.token_bytes(32), mode=SECRET)


def migrate(app: Flask) -> None:
    """Bring the tables to the newest migration. Alembic is loaded, by name, only when they are not there already.

    Migrations are numbered files, ``0001_first_tables.py``: the newest is the last by name.
    """
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with app.app_context():
        with db.engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            current = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
        if current != newest:
            import_module("referentiel.commands.migrations").bring_up_to_date(app, MIGRATIONS)


def initialise(settings: Settings, *, at: datetime, content: Path = CONTENT, progress: Progress | None = None) -> Flask:
    """Folder, secret, library, tables, first edition, each only if it is missing; returns the application."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secret(settings.secret_path)
    if not settings.library_path.is_dir():
        Library.create(settings.library_path, content, at=at)
    app = create_app(settings)
    migrate(app)
    with app.app_context():
        publish_first(library(), Press.of(settings), at=at, progress=progress)
    return app


@click.command("init", help="Préparer le dossier de l’instance, ou le mettre à jour.")
def command() -> None:
    settings = Settings.from_environment(os.environ)
    now = datetime.now(UTC)
    with percents("Première édition") as tell:
        app = initialise(settings, at=now, progress=tell)
    with app.app_context():
        address = invite_first_administrator(at=now, base_url=settings.base_url, secret=secret())
    if address:
        click.echo("Invitation pour la première personne qui administre (7 jours, une seule fois) :")
        click.echo(f"  {address}")
