"""Professionals come in by an identity provider: a true small one over HTTP, honest or lying."""

import re
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import select

from referentiel.config import Settings
from referentiel.database import session
from referentiel.people.doors.keys import digest
from referentiel.people.models import Identity, OpenIdTry, Session
from tests.cast import Someone
from tests.functional.test_signing_in import link_in, mails
from tests.openid_provider import Liar, choose, come_in, leave
from tests.openid_walks import count, leave_from_account


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
