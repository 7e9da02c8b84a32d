"""Two people change the same passage in two browsers: one is adopted, the other settles it without script."""

import pytest
from playwright.sync_api import Page

from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.proposals import actions, queries
from referentiel.proposals.actions.rebasing import WORDS
from referentiel.web.stores import library
from tests.browser.conftest import Site, Visit, row_of
from tests.browser.hands import WAYS, Hands, Way
from tests.proposal_lives import ago, decided

STATEMENT = "Ce que la structure s’engage à faire"
PASSAGE = "criteres-e4-md-section-enonce"
BRUNO = ("avec la personne", "avec la personne et son nouvel encadrant")
CHLOE = ("avec la personne", "par la personne elle-même")
BOTH = "par la personne et son nouvel encadrant"


def propose(hands: Hands, title: str, was: str, becomes: str) -> None:
    """The form, as somebody fills it."""
    statement = hands.read(STATEMENT)
    assert was in statement
    hands.write(STATEMENT, statement.replace(was, becomes))
    hands.write("Votre proposition, en une ligne", title)
    hands.write("Pourquoi ce changement ?", "Chez nous, personne ne savait qui prévenir.")
    hands.choose("J’accepte que mon texte soit publié")
    hands.press("Envoyer ma proposition")
    assert "Votre proposition est envoyée" in hands.text


@pytest.mark.parametrize("way", [way for way in WAYS if way.name in ("no-script", "narrow")], ids=str)
def test_the_same_passage_is_changed_by_two_and_the_second_settles_it(
    way: Way, visit: Visit, site: Site, glass: Page
) -> None:
    bruno = Hands(visit("/propositions/nouvelle?critere=E4", person="bruno", **way.options), way, glass)
    chloe = Hands(visit("/propositions/nouvelle?critere=E4", person="chloe", **way.options), way, glass)
    propose(bruno, "Prévenir l’encadrant", *BRUNO)
    propose(chloe, "Laisser choisir", *CHLOE)
    with site.app.app_context():
        for number, editor in ((1, "denis"), (2, "denis")):
            actions.admit(queries.proposal(number), by=row_of(editor), at=ago(0))
        site.pass_days(31)
        decided(library(), queries.proposal(1), row_of("denis"), row_of("chloe"), days=-31)
        session.remove()
    chloe = Hands(visit("/propositions/", person="chloe", **way.options), way, glass)
    assert "Deux textes possibles au même endroit" in chloe.text
    chloe.press("Laisser choisir")
    assert "elle ne peut pas être adoptée telle quelle" in chloe.text
    chloe.press("Choisir passage par passage")
    assert "Avant" in chloe.text
    assert "et son nouvel encadrant" in chloe.text
    assert "elle-même" in chloe.text
    assert "<<<<" not in chloe.text

    chloe.press("Envoyer cette rédaction")
    assert "Dites ce que ce passage doit dire." in chloe.text, "nothing is chosen in somebody's place"
    chloe.choose("Écrire autre chose", where="#part-1 ~ fieldset")
    field = chloe.page.locator(f"[name='{WORDS}{PASSAGE}']")
    field.fill(field.input_value().replace(CHLOE[1], BOTH))
    chloe.press("Envoyer cette rédaction")
    assert "Votre nouvelle rédaction est publiée" in chloe.text
    assert "Rédaction 2" in chloe.text
    assert "Le texte a changé depuis cette rédaction" not in chloe.text

    with site.app.app_context():
        mine = queries.proposal(2)
        first, second = (Document.read(one.files[0].text).section("Énoncé") or "" for one in mine.revisions)
        assert CHLOE[1] in first
        assert BOTH in second
        assert BRUNO[1] in (Document.read(library().read("criteres/E4.md").text).section("Énoncé") or "")
        session.remove()
