"""What every page does before and after its view: who may pass, what is kept, what the browser is told."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask, Response, request
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.database import Base, db, session
from referentiel.errors import Busy, TextMoved
from referentiel.journal.models import AuditLine
from referentiel.people.models import Session
from referentiel.permissions import Action
from referentiel.web import clock, stores
from referentiel.web.guard import access_of, public, requires
from referentiel.web.headers import CONTENT_SECURITY_POLICY
from referentiel.web.identity import open_session
from tests.cast import BASE, Someone, now, stand_still

FORM = "application/x-www-form-urlencoded"
LONG = (
    "Une phrase assez longue pour être celle de quelqu’un.\r\n\r\n"
    "Et une deuxième, avec <b>des</b> signes & des « guillemets »."
)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application, with a few more doors: one for each way of refusing."""
    app = create_app(settings)

    @app.post("/essai/avis")
    @requires(Action.COMMENT)
    def comment() -> Response:
        return Response(request.form["texte"], mimetype="text/plain")

    @app.post("/essai/occupe")
    @public
    def busy() -> str:
        raise Busy("Une autre personne enregistre. Attendez un peu.")

    @app.post("/essai/bouge")
    @public
    def moved() -> str:
        raise TextMoved("Le texte a changé pendant que vous écriviez.")

    @app.get("/essai/panne")
    @public
    def broken() -> str:
        raise ZeroDivisionError("secret detail")

    @app.get("/essai/base")
    @public
    def no_database() -> str:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    @app.get("/essai/sans-porte")
    def forgotten() -> str:
        return "never shown"

    @app.get("/essai/lire")
    @public
    def read() -> str:
        return "lire"

    with app.app_context():
        yield app
        session.remove()
        db.engine.dispose()


def token(someone: Someone) -> dict[str, str]:
    """A CSRF token of this browser."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', someone.get("/apparence").get_data(as_text=True))
    assert found
    return {"csrf_token": found[1]}


# Who may pass


def test_a_view_that_says_nothing_of_its_door_is_refused(denis: Someone) -> None:
    assert "never shown" not in denis.get("/essai/sans-porte", status=403).get_data(as_text=True)


def test_two_doors_on_one_view_are_a_mistake() -> None:
    with pytest.raises(TypeError):
        requires(Action.COMMENT)(public(lambda: ""))


def test_every_view_of_ours_has_one_door(app: Flask) -> None:
    ours = {"signing_in", "joining", "account", "administration"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ours:
            assert access_of(app.view_functions[rule.endpoint]) is not None, rule


# Where a request comes from


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
    ],
)
def test_another_site_cannot_send_our_forms_even_with_the_cookie_and_the_token(
    bruno: Someone, headers: dict[str, str]
) -> None:
    before = session.scalar(select(func.count(Session.id)))
    answer = bruno.post("/deconnexion", token(bruno), headers=headers)
    assert answer.status_code == 403
    assert session.scalar(select(func.count(Session.id))) == before
    bruno.get("/mon-compte")


def test_without_the_token_nothing_is_done_and_the_text_comes_back_with_a_button(bruno: Someone) -> None:
    for bad in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": "é\x00"}):
        answer = bruno.post("/essai/avis", bad | {"texte": LONG, "visage": "yes"})
        assert answer.status_code == 403
        page = answer.get_data(as_text=True)
        assert "Envoyer de nouveau" in page
        assert "des &#34;" not in page
        sent = bruno.send()
        assert sent.get_data(as_text=True).replace("\r\n", "\n") == LONG.replace("\r\n", "\n")


def test_the_numbers_of_a_form_are_kept_and_not_shown_as_words(bruno: Someone) -> None:
    numbers = dict.fromkeys(("form_id", "envoi", "digest", "base"), "0123456789abcdef" * 2)
    page = bruno.post("/propositions/brouillons", numbers | {"reason": "Une raison écrite."}, status=403)
    text = page.get_data(as_text=True)
    assert text.count("0123456789abcdef" * 2) == len(numbers)
    assert text.count("Une raison écrite.") == 2


def test_the_token_of_somebody_else_is_none(bruno: Someone, chloe: Someone) -> None:
    assert bruno.post("/essai/avis", token(chloe) | {"texte": LONG}).status_code == 403


# Nothing typed is lost


def test_a_session_that_ended_while_writing_gives_the_text_back_and_sends_it_after_signing_in(
    app: Flask, amina: Someone
) -> None:
    form = token(amina)
    session.execute(text("DELETE FROM sessions"))
    session.commit()
    answer = amina.post("/essai/avis", form | {"texte": LONG, "visage": "yes"})
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert "Connectez-vous pour envoyer votre texte" in page
    assert "Une phrase assez longue" in page
    from_kept = amina._form("/essai/avis", None)
    assert from_kept.values["visage"] == ["yes"]
    name, value = _signed_in(amina)
    amina.client.set_cookie(name, value, domain="127.0.0.1")
    amina.page = answer
    assert "Une phrase assez longue" in amina.send().get_data(as_text=True)


def _signed_in(someone: Someone) -> tuple[str, str]:
    return open_session(someone.person, at=now())


def test_a_passer_by_is_led_to_sign_in_and_back(passer_by: Someone) -> None:
    answer = passer_by.get("/mon-compte?a=1&b=%C3%A9", status=303)
    assert answer.headers["Location"] == "/connexion?suite=/mon-compte?a%3D1%26b%3D%25C3%25A9"


@pytest.mark.parametrize(("address", "status"), [("/essai/occupe", 503), ("/essai/bouge", 409)])
def test_a_refusal_in_the_domain_gives_the_text_back(passer_by: Someone, address: str, status: int) -> None:
    answer = passer_by.post(address, token(passer_by) | {"texte": LONG})
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert "Une phrase assez longue" in page
    assert ("Envoyer de nouveau" in page) == (status == 503)
    assert ("Retry-After" in answer.headers) == (status == 503)


# How much a request may hold


def test_a_body_over_the_limit_is_refused_before_it_is_read(passer_by: Someone) -> None:
    answer = passer_by.post("/rejoindre", data=b"code=" + b"mot " * 2_000_000, status=413)
    assert "Rien n’a été enregistré" in answer.get_data(as_text=True)


def test_a_body_without_a_length_is_refused_too(app: Flask) -> None:
    client = app.test_client()
    answer = client.post(
        "/rejoindre",
        base_url=BASE,
        data=b"code=" + b"x" * 300_000,
        content_type=FORM,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_a_hundred_thousand_fields_are_refused_without_being_parsed(passer_by: Someone) -> None:
    passer_by.post("/rejoindre", data=b"&".join(b"a" for _ in range(100_000)), content_type=FORM, status=413)
    many = {f"f{number}": "x" for number in range(300)}
    passer_by.post("/rejoindre", data=many, content_type="multipart/form-data", status=413)


def test_bytes_that_are_no_text_are_refused_in_french(passer_by: Someone) -> None:
    form = token(passer_by)
    for raw in (b"texte=%ED%A0%80", b"texte=\xff\xfe", b"texte=%C3"):
        body = b"csrf_token=" + form["csrf_token"].encode() + b"&" + raw
        answer = passer_by.post("/rejoindre", data=body, content_type=FORM)
        assert answer.status_code == 400
        assert "illisible" in answer.get_data(as_text=True)


@pytest.mark.parametrize("json", [{"email": "a@b.fr"}, {"email": 5}, {"email": {"x": []}}, [1, 2], "a", None])
def test_a_body_that_no_form_of_ours_sends_is_no_answer(passer_by: Someone, json: object) -> None:
    passer_by.get("/connexion")
    headers = {"X-CSRFToken": token(passer_by)["csrf_token"]}
    passer_by.post("/connexion", json=json, headers=headers, status=422)


def test_a_file_is_no_answer_to_a_question(passer_by: Someone) -> None:
    passer_by.get("/connexion")
    data = token(passer_by) | {"email": (BytesIO(b"a@b.fr"), "adresse.txt")}
    passer_by.post("/connexion", data, content_type="multipart/form-data", status=422)


def test_a_percent_sign_that_somebody_typed_is_a_text_like_another(passer_by: Someone) -> None:
    answer = passer_by.post("/rejoindre", token(passer_by) | {"code": "100%ED de %C3"})
    assert answer.status_code == 422


def test_a_flood_from_one_address_waits_whatever_address_it_claims_and_loses_nothing(
    app: Flask, passer_by: Someone
) -> None:
    stand_still(app)
    form = token(passer_by) | {"email": "x", "mot": "Une phrase que personne ne veut perdre."}
    statuses = []
    for number in range(62):
        headers = {"X-Forwarded-For": f"192.0.2.{number}", "Sec-Fetch-Site": "same-origin", "Origin": BASE}
        answer = passer_by.client.post("/connexion", data=form, headers=headers, base_url=BASE)
        statuses.append(answer.status_code)
    assert statuses == [422] * 60 + [429] * 2
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Une phrase que personne ne veut perdre." in answer.get_data(as_text=True)


# What the browser is told


@pytest.mark.parametrize("address", ["/essai/lire", "/connexion", "/nulle-part", "/static/marque.svg", "/essai/panne"])
def test_every_answer_says_what_may_run(passer_by: Someone, address: str) -> None:
    answer = passer_by.client.get(address, base_url=BASE)
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_a_reading_page_makes_no_sql_and_sets_no_cookie(app: Flask, passer_by: Someone) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    answer = passer_by.client.get("/essai/lire", base_url=BASE)
    assert answer.status_code == 200
    assert asked == []
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_pages_of_who_is_signed_in_are_kept_nowhere(bruno: Someone, passer_by: Someone) -> None:
    assert bruno.get("/mon-compte").headers["Cache-Control"] == "no-store"
    assert bruno.get("/nulle-part", status=404).headers["Cache-Control"] == "no-store"
    assert passer_by.get("/connexion").headers["Cache-Control"] == "no-store"
    assert passer_by.get("/rejoindre/sans-carte").headers["Cache-Control"] == "no-cache"


def test_behind_https_cookies_are_bound_to_the_host(settings: Settings) -> None:
    production = Settings(instance=settings.instance, public_url="https://referentiel.example")
    app = create_app(production)
    client = app.test_client()
    answer = client.get("/connexion", base_url="https://referentiel.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-memo=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert client.get("/connexion", base_url="https://127.0.0.1").status_code == 400
    with app.app_context():
        db.engine.dispose()


# What goes wrong


def test_a_fault_of_ours_shows_a_number_and_nothing_else(passer_by: Someone, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        page = passer_by.get("/essai/panne", status=500).get_data(as_text=True)
    assert "secret detail" not in page
    assert "Traceback" not in page
    assert passer_by.page is not None
    assert passer_by.page.headers["X-Request-Id"] in page
    assert "secret detail" in caplog.text


def test_a_database_that_refuses_is_a_page_that_says_to_try_again(bruno: Someone) -> None:
    answer = bruno.get("/essai/base", status=503)
    assert answer.headers["Retry-After"] == "5"


def test_a_method_that_an_address_does_not_know_is_said_with_those_it_knows(bruno: Someone) -> None:
    answer = bruno.post("/mon-compte", token(bruno), status=405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    "address", ["/nulle-part", "/%00", "/%ff%fe", "/..%2f..%2fetc%2fpasswd", "/\u202e", "/" + "a" * 5000]
)
def test_an_address_that_does_not_exist_is_a_page_with_a_search(passer_by: Someone, address: str) -> None:
    assert 'name="q"' in passer_by.get(address, status=404).get_data(as_text=True)


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "9" * 5000])
@pytest.mark.parametrize(
    "address",
    [
        "/contributions/{}/repondre",
        "/mes-contributions/{}/reprendre",
        "/moderation/{}/ne-pas-publier",
        "/administration/personnes/{}",
        "/propositions/{}",
        "/decisions/{}",
    ],
)
def test_a_number_that_no_row_can_bear_is_an_address_that_does_not_exist(
    denis: Someone, address: str, number: str
) -> None:
    denis.get(address.format(number), status=404)


def test_logs_hold_the_route_and_neither_its_tokens_nor_who_asks(
    bruno: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        bruno.get("/connexion/" + "t" * 43, status=410)
        bruno.get("/mon-compte?nom=Bruno")
    lines = [vars(record) for record in caplog.records if record.name == "referentiel.requests"]
    assert [line["route"] for line in lines] == ["/connexion/<token>", "/mon-compte"]
    assert not any("tttt" in str(line) or "Bruno" in str(line) or "127.0.0.1" in str(line) for line in lines)


# Safe methods


def test_opening_any_address_of_ours_changes_no_row(app: Flask, denis: Someone) -> None:
    def rows() -> dict[str, int]:
        session.rollback()
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }

    before = rows()
    lines = session.scalar(select(func.count(AuditLine.seq)))
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in {"signing_in", "joining", "account", "administration"} and "GET" in (
            rule.methods or ()
        ):
            address = re.sub(r"<int:\w+>", "4", re.sub(r"<\w+>", "x" * 43, rule.rule))
            for method in ("GET", "HEAD"):
                answer = denis.client.open(address, method=method, base_url=BASE)
                assert answer.status_code < 500, address
    assert rows() == before
    assert session.scalar(select(func.count(AuditLine.seq))) == lines


def test_time_passes_for_a_session_and_not_for_the_memo(app: Flask, bruno: Someone) -> None:
    at = now()
    clock.set_clock(app, lambda: at + timedelta(days=8))
    bruno.get("/mon-compte", status=303)
    assert stores.settings().session_days == 7


def test_the_top_and_the_foot_are_kept_for_a_kind_of_reader_never_for_a_person(
    amina: Someone, denis: Someone, passer_by: Someone
) -> None:
    for _ in range(2):
        for someone, theirs in ((passer_by, "Se connecter"), (amina, "Mon compte"), (denis, "Mon bureau")):
            page = someone.get("/aide").get_data(as_text=True)
            shown = {words for words in ("Se connecter", "Mon bureau", "Se déconnecter") if f">{words}</" in page}
            assert shown == ({"Se connecter"} if someone is passer_by else {"Mon bureau", "Se déconnecter"})
            assert f">{theirs}</" in page


def test_the_door_of_a_page_is_the_one_that_is_current(passer_by: Someone) -> None:
    for address, words in (
        ("/referentiel/", "Lire"),
        ("/rejoindre", "Donner mon avis"),
        ("/propositions/", "Proposer"),
    ):
        top = passer_by.get(address).get_data(as_text=True).partition("</header>")[0]
        (current,) = re.findall(r'aria-current="true">.*?<span>([^<]+)</span>', top)
        assert current == words
    assert "aria-current" not in passer_by.get("/aide").get_data(as_text=True).partition("</header>")[0]
