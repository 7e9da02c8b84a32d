"""The parts that all pages share, in the order in which they look at a request."""

from flask import Flask, g

from referentiel.config import Settings
from referentiel.web import (
    assets,
    compiled,
    csrf,
    filters,
    furniture,
    guard,
    headers,
    hosts,
    identity,
    language,
    limits,
    logs,
    metadata,
    numbers,
    refusals,
    sealed,
    sessions,
    tablets,
    word_by_word,
)
from referentiel.web.api import crossing


def begin() -> None:
    """A request remembers nothing of another, even when a test or a command holds one context over several."""
    for name in list(g):
        g.pop(name)


def install(app: Flask, settings: Settings) -> None:
    """Number the request, weigh it, see where it comes from, ask who may pass; then the view answers.

    What is sealed is answered before all that.
    """
    app.before_request(begin)
    numbers.install(app)
    compiled.install(app, settings)
    hosts.install(app, settings)
    language.install(app)
    sessions.install(app, settings)
    logs.install(app)
    crossing.install(app)
    limits.install(app)
    csrf.install(app)
    tablets.install(app)
    guard.install(app)
    headers.install(app, settings)
    refusals.install(app)
    identity.install(app)
    filters.install(app)
    assets.prepare(app)
    furniture.install(app)
    metadata.install(app)
    word_by_word.install(app)
    sealed.install(app, settings)
