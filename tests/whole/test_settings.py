"""Each setting is documented, with its true default; a wrong one is refused in plain French."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from referentiel.config import PREFIX, BadSetting, Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(REFERENTIEL_[A-Z_]+)` \| `?([^|`]*)`? \|", PAGE, re.M))


def test_each_setting_is_documented_with_its_default() -> None:
    real = {PREFIX + setting.name.upper(): str(setting.default) or "empty" for setting in fields(Settings)}
    assert {name: default.strip() for name, default in ROWS.items()} == real


def test_each_setting_says_what_it_is_in_the_code() -> None:
    assert all(setting.metadata.get("doc") for setting in fields(Settings))


def test_a_public_address_without_https_is_refused() -> None:
    with pytest.raises(BadSetting, match="https"):
        Settings.from_environment({"REFERENTIEL_PUBLIC_URL": "http://referentiel.example"})


REQUIRED = (
    "REFERENTIEL_LEGAL_PUBLISHER",
    "REFERENTIEL_LEGAL_ADDRESS",
    "REFERENTIEL_LEGAL_CONTACT",
    "REFERENTIEL_LEGAL_DIRECTOR",
    "REFERENTIEL_LEGAL_HOST",
    "REFERENTIEL_LEGAL_DPO",
    "REFERENTIEL_LEGAL_MISSION",
)
PUBLIC = {"REFERENTIEL_PUBLIC_URL": "https://referentiel.example"}


def test_a_public_site_that_does_not_say_who_publishes_it_is_told_all_that_is_missing_at_once() -> None:
    with pytest.raises(BadSetting) as told:
        Settings.from_environment(PUBLIC | {"REFERENTIEL_LEGAL_HOST": "L’hébergeur", "REFERENTIEL_LEGAL_DPO": "   "})
    named = re.findall(r"REFERENTIEL_LEGAL_[A-Z]+", str(told.value))
    assert named == [name for name in REQUIRED if name != "REFERENTIEL_LEGAL_HOST"]


def test_with_all_of_them_a_public_site_opens() -> None:
    assert Settings.from_environment(PUBLIC | dict.fromkeys(REQUIRED, "dit")).missing == {}


def test_this_machine_s_own_site_opens_without_them() -> None:
    assert set(Settings.from_environment({}).missing) == set(REQUIRED)


def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | more
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize("name", ["serve", "work", "init"])
def test_in_production_a_command_stops_with_one_line_that_names_them_all(name: str, tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("referentiel"))
    (tmp_path / "library.git").mkdir()
    told = run(program, name, REFERENTIEL_INSTANCE=str(tmp_path), **PUBLIC)
    assert told.returncode == 1
    assert told.stderr.startswith("Erreur : ")
    assert told.stderr.count("\n") == 1
    assert all(setting in told.stderr for setting in REQUIRED)


def test_behind_another_server_it_stops_in_the_same_way(tmp_path: Path) -> None:
    told = run(sys.executable, "-c", "import wsgi", REFERENTIEL_INSTANCE=str(tmp_path), **PUBLIC)
    assert told.returncode == 1
    assert all(setting in told.stderr for setting in REQUIRED)
    assert "Traceback" not in told.stderr


def test_a_number_that_is_not_one_is_refused_by_its_name() -> None:
    with pytest.raises(BadSetting, match="REFERENTIEL_PORT vaut « huit »"):
        Settings.from_environment({"REFERENTIEL_PORT": "huit"})


def test_a_postgresql_address_goes_through_psycopg() -> None:
    settings = Settings.from_environment({"REFERENTIEL_DATABASE_URL": "postgresql://u@127.0.0.1/r"})
    assert settings.sqlalchemy_url == "postgresql+psycopg://u@127.0.0.1/r"
