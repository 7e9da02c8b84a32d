"""Professionals come in: invitation, sign-in link, second factor, and the way out."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.notices.outbox import drain
from referentiel.people.accounts import administering
from referentiel.people.cards import issuing
from referentiel.people.doors import inviting, linking
from referentiel.people.doors.keys import link_digits, totp_secret
from referentiel.people.doors.second_factor import seed_of
from referentiel.people.models import Invitation, Person, Session, SignInLink
from referentiel.permissions import College, Role
from referentiel.web import clock, stores
from referentiel.web.identity import open_session
from tests.cast import Someone, now

TOKEN = re.compile(r"http://127\.0\.0\.1:8000(/(?:connexion|invitation)/[\w-]{43})")


def mails(settings: Settings) -> list[str]:
    """Drain the outbox, then read every mail written, oldest first."""
    drain(settings, secret=stores.secret(), at=now())
    return [path.read_text("utf-8") for path in sorted(settings.mail_path.glob("*.eml"))]


def link_in(mail: str) -> str:
    found = TOKEN.search(mail.replace("=\n", ""))
    assert found, mail
    return found.group(1)


def code_for(person: Person, *, at: datetime | None = None) -> str:
    secret = stores.secret()
    return pyotp.TOTP(totp_secret(secret, seed_of(person, secret))).at(at or now())


def invited(*roles: Role, email: str | None = "eve@tests.invalid", college: College = College.SPE) -> inviting.Invited:
    return inviting.invite(
        college=college, roles=roles, email=email, by=None, at=now(), secret=stores.secret(), mail=email is not None
    )


def newcomer(app: Flask) -> Someone:
    return Someone(app, "a newcomer")


class Clock:
    """A clock that the test moves."""

    def __init__(self, app: Flask) -> None:
        self.time = now()
        clock.set_clock(app, lambda: self.time)

    def pass_(self, **delay: Any) -> None:
        self.time += timedelta(**delay)


@pytest.fixture
def time(app: Flask) -> Clock:
    return Clock(app)


# Sign-in link


def test_bruno_asks_for_a_link_and_opens_it_in_the_same_browser(app: Flask, settings: Settings) -> None:
    browser = newcomer(app)
    answer = browser.fill("/connexion?suite=/propositions/", to="/connexion", email=" Bruno@Tests.invalid ")
    assert browser.follow(answer).status_code == 200
    [mail] = mails(settings)
    assert "To: bruno@tests.invalid" in mail
    address = link_in(mail)
    browser.get(address)
    answer = browser.send()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/propositions/")
    assert "bruno@tests.invalid" in browser.get("/mon-compte").get_data(as_text=True)


def test_opening_the_link_by_head_or_get_does_not_use_it_up_and_a_second_post_says_it_was_used(
    app: Flask, settings: Settings
) -> None:
    browser = newcomer(app)
    browser.fill("/connexion", email="bruno@tests.invalid")
    address = link_in(mails(settings)[0])
    for _ in range(3):
        assert browser.client.head(address, base_url="http://127.0.0.1:8000").status_code == 200
        browser.get(address)
    assert browser.send().status_code == 303
    other = newcomer(app)
    other.get("/connexion")
    answer = other.get(address, status=410)
    assert "a déjà servi" in answer.get_data(as_text=True)


def test_a_link_is_refused_after_eleven_minutes_with_a_way_to_ask_again(
    app: Flask, settings: Settings, time: Clock
) -> None:
    browser = newcomer(app)
    browser.fill("/connexion", email="bruno@tests.invalid")
    address = link_in(mails(settings)[0])
    browser.get(address)
    time.pass_(minutes=11)
    answer = browser.send()
    assert answer.status_code == 410
    assert "Demandez un autre lien" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count(Session.id))) == 0


def test_a_link_opened_elsewhere_shows_six_digits_to_type_in_the_first_window(app: Flask, settings: Settings) -> None:
    first, telephone = newcomer(app), newcomer(app)
    first.follow(first.fill("/connexion", email="bruno@tests.invalid"))
    telephone.get(link_in(mails(settings)[0]))
    shown = telephone.send()
    found = re.search(r"(\d{3}) (\d{3})", shown.get_data(as_text=True))
    assert found
    telephone.get("/mon-compte", status=303)
    wrong = first.fill("/connexion/attente", digits="000000")
    assert "texte est gardé" not in wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert first.fill("/connexion/attente", digits=f"{found[1]} {found[2]}").status_code == 303
    first.get("/mon-compte")


def test_digits_typed_before_the_link_was_opened_elsewhere_do_nothing(app: Flask, settings: Settings) -> None:
    from_here = newcomer(app)
    from_here.fill("/connexion", email="bruno@tests.invalid")
    link = session.scalars(select(SignInLink)).one()
    digits = link_digits(stores.secret(), link.nonce)
    assert from_here.fill("/connexion/attente", digits=digits).status_code == 422


def test_five_wrong_digits_end_the_link(app: Flask, settings: Settings) -> None:
    first, telephone = newcomer(app), newcomer(app)
    first.fill("/connexion", email="bruno@tests.invalid")
    address = link_in(mails(settings)[0])
    telephone.get(address)
    telephone.send()
    for _ in range(5):
        assert first.fill("/connexion/attente", digits="000000").status_code == 422
    assert first.fill("/connexion/attente", digits="000000").status_code == 410
    telephone.get(address, status=410)


def test_the_answer_is_the_same_whether_the_account_exists_or_not(app: Flask, settings: Settings) -> None:
    answers = []
    for email in ("bruno@tests.invalid", "nobody@tests.invalid"):
        browser = newcomer(app)
        answer = browser.fill("/connexion", email=email)
        page = browser.follow(answer).get_data(as_text=True)
        answers.append((answer.status_code, answer.headers["Location"], re.sub(r'value="[^"]*"', "", page)))
    assert answers[0] == answers[1]
    assert len(mails(settings)) == 1


def test_nobody_is_flooded_with_mails(app: Flask, settings: Settings) -> None:
    for _ in range(6):
        newcomer(app).fill("/connexion", email="bruno@tests.invalid")
    assert len(mails(settings)) == 3


def test_a_suspended_person_is_told_so_by_mail_and_on_screen_and_no_link_leaves(
    app: Flask, settings: Settings, bruno: Someone, denis: Someone
) -> None:
    administering.suspend(bruno.person, by=denis.person, at=now())
    page = bruno.get("/mon-compte", status=403).get_data(as_text=True)
    assert "Votre compte est suspendu." in page
    assert "l’administration peut le rouvrir" in page
    bruno.get("/referentiel/")
    newcomer(app).fill("/connexion", email="bruno@tests.invalid")
    told = mails(settings)
    assert len(told) == 2
    assert all("Subject: Votre compte est suspendu" in mail for mail in told)
    assert not any(TOKEN.search(mail) for mail in told)


def test_a_link_asked_for_before_a_suspension_says_why_it_opens_nothing(
    app: Flask, settings: Settings, bruno: Someone, denis: Someone
) -> None:
    browser = newcomer(app)
    browser.fill("/connexion", email="bruno@tests.invalid")
    address = link_in(mails(settings)[0])
    administering.suspend(bruno.person, by=denis.person, at=now())
    browser.get(address)
    assert browser.send(button="Me connecter").status_code == 403
    assert "Votre compte est suspendu." in browser.page.get_data(as_text=True)  # type: ignore[union-attr]


def test_a_person_let_in_again_is_told_and_signs_in_anew(
    app: Flask, settings: Settings, bruno: Someone, denis: Someone
) -> None:
    administering.suspend(bruno.person, by=denis.person, at=now())
    administering.reinstate(bruno.person, by=denis.person, at=now())
    told = mails(settings)
    assert len(told) == 1
    assert "Subject: Votre compte est rouvert" in told[0]
    assert "/connexion" in bruno.get("/mon-compte", status=303).headers["Location"]


def test_a_host_that_is_not_ours_is_refused_and_mails_lead_to_the_public_address(
    app: Flask, settings: Settings
) -> None:
    browser = newcomer(app)
    browser.get("/connexion", base_url="http://evil.example", status=400)
    browser.fill("/connexion", email="bruno@tests.invalid")
    browser.get("/connexion", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in browser.page.get_data(as_text=True)  # type: ignore[union-attr]
    assert link_in(mails(settings)[0])


def test_an_address_with_a_line_break_adds_no_header(app: Flask, settings: Settings) -> None:
    answer = newcomer(app)
    page = answer.fill("/connexion", email="bruno@tests.invalid\nBcc: eve@tests.invalid")
    assert page.status_code == 422
    assert mails(settings) == []


def test_a_return_address_of_another_site_is_forgotten(app: Flask, settings: Settings) -> None:
    browser = newcomer(app)
    browser.get("/connexion?suite=https://evil.example/")
    browser.send(email="bruno@tests.invalid", suite="//evil.example/")
    browser.get(link_in(mails(settings)[0]))
    assert browser.send().headers["Location"] == "/"


# Invitation


def test_eve_accepts_an_invitation_once(app: Flask, settings: Settings) -> None:
    invited(Role.FACILITATOR)
    browser = newcomer(app)
    address = link_in(mails(settings)[0])
    page = browser.get(address).get_data(as_text=True)
    assert "Référents du SPE" in page
    assert browser.send(name="Ève").status_code == 303
    eve = session.scalars(select(Person).where(Person.email == "eve@tests.invalid")).one()
    assert (eve.college, eve.granted, eve.name) == ("spe", {Role.FACILITATOR}, "Ève")
    assert "Votre compte est ouvert" in browser.follow().get_data(as_text=True)
    assert browser.get(address, status=303).headers["Location"] == "/mon-compte"
    newcomer(app).get(address, status=410)


def test_an_invitation_is_refused_after_seven_days(app: Flask, time: Clock) -> None:
    given = invited(Role.EDITOR)
    time.pass_(days=7, minutes=1)
    answer = newcomer(app).get(f"/invitation/{given.token}", status=410)
    assert "sept jours" in answer.get_data(as_text=True)


def test_a_role_sent_in_the_form_changes_nothing(app: Flask) -> None:
    given = invited()
    browser = newcomer(app)
    browser.get(f"/invitation/{given.token}")
    form = browser._form(None, None)
    data = form.values | {"roles": ["administrator"], "role": ["admin"], "college": ["partners"], "email": ["x@y.zz"]}
    assert browser.post(f"/invitation/{given.token}", data).status_code == 303
    eve = session.scalars(select(Person).where(Person.email == "eve@tests.invalid")).one()
    assert (eve.college, eve.granted) == ("spe", frozenset())


def test_an_invitation_without_address_asks_for_one(app: Flask) -> None:
    given = invited(Role.ADMINISTRATOR, email=None)
    browser = newcomer(app)
    assert browser.fill(f"/invitation/{given.token}", email="personne").status_code == 422
    assert browser.fill(f"/invitation/{given.token}", email="eve@tests.invalid").status_code == 303


@pytest.mark.parametrize("name", ["x\x00y", "A <x@y>\x1b[31m", "Accès \u202egnp.exe", "\ud800"])
def test_a_name_that_hides_something_is_refused_with_the_field_named(app: Flask, name: str) -> None:
    given = invited()
    browser = newcomer(app)
    browser.get(f"/invitation/{given.token}")
    data = browser._form(None, None).values | {"name": [name.encode("utf-8", "surrogatepass")]}
    answer = browser.post(f"/invitation/{given.token}", data)
    assert answer.status_code in {400, 422}
    assert session.scalar(select(Invitation.accepted_at)) is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("محمد · Олена · 王伟", "محمد · Олена · 王伟"),
        ("👨\u200d👩\u200d👧 l’équipe · œuvre · 1er", "👨\u200d👩\u200d👧 l’équipe · œuvre · 1er"),
        ("sa\u200blaire", "salaire"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_names_in_every_script_are_accepted_and_isolated(app: Flask, name: str, kept: str) -> None:
    given = invited()
    browser = newcomer(app)
    assert browser.fill(f"/invitation/{given.token}", name=name).status_code == 303
    assert session.scalar(select(Person.name).where(Person.email == "eve@tests.invalid")) == kept


def test_a_name_that_only_looks_blank_is_no_name(app: Flask) -> None:
    given = invited()
    answer = newcomer(app).fill(f"/invitation/{given.token}", name="\u3164")
    assert answer.status_code in {303, 422}
    assert session.scalar(select(Person.name).where(Person.email == "eve@tests.invalid")) is None


def test_an_invitation_never_signs_somebody_in_as_a_person_who_exists(app: Flask, chloe: Someone) -> None:
    given = invited(Role.PUBLISHER, email="chloe@tests.invalid")
    thief = newcomer(app)
    page = thief.get(f"/invitation/{given.token}").get_data(as_text=True)
    assert "Vous avez déjà un compte" in page
    thief.get("/connexion")
    data = thief._form("/connexion", None).values
    assert thief.post(f"/invitation/{given.token}", data).status_code == 403
    chloe.get(f"/invitation/{given.token}")
    assert chloe.send().status_code == 303
    assert chloe.person.granted == {Role.EDITOR, Role.PUBLISHER}


def test_the_first_administrator_is_invited_until_somebody_administers(app: Flask, settings: Settings) -> None:
    def ask() -> str | None:
        return inviting.invite_first_administrator(at=now(), base_url=settings.base_url, secret=stores.secret())

    assert ask() is None
    with writing():
        session.scalars(select(Person).where(Person.email == "denis@tests.invalid")).one().roles = set()
    first, second = ask(), ask()
    assert first
    assert second
    assert first != second
    newcomer(app).get(first.removeprefix(settings.base_url), status=410)
    newcomer(app).get(second.removeprefix(settings.base_url))


# Second factor


@pytest.fixture
def eve(app: Flask) -> Someone:
    """An administrator who has just accepted her invitation and has proven nothing yet."""
    given = invited(Role.ADMINISTRATOR, Role.EDITOR)
    browser = newcomer(app)
    browser.fill(f"/invitation/{given.token}")
    browser.person_id = session.scalar(select(Person.id).where(Person.email == "eve@tests.invalid"))
    return browser


def test_the_first_act_that_needs_it_asks_for_the_second_factor_and_leads_back(eve: Someone) -> None:
    answer = eve.get("/administration/", status=303)
    assert answer.headers["Location"].startswith("/connexion/second-facteur?suite=/administration/")
    page = eve.follow(answer).get_data(as_text=True)
    assert "Carré à montrer" in page
    before = eve.client.get_cookie("session", domain="127.0.0.1")
    answer = eve.send(second_factor_code=code_for(eve.person))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/administration/")
    eve.follow(answer)
    after = eve.client.get_cookie("session", domain="127.0.0.1")
    assert before
    assert after
    assert before.value != after.value
    assert eve.person.totp_enrolled_at is not None


def test_scripts_can_answer_with_what_invite_gave(app: Flask) -> None:
    given = invited(Role.EDITOR)
    browser = newcomer(app)
    browser.fill(f"/invitation/{given.token}")
    assert given.otpauth
    code = pyotp.parse_uri(given.otpauth).at(int(now().timestamp()))  # type: ignore[call-arg, arg-type]
    assert browser.fill("/connexion/second-facteur", second_factor_code=code).status_code == 303


def test_a_form_sent_before_the_second_factor_waits_with_all_its_text(eve: Someone) -> None:
    eve.get("/mon-compte")
    data = eve._form("/mon-compte/nom", None).values | {"email": ["zoe@tests.invalid"], "college": ["siae"]}
    data["roles"] = ["editor", "facilitator"]
    data["mot"] = ["Un texte long que personne ne veut perdre.\r\nEt sa deuxième ligne."]
    waiting = eve.post("/administration/inviter", data)
    assert waiting.status_code == 403
    page = waiting.get_data(as_text=True)
    assert "Un texte long que personne ne veut perdre." in page
    assert session.scalar(select(func.count(Invitation.id)).where(Invitation.email == "zoe@tests.invalid")) == 0
    wrong = eve.send(second_factor_code="000000")
    assert wrong.status_code == 422
    assert "Un texte long" in wrong.get_data(as_text=True)
    assert eve.send(second_factor_code=code_for(eve.person)).status_code == 303
    zoe = session.scalars(select(Invitation).where(Invitation.email == "zoe@tests.invalid")).one()
    assert zoe.roles == ["editor", "facilitator"]


def test_a_code_is_never_taken_twice(app: Flask, eve: Someone, time: Clock) -> None:
    code = code_for(eve.person, at=time.time)
    assert eve.fill("/connexion/second-facteur", second_factor_code=code).status_code == 303
    other = newcomer(app)
    name, value = _session_of(eve.person)
    other.client.set_cookie(name, value, domain="127.0.0.1")
    again = other.fill("/connexion/second-facteur", second_factor_code=code)
    assert again.status_code == 422
    assert "a déjà servi" in again.get_data(as_text=True)
    time.pass_(seconds=30)
    later = code_for(eve.person, at=time.time)
    assert other.fill("/connexion/second-facteur", second_factor_code=later).status_code == 303


def _session_of(person: Person) -> tuple[str, str]:
    return open_session(person, at=now())


@pytest.mark.usefixtures("time")
def test_wrong_codes_are_slowed_down(eve: Someone) -> None:
    statuses = [eve.fill("/connexion/second-facteur", second_factor_code="123").status_code for _ in range(8)]
    assert statuses[:6] == [422] * 6
    assert statuses[6:] == [429] * 2


def test_a_recovery_code_replaces_the_telephone_once(app: Flask, eve: Someone) -> None:
    eve.fill("/connexion/second-facteur", second_factor_code=code_for(eve.person))
    eve.get("/mon-compte")
    page = eve.send(to="/mon-compte/codes-de-secours").get_data(as_text=True)
    codes = re.findall(r"<code>([\w-]{19})</code>", page)
    assert len(codes) == 8
    for status in (303, 422):
        other = newcomer(app)
        name, value = _session_of(eve.person)
        other.client.set_cookie(name, value, domain="127.0.0.1")
        assert other.fill("/connexion/second-facteur", second_factor_code=codes[0].upper()).status_code == status


def test_recovery_codes_are_not_made_without_the_second_factor(eve: Someone) -> None:
    eve.get("/mon-compte")
    answer = eve.post("/mon-compte/codes-de-secours", eve._form("/mon-compte/nom", None).values)
    assert answer.status_code == 403
    assert "<code>" not in answer.get_data(as_text=True).partition("<details>")[0]


def test_an_administrator_lets_somebody_enrol_another_telephone(denis: Someone, chloe: Someone) -> None:
    denis.get(f"/administration/personnes/{chloe.person_id}")
    assert denis.send(to="second-facteur").status_code == 303
    chloe.get("/mon-compte", status=303)


# Sessions


def test_signing_out_ends_the_session_and_its_cookie_opens_nothing_any_more(bruno: Someone) -> None:
    stolen = bruno.client.get_cookie("session", domain="127.0.0.1")
    assert stolen
    bruno.fill("/deconnexion")
    bruno.get("/mon-compte", status=303)
    bruno.client.set_cookie("session", stolen.value, domain="127.0.0.1")
    bruno.get("/mon-compte", status=303)


def test_signing_in_changes_the_id_and_ends_the_former_session(app: Flask, settings: Settings, amina: Someone) -> None:
    before = amina.client.get_cookie("session", domain="127.0.0.1")
    [card] = issuing.print_cards(1, college=College.EMPLOYEES, by=None, at=now(), secret=stores.secret())
    amina.fill("/rejoindre", code=card.code)
    amina.send(button="Quitter ce compte")
    after = amina.client.get_cookie("session", domain="127.0.0.1")
    assert before
    assert after
    assert before.value != after.value
    assert session.scalar(select(func.count(Session.id)).where(Session.person_id == amina.person_id)) == 0


def test_a_session_lasts_seven_days(bruno: Someone, time: Clock) -> None:
    time.pass_(days=6, hours=23)
    bruno.get("/mon-compte")
    time.pass_(hours=2)
    bruno.get("/mon-compte", status=303)


def test_bruno_ends_his_other_sessions_and_nobody_elses(app: Flask, bruno: Someone, chloe: Someone) -> None:
    other = newcomer(app)
    name, value = _session_of(bruno.person)
    other.client.set_cookie(name, value, domain="127.0.0.1")
    other.get("/mon-compte")
    hers = session.scalars(select(Session.id).where(Session.person_id == chloe.person_id)).one()
    bruno.get("/mon-compte")
    csrf = bruno._form("/mon-compte/nom", None).values
    assert bruno.post(f"/mon-compte/connexions/{hers}/fermer", csrf).status_code == 404
    chloe.get("/mon-compte")
    bruno.get("/mon-compte")
    bruno.send(to="fermer-les-autres")
    other.get("/mon-compte", status=303)
    bruno.get("/mon-compte")


@pytest.mark.parametrize("value", ["", "x", "é", "a" * 5000, "../../etc/passwd", '"; DROP TABLE sessions'])
def test_a_cookie_that_means_nothing_opens_nothing(app: Flask, value: str) -> None:
    browser = newcomer(app)
    browser.client.set_cookie("session", value, domain="127.0.0.1")
    browser.client.set_cookie("memo", value, domain="127.0.0.1")
    browser.get("/mon-compte", status=303)


def test_the_cookie_holds_the_id_and_the_database_its_digest(bruno: Someone) -> None:
    cookie = bruno.client.get_cookie("session", domain="127.0.0.1")
    assert cookie
    assert session.scalar(select(func.count(Session.id)).where(Session.digest == cookie.value)) == 0


def test_nothing_in_the_database_or_the_mails_folder_is_a_usable_secret_but_the_mail(
    app: Flask, settings: Settings
) -> None:
    given = invited(Role.EDITOR)
    for path in Path(settings.instance).rglob("referentiel.sqlite*"):
        assert given.token.encode() not in path.read_bytes()


# The demonstration


def test_a_link_of_the_demonstration_opens_nothing_by_the_ordinary_door(app: Flask, denis: Someone) -> None:
    token = linking.demonstration_link(denis.person, next_url="/administration/", secret=stores.secret(), at=now())
    somebody = newcomer(app)
    somebody.get(f"/connexion/{token}")
    assert somebody.send().status_code == 403
    somebody.get("/mon-compte", status=303)


# Administration


def test_an_administrator_invites_by_mail_and_the_answer_holds_no_address_to_open(
    app: Flask, settings: Settings, denis: Someone
) -> None:
    answer = denis.fill(
        "/administration/inviter", email="zoe@tests.invalid", college="siae", roles=["editor"], structure=""
    )
    assert answer.status_code == 303
    assert "/invitation/" not in denis.follow(answer).get_data(as_text=True)
    assert "zoe@tests.invalid" in denis.page.get_data(as_text=True)  # type: ignore[union-attr]
    [mail] = mails(settings)
    newcomer(app).get(link_in(mail))


@pytest.mark.parametrize("name", ["amina", "bruno", "chloe"])
def test_nobody_else_administers(name: str, request: pytest.FixtureRequest) -> None:
    someone: Someone = request.getfixturevalue(name)
    for address in ("/administration/", "/administration/inviter", "/administration/personnes/4"):
        someone.get(address, status=403)
