"""The papers of ``docs/rgpd`` say what the software does: its durations, its settings, its addresses, and no name."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from referentiel.cli import COMMANDS
from referentiel.config import PREFIX, Settings
from referentiel.people.keeping import BACKUPS, LAW, TABLE, Keeping

FOLDER = Path(__file__).parents[2] / "docs" / "rgpd"
PAPERS = ("aipd.md", "registre.md", "accord-animateur.md")
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "exploitant.md"
DEFAULTS = {PREFIX + setting.name.upper(): setting.default for setting in fields(Settings)}


def read(name: str) -> str:
    return " ".join((FOLDER / name).read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", PAPERS)
def test_each_duration_is_that_of_its_setting(name: str) -> None:
    text = read(name)
    told = re.findall(r"(\d+) (?:jours?|personnes) \(`(REFERENTIEL_\w+)`\)", text)
    assert told
    assert [(setting, int(number)) for number, setting in told] == [(setting, DEFAULTS[setting]) for _, setting in told]


@pytest.mark.parametrize("name", PAPERS)
def test_no_duration_is_written_without_its_setting(name: str) -> None:
    """But the backups', which no setting changes."""
    alone = re.findall(r"(\d+) jours?\b(?! \(`REFERENTIEL_)", read(name))
    assert set(alone) <= {str(BACKUPS.days)}


def test_the_register_entry_has_every_duration_of_the_jobs() -> None:
    kept = {setting for setting in DEFAULTS if "_KEEP_" in setting or "_IDLE_" in setting or "SESSION_DAYS" in setting}
    assert kept <= set(re.findall(r"REFERENTIEL_\w+", read("registre.md")))


@pytest.mark.parametrize("name", [*PAPERS, "README.md"])
def test_each_setting_named_exists(name: str) -> None:
    assert set(re.findall(r"REFERENTIEL_\w+", read(name))) <= set(DEFAULTS)


def test_the_jobs_the_page_and_the_settings_have_the_same_durations() -> None:
    assert Keeping.of(Settings()) == LAW
    shown = {name for line in TABLE for name in (line.setting, line.also) if name}
    assert shown == {
        setting.name for setting in fields(Settings) if setting.name.startswith(("keep_", "idle_", "session_"))
    }


@pytest.mark.parametrize("name", PAPERS)
def test_who_signs_is_left_to_be_written(name: str) -> None:
    assert read(name).count("[À compléter") >= 5


@pytest.mark.parametrize("name", [*PAPERS, "README.md"])
def test_each_address_and_command_named_exists(app: Flask, name: str) -> None:
    routes = app.url_map.bind("127.0.0.1")
    for address in re.findall(r"`(/[a-z/-]+)`", read(name)):
        try:
            routes.match(address)
        except RequestRedirect:
            continue
        except NotFound:
            pytest.fail(f"{name} speaks of {address}, which does not exist")
    assert set(re.findall(r"`referentiel ([a-z]+)", read(name))) <= set(COMMANDS)


def test_the_operator_s_guide_has_the_same_durations() -> None:
    text = " ".join(GUIDE.read_text(encoding="utf-8").split())
    told = re.findall(r"\| (\d+) jours? \| `(REFERENTIEL_\w+)`", text)
    assert {setting for _, setting in told} >= {name for name in DEFAULTS if "_KEEP_" in name}
    assert all(int(number) == DEFAULTS[setting] for number, setting in told)
