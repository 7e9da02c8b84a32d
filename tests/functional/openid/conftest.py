"""An application with the door of a provider, which is honest until a test makes it lie."""

from collections.abc import Iterator

import pytest
from flask import Flask

from referentiel.config import Settings
from tests.cast import Someone
from tests.openid_provider import Liar
from tests.openid_walks import opened


@pytest.fixture
def provider() -> Iterator[Liar]:
    liar = Liar()
    liar.start()
    yield liar
    liar.stop()


@pytest.fixture
def app(settings: Settings, provider: Liar) -> Iterator[Flask]:
    """The application of all tests here, with the door of the provider."""
    yield from opened(provider.settings(settings))


@pytest.fixture
def browser(app: Flask) -> Someone:
    """Nobody yet."""
    return Someone(app, "somebody")
