"""The administration of people: found, given roles, suspended and let in again; and the journal of what was done."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.database import session, writing
from referentiel.errors import NotAllowed
from referentiel.journal.actions import audit
from referentiel.journal.events import EVENTS
from referentiel.journal.models import AuditLine
from referentiel.journal.queries import audit_fault, audit_lines
from referentiel.people.accounts import administering, erasing
from referentiel.people.doors import inviting
from referentiel.people.models import Person
from referentiel.people.structures import directory, registering
from referentiel.people.structures.directory import WantedPeople
from referentiel.permissions import College, Role
from referentiel.web import trail
from tests.cast import Someone

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOME, JOURNAL = "/administration/", "/administration/journal"


def text(someone: Someone) -> str:
    assert someone.page is not None
    main = re.search(r"<main.*?</main>", someone.page.get_data(as_text=True), flags=re.S)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def added(name: str, email: str, college: College = College.SIAE) -> Person:
    with writing() as rows:
        person = Person(college=college.value, email=email, name=name, roles=(), created_at=AT)
        rows.add(person)
        rows.flush()
        return person


def test_an_administrator_changes_roles_and_the_person_signs_in_again(denis: Someone, chloe: Someone) -> None:
    denis.get(f"/administration/personnes/{chloe.person_id}")
    denis.send(to="/roles", roles=["facilitator"])
    assert chloe.person.granted == {Role.FACILITATOR}
    chloe.get("/mon-compte", status=303)
    [line] = [line for line in audit_lines(f"person:{chloe.person_id}") if line.event == "person.roles_given"]
    assert line.details == {"before": ["editor"], "after": ["facilitator"]}


def test_nobody_gives_themselves_a_role_nor_takes_one_away(denis: Someone) -> None:
    before = denis.person.granted
    page = denis.get(f"/administration/personnes/{denis.person_id}").get_data(as_text=True)
    assert "/roles" not in page
    assert "Personne ne se donne ni ne se retire un rôle" in page
    for wanted in ({Role.EDITOR}, {*before, Role.FACILITATOR}, set()):
        with pytest.raises(NotAllowed):
            administering.give_roles(denis.person, wanted, by=denis.person, at=AT)
    assert denis.person.granted == before


def test_nobody_invites_themselves_to_more_roles(denis: Someone) -> None:
    form = {"email": "DENIS@tests.invalid", "college": "partners", "roles": ["facilitator"], "structure": ""}
    denis.fill("/administration/inviter", **form)
    assert "Une autre personne doit vous inviter" in text(denis)


def test_an_invitation_that_one_sent_is_not_one_that_one_accepts(denis: Someone) -> None:
    invited = inviting.invite(
        college=College.PARTNERS, roles={Role.FACILITATOR}, by=denis.person, at=datetime.now(UTC), secret=b"s" * 32
    )
    denis.fill(f"/invitation/{invited.token}", email="denis@tests.invalid")
    assert denis.page is not None
    assert denis.page.status_code == 403
    assert Role.FACILITATOR not in denis.person.granted


@pytest.mark.parametrize("name", ["amina", "bruno", "chloe"])
def test_a_role_sent_in_a_form_by_who_may_not_give_it_is_refused(
    name: str, request: pytest.FixtureRequest, denis: Someone
) -> None:
    someone: Someone = request.getfixturevalue(name)
    before = someone.person.granted
    token = {"csrf_token": someone_token(someone)}
    for address in (f"/administration/personnes/{someone.person_id}/roles", "/administration/inviter"):
        someone.post(address, token | {"roles": "administrator", "role": "administrator"}, status=403)
    someone.post("/mon-compte/nom", token | {"name": "X", "roles": "administrator", "_roles": "administrator"})
    session.expire_all()
    assert someone.person.granted == before


def someone_token(someone: Someone) -> str:
    form = someone.get("/apparence").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "email", ["z@tests.invalid\r\nBcc: x@tests.invalid", "z@tests.invalid\nX: y", "z\x00@t.invalid"]
)
def test_an_address_that_would_add_a_header_to_a_mail_is_refused(denis: Someone, email: str) -> None:
    denis.fill("/administration/inviter", email=email, college="siae", roles=[], structure="")
    assert denis.page is not None
    assert denis.page.status_code == 422


@pytest.mark.parametrize("name", ["Zoé\r\nBcc: x@tests.invalid", "Zoé\u202e", "Zo\x1bé"])
def test_a_name_that_would_add_a_header_or_turn_its_line_is_refused(bruno: Someone, name: str) -> None:
    bruno.post("/mon-compte/nom", {"csrf_token": someone_token(bruno), "name": name})
    session.expire_all()
    assert bruno.person.name is None


def test_an_invitation_gives_the_roles_that_it_was_written_with_whatever_its_form_sends(
    app: Flask, denis: Someone
) -> None:
    invited = inviting.invite(
        college=College.SIAE, roles=(), by=denis.person, at=datetime.now(UTC), secret=b"s" * 32, email="z@tests.invalid"
    )
    zoe = Someone(app, "zoe")
    zoe.get(f"/invitation/{invited.token}")
    form = zoe._form("/invitation", None)
    zoe.post(f"/invitation/{invited.token}", form.values | {"roles": ["administrator"], "college": ["partners"]})
    person = session.query(Person).filter_by(email="z@tests.invalid").one()
    assert (person.granted, person.college) == (frozenset(), "siae")


def test_a_role_is_never_given_to_an_account_opened_with_a_card(denis: Someone, amina: Someone) -> None:
    with pytest.raises(Exception, match="carte"):
        administering.give_roles(amina.person, {Role.EDITOR}, by=denis.person, at=AT)
    assert amina.person.granted == frozenset()


def test_nobody_suspends_themselves(denis: Someone) -> None:
    token = {"csrf_token": someone_token(denis)}
    denis.post(f"/administration/personnes/{denis.person_id}/suspendre", token, status=403)
    assert denis.person.active


def test_a_suspension_says_what_it_does_before_it_is_done(denis: Someone, bruno: Someone) -> None:
    account = f"/administration/personnes/{bruno.person_id}"
    assert f'href="{account}/suspendre"' in denis.get(account).get_data(as_text=True)
    denis.get(f"{account}/suspendre")
    assert "cette personne ne peut plus se connecter" in text(denis)
    assert bruno.person.active
    denis.follow(denis.send(button="Suspendre le compte"))
    session.expire_all()
    assert not bruno.person.active
    denis.get(f"{account}/suspendre", status=303)
    denis.get(f"/administration/personnes/{denis.person_id}/suspendre", status=303)


def test_people_with_a_card_are_not_listed_nor_opened(denis: Someone, amina: Someone) -> None:
    assert f'/personnes/{amina.person_id}"' not in denis.get(HOME).get_data(as_text=True)
    denis.get(f"/administration/personnes/{amina.person_id}", status=404)


@pytest.mark.parametrize("page", ["-1", "99999999999999999999", "abc", "1&page=2", "²"])
def test_a_page_number_that_is_none_is_the_first(denis: Someone, page: str) -> None:
    denis.get(f"{HOME}?page={page}")
    denis.get(f"{JOURNAL}?page={page}")


def test_an_administrator_finds_somebody_and_a_percent_sign_finds_nobody(denis: Someone) -> None:
    assert "chloe@tests.invalid" in denis.get(f"{HOME}?q=Chlo").get_data(as_text=True)
    assert "chloe@tests.invalid" not in denis.get(f"{HOME}?q=%25").get_data(as_text=True)


def test_people_are_found_by_name_address_structure_college_role_and_state(denis: Someone, bruno: Someone) -> None:
    added("Élodie Écureuil", "elo@tests.invalid")

    def found(**asked: object) -> list[str]:
        return [row.email or "" for row in directory.find_professionals(WantedPeople(**asked))[0]]  # type: ignore[arg-type]

    assert found(words="elodie ECUREUIL") == ["elo@tests.invalid"]
    assert found(words="elo@") == ["elo@tests.invalid"]
    assert found(words="lilas") == ["bruno@tests.invalid"]
    assert found(words="bruno mission") == []
    assert found(college=College.SPE) == ["chloe@tests.invalid"]
    assert found(role=Role.ADMINISTRATOR) == ["denis@tests.invalid"]
    assert found(role=Role.EDITOR, college=College.SIAE) == ["collegue@tests.invalid"]
    assert found(structure_id=bruno.person.structure_id) == ["bruno@tests.invalid"]
    administering.suspend(bruno.person, by=denis.person, at=AT)
    assert found(suspended=True) == ["bruno@tests.invalid"]
    assert "bruno@tests.invalid" not in found(suspended=False)
    page = denis.get(f"{HOME}?college=siae&role=editor").get_data(as_text=True)
    assert "collegue@tests.invalid" in page
    assert "chloe@tests.invalid" not in page
    denis.get(f"{HOME}?college=nobles&role=king&structure=x&etat=parti&q=%00")


def test_a_long_list_of_people_has_pages_that_keep_what_was_asked(denis: Someone) -> None:
    for number in range(30):
        added(f"Personne {number:02}", f"p{number:02}@tests.invalid", College.PARTNERS)
    page = denis.get(f"{HOME}?college=partners&q=personne").get_data(as_text=True)
    assert "/administration/?q=personne&amp;college=partners&amp;page=2" in page
    second = denis.get(f"{HOME}?q=personne&college=partners&page=2").get_data(as_text=True)
    assert "Personne 00" in second
    assert "Personne 29" not in second


def test_the_journal_says_what_was_done_when_by_whom_and_in_which_role(denis: Someone, bruno: Someone) -> None:
    administering.suspend(bruno.person, by=denis.person, at=AT)
    denis.get(JOURNAL)
    line = text(denis)
    assert "Compte suspendu" in line
    assert "bruno@tests.invalid" in line
    assert "denis@tests.invalid" in line
    assert "21 novembre 2026" in line
    assert "Administration" in line
    assert f'href="/administration/personnes/{bruno.person_id}"' in denis.page.get_data(as_text=True)  # type: ignore[union-attr]


def test_the_journal_has_nothing_personal_about_employees(denis: Someone, amina: Someone) -> None:
    amina_id = amina.person_id
    with writing():
        audit("comment.appealed", "comment:123456789", by_id=amina_id, at=AT, details={})
        audit("person.reinstated", f"person:{amina_id}", by_id=denis.person_id, at=AT, details={})
    page = denis.get(f"{JOURNAL}?quoi=moderation").get_data(as_text=True)
    assert "un compte ouvert avec une carte" in page
    assert "123456789" not in page
    assert "novembre\u00a02026" in page
    assert "21\u00a0novembre" not in page
    assert "10 h 00" not in page.replace("\u00a0", " ")
    assert f"/personnes/{amina_id}" not in denis.get(JOURNAL).get_data(as_text=True)


def test_the_journal_shows_one_family_and_pages(denis: Someone, amina: Someone) -> None:
    comments.comment(Anchor(Target.CRITERION, "E4"), "Mes mots.", by=amina.person, at=AT, form="1")
    for number in range(30):
        registering.add_structure(f"Atelier {number}", "EI", "dep-38", by=denis.person, at=AT)
    page = denis.get(f"{JOURNAL}?quoi=structures").get_data(as_text=True)
    assert "30 lignes" in page
    assert f"{JOURNAL}?quoi=structures&amp;page=2" in page
    assert "Atelier 0" in denis.get(f"{JOURNAL}?quoi=structures&page=2").get_data(as_text=True)
    assert "Aucun acte de cette sorte" in denis.get(f"{JOURNAL}?quoi=site").get_data(as_text=True)
    denis.get(f"{JOURNAL}?quoi=%00")
    assert audit_fault() is None


@pytest.mark.parametrize("page", ["3", "99"])
def test_a_page_after_the_last_one_of_the_journal_leads_to_the_last(denis: Someone, page: str) -> None:
    for number in range(30):
        registering.add_structure(f"Atelier {number}", "EI", "dep-38", by=denis.person, at=AT)
    denis.get(f"{JOURNAL}?quoi=structures&page={page}", status=303)
    assert "Atelier 0" in denis.follow().get_data(as_text=True)
    denis.get(f"{JOURNAL}?quoi=site&page={page}", status=303)
    assert "Aucun acte de cette sorte" in denis.follow().get_data(as_text=True)


def test_what_employees_did_ends_its_month_in_an_order_that_says_nothing(denis: Someone, amina: Someone) -> None:
    months = [AT.replace(month=10), AT]
    with writing():
        for at in months:
            for number in range(12):
                audit("comment.appealed", f"comment:{number}", by_id=amina.person_id, at=at, details={})
                audit("comment.published", f"comment:{number}", by_id=denis.person_id, at=at, details={})
                audit("comment.appealed", f"comment:{number}", by_id=amina.person_id, at=at, details={})
    lines, count = trail.lines("moderation", limit=100, offset=0)
    assert count == len(lines) == 72
    for start, at in ((0, months[1]), (36, months[0])):
        dated, undated = lines[start : start + 12], lines[start + 12 : start + 36]
        assert [line.at for line in dated] == [at] * 12
        assert [line.seq for line in dated] == sorted((line.seq for line in dated), reverse=True)
        assert {line.at for line in undated} == {None}
        found = [line.seq for line in undated]
        assert found not in (sorted(found), sorted(found, reverse=True))
    again = [line.seq for page in range(8) for line in trail.lines("moderation", limit=9, offset=page * 9)[0]]
    assert again == [line.seq for line in lines]


def test_a_professional_who_left_is_not_taken_for_an_employee(denis: Someone, amina: Someone, bruno: Someone) -> None:
    for gone in (bruno.person, amina.person):
        with writing():
            audit("second_factor.enrolled", f"person:{gone.id}", by_id=gone.id, at=AT, details={})
            erasing.empty(gone, at=AT)
    lines = trail.lines("comptes", limit=2, offset=0)[0]
    assert [(line.by.name, line.at) for line in lines] == [("un compte fermé", AT), ("un compte fermé", None)]


def test_the_journal_names_what_was_done_in_words(denis: Someone, amina: Someone) -> None:
    subjects = ["proposal:21", "college:employees", "workshop:4", "decision:3", "archive", "edition-plan:2"]
    with writing():
        for subject in subjects:
            audit("operation.done", subject, by_id=denis.person_id, at=AT, details={})
        audit("comment.appealed", "comment:5", by_id=amina.person_id, at=AT, details={})
    lines = trail.lines("propositions", limit=10, offset=0)[0]
    assert [line.subject.name for line in reversed(lines)] == [
        "la proposition 21",
        "Salariés en insertion",
        "la séance 4",
        "la décision 3",
        "une archive",
        "l’édition à venir",
    ]
    denis.get(JOURNAL)
    assert "deuxième lecture demandée" in text(denis)
    assert "second regard" not in text(denis)


@pytest.mark.parametrize("name", ["amina", "bruno", "chloe"])
def test_nobody_else_reads_the_journal(name: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(name).get(JOURNAL, status=403)


def test_an_event_that_has_no_name_yet_is_shown_as_it_is_written(denis: Someone) -> None:
    with writing():
        audit("garden.watered", "garden:1", by_id=None, at=AT, details={})
    page = denis.get(JOURNAL).get_data(as_text=True)
    assert "garden.watered" in page
    assert session.query(AuditLine).filter_by(event="garden.watered").count() == 1


def test_each_family_and_each_event_of_the_journal_go_together() -> None:
    families = {name for _, names in trail.FAMILIES.values() for name in names}
    assert {event.partition(".")[0] for event in EVENTS} <= families
