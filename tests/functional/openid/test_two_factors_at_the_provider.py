"""Two factors at the provider are believed, and a telephone known here answers once before."""

from datetime import datetime
from typing import Any

import pyotp
import pytest
from flask import Flask

from referentiel.database import writing
from referentiel.people.doors.keys import totp_secret
from referentiel.people.doors.second_factor import seed_of
from referentiel.people.models import Identity, Person
from referentiel.web import stores
from tests.cast import Someone, now
from tests.openid_provider import Liar, come_in
from tests.openid_walks import count, row


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
