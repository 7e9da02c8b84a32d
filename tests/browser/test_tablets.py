"""A shared tablet in a real browser, and the way from a square to the answer that is sent: four taps at most."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from referentiel.comments.models import Comment
from referentiel.database import session
from referentiel.people.accounts import administering
from referentiel.people.cards import issuing
from referentiel.people.models import Workshop
from referentiel.people.workshops.codes import key_of
from referentiel.permissions import College
from referentiel.web.stores import secret
from tests.browser.conftest import Site, Visit, row_of
from tests.browser.hands import WAYS, Hands, Way
from tests.workshop_lives import QUESTIONS, code, workshop

PHONE = next(way for way in WAYS if way.thumb)
MOST_TAPS = 4


@pytest.fixture
def held(site: Site) -> dict[str, str]:
    """A workshop of Chloé, for people of Bruno's structure: its code, and the address in the square of its poster."""
    with site.app.app_context():
        chloe = row_of("chloe")
        # Who types must be somebody who hosts meetings.
        administering.give_roles(chloe, {*chloe.granted, "facilitator"}, by=row_of("denis"), at=site.now())
        row: Workshop = workshop(by=row_of("chloe"), structure="Chantier des Lilas")
        facts = {"code": code(row), "square": f"/rejoindre/{row.id}.{key_of(row.nonce, secret())}"}
        session.remove()
    return facts


def answers(site: Site) -> list[tuple[str, str, bool]]:
    """Criterion, words, and whether a facilitator typed, of everything that was sent."""
    with site.app.app_context():
        rows = session.scalars(select(Comment).order_by(Comment.created_at)).all()
        found = [(row.key, row.text, row.typed) for row in rows]
        session.remove()
    return found


def hands_on(visit: Visit, path: str, way: Way, glass: Page, **options: Any) -> Hands:
    return Hands(visit(path, **way.options | options), way, glass)


def test_from_the_poster_to_the_answer_that_is_sent_four_taps_are_enough(
    site: Site, visit: Visit, held: dict[str, str], glass: Page
) -> None:
    hands = hands_on(visit, held["square"], PHONE, glass)
    hands.choose("Oui")
    hands.press("Envoyer mon avis")
    assert "Votre avis est envoyé" in hands.text
    assert [key for key, _words, _typed in answers(site)] == [QUESTIONS[0]]
    assert hands.presses <= MOST_TAPS


def test_from_the_square_of_a_card_too(site: Site, visit: Visit, glass: Page) -> None:
    with site.app.app_context():
        [card] = issuing.print_cards(1, college=College.EMPLOYEES, by=None, at=site.now(), secret=secret())
        session.remove()
    hands = hands_on(visit, f"/rejoindre/{card.square}", PHONE, glass)
    hands.press("Entrer")
    hands.press("Commencer par la première question")
    hands.choose("Un peu")
    hands.press("Envoyer mon avis")
    assert "Merci, votre avis est envoyé" in hands.text
    assert len(answers(site)) == 1
    assert hands.presses <= MOST_TAPS


@pytest.mark.parametrize("way", [PHONE, *(way for way in WAYS if way.name in ("no-script", "keyboard"))], ids=str)
def test_two_people_take_the_tablet_in_turn_and_the_second_sees_nothing_of_the_first(
    site: Site, visit: Visit, held: dict[str, str], glass: Page, way: Way
) -> None:
    hands = hands_on(visit, "/seances/tablette", way, glass)
    hands.write("Le code de la séance", held["code"])
    hands.press("Ouvrir la tablette")

    hands.choose("J’écris moi-même")
    hands.press("Commencer")
    for place, _key in enumerate(QUESTIONS, 1):
        assert f"Question {place} sur {len(QUESTIONS)}" in hands.text
        hands.choose("Oui")
        hands.write("Voulez-vous dire plus", f"Première personne, {place}.")
        hands.press("Envoyer mon avis")
    hands.press("J’ai fini : voir mes quatre mots")
    words = hands.page.locator(".return-words li").all_inner_texts()
    assert len(words) == 4
    end = hands.address
    hands.press("Au suivant : effacer l’écran")
    assert "C’est à vous" in hands.text
    hands.back()
    assert hands.page.locator(".return-words").count() == 0, "the words do not come back"
    assert "Première personne" not in hands.page.content()
    hands.open(end)
    assert hands.address == "/seances/tablette"

    hands.choose("L’animateur écrit pour moi")
    hands.press("Commencer")
    assert "Question 1 sur" in hands.text
    assert "L’animateur écrit pour vous" in hands.page.locator("body").inner_text()
    hands.choose("Non")
    hands.write("Voulez-vous dire plus", "Deuxième personne, dictée.")
    hands.press("Relu à voix haute : envoyer")
    hands.press("J’ai fini", where="body")
    hands.press("Voir mes mots")
    assert hands.page.locator(".return-words li").all_inner_texts() != words
    hands.press("Au suivant : effacer l’écran")
    sent = answers(site)
    assert [typed for _key, _words, typed in sent] == [False] * len(QUESTIONS) + [True]


def test_a_tablet_that_nobody_touches_any_more_goes_back_to_its_first_page(
    site: Site, visit: Visit, held: dict[str, str], glass: Page
) -> None:
    hands = hands_on(visit, "/seances/tablette", PHONE, glass)
    hands.page.clock.install()
    hands.write("Le code de la séance", held["code"])
    hands.press("Ouvrir la tablette")
    hands.press("Commencer")
    hands.write("Voulez-vous dire plus", "Mots laissés là.")
    site.ahead += timedelta(minutes=10, seconds=15)
    with hands.page.expect_navigation():
        hands.page.clock.fast_forward("10:15")
    assert hands.address == "/seances/tablette"
    assert "C’est à vous" in hands.text
    assert answers(site) == []
