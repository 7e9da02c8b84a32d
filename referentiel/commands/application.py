"""The application for a command: the same stores as the web process, inside an application context."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.errors import N_, Refused


def settings_here() -> Settings:
    """The settings of the environment; the instance folder must have been prepared by ``referentiel init``."""
    settings = Settings.from_environment(os.environ)
    if not settings.library_path.is_dir():
        raise Refused(
            N_("Le dossier « %(folder)s » n’est pas prêt : lancez d’abord « referentiel init »."),
            folder=settings.instance,
        )
    return settings


@contextmanager
def application(settings: Settings | None = None) -> Iterator[Flask]:
    """Yield the application with its context pushed."""
    app = create_app(settings or settings_here())
    with app.app_context():
        yield app
