"""A real Chromium in front of a real server over a fresh copy of the filled instance."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.people.models import Person
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
    """A served instance."""

    app: Flask
    url: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the one that Playwright installs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=DEBIAN if DEBIAN.exists() else None, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    """The application, listening on a port of its own until the end of the test."""
    shutil.copytree(filled, tmp_path / "instance", symlinks=True)
    settings = Settings(instance=tmp_path / "instance")
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True)
    server.app = app = create_app(replace(settings, port=server.port))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        session.remove()
        db.engine.dispose()


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


def _cookie(site: Site, name: str) -> tuple[str, str]:
    with site.app.app_context():
        row = session.get(Person, list(PEOPLE).index(name) + 1)
        assert row is not None
        pair = open_session(row, at=datetime.now(UTC), second_factor=True)
        session.remove()
    return pair
