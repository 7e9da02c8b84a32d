"""The time, for views: actions are given it."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, current_app

EXTENSION = "referentiel.clock"


def now() -> datetime:
    """The present instant, aware, in UTC."""
    clock: Callable[[], datetime] | None = current_app.extensions.get(EXTENSION)
    return clock() if clock else datetime.now(UTC)


def set_clock(app: Flask, clock: Callable[[], datetime] | None) -> None:
    """Give the application another clock: tests and the demonstration live months with it."""
    app.extensions[EXTENSION] = clock
