"""A collective session in a real browser: opened by two people, printed on paper, answered on a small telephone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from referentiel.database import session
from referentiel.dates import PARIS
from referentiel.people.models import Workshop
from referentiel.people.workshops import codes as workshop_codes
from referentiel.people.workshops import holding
from referentiel.web.stores import secret
from tests.browser.conftest import Site, Visit, row_of
from tests.browser.hands import WAYS, Hands

WIDE, NARROW, NO_SCRIPT, KEYBOARD = WAYS


def opened(site: Site) -> tuple[str, str]:
    """A session held by Bruno and Chloé: its code, and the address of its poster."""
    with site.app.app_context():
        workshop = holding.open_workshop(
            "Rencontre du jeudi",
            criteria=["E4", "B1"],
            among=["E4", "B1"],
            place="salle 2",
            structure_id=row_of("bruno").structure_id,
            seats=12,
            ends_at=site.now() + timedelta(days=1),
            by=row_of("bruno"),
            at=site.now(),
            secret=secret(),
        )
        holding.agree_to_workshop(workshop, by=row_of("chloe"), at=site.now())
        code = workshop_codes.code_of(workshop.nonce, secret())
        key = workshop_codes.key_of(workshop.nonce, secret())
        address = f"/rejoindre/{workshop.id}.{key}"
        session.remove()
    return code, address


def sheets(page: Page) -> int:
    """How many A4 pages come out of the printer."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", print_background=True)))


@pytest.mark.parametrize("way", [NARROW, KEYBOARD, NO_SCRIPT], ids=str)
def test_from_the_poster_two_touches_send_an_answer_and_the_next_question_comes(
    visit: Visit, site: Site, glass: Page, way: object
) -> None:
    _, address = opened(site)
    hands = Hands(visit(address, **way.options), way, glass)  # type: ignore[attr-defined, arg-type]
    assert "Pas de nom." in hands.text
    hands.choose("Oui")
    hands.press("Envoyer mon avis")
    assert "Votre avis est envoyé" in hands.text
    assert hands.address == "/criteres/B1/avis"
    assert hands.presses == 2
    hands.choose("Un peu")
    hands.press("Envoyer mon avis")
    assert "Merci, votre avis est envoyé" in hands.text
    assert hands.page.locator(".return-words li").count() == 4


def test_the_code_is_typed_on_a_small_telephone(visit: Visit, site: Site, glass: Page) -> None:
    code, _ = opened(site)
    hands = Hands(visit("/rejoindre", **NARROW.options), NARROW, glass)
    hands.write("Mon code ou mes mots", "222-222")
    hands.press("Entrer", exact=True)
    assert "Ce code n’ouvre rien" in hands.text
    hands.write("Mon code ou mes mots", code.lower())
    hands.press("Entrer", exact=True)
    assert hands.address == "/criteres/E4/avis"


@pytest.mark.parametrize("way", [NARROW, KEYBOARD], ids=str)
def test_bruno_opens_a_session_chloe_agrees_and_both_print(visit: Visit, site: Site, glass: Page, way: object) -> None:
    bruno = Hands(visit("/mon-compte", person="bruno", **way.options), way, glass)  # type: ignore[attr-defined, arg-type]
    bruno.press("Les séances")
    bruno.press("Ouvrir une séance")
    bruno.write("Titre de la séance", "Jeudi matin")
    bruno.write("Le lieu", "salle 2")
    tomorrow = (site.now() + timedelta(days=1)).astimezone(PARIS).date().isoformat()
    bruno.field("Le jour").fill(tomorrow)
    bruno.field("L’heure de fin").fill("17:30")
    bruno.choose("E4")
    bruno.press("Ouvrir la séance")
    assert "Attend une deuxième personne" in bruno.text
    address = bruno.address

    chloe = Hands(visit(address, person="chloe", **way.options), way, glass)  # type: ignore[attr-defined, arg-type]
    chloe.press("Accepter de tenir cette séance")
    assert "Son code marche maintenant" in chloe.text

    bruno.open(address)
    bruno.press("Imprimer l’affiche")
    with site.app.app_context():
        [workshop] = session.scalars(select(Workshop))
        code = workshop_codes.code_of(workshop.nonce, secret())
        session.remove()
    assert code in bruno.text
    assert sheets(bruno.page) == 1
    bruno.open(f"{address}/cartes")
    bruno.press("Préparer les cartes")
    assert bruno.page.locator(".pcard").count() == 8
    assert sheets(bruno.page) == 1
