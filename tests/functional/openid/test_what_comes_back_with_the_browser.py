"""What the browser brings back from the provider serves once, in time, in the browser that left."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask

from referentiel.people.models import Session
from tests.cast import Someone
from tests.openid_provider import Liar, choose, leave, onwards
from tests.openid_walks import count, move, nothing_opened


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
