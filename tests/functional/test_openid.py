"""Professionals come in by an identity provider: a true small one over HTTP, honest or lying."""

import hmac
import json
import re
import socket
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pyotp
import pytest
import requests
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from referentiel.app import create_app
from referentiel.blueprints.openid_provider import NotAnswering, Provider
from referentiel.commands.demo_openid_pages import Answer, as_json
from referentiel.config import BadSetting, Settings
from referentiel.database import db, session, writing
from referentiel.errors import Unknown
from referentiel.people.accounts import administering
from referentiel.people.doors import inviting
from referentiel.people.doors import openid as openid_actions
from referentiel.people.doors.keys import digest, totp_secret
from referentiel.people.doors.openid import Begun
from referentiel.people.doors.second_factor import seed_of
from referentiel.people.models import Identity, OpenIdTry, Person, Session, Structure
from referentiel.permissions import College, Role
from referentiel.web import clock, stores
from referentiel.web.guard import access_of
from tests.cast import Someone, now
from tests.functional.test_signing_in import link_in, mails
from tests.openid_provider import Liar, choose, come_in, honest, leave, onwards, path_of, refuse

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


@pytest.fixture
def provider() -> Iterator[Liar]:
    liar = Liar()
    liar.start()
    yield liar
    liar.stop()


def opened(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        yield app
        session.remove()
        db.engine.dispose()


@pytest.fixture
def app(settings: Settings, provider: Liar) -> Iterator[Flask]:
    """The application of all tests here, with the door of the provider."""
    yield from opened(provider.settings(settings))


@pytest.fixture
def browser(app: Flask) -> Someone:
    """Nobody yet."""
    return Someone(app, "somebody")


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


# Coming in


def test_bruno_comes_in_and_goes_where_he_was_going(browser: Someone) -> None:
    answer = come_in(browser, "Bruno", suite="/propositions/")
    assert answer.headers["Location"] == "/propositions/"
    assert "bruno@tests.invalid" in browser.get("/mon-compte").get_data(as_text=True)
    opened = session.scalars(select(Session)).one()
    assert (opened.way, opened.person.email, opened.second_factor_at) == ("openid", "bruno@tests.invalid", None)
    assert session.scalars(select(Identity)).one().subject == "sub-bruno"


def test_the_next_time_the_number_is_enough(browser: Someone, app: Flask, provider: Liar) -> None:
    come_in(browser, "Bruno")
    provider.twist_person = lambda told: told | {"email_verified": False}
    other = Someone(app, "the same, elsewhere")
    come_in(other, "Bruno")
    assert "bruno@tests.invalid" in other.get("/mon-compte").get_data(as_text=True)
    assert count(Identity) == 1


def test_coming_in_ends_the_session_that_the_browser_had(bruno: Someone) -> None:
    before = bruno.client.get_cookie("session", domain="127.0.0.1")
    address = leave_from_account(bruno)
    bruno.get(choose(address, "Chloé"), status=303)
    after = bruno.client.get_cookie("session", domain="127.0.0.1")
    assert before
    assert after
    assert before.value != after.value
    assert session.scalar(select(Session.id).where(Session.digest == digest(before.value))) is None
    assert "chloe@tests.invalid" in bruno.get("/mon-compte").get_data(as_text=True)


def leave_from_account(someone: Someone) -> str:
    """A signed-in person has no sign-in page: the same button, sent from another page's token."""
    someone.get("/mon-compte")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(someone))
    assert token
    someone.post("/connexion/fournisseur", {"csrf_token": token[1]}, status=200)
    return onwards(someone)


def test_employees_come_first_on_the_sign_in_page_then_the_provider_then_the_mail(browser: Someone) -> None:
    page = browser.get("/connexion").get_data(as_text=True)
    order = ["Je suis salarié·e en insertion", "Je suis professionnel·le", "S’identifier avec", "Recevoir mon lien"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_the_way_by_mail_and_its_six_digits_still_work_beside_the_door(app: Flask, settings: Settings) -> None:
    first, telephone = Someone(app, "first"), Someone(app, "telephone")
    first.fill("/connexion", button="Recevoir mon lien", email="bruno@tests.invalid")
    telephone.get(link_in(mails(settings)[0]))
    found = re.search(r"(\d{3}) (\d{3})", telephone.send().get_data(as_text=True))
    assert found
    assert first.fill("/connexion/attente", digits=found[1] + found[2]).status_code == 303
    first.get("/mon-compte")


def test_the_provider_is_asked_for_what_its_profile_knows_and_for_nothing_else(browser: Someone) -> None:
    asked = parse_qs(urlsplit(leave(browser)).query)
    assert set(asked) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims"),
        *("code_challenge", "code_challenge_method"),
    }
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email siret"]
    assert min(len(asked["state"][0]), len(asked["nonce"][0])) >= 32
    assert not session.scalar(select(OpenIdTry.id).where(OpenIdTry.state == asked["state"][0])), "kept as a digest"


def test_two_tabs_may_leave_at_once_and_each_comes_back(browser: Someone) -> None:
    first, second = leave(browser, "/propositions/"), leave(browser, "/questions")
    assert browser.get(choose(first, "Bruno"), status=303).headers["Location"] == "/propositions/"
    assert browser.get(choose(second, "Bruno"), status=303).headers["Location"] == "/questions"


# What comes back with the browser


def test_a_state_serves_once(browser: Someone) -> None:
    back = choose(leave(browser), "Bruno")
    browser.get(back, status=303)
    assert "a déjà servi" in browser.get(back, status=410).get_data(as_text=True)
    assert count(Session) == 1


def test_a_state_stolen_by_another_browser_opens_nothing_there_and_still_serves_here(
    browser: Someone, app: Flask
) -> None:
    back = choose(leave(browser), "Bruno")
    thief = Someone(app, "a thief")
    thief.get("/connexion")
    thief.get(back, status=410)
    thief.get("/mon-compte", status=303)
    assert nothing_opened()
    browser.get(back, status=303)


def test_a_victim_is_never_signed_in_as_the_attacker_by_a_link(app: Flask, bruno: Someone) -> None:
    attacker = Someone(app, "an attacker")
    back = choose(leave(attacker), "Ève")
    bruno.get(back, status=410)
    assert "bruno@tests.invalid" in bruno.get("/mon-compte").get_data(as_text=True)


def test_a_state_is_refused_after_ten_minutes(browser: Someone, app: Flask) -> None:
    back = choose(leave(browser), "Bruno")
    move(app, minutes=10, seconds=1)
    assert "Revenir à la page de connexion" in browser.get(back, status=410).get_data(as_text=True)
    assert nothing_opened()


@pytest.mark.parametrize("query", ["", "state=", "code=x", "state=x&code=y", "error=access_denied", "state=%00&code=x"])
def test_a_return_that_nobody_left_for_is_refused_in_the_same_words(query: str, browser: Someone) -> None:
    page = browser.get(f"/connexion/fournisseur/retour?{query}", status=410)
    assert "a commencé il y a plus de dix minutes" in page.get_data(as_text=True)


@pytest.mark.parametrize("change", [{"iss": "https://evil.example"}, {"iss": ""}])
def test_an_answer_that_names_another_issuer_is_refused(
    change: dict[str, str], browser: Someone, provider: Liar
) -> None:
    provider.twist_return = lambda told: told | change
    back = choose(leave(browser), "Bruno")
    browser.get(back if change["iss"] else back + "&iss=https://evil.example", status=410)
    assert nothing_opened()


def test_a_code_of_somebody_else_pasted_in_the_return_is_refused(browser: Someone, app: Flask) -> None:
    """Their code was given for another verifier: the provider refuses it."""
    other = dict(parse_qsl(urlsplit(choose(leave(Someone(app, "other")), "Chloé")).query))
    mine = dict(parse_qsl(urlsplit(choose(leave(browser), "Bruno")).query))
    browser.get(f"/connexion/fournisseur/retour?{urlencode(mine | {'code': other['code']})}", status=400)
    assert nothing_opened()


@pytest.mark.parametrize(
    "suite", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: y"]
)
def test_the_way_back_never_leads_to_another_site(suite: str, browser: Someone) -> None:
    browser.get("/connexion")
    browser.send(to="/connexion/fournisseur", suite=suite)
    answer = browser.get(choose(onwards(browser), "Bruno"), status=303)
    assert answer.headers["Location"] == "/"


# What the provider signs


def signed(claims: dict[str, Any], key: Any, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", **header}, claims, key)


def by_another_key(provider: Liar, claims: dict[str, Any], **header: Any) -> str:
    return signed(claims, RSAKey.generate_key(2048, {"kid": provider.key.kid}), kid=provider.key.kid, **header)


def with_its_own_key(provider: Liar, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048)
    return signed(claims, key, jwk=key.as_dict(private=False))


def by_hand(claims: dict[str, Any], alg: str, key: bytes = b"", **header: Any) -> str:
    """What no library would sign for us: no algorithm, or an HMAC under a key that everybody knows."""
    parts = [json.dumps(part).encode() for part in ({"alg": alg, **header}, claims)]
    text = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.digest(key, text, "sha256") if key else b""
    return (text + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


def unsigned(claims: dict[str, Any]) -> str:
    return by_hand(claims, "none")


Signing = Callable[[Liar, dict[str, Any]], str]
SIGNATURES: dict[str, Signing] = {
    "alg none": lambda provider, claims: unsigned(claims),
    "alg none in capitals": lambda provider, claims: by_hand(claims, "NoNe", kid=provider.key.kid),
    "no alg": lambda provider, claims: by_hand(claims, ""),
    "HS256 with the public key": lambda provider, claims: by_hand(
        claims, "HS256", provider.key.as_pem(private=False), kid=provider.key.kid
    ),
    "HS256 with our secret": lambda provider, claims: by_hand(
        claims, "HS256", provider.secret.encode(), kid=provider.key.kid
    ),
    "a key in the header": with_its_own_key,
    "a key that is not published": by_another_key,
    "an algorithm off the list": lambda provider, claims: jwt.encode(
        {"alg": "PS256", "kid": provider.key.kid or ""}, claims, RSAKey.generate_key(2048), ["PS256"]
    ),
    "an algorithm that nobody knows": lambda provider, claims: by_hand(claims, "XYZ", b"x", kid=provider.key.kid),
    "a part that must be understood": lambda provider, claims: by_hand(claims, "RS256", b"x", crit=["exp"], exp=1),
    "no token at all": lambda provider, claims: "",
    "something else": lambda provider, claims: "x.y.z",
}
IDENTITIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "n" * 43},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-site"},
    "many audiences and nobody in charge": {"aud": ["another-site", "referentiel-demonstration"]},
    "another site in charge": {"azp": "another-site"},
    "another issuer": {"iss": "https://evil.example"},
    "an issuer almost alike": {"iss": "http://127.0.0.1/api/v2/"},
    "the end long passed": {"exp": 1_700_000_000},
    "no end": {"exp": None},
    "an end that is not a time": {"exp": "demain"},
    "issued in the future": {"iat": 4_000_000_000},
    "nobody": {"sub": ""},
    "a number for somebody": {"sub": 7},
    "methods that are not a list": {"amr": "mfa"},
    "the hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


def answers(someone: Someone, provider: Liar, cases: Iterable[str], lie: Callable[[str], None]) -> dict[str, int]:
    """What each lie is answered when Bruno comes in: one browser, one walk a lie."""
    found = {}
    for what in cases:
        lie(what)
        page = someone.get(path := choose(leave(someone), "Bruno"), status=400)
        assert "Rien n’a été ouvert" in page.get_data(as_text=True), f"{what}: {path}"
        assert "Revenir à la page de connexion" in page.get_data(as_text=True)
        found[what] = page.status_code
    return found


def test_an_identity_token_that_proves_nothing_opens_nothing(browser: Someone, provider: Liar) -> None:
    """oidc-02"""

    def lie(what: str) -> None:
        provider.sign_as = lambda claims: SIGNATURES[what](provider, claims)

    assert len(answers(browser, provider, SIGNATURES, lie)) == len(SIGNATURES)
    assert nothing_opened()
    provider.sign_as = None
    come_in(browser, "Bruno")


def changed(told: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (told | change).items() if value is not None}


def test_an_identity_token_for_another_time_place_or_person_opens_nothing(browser: Someone, provider: Liar) -> None:
    def lie(what: str) -> None:
        provider.twist_identity = lambda told: changed(told, IDENTITIES[what])

    assert len(answers(browser, provider, IDENTITIES, lie)) == len(IDENTITIES)
    assert nothing_opened()
    provider.twist_identity = honest
    come_in(browser, "Bruno")


USERINFOS: dict[str, dict[str, Any]] = {
    "somebody else": {"sub": "sub-chloe"},
    "nobody": {"sub": None},
    "another audience": {"aud": "another-site"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "the end long passed": {"exp": 1_700_000_000},
}


def test_userinfo_of_somebody_else_or_for_another_site_opens_nothing(browser: Someone, provider: Liar) -> None:
    def lie(what: str) -> None:
        provider.twist_person = lambda told: changed(told, USERINFOS[what])

    assert len(answers(browser, provider, USERINFOS, lie)) == len(USERINFOS)
    assert nothing_opened()


TELLINGS: dict[str, Callable[[Liar, dict[str, Any]], Answer]] = {
    "in plain JSON": lambda provider, told: as_json(told),
    "in JSON that says it is signed": lambda provider, told: Answer(200, "application/jwt", json.dumps(told)),
    "signed, and sent as JSON": lambda provider, told: Answer(200, "application/json", provider.sign(told)),
    "signed by nobody": lambda provider, told: Answer(200, "application/jwt", unsigned(told)),
    "signed by another": lambda provider, told: Answer(200, "application/jwt", by_another_key(provider, told)),
    "not at all": lambda provider, told: Answer(404, "text/plain", ""),
}


def test_userinfo_that_is_not_signed_by_the_provider_is_not_read(browser: Someone, provider: Liar) -> None:
    def lie(what: str) -> None:
        provider.tell_as = lambda told: TELLINGS[what](provider, told)

    assert len(answers(browser, provider, TELLINGS, lie)) == len(TELLINGS)
    assert nothing_opened()


# The provider itself


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


# Whose account


def test_somebody_unknown_is_told_how_to_be_invited_and_nothing_is_made(browser: Someone) -> None:
    people = count(Person)
    page = come_in(browser, "Ève", status=403).get_data(as_text=True)
    assert "Demandez une invitation" in page
    assert "eve@tests.invalid" in page
    assert (count(Person), count(Session), count(Identity)) == (people, 0, 0)
    browser.send(button="Essayer avec une autre adresse")
    assert parse_qs(urlsplit(onwards(browser)).query)["prompt"] == ["login"]


def test_a_role_or_a_college_that_a_provider_tells_is_not_heard(browser: Someone, provider: Liar) -> None:
    claims = {"roles": ["administrator"], "role": "admin", "groups": ["editors"], "college": "spe"}
    provider.twist_person = lambda told: told | claims
    provider.twist_identity = lambda told: told | claims
    come_in(browser, "Bruno")
    assert (row("bruno@tests.invalid").granted, row("bruno@tests.invalid").college) == ({Role.FACILITATOR}, "siae")
    browser.get("/administration/", status=403)


def invited(*roles: Role, email: str = "eve@tests.invalid") -> None:
    inviting.invite(college=College.SPE, roles=roles, email=email, by=None, at=now(), secret=stores.secret())


def test_an_invitation_that_waits_for_the_address_is_accepted_there(browser: Someone) -> None:
    invited(Role.FACILITATOR)
    page = browser.follow(come_in(browser, "Ève", suite="/propositions/")).get_data(as_text=True)
    assert "Une invitation vous attend" in page
    assert "Référents du SPE" in page
    answer = browser.send(name="Ève")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/propositions/")
    eve = row("eve@tests.invalid")
    assert (eve.college, eve.granted, eve.name) == ("spe", {Role.FACILITATOR}, "Ève")
    assert session.scalars(select(Identity)).one().person_id == eve.id
    browser.get("/mon-compte")


def test_an_invitation_is_not_accepted_ten_minutes_later_nor_twice(browser: Someone, app: Flask) -> None:
    invited()
    browser.follow(come_in(browser, "Ève"))
    page = browser.page
    move(app, minutes=11)
    assert browser.send().status_code == 410
    move(app)
    browser.page = page
    assert browser.get("/connexion/fournisseur/invitation", status=410)
    browser.follow(come_in(browser, "Ève"))
    assert browser.send().status_code == 303
    assert session.scalar(select(func.count(Person.id)).where(Person.email == "eve@tests.invalid")) == 1


def test_nobody_reaches_the_page_of_an_invitation_by_its_address(browser: Someone) -> None:
    invited()
    browser.get("/connexion/fournisseur/invitation", status=410)


def test_a_role_sent_in_the_form_of_the_invitation_changes_nothing(browser: Someone) -> None:
    invited()
    browser.follow(come_in(browser, "Ève"))
    form = browser._form(None, None)
    browser.post(form.action.partition(":8000")[2], form.values | {"roles": ["administrator"], "college": ["partners"]})
    assert (row("eve@tests.invalid").college, row("eve@tests.invalid").granted) == ("spe", frozenset())


@pytest.mark.parametrize(
    ("promise", "verified", "status"),
    [
        ("promised", None, 303),
        ("promised", True, 303),
        ("promised", False, 403),
        ("verified", None, 403),
        ("verified", True, 303),
        ("verified", False, 403),
        ("verified", "true", 403),
    ],
)
def test_an_address_is_believed_when_the_provider_answers_for_it(
    promise: str, verified: Any, status: int, settings: Settings, provider: Liar
) -> None:
    if verified is not None:
        provider.twist_person = lambda told: told | {"email_verified": verified}
    for app in opened(replace(provider.settings(settings), oidc_email=promise)):
        page = come_in(Someone(app, "somebody"), "Bruno", status=status).get_data(as_text=True)
        assert status == 303 or "Votre adresse n’est pas confirmée" in page


def test_the_same_address_at_two_providers_is_one_account(settings: Settings, provider: Liar, browser: Someone) -> None:
    come_in(browser, "Bruno")
    other = Liar()
    other.start()
    for app in opened(other.settings(settings)):
        come_in(Someone(app, "the same, later"), "Bruno")
        assert len({one.person_id for one in session.scalars(select(Identity))}) == 1
        assert {one.issuer for one in session.scalars(select(Identity))} == {provider.issuer, other.issuer}
    other.stop()


def test_a_number_whose_address_changes_stays_the_same_account_and_is_asked_which_to_keep(
    browser: Someone, app: Flask, provider: Liar
) -> None:
    come_in(browser, "Bruno")
    provider.twist_person = lambda told: told | {"email": "Bruno.Nouveau@tests.invalid"}
    again = Someone(app, "bruno again")
    page = again.follow(come_in(again, "Bruno", suite="/propositions/")).get_data(as_text=True)
    assert "Votre adresse a changé" in page
    assert again.send(button="Garder").headers["Location"] == "/propositions/"
    assert row("bruno@tests.invalid")
    third = Someone(app, "bruno, a third time")
    third.follow(come_in(third, "Bruno"))
    third.send(button="Prendre")
    assert row("bruno.nouveau@tests.invalid").roles == {Role.PARTICIPANT, Role.FACILITATOR}


def test_a_number_that_takes_the_address_of_somebody_else_takes_nothing_else(
    browser: Someone, app: Flask, provider: Liar, chloe: Someone
) -> None:
    come_in(browser, "Bruno")
    provider.twist_person = lambda told: told | {"email": "chloe@tests.invalid"}
    again = Someone(app, "bruno again")
    page = again.follow(come_in(again, "Bruno", suite="/mon-compte")).get_data(as_text=True)
    assert "réunir les deux" in page
    assert "bruno@tests.invalid" in page
    assert chloe.person.email == "chloe@tests.invalid"


def test_a_suspended_account_is_told_so_and_opens_nothing(browser: Someone, app: Flask, denis: Someone) -> None:
    come_in(browser, "Bruno")
    administering.suspend(row("bruno@tests.invalid"), by=denis.person, at=now())
    sessions = count(Session)
    again = Someone(app, "bruno again")
    page = come_in(again, "Bruno", status=403).get_data(as_text=True)
    assert "Votre compte est suspendu" in page
    assert count(Session) == sessions
    again.get("/mon-compte", status=303)


def test_an_erased_account_is_a_stranger_again(browser: Someone, app: Flask) -> None:
    come_in(browser, "Bruno")
    bruno = row("bruno@tests.invalid")
    with writing():
        bruno.email, bruno.name, bruno.erased_at = None, None, now()
    again = Someone(app, "bruno again")
    assert "Demandez une invitation" in come_in(again, "Bruno", status=403).get_data(as_text=True)
    assert count(Identity) == 0


# Second factor


def test_two_factors_at_the_provider_are_a_second_factor_here(browser: Someone) -> None:
    come_in(browser, "Chloé", two_factors=True)
    browser.get("/bureau")


@pytest.mark.parametrize("level", ["eidas2", "eidas3", "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"])
def test_a_level_that_needs_two_factors_is_one_too(level: str, browser: Someone, provider: Liar) -> None:
    provider.twist_identity = lambda told: told | {"acr": level, "amr": []}
    come_in(browser, "Chloé")
    browser.get("/bureau")


@pytest.mark.parametrize(
    "said", [{"acr": "eidas1"}, {"acr": "eidas4"}, {"amr": ["pwd", "mail"]}, {"amr": ["mfa "]}, {"acr": ["eidas2x"]}]
)
def test_without_two_factors_the_telephone_is_asked_for_as_always(
    said: dict[str, Any], browser: Someone, provider: Liar
) -> None:
    provider.twist_identity = lambda told: told | said
    if isinstance(said.get("acr"), list):
        come_in(browser, "Chloé", status=400)
        return
    come_in(browser, "Chloé")
    assert "second-facteur" in browser.get("/bureau", status=303).headers["Location"]


def test_what_userinfo_says_of_factors_is_not_heard(browser: Someone, provider: Liar) -> None:
    provider.twist_person = lambda told: told | {"acr": "eidas3", "amr": ["mfa"]}
    come_in(browser, "Chloé")
    browser.get("/bureau", status=303)


def enrolled(email: str) -> Person:
    """Somebody whose telephone is known here."""
    person = row(email)
    with writing():
        person.totp_seed = seed_of(person, stores.secret())
        person.totp_enrolled_at = now()
    return row(email)


def code_for(person: Person, *, at: datetime | None = None) -> str:
    return pyotp.TOTP(totp_secret(stores.secret(), seed_of(person, stores.secret()))).at(at or now())


def test_a_telephone_known_here_answers_once_before_the_provider_is_believed(browser: Someone, app: Flask) -> None:
    """An address may be given to somebody else one day, with their own second factor at the provider."""
    chloe = enrolled("chloe@tests.invalid")
    page = browser.follow(come_in(browser, "Chloé", two_factors=True, suite="/bureau")).get_data(as_text=True)
    assert "Relier votre compte" in page
    assert count(Identity) == 0
    waiting = browser.send(button="Relier mon compte")
    assert waiting.status_code == 403
    assert browser.send(second_factor_code="000000").status_code == 422
    answer = browser.send(second_factor_code=code_for(chloe))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/bureau")
    browser.follow(answer)
    again = Someone(app, "chloe again")
    come_in(again, "Chloé", two_factors=True)
    again.get("/bureau")


def test_who_links_later_is_in_without_the_rights_that_need_two_factors(browser: Someone) -> None:
    enrolled("chloe@tests.invalid")
    browser.follow(come_in(browser, "Chloé", two_factors=True, suite="/propositions/"))
    assert browser.send(button="Plus tard").headers["Location"] == "/propositions/"
    browser.get("/mon-compte")
    browser.get("/bureau", status=303)
    assert count(Identity) == 0


# Structure


def with_siret(name: str = "Chantier du Moulin") -> int:
    with writing() as rows:
        structure = Structure(name=name, kind="ACI", territory="dep-38", siret="11000101300017")
        rows.add(structure)
        rows.flush()
        return structure.id


def without_structure(email: str) -> None:
    person = row(email)
    with writing():
        person.structure_id = None


@pytest.mark.parametrize("answer", ["Oui", "Non"])
def test_the_structure_of_the_siret_is_suggested_once_and_confirmed_or_not(
    answer: str, browser: Someone, app: Flask
) -> None:
    structure = with_siret()
    without_structure("bruno@tests.invalid")
    roles = row("bruno@tests.invalid").granted
    page = browser.follow(come_in(browser, "Bruno", suite="/propositions/")).get_data(as_text=True)
    assert "Chantier du Moulin" in page
    assert row("bruno@tests.invalid").structure_id is None
    assert browser.send(button=answer).headers["Location"] == "/propositions/"
    assert row("bruno@tests.invalid").structure_id == (structure if answer == "Oui" else None)
    assert row("bruno@tests.invalid").granted == roles
    again = Someone(app, "bruno again")
    assert come_in(again, "Bruno").headers["Location"] == "/"


def test_who_has_a_structure_keeps_it_whatever_the_siret(browser: Someone) -> None:
    with_siret()
    before = row("bruno@tests.invalid").structure_id
    assert come_in(browser, "Bruno").headers["Location"] == "/"
    assert row("bruno@tests.invalid").structure_id == before


# The way out


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


# The door itself


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


def test_a_structure_that_is_no_longer_that_of_the_siret_is_not_taken(bruno: Someone) -> None:
    structure = with_siret()
    without_structure("bruno@tests.invalid")
    for siret in (None, "73282932000074"):
        with pytest.raises(Unknown):
            openid_actions.confirm_structure(structure, siret, by=bruno.person, at=now())
    assert row("bruno@tests.invalid").structure_id is None
