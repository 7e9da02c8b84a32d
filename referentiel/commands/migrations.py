"""Changes of the tables, through Flask-Migrate: loaded only when there is one to make."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate, upgrade

from referentiel.database import db


def bring_up_to_date(app: Flask, folder: Path) -> None:
    """Apply the migrations of ``folder`` that the database does not have yet. The application's context is pushed."""
    Migrate(app, db, directory=str(folder))
    upgrade(directory=str(folder))
