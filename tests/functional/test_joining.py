"""Employees come in with a card, once, and come back with four words."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.config import Settings
from referentiel.database import session
from referentiel.errors import Refused
from referentiel.people import upkeep
from referentiel.people.cards import codes, issuing
from referentiel.people.cards.issuing import CARD_LIFE
from referentiel.people.models import Card, Person, ReturnWords, Session, WrongTry
from referentiel.people.workshops import entering
from referentiel.permissions import College
from referentiel.web import clock, stores
from tests.cast import BASE, Someone, now


def printed(count: int = 1) -> tuple[issuing.PrintedCard, ...]:
    return issuing.print_cards(count, college=College.EMPLOYEES, by=None, at=now(), secret=stores.secret())


def browser(app: Flask) -> Someone:
    return Someone(app, "somebody with a card")


def people() -> int:
    return session.scalar(select(func.count(Person.id))) or 0


def words_on(someone: Someone) -> list[str]:
    page = someone.get("/rejoindre/mes-mots").get_data(as_text=True)
    shown = re.search(r'<ol class="return-words">(.*?)</ol>', page, flags=re.S)
    return re.findall(r"<li>(\w+)</li>", shown[1]) if shown else []


def wrong_code(card: issuing.PrintedCard) -> str:
    """Another secret behind the same locator."""
    return codes.as_code(codes.read(card.code) ^ 1)


@pytest.mark.parametrize("writing", ["code", "lower", "words"])
def test_a_card_opens_a_new_account_without_name_or_address(app: Flask, writing: str) -> None:
    [card] = printed()
    typed = {"code": card.code, "lower": card.code.lower().replace("-", " "), "words": " ".join(card.words)}[writing]
    somebody, before = browser(app), people()
    answer = somebody.fill("/rejoindre", code=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/questions")
    assert people() == before + 1
    account = session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()
    assert (account.college, account.email, account.name, account.structure_id) == ("employees", None, None, None)
    page = somebody.get("/mon-compte").get_data(as_text=True)
    assert account.pseudonym
    assert account.pseudonym in page


def test_a_card_leads_where_the_person_was_going(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    assert (
        somebody.fill("/rejoindre?suite=/criteres/E4/avis", code=card.code).headers["Location"] == "/criteres/E4/avis"
    )
    [other] = printed()
    somebody = browser(app)
    somebody.get("/rejoindre?suite=https://evil.example")
    assert somebody.send(code=other.code, suite="//evil.example").headers["Location"] == "/questions"


def test_the_square_opens_the_card_with_one_button_and_looking_uses_nothing_up(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    for _ in range(3):
        assert somebody.client.head(f"/rejoindre/{card.square}", base_url=BASE).status_code == 200
        somebody.get(f"/rejoindre/{card.square}")
    assert somebody.send().status_code == 303
    late = browser(app)
    late.get(f"/rejoindre/{card.square}")
    assert late.send().status_code == 410
    late.fill("/rejoindre", code=card.code)
    assert late.page is not None
    assert late.page.status_code == 422


@pytest.mark.parametrize("square", ["x", "..", "é", "%00", "a" * 3000, "K7P-4XM-2RT"])
def test_a_square_that_means_nothing_opens_nothing(app: Flask, square: str) -> None:
    somebody, before = browser(app), people()
    somebody.get("/rejoindre")
    csrf = somebody._form("/rejoindre", None).values
    assert somebody.post(f"/rejoindre/{square}", csrf).status_code in {404, 410}
    assert people() == before


def test_four_words_bring_the_same_person_back(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    somebody.fill("/rejoindre", code=card.code)
    words = words_on(somebody)
    assert len(words) == 4
    somebody.get("/mon-compte")
    name = session.scalars(select(Person.pseudonym).order_by(Person.id.desc()).limit(1)).one()
    somebody.fill("/deconnexion")
    before = people()
    again = browser(app)
    assert again.fill("/rejoindre", code=", ".join(words).upper()).status_code == 303
    assert people() == before
    assert name in again.get("/mon-compte").get_data(as_text=True)


def test_words_are_shown_during_the_visit_that_opened_the_account_and_never_again(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    somebody.fill("/rejoindre", code=card.code)
    words = words_on(somebody)
    again = browser(app)
    again.fill("/rejoindre", code=" ".join(words))
    assert words_on(again) == []
    assert "Vous les avez déjà" in again.page.get_data(as_text=True)  # type: ignore[union-attr]


def test_new_words_replace_the_former_ones(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    somebody.fill("/rejoindre", code=card.code)
    former = words_on(somebody)
    returning = browser(app)
    returning.fill("/rejoindre", code=" ".join(former))
    returning.fill("/rejoindre/mes-mots")
    newer = words_on(returning)
    assert len(newer) == 4
    assert newer != former
    assert browser(app).fill("/rejoindre", code=" ".join(former)).status_code == 422
    assert browser(app).fill("/rejoindre", code=" ".join(newer)).status_code == 303


def test_a_professional_has_no_return_words(bruno: Someone) -> None:
    assert bruno.get("/rejoindre/mes-mots", status=303).headers["Location"] == "/mon-compte"


def test_leaving_the_tablet_leaves_nothing_behind(app: Flask) -> None:
    [first, second] = printed(2)
    tablet = browser(app)
    tablet.fill("/rejoindre", code=first.code)
    words = words_on(tablet)
    tablet.get("/deconnexion?suite=/rejoindre")
    assert tablet.send().headers["Location"] == "/rejoindre"
    page = tablet.get("/rejoindre").get_data(as_text=True)
    assert not any(f"<li>{word}</li>" in page for word in words)
    tablet.get("/mon-compte", status=303)
    tablet.fill("/rejoindre", code=second.code)
    assert words_on(tablet) != words


def test_the_same_answer_for_a_wrong_an_expired_and_a_used_code(app: Flask) -> None:
    used, expired, fresh = printed(3)
    browser(app).fill("/rejoindre", code=used.code)
    nowhere = codes.as_code(codes.read(fresh.code) ^ (1 << 40))
    answers = {}
    for name, code, at in (
        ("wrong", wrong_code(fresh), now()),
        ("nowhere", nowhere, now()),
        ("used", used.code, now()),
        ("expired", expired.code, now() + CARD_LIFE),
    ):
        clock.set_clock(app, lambda at=at: at)  # type: ignore[misc]
        answer = browser(app).fill("/rejoindre", code=code)
        page = answer.get_data(as_text=True).replace(code, "")
        answers[name] = (answer.status_code, re.sub(r'value="[^"]*"', "", page))
    assert len(set(answers.values())) == 1
    assert answers["wrong"][0] == 422
    assert "demandez une autre carte" in answers["wrong"][1]


def test_thirty_wrong_tries_slow_one_locator_and_neither_another_card_nor_the_address(app: Flask) -> None:
    slowed, other = printed(2)
    time = [now()]
    clock.set_clock(app, lambda: time[0])
    guesser = browser(app)
    statuses = [guesser.fill("/rejoindre", code=wrong_code(slowed)).status_code for _ in range(30)]
    assert statuses[:5] == [422] * 5
    assert statuses[5:] == [429] * 25
    refused = guesser.fill("/rejoindre", code=slowed.code)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 30
    assert "demandez de l’aide à la personne" in refused.get_data(as_text=True)
    assert browser(app).fill("/rejoindre", code=other.code).status_code == 303
    time[0] += timedelta(seconds=31)
    assert browser(app).fill("/rejoindre", code=slowed.code).status_code == 303
    assert session.scalar(select(func.count(WrongTry.locator))) == 0


def test_another_forwarded_address_each_time_changes_nothing(app: Flask) -> None:
    [card] = printed()
    guesser = browser(app)
    for number in range(8):
        guesser.get("/rejoindre")
        data = guesser._form("/rejoindre", None).values | {"code": [wrong_code(card)]}
        answer = guesser.post("/rejoindre", data, headers={"X-Forwarded-For": f"127.0.0.{number}"})
    assert answer.status_code == 429


def test_wrong_tries_are_forgotten_after_a_day(app: Flask) -> None:
    [card] = printed()
    for _ in range(5):
        browser(app).fill("/rejoindre", code=wrong_code(card))
    assert upkeep.forget(at=now()) == 0
    assert upkeep.forget(at=now() + timedelta(days=1, seconds=1)) == 1
    assert upkeep.forget(at=now() + timedelta(days=1, seconds=1)) == 0


@pytest.mark.parametrize(
    "code", ["", "K7P", "\x00", "=1+1", "<script>alert(1)</script>", "(a+)+$", "\u202eK7P", "é" * 10_000, "' OR 1=1"]
)
def test_what_is_no_code_gets_one_thing_to_correct(app: Flask, code: str) -> None:
    before = people()
    answer = browser(app).fill("/rejoindre", code=code)
    assert answer.status_code == 422
    assert 'id="code-erreur"' in answer.get_data(as_text=True)
    assert people() == before


def test_a_card_opens_one_account_even_for_two_browsers_at_once(app: Flask, settings: Settings) -> None:
    [card] = printed()
    before = people()

    def enter(_: int) -> bool:
        with app.app_context():
            try:
                entering.enter(card.code, secret=stores.secret(), at=now(), life=settings.session_life)
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        opened = sum(pool.map(enter, range(8)))
    session.rollback()
    assert opened == 1
    assert people() == before + 1


@pytest.mark.parametrize("by", ["code", "square"])
def test_pressing_twice_on_an_old_telephone_comes_in_once_and_burns_nothing(app: Flask, by: str) -> None:
    [card] = printed()
    telephone, before = browser(app), people()
    address = "/rejoindre" if by == "code" else f"/rejoindre/{card.square}"
    telephone.get(address)
    data = telephone._form(address, None).values | {"code": [card.code]}
    memo = telephone.client.get_cookie("memo", domain="127.0.0.1")
    assert memo
    assert telephone.post(address, data).status_code == 303
    telephone.client.set_cookie("memo", memo.value, domain="127.0.0.1")
    telephone.client.delete_cookie("session", domain="127.0.0.1")
    assert telephone.post(address, data).status_code == 303
    assert people() == before + 1
    words = words_on(telephone)
    assert browser(app).fill("/rejoindre", code=" ".join(words)).status_code == 303
    clock.set_clock(app, lambda: now() + timedelta(minutes=3))
    telephone.client.set_cookie("memo", memo.value, domain="127.0.0.1")
    telephone.client.delete_cookie("session", domain="127.0.0.1")
    assert telephone.post(address, data).status_code in {410, 422}


def test_nothing_links_a_card_to_the_account_that_it_opened(app: Flask) -> None:
    [card] = printed()
    browser(app).fill("/rejoindre", code=card.code)
    columns = {column.name for column in Card.__table__.columns}
    assert not columns & {"person_id", "session_id", "used_by_id", "used_at"}
    assert session.scalars(select(Card.used_on)).one() == now().date()


def test_a_copy_of_the_database_holds_neither_codes_nor_words(app: Flask, settings: Settings) -> None:
    [card] = printed()
    somebody = browser(app)
    somebody.fill("/rejoindre", code=card.code)
    locator, _ = codes.halves(codes.read(" ".join(words_on(somebody))))
    row = session.scalars(select(ReturnWords)).one()
    assert row.locator == locator
    for path in settings.instance.glob("referentiel.sqlite*"):
        content = path.read_bytes()
        assert card.code.encode() not in content
        assert card.square.encode() not in content


def test_somebody_with_a_card_cannot_take_a_name_nor_the_second_factor_of_others(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    somebody.fill("/rejoindre", code=card.code)
    somebody.get("/rejoindre")
    csrf = somebody._form("/rejoindre", None).values
    assert somebody.post("/mon-compte/nom", csrf | {"name": ["Amina"]}).status_code == 422
    assert session.scalars(select(Person.name).order_by(Person.id.desc()).limit(1)).one() is None
    somebody.get("/administration/", status=403)


def test_denis_prints_cards_that_open(app: Flask, denis: Someone) -> None:
    page = denis.fill("/administration/cartes", count="3").get_data(as_text=True)
    printed_codes = re.findall(r'class="pcard-code">([\w-]{11})<', page)
    assert len(printed_codes) == 3
    assert browser(app).fill("/rejoindre", code=printed_codes[2]).status_code == 303


@pytest.mark.parametrize("count", ["0", "41", "-1", "x", "99999999999999999999", ""])
def test_a_number_of_cards_that_makes_no_sense_prints_none(denis: Someone, count: str) -> None:
    assert denis.fill("/administration/cartes", count=count).status_code == 422
    assert session.scalar(select(func.count(Card.id))) == 0


@pytest.mark.parametrize("name", ["amina", "bruno", "chloe"])
def test_people_who_host_no_meeting_and_the_employers_college_print_no_card_apart(
    name: str, request: pytest.FixtureRequest
) -> None:
    someone: Someone = request.getfixturevalue(name)
    someone.get("/administration/cartes", status=403)


def test_joining_again_on_the_same_browser_ends_the_former_session(app: Flask) -> None:
    [first, second] = printed(2)
    tablet = browser(app)
    tablet.fill("/rejoindre", code=first.code)
    tablet.fill("/rejoindre", code=second.code)
    assert tablet.send(button="Quitter ce compte et entrer").status_code == 303
    assert session.scalar(select(func.count(Session.id))) == 1


@pytest.mark.parametrize("by", ["code", "square"])
def test_another_card_says_before_leaving_that_it_opens_a_new_account(app: Flask, by: str) -> None:
    first, second = printed(2)
    somebody = browser(app)
    somebody.fill("/rejoindre", code=first.code)
    words, before = words_on(somebody), people()
    if by == "code":
        answer = somebody.fill("/rejoindre?suite=/criteres/E4/avis", code=second.code)
        assert answer.status_code == 409
    else:
        answer = somebody.get(f"/rejoindre/{second.square}?suite=/criteres/E4/avis")
    page = answer.get_data(as_text=True)
    assert "Une autre carte ouvre un nouveau compte, vide." in page
    assert "Ce compte ne se retrouve que par ses quatre mots." in page
    assert all(f"<li>{word}</li>" in page for word in words)
    assert people() == before
    assert somebody.send(button="Quitter ce compte et entrer").headers["Location"] == "/criteres/E4/avis"
    assert people() == before + 1
    assert words_on(somebody) != words
    assert browser(app).fill("/rejoindre", code=" ".join(words)).status_code == 303


def test_a_form_that_waited_in_another_tab_leaves_no_account_without_saying_so(app: Flask) -> None:
    first, second = printed(2)
    somebody = browser(app)
    somebody.get(f"/rejoindre/{second.square}")
    waiting = somebody.page
    somebody.fill("/rejoindre", code=first.code)
    before = people()
    somebody.get("/apparence")
    csrf = somebody._form("/apparence", None).values["csrf_token"]
    assert waiting is not None
    assert somebody.post(f"/rejoindre/{second.square}", {"csrf_token": csrf}).status_code == 409
    assert somebody.post("/rejoindre", {"csrf_token": csrf, "code": second.code}).status_code == 409
    assert people() == before
    assert somebody.get("/mon-compte").status_code == 200


def test_a_professional_who_opens_a_card_is_told_what_it_is_for(app: Flask, chloe: Someone) -> None:
    [card] = printed()
    page = chloe.get(f"/rejoindre/{card.square}").get_data(as_text=True)
    assert "Vous êtes connecté·e avec votre adresse e-mail." in page
    assert chloe.get("/mon-compte").status_code == 200


def test_leaving_says_that_words_are_the_only_way_back_and_shows_them_while_it_can(app: Flask) -> None:
    [card] = printed()
    somebody = browser(app)
    somebody.fill("/rejoindre", code=card.code)
    words = words_on(somebody)
    page = somebody.get("/deconnexion").get_data(as_text=True)
    assert "Ce compte ne se retrouve que par ses quatre mots." in page
    assert all(f"<li>{word}</li>" in page for word in words)
    current = session.scalars(select(Session.id)).one()
    csrf = somebody._form("/deconnexion", None).values["csrf_token"]
    answer = somebody.post(f"/mon-compte/connexions/{current}/fermer", {"csrf_token": csrf})
    assert answer.headers["Location"] == "/deconnexion"
    again = browser(app)
    again.fill("/rejoindre", code=" ".join(words))
    page = again.get("/deconnexion").get_data(as_text=True)
    assert "Sans eux, personne ne peut le rouvrir, pas même nous." in page
    assert not any(f"<li>{word}</li>" in page for word in words)
