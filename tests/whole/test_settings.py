"""Each setting is documented, with its true default; a wrong one is refused in plain French."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from referentiel.config import PREFIX, BadSetting, Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(REFERENTIEL_[A-Z_]+)` \| `?([^|`]*)`? \|", PAGE, re.M))


def test_each_setting_is_documented_with_its_default() -> None:
    real = {PREFIX + setting.name.upper(): str(setting.default) or "empty" for setting in fields(Settings)}
    assert {name: default.strip() for name, default in ROWS.items()} == real


def test_each_setting_says_what_it_is_in_the_code() -> None:
    assert all(setting.metadata.get("doc") for setting in fields(Settings))


def test_a_public_address_without_https_is_refused() -> None:
    with pytest.raises(BadSetting, match="https"):
        Settings.from_environment({"REFERENTIEL_PUBLIC_URL": "http://referentiel.example"})


def test_a_number_that_is_not_one_is_refused_by_its_name() -> None:
    with pytest.raises(BadSetting, match="REFERENTIEL_PORT vaut « huit »"):
        Settings.from_environment({"REFERENTIEL_PORT": "huit"})


def test_a_postgresql_address_goes_through_psycopg() -> None:
    settings = Settings.from_environment({"REFERENTIEL_DATABASE_URL": "postgresql://u@127.0.0.1/r"})
    assert settings.sqlalchemy_url == "postgresql+psycopg://u@127.0.0.1/r"
