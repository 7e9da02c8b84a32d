"""The door of the provider: who may pass each page, and nothing of it without its settings."""

import subprocess
import sys

from flask import Flask

from referentiel.config import Settings
from referentiel.web.guard import access_of
from tests.cast import Someone
from tests.openid_walks import opened

OF_THE_DOOR = {
    ("GET", "/connexion/fournisseur"): "public",
    ("POST", "/connexion/fournisseur"): "public",
    ("GET", "/connexion/fournisseur/retour"): "public",
    ("GET", "/connexion/fournisseur/invitation"): "public",
    ("POST", "/connexion/fournisseur/invitation"): "public",
    ("GET", "/connexion/fournisseur/suite"): "manage_account",
    ("POST", "/connexion/fournisseur/suite"): "manage_account",
    ("GET", "/deconnexion/retour"): "public",
}


def test_each_page_of_the_door_says_who_may_pass(app: Flask, settings: Settings) -> None:
    plain = {rule.rule for closed in opened(settings) for rule in closed.url_map.iter_rules()}
    found = {
        (method, rule.rule): str(access_of(app.view_functions[rule.endpoint]))
        for rule in app.url_map.iter_rules()
        if rule.rule not in plain
        for method in ("GET", "POST")
        if method in (rule.methods or ())
    }
    assert found == OF_THE_DOOR


def test_without_its_settings_there_is_no_door_and_its_libraries_are_not_loaded(settings: Settings) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from referentiel.app import create_app; from referentiel.config import Settings\n"
        f"app = create_app(Settings(instance=Path({str(settings.instance)!r})))\n"
        "assert 'openid' not in app.blueprints\n"
        "print(sorted({'authlib', 'requests', 'joserfc', 'cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_sign_in_page_without_the_door_has_no_button_for_it(settings: Settings) -> None:
    for app in opened(settings):
        page = Someone(app, "somebody").get("/connexion").get_data(as_text=True)
        assert "S’identifier avec" not in page
