"""Which account a provider opens: known, invited, suspended, erased, or of a stranger."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.people.accounts import administering
from referentiel.people.doors import inviting
from referentiel.people.models import Identity, Person, Session
from referentiel.permissions import College, Role
from referentiel.web import stores
from tests.cast import Someone, now
from tests.openid_provider import Liar, come_in, onwards
from tests.openid_walks import count, move, opened, row


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
