"""The four jobs, end to end, as people do them: wide, with a thumb at 320 px, without script, by keyboard alone.

On an instance where nobody has spoken yet, and on the demonstration, where ten months have passed. Each page opened on
the way is looked at (axe, light and dark, no sideways scroll, no error, nothing asked from another site).

A sample runs each time; ``make walk`` runs every job in every way and on both instances.
"""

import os
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page

from referentiel.blueprints.demo_links import players
from referentiel.commands.work import one_pass
from referentiel.people.cards import issuing
from referentiel.permissions import College
from referentiel.proposals.actions import submit
from referentiel.proposals.states import ProposalKind
from referentiel.web.stores import library, secret
from tests.browser.conftest import PRINTED, Site, Visit, command, row_of
from tests.browser.hands import WAYS, Hands, Way
from tests.proposal_lives import sheet

WHOLE = os.environ.get("REFERENTIEL_TEST_WALK") == "whole"

Stage = Callable[..., Hands]


def walks(*sample: tuple[str, str]) -> Any:
    """The ways and states in which a job is done: all of them, or the sample of an ordinary run."""
    # The demonstration takes a while to live: one process makes it.
    chosen = [
        pytest.param(
            way, state, id=f"{way}-{state}", marks=[pytest.mark.xdist_group(state)] if state == "lived" else []
        )
        for way, state in product(WAYS, ("new", "lived"))
        if WHOLE or (way.name, state) in sample
    ]
    return pytest.mark.parametrize(("way", "state"), chosen)


@pytest.fixture
def stage(visit: Visit, site: Site, way: Way, state: str, glass: Page) -> Stage:
    """``stage("bruno", "/criteres/E4")``: a new browser where Bruno is signed in, in front of that page."""

    def enter(person: str | None = None, path: str = "/") -> Hands:
        if state == "new" or person is None:
            return Hands(visit(path, person=person, **way.options), way, glass)
        name = {"chloe": "Chloé"}.get(person, person.capitalize())
        (player,) = [one for one in players(site.settings.instance) if one.name == name]
        hands = Hands(visit(f"/demonstration/{player.token}", **way.options), way, glass)
        hands.press(f"Devenir {name}")
        hands.open(path)
        return hands

    return enter


# --- read


@walks(("keyboard", "lived"), ("narrow", "new"))
def test_anybody_reads_from_the_home_page_to_the_plain_text_and_on(stage: Stage, way: Way) -> None:
    hands = stage()
    if way.keyboard:
        hands.page.keyboard.press("Tab")
        hands.page.keyboard.press("Enter")
        assert hands.page.evaluate("document.activeElement.id") == "contenu", "straight to the text"
    hands.press("Lire", exact=True)
    assert "en 7 chapitres" in hands.text

    hands.write("Chercher un mot", "direccte")
    hands.press("Chercher")
    assert hands.address.startswith("/referentiel/?q=direccte")
    assert hands.page.get_by_role("link", name="DREETS", exact=True).is_visible(), "known by its former name"
    hands.press("Tout effacer")

    hands.pick("Niveau", "Impératif")
    hands.pick("Étape du parcours", "Coordination")
    hands.press("Filtrer")
    hands.press("Facile à lire")
    for kept in ("niveau=imperatif", "etape=coordination", "presentation=facile"):
        assert kept in hands.address
    filtered = hands.address

    hands.press("Passer d’une étape à l’autre sans trou")
    assert "Vous changez de structure ou de formation ?" in hands.text
    assert "Ce texte est un brouillon" in hands.text
    plain = hands.address
    hands.back()
    assert hands.address == filtered, "an address is the whole state of the page"
    hands.page.goto(plain)
    hands.press("Après")
    assert "presentation=facile" in hands.address
    assert hands.address.startswith("/criteres/E5")
    hands.press("Texte complet")
    assert "Comment vérifier" in hands.text
    hands.press("Pourquoi cette phrase")
    assert "C’est publié" in hands.text


# --- propose

BEFORE = "rappelées régulièrement"
AFTER = "rappelées chaque mois"
WHY = "Chez nous, on les rappelle une fois à l’embauche, puis plus jamais."


@walks(("no-script", "new"), ("wide", "lived"))
def test_bruno_proposes_a_change_looks_at_it_keeps_a_draft_and_sends_it(stage: Stage, way: Way) -> None:
    hands = stage("bruno", "/criteres/B3")
    hands.press("Proposer un changement")
    statement = hands.read("Ce que la structure s’engage à faire")
    assert BEFORE in statement
    hands.write("Ce que la structure s’engage à faire", statement.replace(BEFORE, AFTER))
    preview = hands.find("Prévisualiser")
    if way.script:
        hands.touch(preview)
    else:
        hands.press("Prévisualiser")
    hands.page.locator("#apercu ins").first.wait_for()
    assert "régulièrement" in hands.page.locator("#apercu .rubric del").first.inner_text()
    assert "chaque mois" in hands.page.locator("#apercu .rubric ins").first.inner_text()
    hands.look()

    hands.write("Pourquoi ce changement ?", WHY)
    hands.press("Enregistrer le brouillon")
    assert "Votre brouillon est enregistré" in hands.text

    hands.press("Proposer", where="header")
    hands.press("Proposer un changement")
    hands.press("Sans titre")
    assert hands.read("Pourquoi ce changement ?") == WHY
    assert AFTER in hands.read("Ce que la structure s’engage à faire")

    hands.press("Envoyer ma proposition")
    assert "Votre texte est gardé. Rien n’a été envoyé." in hands.text
    assert hands.read("Pourquoi ce changement ?") == WHY
    hands.write("Votre proposition, en une ligne", "Rappeler les consignes chaque mois")
    hands.write("Ce que ça change pour moi", "On me remontre les gestes.")
    hands.choose("J’accepte que mon texte soit publié")
    hands.press("Envoyer ma proposition")
    assert "Votre proposition est envoyée" in hands.text
    assert "En vérification" in hands.text
    assert "Rappeler les consignes chaque mois" in hands.page.locator("h1").inner_text()
    assert "On me remontre les gestes." in hands.text


# --- comment

WORDS = "On ne m’a pas montré la deuxième machine."


@walks(("narrow", "lived"), ("keyboard", "new"))
def test_amina_answers_with_her_card_and_comes_back_with_her_words(stage: Stage, site: Site, way: Way) -> None:
    facilitator = stage("denis", "/administration/")
    facilitator.press("Imprimer des cartes")
    facilitator.write("Combien", "1")
    facilitator.press("Préparer les cartes")
    code = facilitator.page.locator(".pcard-code").inner_text()

    hands = stage()
    hands.press("Donner mon avis")
    hands.write("Mon code ou mes mots", code.lower().replace("-", " "))
    hands.press("Entrer", exact=True)
    hands.press("Travailler en sécurité")
    hands.choose("Un peu")
    hands.write("Voulez-vous dire plus ?", WORDS)
    hands.press("Envoyer mon avis")
    assert "Merci, votre avis est envoyé" in hands.text
    words = hands.page.locator(".return-words li").all_inner_texts()
    assert len(words) == 4
    hands.press("J’ai fini")
    hands.press("Quitter ce compte")
    assert WORDS not in hands.page.content()

    moderator = stage("chloe", "/bureau")
    moderator.press("Relire les contributions")
    held = moderator.page.locator("li.voice").filter(has_text=WORDS)
    assert "salarié·e en insertion" in held.inner_text()
    while moderator.page.locator("li.voice").count() and moderator.page.get_by_text(WORDS).count():
        moderator.press("Publier", exact=True)

    back = stage(None, "/rejoindre")
    back.write("Mon code ou mes mots", " ".join(words))
    back.press("Entrer", exact=True)
    back.press("Mes contributions", where="footer")
    assert WORDS in back.text
    assert "Publiée" in back.text
    passer_by = stage(None, "/criteres/B3")
    passer_by.press("Lire la contribution" if "Lire la contribution" in passer_by.text else "contributions")
    assert WORDS in passer_by.text
    assert "Bruno" not in passer_by.text


@pytest.mark.parametrize(("way", "state"), [pytest.param(WAYS[1], "new", id="narrow")])
def test_from_the_square_of_a_card_four_touches_send_an_answer(stage: Stage, site: Site) -> None:
    with site.app.app_context():
        (card,) = issuing.print_cards(1, college=College.EMPLOYEES, by=None, at=site.now(), secret=secret())
    hands = stage(None, f"/rejoindre/{card.square}")
    hands.press("Entrer", exact=True)
    hands.press("Commencer par la première question")
    hands.choose("Oui")
    hands.press("Envoyer mon avis")
    assert "Merci, votre avis est envoyé" in hands.text
    assert hands.presses == 4


# --- review


@walks(("wide", "new"), ("no-script", "lived"))
def test_four_people_review_a_change_decide_it_and_publish_an_edition(stage: Stage, site: Site, state: str) -> None:
    if state == "new":
        _on_an_empty_site(stage, site)
    else:
        _on_a_lived_site(stage, site)


def _on_an_empty_site(stage: Stage, site: Site) -> None:
    """From a proposal that just came to the edition that holds it, forty days later."""
    denis = stage("denis", "/bureau")
    denis.press("Annoncer une édition")
    denis.press("Annoncer cette date")
    assert "On peut encore proposer" in denis.text
    with site.app.app_context():
        submit(library(), sheet(), kind=ProposalKind.MODIFY, path="criteres/E4.md", by=row_of("bruno"), at=site.now())

    chloe = stage("chloe", "/bureau")
    chloe.press("Lire la proposition 1")
    chloe.press("Ouvrir la discussion")
    chloe.press("Ouvrir la discussion")
    assert "La discussion est ouverte." in chloe.text
    for name, stance in (("amina", "Favorable"), ("bruno_colleague", "Réservé"), ("denis", "Favorable")):
        _takes_position(stage(name, "/propositions/1"), stance)

    site.pass_days(40)
    chloe = stage("chloe", "/bureau")
    chloe.press("Préparer la proposition 1")
    for college in ("Salariés en insertion", "Structures (SIAE)", "Référents du SPE"):
        chloe.write(f"Pourquoi décider sans le collège « {college} »", "Invité trois fois.")
    _signs_first(chloe)
    act = _signs_second(stage("denis", "/bureau"), 1)
    assert "Invité trois fois." in act

    denis = stage("denis", "/bureau")
    denis.press("Préparer l’édition")
    denis.write("Note de l’édition", "Les passages se préparent plus tôt.")
    denis.press("Préparer l’édition")
    assert "est préparée" in denis.text
    _confirms(stage("chloe", "/bureau"))
    assert one_pass(site.app, at=site.now())
    _shows_what_changed(stage(None, "/editions/"), "E4")


def _on_a_lived_site(stage: Stage, site: Site) -> None:
    """Each step on what waits for it: the demonstration leaves a proposal ready for each, and an edition to seal."""
    chloe = stage("chloe", "/bureau")
    chloe.press("Donner avant le nom de la personne qui attend")
    chloe.press("Ouvrir la discussion")
    chloe.press("Ouvrir la discussion")
    assert "La discussion est ouverte." in chloe.text
    proposal = chloe.address
    for name, stance in (("bruno", "Favorable"), ("denis", "Défavorable")):
        _takes_position(stage(name, proposal), stance)

    chloe.open("/bureau")
    row = chloe.page.get_by_role("row").filter(has_text="Une réponse dans les deux mois")
    number = re.sub(r"\D", "", row.get_by_role("link", name="Préparer").inner_text())
    chloe.press(f"Préparer la proposition {number}")
    _signs_first(chloe)
    _signs_second(stage("denis", "/bureau"), int(number))

    _confirms(stage("chloe", "/bureau"))
    command(site.settings.instance, "work", "--once")
    _shows_what_changed(stage(None, "/editions/"), "E6")


def _takes_position(hands: Hands, stance: str) -> None:
    assert "Ce qui changerait" in hands.text
    hands.press("Côte à côte")
    assert hands.page.locator(".sides ins").count()
    hands.choose(stance)
    hands.press("Donner mon avis")
    assert "Votre avis est compté" in hands.text


def _signs_first(hands: Hands) -> None:
    hands.choose("Adopter")
    hands.write("La raison", "Les quatre collèges le demandent : prévenir tôt évite les ruptures.")
    hands.write("La même raison, en mots simples", "Vous serez prévenu plus tôt.")
    hands.press("Signer et demander la deuxième signature")
    assert "Votre signature est enregistrée" in hands.text
    assert "Une décision attend sa deuxième signature" in hands.text


def _signs_second(hands: Hands, number: int) -> str:
    hands.press(f"Lire et signer la proposition {number}")
    assert "Vous serez prévenu plus tôt." in hands.text
    hands.press("Signer la décision")
    assert "elle prend effet" in hands.text
    assert hands.address.startswith("/decisions/")
    return hands.text


def _confirms(hands: Hands) -> None:
    hands.press("Relire et confirmer")
    hands.press("Confirmer et sceller")
    assert "Elle sera scellée dans un instant" in hands.text


def _shows_what_changed(hands: Hands, code: str) -> None:
    hands.press("Ce qui a changé depuis")
    assert hands.address.startswith("/comparer?")
    assert "En bref" in hands.text
    change = hands.page.locator(f"#{code}")
    assert change.locator("ins").count()
    hands.press("Décision", where=f"#{code}")
    assert "Publiée dans l’édition" in hands.text


# --- before the jobs


@pytest.mark.parametrize(("way", "state"), [pytest.param(WAYS[0], "made", id="wide")])
def test_who_made_the_site_comes_in_by_the_printed_invitation_and_invites_an_editor(
    stage: Stage, site: Site, made: Path
) -> None:
    (invitation,) = re.findall(r"/invitation/\S+", made.with_name(PRINTED).read_text(encoding="utf-8"))
    denis = stage(None, invitation)
    denis.write("Votre adresse", "denis@tests.invalid")
    denis.press("Accepter l’invitation")
    _proves(denis, "Associer mon téléphone")
    denis.press("Administration")
    denis.press("Inviter une personne")
    denis.write("Adresse", "chloe@tests.invalid")
    denis.choose("Référents du SPE")
    denis.choose("Édition")
    denis.press("Envoyer l’invitation")
    assert "chloe@tests.invalid" in denis.text

    assert one_pass(site.app, at=site.now())
    (letter,) = site.settings.mail_path.glob("*.eml")
    (invitation,) = re.findall(r"/invitation/\S+", letter.read_text(encoding="utf-8"))
    chloe = stage(None, invitation)
    chloe.press("Accepter l’invitation")
    _proves(chloe, "Associer mon téléphone")
    chloe.press("Mon bureau", where="header")
    assert "Rien n’attend ici." in chloe.text


def _proves(hands: Hands, words: str) -> None:
    """Give the six digits that a telephone makes from the key."""
    hands.press(words)
    hands.page.locator("summary").click()
    key = re.sub(r"\s", "", hands.page.locator("details code").inner_text())
    hands.write("Les six chiffres", pyotp.TOTP(key).now())
    hands.press("Confirmer")
    assert "Votre téléphone est associé" in hands.text
