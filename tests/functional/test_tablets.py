"""A shared tablet: it is nobody between two people, and keeps nothing of the one before."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.comments.models import Comment
from referentiel.comments.moderation import State
from referentiel.database import session, writing
from referentiel.people.models import Person, Session, Structure, Tablet, Workshop
from referentiel.web import clock
from tests.cast import BASE, Someone, explain, now, stand_still
from tests.workshop_lives import QUESTIONS, code, facilitating, last_person, tablet, words_on, workshop

TYPED = "écrit par l’animateur, relu à voix haute"


def text(someone: Someone) -> str:
    assert someone.page is not None
    return someone.page.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def count(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def take_turn(on: Someone, plume: str | None = None) -> None:
    """Press "Commencer", in front of the start page; stands in front of the first question."""
    answer = on.send(to="/seances/tablette", button="Commencer", **({"plume": plume} if plume else {}))
    assert answer.status_code == 303, explain(answer)
    on.follow()


def reply(on: Someone, face: str = "yes", words: str = "") -> None:
    answer = on.send(visage=face, texte=words)
    assert answer.status_code == 303, explain(answer)
    on.follow()


def end_turn(on: Someone) -> None:
    on.get("/seances/tablette/fin?mots=voir")
    assert on.send(to="/suivant").status_code == 303
    on.follow()


@pytest.fixture
def held(app: Flask, chloe: Someone) -> Workshop:
    """A workshop of Chloé, of the public employment service, for the people of Bruno's structure."""
    return workshop(by=facilitating(chloe), structure="Chantier des Lilas")


# --- opening


def test_chloe_opens_a_tablet_on_her_workshop_and_is_signed_out_of_it(
    app: Flask, chloe: Someone, held: Workshop
) -> None:
    page = chloe.get(f"/seances/tablette/ouvrir?seance={held.id}").get_data(as_text=True)
    assert "Votre compte va se fermer sur cet appareil" in page
    before = count(Session)
    assert chloe.send().headers["Location"] == "/seances/tablette"
    chloe.follow()
    assert "Atelier du mardi" in text(chloe)
    assert count(Session) == before - 1
    chloe.get("/mon-compte", status=303)
    chloe.get("/bureau", status=303)


def test_whoever_has_the_code_opens_a_tablet(app: Flask, held: Workshop) -> None:
    somebody = Someone(app, "who welcomes")
    typed = code(held).lower().replace("-", " ")
    assert somebody.fill("/seances/tablette/ouvrir", code=typed).headers["Location"] == "/seances/tablette"
    somebody.follow()
    assert "C’est à vous" in text(somebody)


def test_the_database_does_not_hold_the_key_of_a_tablet(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    cookie = shared.client.get_cookie("tablet", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert session.scalars(select(Tablet.digest)).one() != cookie.value


@pytest.mark.parametrize("typed", ["", "K7P", "222-222", "\x00", "<b>", "K7P-4XM-2RT", "é" * 5000])
def test_what_is_no_code_opens_no_tablet(app: Flask, held: Workshop, typed: str) -> None:
    somebody = Someone(app, "somebody")
    answer = somebody.fill("/seances/tablette/ouvrir", code=typed)
    assert answer.status_code == 422
    assert 'id="code-erreur"' in answer.get_data(as_text=True)
    assert count(Tablet) == 0


def test_wrong_codes_slow_themselves_down_and_not_the_right_one(app: Flask, held: Workshop) -> None:
    stand_still(app)
    guesser = Someone(app, "who guesses")
    statuses = [guesser.fill("/seances/tablette/ouvrir", code="222-222").status_code for _ in range(8)]
    assert statuses == [422] * 5 + [429] * 3
    assert guesser.page is not None
    assert int(guesser.page.headers["Retry-After"]) > 0
    assert guesser.fill("/seances/tablette/ouvrir", code=code(held)).status_code == 303


def test_going_back_once_the_tablet_is_given_back_leads_to_signing_in(passer_by: Someone, held: Workshop) -> None:
    for number in (held.id, 999):
        answer = passer_by.get(f"/seances/tablette/ouvrir?seance={number}", status=303)
        assert answer.headers["Location"].startswith("/connexion?suite=")


@pytest.mark.parametrize("who", ["amina", "bruno", "bruno_colleague"])
def test_the_workshop_of_others_does_not_exist(who: str, held: Workshop, request: pytest.FixtureRequest) -> None:
    someone: Someone = request.getfixturevalue(who)
    someone.get(f"/seances/tablette/ouvrir?seance={held.id}", status=404)
    someone.get("/seances/tablette/ouvrir?seance=999999999999999", status=404)
    assert count(Tablet) == 0


def test_bruno_alone_opens_no_tablet_before_a_second_person_agrees(app: Flask, bruno: Someone) -> None:
    alone = workshop(by=bruno.person)
    bruno.get(f"/seances/tablette/ouvrir?seance={alone.id}", status=403)
    assert "Une deuxième personne, d’un autre collège, doit d’abord accepter" in text(bruno)
    assert Someone(app, "x").fill("/seances/tablette/ouvrir", code=code(alone)).status_code == 422
    assert count(Tablet) == 0


def test_a_link_to_the_tablet_page_signs_nobody_out(chloe: Someone, held: Workshop) -> None:
    for _ in range(2):
        answer = chloe.client.get("/seances/tablette", base_url=BASE, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.headers["Location"] == "/seances/tablette/ouvrir"
        chloe.get("/mon-compte")


def test_a_browser_that_is_no_tablet_is_asked_for_the_code(passer_by: Someone) -> None:
    assert passer_by.get("/seances/tablette", status=303).headers["Location"] == "/seances/tablette/ouvrir"


# --- a turn


def test_a_turn_opens_an_account_of_the_workshop_and_asks_its_questions_in_order(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    before = count(Person)
    take_turn(shared)
    assert count(Person) == before + 1
    who = last_person()
    assert (who.college, who.workshop_id, who.structure_id, who.typed) == (
        "employees",
        held.id,
        held.structure_id,
        False,
    )
    assert (who.email, who.name, who.last_seen_on) == (None, None, None)
    for place, key in enumerate(QUESTIONS, 1):
        assert shared.page is not None
        assert shared.page.request.path == f"/criteres/{key}/avis"
        assert f"Question {place} sur 3" in text(shared)
        assert f"Vous êtes <b>{who.pseudonym}</b>. Vous seul·e voyez ce nom." in text(shared)
        reply(shared, words=f"Mes mots sur {key}.")
    assert "Merci, votre avis est envoyé" in text(shared)
    said = session.scalars(select(Comment).order_by(Comment.key)).all()
    assert {(row.key, row.workshop_id, row.structure_id, row.typed, row.state) for row in said} == {
        (key, held.id, held.structure_id, False, State.HELD) for key in QUESTIONS
    }
    assert not shared.get("/seances/tablette/fin").request.args
    assert len(words_on(shared)) == 4


def test_the_next_person_sees_nothing_of_the_one_before(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    take_turn(shared)
    first = last_person()
    name = first.pseudonym
    reply(shared, words="Les mots de la première personne.")
    shared.get("/seances/tablette/fin")
    words = words_on(shared)
    assert len(words) == 4
    assert shared.page is not None
    assert shared.page.headers["Cache-Control"] == "no-store"
    memo = shared.client.get_cookie("memo", domain="127.0.0.1")
    assert memo is not None
    answer = shared.send(to="/suivant")
    assert answer.headers["Location"] == "/seances/tablette"
    removed = [line for line in answer.headers.getlist("Set-Cookie") if "Max-Age=0" in line]
    assert {line.partition("=")[0] for line in removed} == {"session", "memo"}
    shared.follow()
    # "Back" asks for the page again, and finds the tablet between two people.
    assert shared.get("/seances/tablette/fin", status=303).headers["Location"] == "/seances/tablette"
    shared.get("/rejoindre/mes-mots", status=303)
    for path in ("/seances/tablette", "/criteres/E4/avis", "/mes-contributions", "/questions", "/rejoindre"):
        page = shared.get(path).get_data(as_text=True)
        assert "Les mots de la première personne" not in page
        assert str(name) not in page
        assert not any(f"<li>{word}</li>" in page for word in words)
    shared.get("/seances/tablette")
    take_turn(shared)
    assert last_person().id != first.id
    assert f"Question 1 sur {len(QUESTIONS)}" in text(shared)
    shared.get("/seances/tablette/fin")
    assert words_on(shared) != words
    # Even the old note of the browser, taken back, shows the former words to nobody.
    shared.client.set_cookie("memo", memo.value, domain="127.0.0.1")
    end_turn(shared)
    shared.client.set_cookie("memo", memo.value, domain="127.0.0.1")
    shared.get("/seances/tablette/fin", status=303)


def test_the_first_person_comes_back_at_home_with_the_words_of_the_tablet(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    take_turn(shared)
    name = str(last_person().pseudonym)
    reply(shared, words="Je voudrais un vrai suivi.")
    shared.get("/seances/tablette/fin")
    words = words_on(shared)
    end_turn(shared)
    home = Someone(app, "at home")
    assert home.fill("/rejoindre", code=" ".join(words)).status_code == 303
    assert name in home.get("/mon-compte").get_data(as_text=True)
    assert "Je voudrais un vrai suivi." in home.get("/mes-contributions").get_data(as_text=True)


def test_the_seats_of_the_workshop_count_the_turns(app: Flask, chloe: Someone) -> None:
    small = workshop(by=facilitating(chloe), seats=2)
    shared = tablet(app, small)
    for _ in range(2):
        take_turn(shared)
        end_turn(shared)
    before = count(Person)
    answer = shared.send(to="/seances/tablette", button="Commencer")
    assert answer.status_code == 422
    assert "toutes ses places sont prises" in text(shared)
    assert count(Person) == before


def test_pressing_begin_twice_begins_one_turn(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    memo = shared.client.get_cookie("memo", domain="127.0.0.1")
    assert memo is not None
    form = shared._form("/seances/tablette", "Commencer").values
    before = count(Person)
    for _ in range(2):
        shared.client.set_cookie("memo", memo.value, domain="127.0.0.1")
        shared.client.delete_cookie("session", domain="127.0.0.1")
        assert shared.post("/seances/tablette", form).status_code == 303
    assert count(Person) == before + 1


def test_a_tablet_left_in_the_middle_of_a_turn_says_so_before_anything_else(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    take_turn(shared)
    before = count(Person)
    shared.get("/seances/tablette")
    assert "Un tour est en cours" in text(shared)
    form = shared._form("/suivant", None).values
    assert shared.post("/seances/tablette", form).headers["Location"] == "/seances/tablette"
    assert shared.post("/seances/tablette/rendre", form).headers["Location"] == "/seances/tablette"
    assert count(Person) == before
    shared.get("/seances/tablette")
    shared.send(to="/suivant")
    shared.follow()
    assert "C’est à vous" in text(shared)


def test_a_turn_that_is_left_ends_by_itself_after_ten_minutes(app: Flask, held: Workshop) -> None:
    time = [now()]
    clock.set_clock(app, lambda: time[0])
    shared = tablet(app, held)
    take_turn(shared)
    name = str(last_person().pseudonym)
    for _ in range(3):
        # Somebody who goes on, slowly.
        time[0] += timedelta(minutes=9)
        assert name in shared.get("/questions").get_data(as_text=True)
    time[0] += timedelta(minutes=9)
    form = shared._form("/suivant", None).values if "/suivant" in text(shared) else {}
    shared.get("/criteres/E4/avis")
    form = shared._form("/avis", None).values
    assert shared.post("/seances/tablette/encore", form).status_code == 204
    time[0] += timedelta(minutes=10)
    shared.get("/mon-compte", status=303)
    answer = shared.get("/seances/tablette")
    assert "C’est à vous" in text(shared)
    assert name not in text(shared)
    assert any(line.startswith("session=;") for line in answer.headers.getlist("Set-Cookie"))
    take_turn(shared)
    assert name not in text(shared) or last_person().pseudonym == name


def test_who_comes_back_by_words_or_with_a_card_on_a_tablet_has_a_turn_too(app: Flask, held: Workshop) -> None:
    time = [now()]
    clock.set_clock(app, lambda: time[0])
    shared = tablet(app, held)
    take_turn(shared)
    shared.get("/seances/tablette/fin")
    words = words_on(shared)
    end_turn(shared)
    assert shared.fill("/rejoindre", code=" ".join(words)).status_code == 303
    shared.follow()
    assert "J’ai fini" in text(shared)
    time[0] += timedelta(minutes=10)
    shared.get("/mon-compte", status=303)


def test_a_tablet_ends_with_its_workshop(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    form = shared._form("/seances/tablette", "Commencer").values
    clock.set_clock(app, lambda: now() + timedelta(hours=3))
    before = count(Person)
    assert shared.post("/seances/tablette", form).status_code == 410
    assert count(Person) == before
    answer = shared.get("/seances/tablette")
    assert "La séance est finie" in text(shared)
    assert any(line.startswith("tablet=;") for line in answer.headers.getlist("Set-Cookie"))
    assert shared.client.get_cookie("tablet", domain="127.0.0.1") is None


def test_a_tablet_ends_when_its_workshop_is_closed_before_time(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    form = shared._form("/seances/tablette", "Commencer").values
    with writing():
        held.closed_at = now()
    assert shared.post("/seances/tablette", form).status_code == 410
    shared.get("/seances/tablette")
    assert "La séance est finie" in text(shared)


def test_the_facilitator_takes_the_tablet_back_between_two_turns(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    assert shared.send(to="/rendre").headers["Location"] == "/"
    assert count(Tablet) == 0
    assert shared.client.get_cookie("tablet", domain="127.0.0.1") is None
    shared.get("/seances/tablette", status=303)


def test_a_professional_who_signs_in_takes_the_tablet_back(app: Flask, chloe: Someone, held: Workshop) -> None:
    shared = tablet(app, held)
    mine = chloe.client.get_cookie("session", domain="127.0.0.1")
    assert mine is not None
    shared.client.set_cookie("session", mine.value, domain="127.0.0.1")
    page = shared.get("/questions").get_data(as_text=True)
    assert "J’ai fini" not in page
    assert shared.client.get_cookie("tablet", domain="127.0.0.1") is None
    assert count(Tablet) == 0


@pytest.mark.parametrize("key", ["", "x", "../..", "é", "a" * 4000])
def test_a_key_that_somebody_made_up_opens_nothing(app: Flask, held: Workshop, key: str) -> None:
    somebody, before = Someone(app, "somebody"), count(Person)
    somebody.client.set_cookie("tablet", key, domain="127.0.0.1")
    somebody.client.get("/seances/tablette", base_url=BASE)
    somebody.get("/apparence")
    form = somebody._form("/apparence", None).values
    assert somebody.post("/seances/tablette", form).status_code == 410
    assert count(Person) == before


def test_ordinary_pages_of_a_tablet_between_two_people_ask_for_no_account(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    assert "J’ai fini" not in shared.get("/criteres/E4").get_data(as_text=True)
    shared.get("/mon-compte", status=303)


# --- where the facilitator types


def test_who_types_is_chosen_at_the_start_and_said_at_each_step(
    app: Flask, held: Workshop, bruno_colleague: Someone, passer_by: Someone
) -> None:
    shared = tablet(app, held)
    assert "L’animateur écrit pour moi" in text(shared)
    assert "L’animateur connaîtra vos mots" in text(shared)
    take_turn(shared, "animateur")
    assert last_person().typed
    knows = "L’animateur écrit pour vous : il connaît vos mots"
    for key in QUESTIONS:
        assert knows in text(shared)
        assert "Relu à voix haute : envoyer" in text(shared)
        assert TYPED in text(shared)
        reply(shared, words=f"Mots dictés sur {key}.")
    assert knows in text(shared)
    assert TYPED in text(shared).lower()
    shared.get("/seances/tablette/fin?mots=voir")
    assert knows in text(shared)
    assert "Regardez-les seul·e" in text(shared)
    shared.get("/mes-contributions")
    assert knows in text(shared)
    said = session.scalars(select(Comment).where(Comment.key == "E4")).one()
    assert said.typed
    before = passer_by.get("/criteres/E4/contributions").get_data(as_text=True)
    assert "Mots dictés sur E4." not in before
    bruno_colleague.get("/moderation/")
    assert bruno_colleague.send(to=f"/{said.id}/publier").status_code == 303
    for path in ("/criteres/E4/contributions", "/criteres/E4"):
        page = passer_by.get(path).get_data(as_text=True)
        assert "Mots dictés sur E4." in page
        assert TYPED in page.lower()
        assert "Un·e salarié·e en insertion, " in page


def test_words_that_somebody_types_alone_do_not_say_so(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    take_turn(shared, "moi")
    assert not last_person().typed
    assert "L’animateur écrit pour vous" not in text(shared)
    assert TYPED not in text(shared)


def test_who_comes_back_alone_types_their_own_words(app: Flask, held: Workshop) -> None:
    shared = tablet(app, held)
    take_turn(shared, "animateur")
    shared.get("/seances/tablette/fin?mots=voir")
    words = words_on(shared)
    end_turn(shared)
    home = Someone(app, "at home")
    home.fill("/rejoindre", code=" ".join(words))
    assert "L’animateur" not in home.get("/criteres/E4/avis").get_data(as_text=True)
    home.fill("/criteres/E4/avis", visage="no", texte="Tapé chez moi.")
    assert not session.scalars(select(Comment).where(Comment.text == "Tapé chez moi.")).one().typed


def test_nobody_types_for_the_people_of_their_own_structure(app: Flask, bruno: Someone, chloe: Someone) -> None:
    own = workshop(by=bruno.person, second=chloe.person, structure="Chantier des Lilas")
    shared = tablet(app, own)
    page = text(shared)
    assert "L’animateur écrit pour moi" not in page
    assert "Une personne qui tient cette séance travaille dans votre structure : personne n’y écrit pour vous." in page
    form = shared._form("/seances/tablette", "Commencer").values
    before = count(Person)
    answer = shared.post("/seances/tablette", form | {"plume": ["animateur"]})
    assert answer.status_code == 403
    assert "Une personne qui tient cette séance travaille dans votre structure" in text(shared)
    assert count(Person) == before
    shared.get("/seances/tablette")
    take_turn(shared)
    assert not last_person().typed


def test_nobody_types_when_an_employer_holds_a_workshop_of_nobody_knows_whom(
    app: Flask, bruno: Someone, chloe: Someone
) -> None:
    for opener, second in ((bruno.person, chloe.person), (facilitating(chloe), bruno.person)):
        assert "L’animateur écrit pour moi" not in text(tablet(app, workshop(by=opener, second=second)))


def test_the_second_person_counts_as_much_as_the_first(app: Flask, bruno: Someone, chloe: Someone) -> None:
    theirs = workshop(by=facilitating(chloe), second=bruno.person, structure="Chantier des Lilas")
    assert "L’animateur écrit pour moi" not in text(tablet(app, theirs))


def test_nobody_types_when_those_who_held_the_workshop_have_gone(app: Flask, held: Workshop) -> None:
    with writing():
        held.opened_by_id = None
    assert "L’animateur écrit pour moi" not in text(tablet(app, held))


def test_the_name_of_the_structure_is_on_no_page_of_the_tablet(app: Flask, held: Workshop) -> None:
    name = session.scalars(select(Structure.name).where(Structure.id == held.structure_id)).one()
    shared = tablet(app, held)
    assert name not in text(shared)
    take_turn(shared)
    for path in ("/questions", "/criteres/E4/avis", "/mes-contributions", "/mon-compte", "/seances/tablette/fin"):
        assert name not in shared.get(path).get_data(as_text=True)
