"""Leaving ends the session here, then at the provider."""

from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from sqlalchemy import select

from referentiel.commands.demo_openid_pages import Answer
from referentiel.database import session
from referentiel.people.models import Session
from tests.cast import Someone
from tests.openid_provider import Liar, come_in, onwards, path_of
from tests.openid_walks import count


def test_leaving_ends_the_session_here_then_at_the_provider(browser: Someone, provider: Liar) -> None:
    come_in(browser, "Bruno")
    token = session.scalars(select(Session.id_token)).one()
    assert browser.fill("/deconnexion?suite=/aide").status_code == 200
    assert count(Session) == 0
    there = onwards(browser)
    asked = parse_qs(urlsplit(there).query)
    assert set(asked) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert asked["id_token_hint"] == [token]
    assert len(asked["state"][0]) >= 32
    back = requests.get(there, timeout=30, allow_redirects=False).headers["Location"]
    assert browser.get(path_of(back), status=303).headers["Location"] == "/aide"
    browser.get("/mon-compte", status=303)


def test_a_forged_return_from_the_way_out_changes_nothing(browser: Someone, bruno: Someone) -> None:
    assert browser.get("/deconnexion/retour?state=x", status=303).headers["Location"] == "/"
    bruno.get("/deconnexion/retour?state=x", status=303)
    bruno.get("/mon-compte")


def test_who_came_by_mail_leaves_without_the_provider(bruno: Someone, provider: Liar) -> None:
    assert bruno.fill("/deconnexion").status_code == 303
    assert provider.heard == []


def test_the_session_ends_here_even_when_the_provider_is_down(app: Flask, browser: Someone, provider: Liar) -> None:
    come_in(browser, "Bruno")
    app.extensions["referentiel.openid"]._kept.clear()
    provider.instead = Answer(500, "text/plain", "")
    page = browser.fill("/deconnexion").get_data(as_text=True)
    assert "Vous êtes déconnecté·e ici" in page
    assert "fermez aussi le navigateur" in page
    browser.get("/mon-compte", status=303)


def test_a_provider_without_a_way_out_is_left_here_alone(browser: Someone, provider: Liar) -> None:
    provider.twist_description = lambda told: told | {"end_session_endpoint": None}
    come_in(browser, "Bruno")
    assert browser.fill("/deconnexion").status_code == 303
