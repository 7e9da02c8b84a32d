"""One filled instance, made once for a run and copied for each test; the cast, each in a browser of their own."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from referentiel.app import create_app
from referentiel.commands.init import CONTENT, write_secret
from referentiel.config import Settings
from referentiel.database import Base, db, session, writing
from referentiel.dates import day
from referentiel.editions.sealing.press import Press
from referentiel.editions.sealing.publishing import publish_first
from referentiel.library.library import Library
from referentiel.people.models import Person, Structure
from referentiel.web.compiled import FOLDER as COMPILED
from referentiel.web.identity import open_session
from referentiel.web.stores import library as library_of
from tests import postgresql
from tests.cast import BASE, PEOPLE, Someone

WHOLE_FAULTS = os.environ.get("REFERENTIEL_TEST_FAULTS") == "whole"
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
if (
    not WHOLE_FAULTS
    and MEMORY.is_dir()
    and shutil.disk_usage(MEMORY).free > ROOM
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
):
    # Each test has an instance of five hundred files: most of a run was the disk. `make faults` stays on it.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

hypothesis_settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    # The ordinary run tries the same examples each time; `make faults` looks for new ones.
    derandomize=not WHOLE_FAULTS,
)
hypothesis_settings.load_profile("house")

LIGHT = ("html", "json", "zip")
"""Forms that cost nothing to make; a test that wants the others asks for them."""
FIRST_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the SQL engine of the tests")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[postgresql.Server | None]:
    """The PostgreSQL server of this run; none when the tests run on SQLite."""
    if request.config.getoption("--engine") == "sqlite":
        yield None
        return
    with postgresql.server() as running:
        yield running


def fill(folder: Path, database_url: str = "") -> Settings:
    """The state of a fresh installation, with the cast added: the same steps as ``referentiel init``."""
    settings = Settings(instance=folder, database_url=database_url, formats=" ".join(LIGHT))
    folder.mkdir(parents=True)
    write_secret(settings.secret_path)
    Library.create(settings.library_path, CONTENT, at=FIRST_DAY)
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        publish_first(library_of(), Press.of(settings), at=FIRST_DAY)
        with writing() as rows:
            structures = {
                name: Structure(name=name, kind="ACI", territory="dep-38")
                for name in {str(facts["structure"]) for facts in PEOPLE.values()}
            }
            rows.add_all(structures.values())
            rows.flush()
            for facts in PEOPLE.values():
                rows.add(
                    Person(
                        college=facts["college"],
                        structure_id=structures[facts["structure"]].id,
                        email=facts.get("email"),
                        roles=facts["roles"],
                        created_at=FIRST_DAY,
                        # They came earlier today: no test meets the one write of the day unless it wants to.
                        last_seen_on=day(datetime.now(UTC)) if facts.get("email") else None,
                    )
                )
        session.remove()
        db.engine.dispose()
    return settings


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, server: postgresql.Server | None) -> Path:
    """The folder (and the database) that each test copies; never used itself."""
    folder = tmp_path_factory.mktemp("filled") / "instance"
    fill(folder, server.create("filled") if server else "")
    # Each copy finds there what any test has compiled: compiling was a third of the time of a page.
    compiled = folder / COMPILED
    compiled.rename(folder.parent / COMPILED)
    compiled.symlink_to(folder.parent / COMPILED)
    return folder


@pytest.fixture
def settings(filled: Path, tmp_path: Path, server: postgresql.Server | None) -> Iterator[Settings]:
    """A fresh copy of the filled instance."""
    shutil.copytree(filled, tmp_path / "instance", symlinks=True)
    url = server.create("copy", like="filled") if server else ""
    yield Settings(instance=tmp_path / "instance", database_url=url)
    if server:
        server.drop("copy")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over that copy, with its context pushed so that a test can read rows."""
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        yield app
        session.remove()
        db.engine.dispose()


@pytest.fixture
def library(app: Flask) -> Library:
    return library_of()


@pytest.fixture
def passer_by(app: Flask) -> Someone:
    return Someone(app, "a passer-by")


def _signed_in(app: Flask, name: str) -> Someone:
    person_id = list(PEOPLE).index(name) + 1
    someone = Someone(app, name, person_id)
    cookie, value = open_session(someone.person, at=datetime.now(UTC), second_factor=True)
    someone.client.set_cookie(cookie, value, domain="127.0.0.1")
    assert BASE.endswith("127.0.0.1:8000")
    return someone


@pytest.fixture
def amina(app: Flask) -> Someone:
    return _signed_in(app, "amina")


@pytest.fixture
def bruno(app: Flask) -> Someone:
    return _signed_in(app, "bruno")


@pytest.fixture
def chloe(app: Flask) -> Someone:
    return _signed_in(app, "chloe")


@pytest.fixture
def denis(app: Flask) -> Someone:
    return _signed_in(app, "denis")


@pytest.fixture
def bruno_colleague(app: Flask) -> Someone:
    """Another person of the college SIAE, of another structure, and an editor."""
    return _signed_in(app, "bruno_colleague")
