"""A throw-away instance for a tool that needs the application."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from referentiel.commands.init import CONTENT, write_secret
from referentiel.config import Settings
from referentiel.library.library import Library


@contextmanager
def scratch_settings() -> Iterator[Settings]:
    """Settings over a fresh folder with a secret and a library, and no table yet."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder))
        write_secret(settings.secret_path)
        Library.create(settings.library_path, CONTENT, at=datetime.now(UTC))
        yield settings
