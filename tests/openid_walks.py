"""What tests of the identity provider do and look at: its door opened, a clock ahead, what was opened."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.people.models import Identity, Person, Session
from referentiel.web import clock
from tests.cast import Someone, now
from tests.openid_provider import onwards


def opened(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        yield app
        session.remove()
        db.engine.dispose()


def row(email: str) -> Person:
    return session.scalars(select(Person).where(Person.email == email)).one()


def text_of(someone: Someone) -> str:
    assert someone.page is not None
    return someone.page.get_data(as_text=True)


def count(model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def nothing_opened() -> bool:
    return count(Session) == 0 and count(Identity) == 0


def move(app: Flask, **delay: float) -> None:
    """The application's own clock, ahead of the provider's."""
    clock.set_clock(app, lambda: now() + timedelta(**delay))


def leave_from_account(someone: Someone) -> str:
    """A signed-in person has no sign-in page: the same button, sent from another page's token."""
    someone.get("/mon-compte")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(someone))
    assert token
    someone.post("/connexion/fournisseur", {"csrf_token": token[1]}, status=200)
    return onwards(someone)
