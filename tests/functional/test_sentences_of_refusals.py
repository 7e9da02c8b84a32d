"""What a page says when something is missing or wrong: the sentence that fits, and nothing that is not so."""

from flask import Flask

from referentiel.permissions import Role
from referentiel.web.identity import open_session
from tests.cast import Someone, now
from tests.functional.test_appeals import appealed


def test_an_appeal_judged_without_a_reason_asks_for_that_reason(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = appealed(amina, chloe)
    page = denis.fill(f"/moderation/recours/{row.id}", decision="publier").get_data(as_text=True)
    assert "Écrivez à la personne pourquoi vous décidez ainsi." in page
    assert "This field is required" not in page


def test_a_wrong_code_of_the_telephone_says_nothing_of_a_text(app: Flask, chloe: Someone) -> None:
    assert Role.EDITOR in chloe.person.roles
    browser = Someone(app, "chloe, without her code", chloe.person_id)
    cookie, value = open_session(chloe.person, at=now())
    browser.client.set_cookie(cookie, value, domain="127.0.0.1")
    browser.fill("/mon-compte/effacer", words="garder")
    page = browser.send(second_factor_code="000000").get_data(as_text=True)
    assert "second_factor_code-erreur" in page
    assert "texte est gardé" not in page
