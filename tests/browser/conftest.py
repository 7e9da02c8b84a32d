"""A real Chromium in front of a real server over a fresh copy of an instance."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from referentiel.app import create_app
from referentiel.commands.demo import open_app
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.people.models import Person
from referentiel.web.clock import set_clock
from referentiel.web.identity import open_session
from tests.cast import PEOPLE

DEBIAN = Path("/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
SIZES = {"wide": (1280, 900), "narrow": (320, 640)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    """A served instance, whose days may pass faster than those of the machine."""

    app: Flask
    url: str
    settings: Settings
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_days(self, days: int) -> None:
        """Sessions end meanwhile, as they do in life."""
        self.ahead += timedelta(days=days)


@contextlib.contextmanager
def serving(instance: Path, create: Callable[[Settings], Flask] = create_app) -> Iterator[Site]:
    """The application over an instance, listening on a port of its own."""
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True)
    settings = Settings(instance=instance, port=server.port)
    server.app = app = create(settings)
    site = Site(app, f"http://127.0.0.1:{server.port}", settings)
    set_clock(app, site.now)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``referentiel demo`` makes: ten months lived by invented people; each test copies it."""
    folder = tmp_path_factory.mktemp("lived") / "instance"
    command(folder, "demo", "--no-serve")
    return folder


PRINTED = "printed.txt"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``referentiel init`` makes, where nobody is; what it printed stands beside it."""
    folder = tmp_path_factory.mktemp("made") / "instance"
    folder.with_name(PRINTED).write_text(command(folder, "init"), encoding="utf-8")
    return folder


def command(instance: Path, *words: str) -> str:
    """Run ``referentiel`` as somebody does in a terminal, and return what it prints."""
    program = str(Path(sys.executable).with_name("referentiel"))
    environ = {**os.environ, "REFERENTIEL_INSTANCE": str(instance), "REFERENTIEL_FORMATS": "html json zip"}
    return subprocess.run([program, *words], env=environ, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the one that Playwright installs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=DEBIAN if DEBIAN.exists() else None, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def glass(chromium: Browser) -> Page:
    """A page of nobody, where what a browser without script shows can be measured."""
    return chromium.new_page()


@pytest.fixture
def state() -> str:
    """``new``: the cast is there and nobody has said anything yet. A test may ask for ``made`` or ``lived``."""
    return "new"


@pytest.fixture
def site(state: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The application until the end of the test, over a copy of the instance in that state."""
    folder: Path = request.getfixturevalue("filled" if state == "new" else state)
    shutil.copytree(folder, tmp_path / "instance", symlinks=True)
    with serving(tmp_path / "instance", open_app if state == "lived" else create_app) as site:
        yield site


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """``visit("/aide", size="narrow", person="chloe", script=False, scheme="dark")`` opens a page in a new browser.

    A page that logs an error in its console, breaks its own policy or asks another site for something fails the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(
        path: str, *, size: str = "wide", person: str | None = None, script: bool = True, **options: Any
    ) -> Page:
        width, height = SIZES[size]
        scheme = options.pop("scheme", "light")
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=site.url,
            java_script_enabled=script,
            color_scheme=scheme,
            locale="fr-FR",
            **options,
        )
        contexts.append(context)
        if person:
            context.add_cookies(
                [{"url": site.url, "name": name, "value": value} for name, value in [_cookie(site, person)]]
            )
        page = context.new_page()
        # The browser also says so when the page itself answers 404: that is not an error of the page.
        page.on(
            "console",
            lambda said: wrong.append(said.text) if said.type == "error" and said.location["url"] != page.url else None,
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(site.url) else wrong.append(asked.url))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


def row_of(name: str) -> Person:
    """One of the cast, inside the application's context."""
    row = session.get(Person, list(PEOPLE).index(name) + 1)
    assert row is not None
    return row


def _cookie(site: Site, name: str) -> tuple[str, str]:
    with site.app.app_context():
        pair = open_session(row_of(name), at=site.now(), second_factor=True)
        session.remove()
    return pair
