"""The doors of employees and of facilitators say what is true, and never turn somebody in circles."""

from datetime import timedelta

from flask import Flask

from referentiel.database import writing
from referentiel.people.cards import issuing
from referentiel.people.workshops.codes import key_of
from referentiel.permissions import College
from referentiel.web.stores import secret
from tests.cast import Someone, now
from tests.functional.test_tablets import text
from tests.workshop_lives import facilitating, tablet, words_on, workshop


def with_a_card(app: Flask) -> tuple[Someone, issuing.PrintedCard]:
    [card] = issuing.print_cards(1, college=College.EMPLOYEES, by=None, at=now(), secret=secret())
    somebody = Someone(app, "with a card")
    assert somebody.fill("/rejoindre", code=card.code).status_code == 303
    return somebody, card


def test_a_used_card_says_that_its_words_no_longer_serve(app: Flask) -> None:
    _somebody, card = with_a_card(app)
    again = Someone(app, "the same, later")
    assert again.fill("/rejoindre", code=" ".join(card.words)).status_code == 422
    assert "Une carte sert une seule fois, avec ses signes ou ses mots" in text(again)
    assert "les quatre mots reçus à l’écran" in text(again)
    assert "réponse à corriger" not in text(again)
    assert "Votre texte est gardé" not in text(again)


def test_a_printed_card_does_not_call_its_words_the_four_words(chloe: Someone) -> None:
    held = workshop(by=facilitating(chloe))
    chloe.fill(f"/seances/{held.id}/cartes", count="1")
    assert "Ou le code en mots :" in text(chloe)
    assert "Ou ces quatre mots" not in text(chloe)


def test_writing_one_s_own_words_once_inside_leads_on(app: Flask) -> None:
    somebody, _card = with_a_card(app)
    somebody.get("/rejoindre/mes-mots")
    words = " ".join(words_on(somebody))
    assert somebody.fill("/rejoindre", to="/rejoindre", code=words).status_code == 303
    somebody.follow()
    assert "Vous êtes déjà entré·e." in text(somebody)
    assert somebody.fill("/rejoindre", to="/rejoindre", code="K7P-4XM-2RT").status_code == 409


def test_the_thanks_offer_no_words_to_who_came_back_by_them(app: Flask) -> None:
    somebody, _card = with_a_card(app)
    somebody.get("/rejoindre/mes-mots")
    words = " ".join(words_on(somebody))
    later = Someone(app, "the same, at home")
    assert later.fill("/rejoindre", code=words).status_code == 303
    assert later.fill("/criteres/E4/avis", to="/avis", visage="yes").status_code == 303
    later.follow()
    assert "Merci, votre avis est envoyé" in text(later)
    assert "Voir mes mots" not in text(later)


def test_leaving_an_account_of_a_card_says_so_in_the_words_of_the_link(app: Flask, chloe: Someone) -> None:
    somebody, _card = with_a_card(app)
    somebody.get("/deconnexion")
    assert "Quitter ce compte ?" in text(somebody)
    chloe.get("/deconnexion")
    assert "Voulez-vous vous déconnecter ?" in text(chloe)


def test_the_poster_of_a_session_that_is_over_leads_to_the_words(chloe: Someone, passer_by: Someone) -> None:
    held = workshop(by=facilitating(chloe))
    with writing():
        held.closed_at = now()
    passer_by.get(f"/rejoindre/{held.id}.{key_of(held.nonce, secret())}", status=410)
    assert "Entrer avec mes mots" in text(passer_by)


def test_the_home_page_says_what_was_just_done(app: Flask, chloe: Someone) -> None:
    shared = tablet(app, workshop(by=facilitating(chloe)))
    shared.send(to="/rendre")
    shared.follow()
    assert "Cet appareil n’est plus une tablette partagée." in text(shared)


def test_a_session_that_waits_for_somebody_is_not_said_to_be_open(bruno: Someone, chloe: Someone) -> None:
    facilitating(chloe)
    day = (now() + timedelta(days=1)).date().isoformat()
    for who, said in ((bruno, "La séance est créée. Elle attend l’accord"), (chloe, "La séance est ouverte.")):
        answer = who.fill(
            "/seances/nouvelle", to="nouvelle", title="Atelier", criteria=["E4"], ends_on=day, ends="18:00"
        )
        assert answer.status_code == 303
        who.follow()
        assert said in text(who)


def test_everything_missing_from_a_new_session_is_said_at_once(bruno: Someone) -> None:
    assert bruno.fill("/seances/nouvelle", to="nouvelle", title="").status_code == 422
    for said in ("Donnez un titre", "Choisissez au moins un critère", "Choisissez le jour", "Choisissez l’heure"):
        assert said in text(bruno)
