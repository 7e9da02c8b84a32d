"""What the application is opened on: its settings, its library, its secret. Views read them here, actions never."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from referentiel.config import Settings
from referentiel.library.library import Library

EXTENSION = "referentiel"


@dataclass(frozen=True)
class Stores:
    settings: Settings
    library: Library
    secret: bytes


def keep(app: Flask, *, settings: Settings, library: Library) -> None:
    """Remember the stores of this application, and give Flask its key."""
    secret = settings.secret_path.read_bytes()
    app.secret_key = secret
    app.extensions[EXTENSION] = Stores(settings, library, secret)


def _stores() -> Stores:
    return cast(Stores, current_app.extensions[EXTENSION])


def settings() -> Settings:
    return _stores().settings


def library() -> Library:
    return _stores().library


def secret() -> bytes:
    """The instance's own 32 bytes, from which each use derives its key."""
    return _stores().secret
