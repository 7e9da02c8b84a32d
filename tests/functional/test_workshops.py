"""A facilitator opens a collective session, a second person agrees, people come in, and everybody keeps their place."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.dates import PARIS
from referentiel.errors import Expired, Invalid, NotAllowed, Refused
from referentiel.library.library import Library
from referentiel.people.cards import codes, issuing
from referentiel.people.models import Card, Person, Session, Structure, Workshop, WrongTry
from referentiel.people.workshops import codes as workshop_codes
from referentiel.people.workshops import entering, holding, queries
from referentiel.permissions import College
from referentiel.web import clock, stores
from tests.cast import BASE, Someone, now
from tests.proposal_lives import ago, decided, in_discussion

CRITERIA = ["E4", "B1", "C1"]
TOMORROW = timedelta(days=1)


def opened_by(someone: Someone, *, seats: int = 12, criteria: list[str] | None = None) -> Workshop:
    """A session opened by the action; structure: that of Amina and Bruno."""
    return holding.open_workshop(
        "Rencontre du jeudi",
        criteria=criteria or CRITERIA,
        among=CRITERIA,
        place="salle 2",
        structure_id=session.scalar(select(Structure.id).where(Structure.name == "Chantier des Lilas")),
        seats=seats,
        ends_at=now() + TOMORROW,
        by=someone.person,
        at=now(),
        secret=stores.secret(),
    )


@pytest.fixture
def workshop(bruno: Someone, chloe: Someone) -> Workshop:
    """Held by Bruno, of the employers' college, with Chloé."""
    made = opened_by(bruno)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    return made


def code_of(workshop: Workshop) -> str:
    return workshop_codes.code_of(workshop.nonce, stores.secret())


def poster_of(workshop: Workshop) -> str:
    return f"/rejoindre/{workshop.id}.{workshop_codes.key_of(workshop.nonce, stores.secret())}"


def browser(app: Flask) -> Someone:
    return Someone(app, "somebody with a telephone")


def people() -> int:
    return session.scalar(select(func.count(Person.id))) or 0


def newest() -> Person:
    return session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()


def text(someone: Someone) -> str:
    assert someone.page is not None
    return someone.page.get_data(as_text=True)


def codes_printed_on(someone: Someone) -> list[str]:
    return re.findall(r'class="pcard-code">([\w-]{11})<', text(someone))


# --- opening


def test_bruno_opens_a_session_and_nobody_comes_in_before_a_second_person_agrees(
    app: Flask, bruno: Someone, chloe: Someone
) -> None:
    bruno.get("/seances/nouvelle")
    assert "Une deuxième personne, d’un autre collège" in text(bruno)
    bruno.send(
        title="Jeudi matin",
        place="salle 2",
        ends_on=(now() + TOMORROW).astimezone(PARIS).date().isoformat(),
        ends="17:30",
        seats="10",
        criteria=["E4", "B1"],
    )
    bruno.follow()
    [made] = session.scalars(select(Workshop))
    assert (made.title, made.criteria, made.seats) == ("Jeudi matin", ["B1", "E4"], 10)
    assert made.ends_at.astimezone(PARIS).strftime("%H:%M") == "17:30"
    assert made.structure_id == bruno.person.structure_id
    assert code_of(made) not in text(bruno)
    assert "Le code n’ouvre rien pour le moment" in text(bruno)
    bruno.get(f"/seances/{made.id}/affiche", status=403)
    bruno.get(f"/seances/{made.id}/cartes", status=403)
    assert browser(app).fill("/rejoindre", code=code_of(made)).status_code == 422
    browser(app).get(poster_of(made), status=410)

    chloe.get("/seances/")
    assert "Jeudi matin" in text(chloe)
    chloe.fill(f"/seances/{made.id}", button="Accepter de tenir cette séance")
    chloe.follow()
    assert code_of(made) in text(chloe)
    bruno.get(f"/seances/{made.id}")
    assert code_of(made) in text(bruno)
    assert browser(app).fill("/rejoindre", code=code_of(made)).status_code == 303


def test_bruno_says_whose_employees_come_and_chloe_reads_it_before_she_agrees(bruno: Someone, chloe: Someone) -> None:
    tomorrow = (now() + TOMORROW).astimezone(PARIS).date().isoformat()
    typed = {"title": "Jeudi", "ends_on": tomorrow, "ends": "12:00", "seats": "5", "criteria": ["E4"]}
    assert bruno.fill("/seances/nouvelle", **typed, structure="").status_code == 422
    assert "Choisissez la structure d’où viennent les salariés." in text(bruno)
    assert session.scalar(select(func.count(Workshop.id))) == 0
    assert bruno.fill("/seances/nouvelle", **typed).status_code == 303
    [made] = session.scalars(select(Workshop))
    chloe.get(f"/seances/{made.id}")
    assert "Chantier des Lilas" in text(chloe)
    chloe.send(to="accepter")
    chloe.follow()
    assert "Chantier des Lilas" not in text(chloe)


def test_another_college_than_the_employers_opens_alone(app: Flask, denis: Someone) -> None:
    made = opened_by(denis)
    denis.get(f"/seances/{made.id}")
    assert code_of(made) in text(denis)
    assert browser(app).fill("/rejoindre", code=code_of(made)).status_code == 303


@pytest.mark.parametrize("name", ["bruno", "bruno_colleague", "amina"])
def test_neither_the_opener_nor_their_college_nor_an_employee_can_be_the_second_person(
    name: str, request: pytest.FixtureRequest, bruno: Someone
) -> None:
    made = opened_by(bruno)
    with pytest.raises(NotAllowed):
        holding.agree_to_workshop(made, by=request.getfixturevalue(name).person, at=now())
    assert session.get_one(Workshop, made.id).second_id is None


def test_nobody_of_the_structure_of_those_who_come_is_the_second_person(bruno: Someone, chloe: Someone) -> None:
    made = opened_by(bruno)
    with writing():
        made.structure_id = chloe.person.structure_id
    with pytest.raises(NotAllowed):
        holding.agree_to_workshop(made, by=chloe.person, at=now())


def test_the_second_person_is_one_and_agrees_once(bruno: Someone, chloe: Someone, denis: Someone) -> None:
    made = opened_by(bruno)
    for _ in range(2):
        holding.agree_to_workshop(made, by=chloe.person, at=now())
    with pytest.raises(Refused, match="déjà accepté"):
        holding.agree_to_workshop(made, by=denis.person, at=now())
    assert session.get_one(Workshop, made.id).second_id == chloe.person_id


def test_a_session_is_a_private_thing(
    workshop: Workshop, bruno: Someone, bruno_colleague: Someone, amina: Someone, passer_by: Someone
) -> None:
    for path in ("", "/affiche", "/fermer"):
        bruno_colleague.get(f"/seances/{workshop.id}{path}", status=404)
        amina.get(f"/seances/{workshop.id}{path}", status=403)
        passer_by.get(f"/seances/{workshop.id}{path}", status=303)
    bruno.get("/seances/999999", status=404)
    bruno.get("/seances/99999999999999999999", status=404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "a" * 121),
        ("title", "\u202eRencontre"),
        ("criteria", []),
        ("criteria", ["Z99"]),
        ("seats", "0"),
        ("seats", "301"),
        ("seats", "x"),
        ("ends_on", "2020-01-01"),
        ("ends_on", "demain"),
        ("ends_on", "2999-01-01"),
        ("ends", "25:00"),
        ("structure", "999"),
        ("structure", "x"),
    ],
)
def test_what_makes_no_session_is_named_beside_its_field(bruno: Someone, field: str, value: str) -> None:
    tomorrow = (now() + TOMORROW).astimezone(PARIS).date().isoformat()
    typed = {"title": "Jeudi", "ends_on": tomorrow, "ends": "12:00", "seats": "5", "criteria": ["E4"]}
    answer = bruno.fill("/seances/nouvelle", **(typed | {field: value}))
    assert answer.status_code == 422
    assert f'id="{field}-erreur"' in text(bruno)
    assert session.scalar(select(func.count(Workshop.id))) == 0


def test_denis_gives_his_second_factor_before_he_opens_a_session_and_bruno_needs_none(
    denis: Someone, bruno: Someone
) -> None:
    with writing() as rows:
        rows.execute(update(Session).values(second_factor_at=None))
    for path in ("/seances/", "/seances/nouvelle"):
        assert denis.get(path, status=303).headers["Location"].startswith("/connexion/second-facteur")
        bruno.get(path)


def test_an_employee_opens_no_session(amina: Someone, chloe: Someone) -> None:
    amina.get("/seances/", status=403)
    chloe.get("/seances/nouvelle", status=403)
    with pytest.raises(NotAllowed):
        opened_by(chloe)


# --- cards


def test_cards_of_a_session_open_accounts_of_its_structure_that_nobody_sees(
    app: Flask, workshop: Workshop, bruno: Someone
) -> None:
    bruno.fill(f"/seances/{workshop.id}/cartes", count="8")
    printed = codes_printed_on(bruno)
    assert len(printed) == 8
    somebody = browser(app)
    assert somebody.fill("/rejoindre", code=printed[3]).status_code == 303
    account = newest()
    assert (account.workshop_id, account.structure_id) == (workshop.id, workshop.structure_id)
    assert (account.email, account.name, account.college) == (None, None, College.EMPLOYEES)
    for path in ("/mon-compte", "/questions", "/rejoindre/mes-mots", "/mes-contributions"):
        somebody.get(path)
        assert "Lilas" not in text(somebody)
    bruno.get(f"/seances/{workshop.id}")
    assert re.search(r"1 sur 12", text(bruno))
    assert queries.figures_of(workshop) == queries.WorkshopFigures(printed=8, used=1, seats_taken=1, guessed=0)


def test_facilitators_of_the_employers_college_print_only_for_a_session(bruno: Someone, denis: Someone) -> None:
    bruno.get("/administration/cartes", status=403)
    assert "séance tenue avec une personne d’un autre collège" in text(bruno)
    with pytest.raises(NotAllowed):
        issuing.print_cards(1, college=College.EMPLOYEES, by=bruno.person, at=now(), secret=stores.secret())
    denis.fill("/administration/cartes", count="2")
    assert len(codes_printed_on(denis)) == 2


def test_no_more_than_two_cards_a_seat_are_printed(bruno: Someone, chloe: Someone) -> None:
    made = opened_by(bruno, seats=3)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    bruno.fill(f"/seances/{made.id}/cartes", count="5")
    assert bruno.fill(f"/seances/{made.id}/cartes", count="2").status_code == 422
    assert "Il reste 1 cartes" in text(bruno)
    assert session.scalar(select(func.count(Card.id))) == 5


def test_cards_are_printed_neither_for_a_closed_session_nor_by_who_does_not_hold_it(
    workshop: Workshop, bruno: Someone, chloe: Someone, bruno_colleague: Someone
) -> None:
    with pytest.raises(NotAllowed):
        holding.print_workshop_cards(workshop, 1, by=bruno_colleague.person, at=now(), secret=stores.secret())
    holding.close_workshop(workshop, by=chloe.person, at=now())
    with pytest.raises(Refused, match="finie"):
        holding.print_workshop_cards(workshop, 1, by=bruno.person, at=now(), secret=stores.secret())


# --- coming in


@pytest.mark.parametrize("writing_of", [str, str.lower, lambda code: code.replace("-", "  ")])
def test_six_signs_open_a_new_account_and_lead_to_the_questions_of_the_session(
    app: Flask, workshop: Workshop, writing_of: object
) -> None:
    typed = writing_of(code_of(workshop))  # type: ignore[operator]
    somebody, before = browser(app), people()
    assert somebody.fill("/rejoindre", code=typed).headers["Location"] == "/criteres/E4/avis"
    somebody.follow()
    assert people() == before + 1
    account = newest()
    assert (account.workshop_id, account.email, account.name) == (workshop.id, None, None)
    somebody.get("/questions")
    page = text(somebody)
    places = [page.index(f"/criteres/{code}/avis") for code in CRITERIA]
    assert places == sorted(places)
    assert browser(app).fill("/rejoindre", code=typed).status_code == 303
    assert people() == before + 2


def test_the_poster_opens_the_first_question_and_an_answer_opens_the_account(app: Flask, workshop: Workshop) -> None:
    somebody, before = browser(app), people()
    somebody.get(poster_of(workshop))
    assert "Bienvenue" in text(somebody)
    assert people() == before
    assert somebody.send(button="Envoyer mon avis", visage="yes").headers["Location"] == "/criteres/B1/avis"
    somebody.follow()
    assert people() == before + 1
    [given] = session.scalars(select(Comment).where(Comment.author_id == newest().id))
    assert (given.key, given.face) == ("E4", "yes")


def test_the_poster_lets_in_without_an_answer_and_asks_for_a_face_before_sending_one(
    app: Flask, workshop: Workshop
) -> None:
    somebody, before = browser(app), people()
    assert somebody.fill(poster_of(workshop), button="Envoyer mon avis").status_code == 422
    assert "Choisissez un visage" in text(somebody)
    assert people() == before
    assert somebody.send(button="Entrer sans répondre").headers["Location"] == "/criteres/E4/avis"
    assert people() == before + 1


def test_looking_at_the_poster_takes_no_seat(app: Flask, bruno: Someone, chloe: Someone) -> None:
    made = opened_by(bruno, seats=1)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    scanner = browser(app)
    for _ in range(3):
        assert scanner.client.head(poster_of(made), base_url=BASE).status_code == 200
        scanner.get(poster_of(made))
    assert queries.figures_of(made).seats_taken == 0


def test_joining_by_the_poster_to_the_first_question_is_one_page_of_less_than_40_kb(
    app: Flask, workshop: Workshop
) -> None:
    """The page that the QR opens is the first question: one request, and its files."""
    telephone = browser(app)
    requests = [telephone.get(poster_of(workshop))]
    page = text(telephone)
    assert page.count('name="visage"') == 3
    files = set(re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js|svg|webmanifest)[^"]*)"', page))
    assert any("ui.css" in name for name in files)
    weight = len(requests[0].get_data())
    for name in files:
        answer = telephone.client.get(name, base_url=BASE, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, name
        weight += len(answer.get_data())
    assert len(requests) <= 2
    assert weight <= 40_000, weight
    # By its button it is the second one: who comes in without an answer is led to the same question.
    telephone.get(poster_of(workshop))
    assert telephone.send(button="Entrer sans répondre").headers["Location"] == "/criteres/E4/avis"


@pytest.mark.parametrize("by", ["code", "poster"])
def test_pressing_twice_comes_in_once_and_the_next_person_is_somebody_else(
    app: Flask, workshop: Workshop, by: str
) -> None:
    telephone, before = browser(app), people()
    address = "/rejoindre" if by == "code" else poster_of(workshop)
    telephone.get(address)
    data = telephone._form(address, None).values | {"code": [code_of(workshop)]}
    memo = telephone.client.get_cookie("memo", domain="127.0.0.1")
    assert memo
    for _ in range(2):
        telephone.client.set_cookie("memo", memo.value, domain="127.0.0.1")
        telephone.client.delete_cookie("session", domain="127.0.0.1")
        assert telephone.post(address, data).status_code == 303
    assert people() == before + 1
    telephone.client.delete_cookie("session", domain="127.0.0.1")
    telephone.get(address)
    data = telephone._form(address, None).values | {"code": [code_of(workshop)]}
    assert telephone.post(address, data).status_code == 303
    assert people() == before + 2


def test_the_last_seat_pressed_twice_still_comes_in(app: Flask, bruno: Someone, chloe: Someone) -> None:
    made = opened_by(bruno, seats=1)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    telephone = browser(app)
    telephone.get(poster_of(made))
    data = telephone._form(poster_of(made), None).values
    memo = telephone.client.get_cookie("memo", domain="127.0.0.1")
    assert memo
    for _ in range(2):
        telephone.client.set_cookie("memo", memo.value, domain="127.0.0.1")
        telephone.client.delete_cookie("session", domain="127.0.0.1")
        assert telephone.post(poster_of(made), data).status_code == 303
    assert queries.figures_of(made).seats_taken == 1


def test_an_account_erased_gives_no_seat_back(app: Flask, denis: Someone) -> None:
    made = opened_by(denis, seats=1)
    somebody = browser(app)
    assert somebody.fill("/rejoindre", code=code_of(made)).status_code == 303
    assert somebody.fill("/criteres/E4/avis", to="avis", visage="no").status_code == 303
    somebody.get("/mon-compte/effacer")
    assert somebody.send(to="effacer", words="garder").status_code == 303
    assert browser(app).fill("/rejoindre", code=code_of(made)).status_code == 422
    assert queries.figures_of(made).seats_taken == 1
    assert session.scalar(select(func.count(Comment.id)).where(Comment.face.is_not(None))) == 1


def test_a_professional_is_told_that_the_poster_is_for_employees(workshop: Workshop, chloe: Someone) -> None:
    chloe.get(poster_of(workshop))
    assert "Vous êtes connecté·e avec votre adresse" in text(chloe)
    assert "visage" not in text(chloe)


def test_who_is_already_in_is_led_on_even_when_every_seat_is_taken(app: Flask, bruno: Someone, chloe: Someone) -> None:
    made = opened_by(bruno, seats=1)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    somebody = browser(app)
    somebody.fill(poster_of(made), button="Entrer sans répondre")
    somebody.get(poster_of(made))
    assert "Vous êtes déjà entré·e" in text(somebody)
    late = browser(app)
    late.get(poster_of(made), status=410)
    assert "Toutes les places" in text(late)
    assert "Demandez une carte" in text(late)


# --- what opens nothing


def test_the_same_answer_for_a_code_that_never_was_one_that_is_over_and_one_that_is_full(
    app: Flask, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    full, over, closed, waiting = opened_by(denis, seats=1), opened_by(denis), opened_by(denis), opened_by(bruno)
    browser(app).fill("/rejoindre", code=code_of(full))
    holding.close_workshop(closed, by=denis.person, at=now())
    with writing():
        over.ends_at, over.created_at = now() - timedelta(hours=1), now() - timedelta(hours=2)
    before, answers = people(), {}
    for name, code in {
        "never": "222-222",
        "full": code_of(full),
        "over": code_of(over),
        "closed": code_of(closed),
        "waiting": code_of(waiting),
    }.items():
        answer = browser(app).fill("/rejoindre", code=code)
        page = answer.get_data(as_text=True).replace(code, "")
        answers[name] = (answer.status_code, re.sub(r'value="[^"]*"', "", page))
    assert len(set(answers.values())) == 1
    assert answers["never"][0] == 422
    assert "demandez une autre carte" in answers["never"][1]
    assert people() == before


@pytest.mark.parametrize("key", ["x", "A" * 22, "é", "%00", "a" * 3000])
def test_a_poster_that_nobody_printed_opens_nothing(app: Flask, workshop: Workshop, key: str) -> None:
    before = people()
    somebody = browser(app)
    somebody.get(f"/rejoindre/{workshop.id}.{key}", status=410)
    assert "Demandez une carte" in text(somebody)
    somebody.get("/rejoindre")
    csrf = somebody._form("/rejoindre", None).values
    assert somebody.post(f"/rejoindre/{workshop.id}.{key}", csrf).status_code == 410
    assert people() == before


def test_the_poster_says_that_the_session_is_over(app: Flask, workshop: Workshop, chloe: Someone) -> None:
    chloe.fill(f"/seances/{workshop.id}/fermer", button="Fermer la séance")
    chloe.follow()
    assert "Finie" in text(chloe)
    somebody = browser(app)
    somebody.get(poster_of(workshop), status=410)
    assert "elle est finie" in text(somebody)
    clock.set_clock(app, lambda: now() + TOMORROW * 2)
    assert browser(app).fill("/rejoindre", code=code_of(workshop)).status_code == 422


def test_wrong_tries_slow_their_own_code_and_nothing_else(app: Flask, workshop: Workshop, bruno: Someone) -> None:
    [card] = holding.print_workshop_cards(workshop, 1, by=bruno.person, at=now(), secret=stores.secret())
    time = [now()]
    clock.set_clock(app, lambda: time[0])
    guesser = browser(app)
    statuses = [guesser.fill("/rejoindre", code="222-222").status_code for _ in range(8)]
    assert statuses == [422] * 5 + [429] * 3
    assert "Attendez" in text(guesser)
    for n in range(20):
        assert guesser.fill("/rejoindre", code=f"33{codes.ALPHABET[n]}-333").status_code == 422
    assert browser(app).fill("/rejoindre", code=code_of(workshop)).status_code == 303
    assert browser(app).fill("/rejoindre", code=card.code).status_code == 303


def test_ten_thousand_guesses_at_one_card_are_slowed_told_and_leave_the_others_alone(
    app: Flask, workshop: Workshop, bruno: Someone, settings: Settings
) -> None:
    """By the action: each guess has another secret behind the same locator, one every tenth of a second."""
    guessed, other = holding.print_workshop_cards(workshop, 2, by=bruno.person, at=now(), secret=stores.secret())
    number, at, answers = codes.read(guessed.code), now(), {422: 0, 429: 0}
    for guess in range(1, 10_001):
        try:
            entering.enter(
                codes.as_code(number ^ guess),
                secret=stores.secret(),
                at=at + timedelta(seconds=guess / 10),
                life=settings.session_life,
            )
        except Refused as error:
            answers[error.status] += 1
    assert answers[422] < 20
    assert answers[422] + answers[429] == 10_000
    bruno.get(f"/seances/{workshop.id}")
    assert "Quelqu’un essaie de deviner 1 carte" in text(bruno)
    assert browser(app).fill("/rejoindre", code=other.code).status_code == 303
    clock.set_clock(app, lambda: at + timedelta(minutes=40))
    assert browser(app).fill("/rejoindre", code=guessed.code).status_code == 303
    assert session.scalar(select(func.count(WrongTry.locator))) == 0


# --- races


def enter_many(app: Flask, settings: Settings, typed: str, count: int) -> int:
    """How many of so many browsers, at the same instant, come in with what they type."""

    def enter(number: int) -> bool:
        with app.app_context():
            try:
                entering.enter(
                    typed,
                    secret=stores.secret(),
                    at=now(),
                    life=settings.session_life,
                    browser=str(number),
                    form=str(number),
                )
            except Refused:
                return False
            finally:
                session.remove()
            return True

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(enter, range(count)))


def test_the_last_seats_are_taken_once_whatever_the_number_of_browsers(
    app: Flask, settings: Settings, denis: Someone
) -> None:
    made = opened_by(denis, seats=3)
    code, number = code_of(made), made.id
    session.rollback()
    assert enter_many(app, settings, code, 8) == 3
    session.rollback()
    assert session.scalar(select(func.count(Person.id)).where(Person.workshop_id == number)) == 3


def test_one_card_of_a_session_opens_one_account_for_eight_browsers_at_once(
    app: Flask, settings: Settings, workshop: Workshop, bruno: Someone
) -> None:
    [card] = holding.print_workshop_cards(workshop, 1, by=bruno.person, at=now(), secret=stores.secret())
    session.rollback()
    assert enter_many(app, settings, card.code, 8) == 1


def test_a_card_of_a_full_session_opens_nothing_and_is_not_used_up(app: Flask, bruno: Someone, chloe: Someone) -> None:
    made = opened_by(bruno, seats=1)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    [card] = holding.print_workshop_cards(made, 1, by=bruno.person, at=now(), secret=stores.secret())
    browser(app).fill("/rejoindre", code=code_of(made))
    late = browser(app)
    assert late.fill("/rejoindre", code=card.code).status_code == 422
    late.get(f"/rejoindre/{card.square}")
    assert late.send().status_code == 410
    assert session.scalars(select(Card.used_on)).one() is None


# --- what is kept


def test_a_copy_of_the_database_holds_neither_the_code_nor_the_key_of_a_poster(
    app: Flask, settings: Settings, workshop: Workshop
) -> None:
    key = poster_of(workshop).partition(".")[2].encode()
    code = code_of(workshop).encode()
    for path in settings.instance.glob("referentiel.sqlite*"):
        content = path.read_bytes()
        assert code not in content
        assert code.replace(b"-", b"") not in content
        assert key not in content


def test_who_came_in_by_the_poster_comes_back_with_four_words(app: Flask, workshop: Workshop) -> None:
    somebody = browser(app)
    somebody.fill(poster_of(workshop), button="Entrer sans répondre")
    somebody.get("/rejoindre/mes-mots")
    shown = re.search(r'<ol class="return-words">(.*?)</ol>', text(somebody), flags=re.S)
    assert shown
    words = re.findall(r"<li>(\w+)</li>", shown[1])
    before = people()
    assert browser(app).fill("/rejoindre", code=" ".join(words)).status_code == 303
    assert people() == before
    assert {row.way for row in session.scalars(select(Session).where(Session.person_id == newest().id))} == {
        "code",
        "words",
    }


def test_public_figures_count_the_sessions_of_the_discussion_alone(
    app: Flask, workshop: Workshop, bruno: Someone, denis: Someone
) -> None:
    cards = holding.print_workshop_cards(workshop, 4, by=bruno.person, at=now(), secret=stores.secret())
    browser(app).fill("/rejoindre", code=cards[0].code)
    opened_by(denis, criteria=["B1"])
    start, end = now() - TOMORROW, now() + TOMORROW
    assert queries.public_figures(["E4"], since=start, until=end) == queries.PublicFigures(1, 4, 1, 1)
    assert queries.public_figures(["B1"], since=start, until=end) == queries.PublicFigures(2, 4, 1, 1)
    assert queries.public_figures(["A1"], since=start, until=end) is None
    assert queries.public_figures(["E4"], since=start - TOMORROW, until=start) is None
    assert queries.public_figures(["E4"], since=end + TOMORROW, until=end + 2 * TOMORROW) is None


def test_a_decision_says_how_many_cards_were_printed_and_used_and_never_fewer_than_five(
    app: Flask, library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    made = opened_by(bruno)
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    cards = holding.print_workshop_cards(made, 7, by=bruno.person, at=now(), secret=stores.secret())
    for card in cards[:4]:
        browser(app).fill("/rejoindre", code=card.code)
    with writing():
        made.created_at = ago(20)
    decided(library, proposal, chloe.person, denis.person)
    passer_by.get("/decisions/1")
    page = " ".join(re.sub(r"<[^>]+>", " ", text(passer_by)).split())
    assert "Cartes imprimées 7 Cartes utilisées moins de cinq Structures" in page
    assert "Structures d’où venaient les personnes moins de cinq" in page
    assert "Lilas" not in page
    browser(app).fill("/rejoindre", code=cards[4].code)
    passer_by.get("/decisions/1")
    assert "<dt>Cartes utilisées</dt><dd>5</dd>" in text(passer_by)


def test_a_decision_that_no_session_discussed_says_nothing_of_sessions(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    decided(library, in_discussion(library, bruno.person, chloe.person), chloe.person, denis.person)
    passer_by.get("/decisions/1")
    assert "Les séances pendant la discussion" not in text(passer_by)


def test_a_key_that_is_wrong_is_refused_by_the_action_too(workshop: Workshop, settings: Settings) -> None:
    for key, kind in (("x", Expired), ("", Expired)):
        with pytest.raises(kind):
            holding.enter_by_key(
                workshop.id,
                key,
                secret=stores.secret(),
                at=now(),
                life=settings.session_life,
                instead_of=None,
                browser=None,
            )
    with pytest.raises(Invalid):
        entering.enter("22", secret=stores.secret(), at=datetime.now(PARIS), life=settings.session_life)
