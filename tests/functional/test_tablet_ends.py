"""The end of a turn on a shared tablet: nothing typed is lost, and the words are for one pair of eyes."""

import pytest
from flask import Flask
from sqlalchemy import select

from referentiel.comments.models import Comment
from referentiel.database import session
from referentiel.people.models import Workshop
from tests.cast import BASE, Someone
from tests.functional.test_tablets import reply, take_turn, text
from tests.workshop_lives import QUESTIONS, facilitating, tablet, words_on, workshop


@pytest.fixture
def shared(app: Flask, chloe: Someone) -> Someone:
    """A tablet, in front of its first page."""
    held: Workshop = workshop(by=facilitating(chloe), structure="Chantier des Lilas")
    return tablet(app, held)


def sent() -> list[tuple[str, str]]:
    return [(row.key, row.text) for row in session.scalars(select(Comment).order_by(Comment.id))]


def finish(on: Someone, **fields: str) -> None:
    """Press the button of the strip, which sends the form of the question."""
    page = text(on)
    code = QUESTIONS[0]
    assert f'form="question" formaction="/seances/tablette/fin/{code}"' in page
    on.post(f"/seances/tablette/fin/{code}", {**on._form(f"/{code}/avis", None).values, **fields})


def test_words_typed_before_pressing_the_end_are_asked_about_then_sent(shared: Someone) -> None:
    take_turn(shared)
    finish(shared, visage="no", texte="Personne ne m’a\r\nprévenue.")
    assert "Votre avis n’est pas envoyé" in text(shared)
    assert "Personne ne m’a" in text(shared)
    assert sent() == []
    assert shared.send(to="/avis").headers["Location"] == "/seances/tablette/fin"
    shared.follow()
    assert [(key, words.replace("\r\n", "\n")) for key, words in sent()] == [("E4", "Personne ne m’a\nprévenue.")]
    assert len(words_on(shared)) == 4


def test_they_may_end_without_sending(shared: Someone) -> None:
    take_turn(shared)
    finish(shared, visage="yes")
    assert "Finir sans l’envoyer" in text(shared)
    shared.get("/seances/tablette/fin")
    assert sent() == []
    assert len(words_on(shared)) == 4


def test_words_without_a_face_come_back_with_the_question(shared: Someone) -> None:
    take_turn(shared)
    finish(shared, texte="Sans visage.")
    assert shared.send(to="/avis").status_code == 422
    assert "Sans visage." in text(shared)
    assert "Choisissez un visage" in text(shared)


def test_nothing_typed_or_nothing_changed_asks_nothing(shared: Someone) -> None:
    take_turn(shared)
    finish(shared)
    assert shared.page is not None
    assert shared.page.headers["Location"] == "/seances/tablette/fin"
    shared.get("/criteres/E4/avis")
    reply(shared, words="Déjà envoyé.")
    shared.get("/criteres/E4/avis")
    finish(shared, visage="yes", texte="Déjà envoyé.\r\n")
    assert shared.page.headers["Location"] == "/seances/tablette/fin"


def test_a_turn_that_is_over_leads_to_the_next_person(shared: Someone) -> None:
    shared.get("/apparence")
    form = shared._form("/apparence", None).values
    assert shared.post("/seances/tablette/fin/E4", form).headers["Location"] == "/seances/tablette"


def test_the_words_wait_until_the_facilitator_has_given_the_tablet(shared: Someone) -> None:
    take_turn(shared, "animateur")
    assert "Vous seul·e voyez ce nom" not in text(shared)
    shared.get("/seances/tablette/fin")
    assert "Prenez la tablette" in text(shared)
    assert words_on(shared) == []
    assert "Au suivant" not in text(shared)
    shared.get("/seances/tablette/fin?mots=voir")
    assert len(words_on(shared)) == 4
    assert "Au suivant" in text(shared)


def test_the_first_page_says_who_reads_what_one_writes(shared: Someone) -> None:
    assert "Personne d’autre ne voit" not in text(shared)
    assert "L’animateur ne voit pas ce que vous écrivez. Une personne relit vos mots" in text(shared)


def test_passing_every_question_of_a_turn_leads_to_its_end(shared: Someone) -> None:
    take_turn(shared)
    for following in QUESTIONS[1:]:
        assert f'href="/criteres/{following}/avis">Passer cette question' in text(shared)
        shared.get(f"/criteres/{following}/avis")
    assert 'href="/seances/tablette/fin">Passer et finir' in text(shared)


def test_the_thanks_of_a_tablet_put_no_question_from_outside(shared: Someone) -> None:
    take_turn(shared)
    for _key in QUESTIONS:
        reply(shared)
    assert "Merci, votre avis est envoyé" in text(shared)
    assert "Une autre question" not in text(shared)


def test_passing_has_an_end_outside_a_tablet_too(amina: Someone) -> None:
    amina.get("/questions")
    seen: list[str] = []
    address = "/criteres/A1/avis"
    while address.endswith("/avis"):
        assert address not in seen
        seen.append(address)
        page = amina.get(address).get_data(as_text=True)
        address = next(
            part.split('"')[0] for part in reversed(page.split('href="')) if ">Passer " in part.split("</a>")[0]
        )
    assert address == "/questions"
    assert amina.client.get(address, base_url=BASE).status_code == 200
