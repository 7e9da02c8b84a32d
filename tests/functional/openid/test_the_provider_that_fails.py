"""The provider is the one of the settings; one that is down, slow or silent leaves the way by mail."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from referentiel.blueprints.openid_provider import NotAnswering, Provider
from referentiel.commands.demo_openid_pages import Answer
from referentiel.config import BadSetting, Settings
from referentiel.people.doors.openid import Begun
from referentiel.people.models import Session
from tests.cast import Someone
from tests.openid_provider import Liar, choose, come_in, leave, refuse
from tests.openid_walks import count, move, nothing_opened


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"userinfo_endpoint": "https://evil.example/userinfo"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"token_endpoint": None},
    ],
)
def test_the_provider_is_the_one_of_the_settings_and_no_other_host_is_asked(
    change: dict[str, Any], browser: Someone, provider: Liar
) -> None:
    """oidc-03"""
    provider.twist_description = lambda told: told | change
    browser.get("/connexion")
    assert browser.send(to="/connexion/fournisseur").status_code == 400
    assert {target for _, target in provider.heard} == {"/api/v2/.well-known/openid-configuration"}


def test_no_redirect_of_the_provider_is_followed(browser: Someone, provider: Liar) -> None:
    provider.instead = Answer(302, "text/plain", "", f"{provider.issuer}/elsewhere")
    browser.get("/connexion")
    assert browser.send(to="/connexion/fournisseur").status_code == 400
    assert len(provider.heard) == 1


@pytest.mark.parametrize(
    ("issuer", "public"),
    [
        ("http://169.254.169.254/", ""),
        ("https://169.254.169.254/", "https://referentiel.example"),
        ("http://proconnect.example", ""),
        ("http://127.0.0.1:9000", "https://referentiel.example"),
        ("https://user@proconnect.example", ""),
        ("proconnect.example", ""),
    ],
)
def test_an_issuer_is_a_name_over_https(issuer: str, public: str) -> None:
    environ = {
        "REFERENTIEL_OIDC_ISSUER": issuer,
        "REFERENTIEL_OIDC_CLIENT_ID": "us",
        "REFERENTIEL_OIDC_CLIENT_SECRET": "secret",
        "REFERENTIEL_PUBLIC_URL": public,
    } | {f"REFERENTIEL_LEGAL_{name}": "x" for name in LEGAL}
    with pytest.raises(BadSetting, match="REFERENTIEL_OIDC_ISSUER"):
        Settings.from_environment(environ)


LEGAL = ("PUBLISHER", "ADDRESS", "CONTACT", "DIRECTOR", "HOST", "DPO", "MISSION")


def test_half_of_the_settings_is_refused_with_the_other_half_named() -> None:
    with pytest.raises(BadSetting, match="REFERENTIEL_OIDC_CLIENT_ID, REFERENTIEL_OIDC_CLIENT_SECRET"):
        Settings.from_environment({"REFERENTIEL_OIDC_ISSUER": "https://proconnect.example"})


def test_a_secret_is_not_in_what_settings_say_of_themselves() -> None:
    assert "s3cret" not in repr(Settings(oidc_client_secret="s3cret"))


def test_a_provider_that_is_down_leaves_the_way_by_mail(browser: Someone, provider: Liar) -> None:
    browser.get("/connexion")
    provider.instead = Answer(500, "text/plain", "")
    answer = browser.send(to="/connexion/fournisseur")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Recevoir un lien par e‑mail" in answer.get_data(as_text=True)


def test_a_provider_that_falls_while_one_is_there_opens_nothing(browser: Someone, provider: Liar) -> None:
    back = choose(leave(browser), "Bruno")
    provider.instead = Answer(502, "text/html", "<h1>Bad gateway</h1>")
    assert "ne répond pas" in browser.get(back, status=503).get_data(as_text=True)
    assert nothing_opened()


def test_an_answer_without_end_is_cut(browser: Someone, provider: Liar) -> None:
    browser.get("/connexion")
    provider.instead = Answer(200, "application/json", " " * 2_000_000)
    assert browser.send(to="/connexion/fournisseur").status_code == 503


@pytest.fixture
def silent() -> Iterator[Provider]:
    """A provider that lets people call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Provider(
            issuer=f"http://127.0.0.1:{listener.getsockname()[1]}",
            client_id="us",
            client_secret="secret",
            scopes="openid",
            promised=False,
            name="Le muet",
            back="http://127.0.0.1:8000/connexion/fournisseur/retour",
            patience=0.2,
        )


def test_a_silent_provider_is_not_waited_for(silent: Provider) -> None:
    with pytest.raises(NotAnswering):
        silent.door(Begun("s" * 43, "n" * 43, "v" * 43))


def test_a_provider_never_holds_all_the_threads_of_the_site(provider: Liar, silent: Provider) -> None:
    """Two wait for it at once; whoever comes meanwhile is told to come by mail."""
    with silent._places, silent._places, pytest.raises(NotAnswering):
        silent.door(Begun("s" * 43, "n" * 43, "v" * 43))


def test_somebody_who_refuses_at_the_provider_is_told_that_nothing_happened(browser: Someone) -> None:
    page = browser.get(refuse(leave(browser))).get_data(as_text=True)
    assert "Rien n’a été ouvert" in page
    assert "Revenir à la page de connexion" in page
    assert nothing_opened()


def test_new_keys_of_the_provider_are_fetched_when_they_are_met(browser: Someone, app: Flask, provider: Liar) -> None:
    come_in(browser, "Bruno")
    for kid in ("another", provider.key.kid or ""):
        provider.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})
        come_in(Someone(app, "somebody else"), "Bruno")
    assert count(Session) == 3


@pytest.mark.parametrize(("seconds", "status"), [(-45, 303), (100, 303), (-90, 400), (150, 400)])
def test_clocks_may_differ_by_a_minute_and_no_more(seconds: int, status: int, browser: Someone, app: Flask) -> None:
    move(app, seconds=seconds)
    come_in(browser, "Bruno", status=status)
