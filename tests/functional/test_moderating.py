"""Words are read before everybody sees them, by somebody from elsewhere, within the days promised; and it shows."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from referentiel.comments import actions, readings
from referentiel.comments.models import Comment, CommentEvent
from referentiel.comments.moderation import Rule, State, due
from referentiel.database import session, writing
from referentiel.errors import NotAllowed, Refused
from referentiel.journal.models import AuditLine
from referentiel.people.models import Person
from referentiel.permissions import Action, Role, may
from tests.cast import Someone
from tests.functional.test_commenting import page_of, published, said


@pytest.fixture
def neighbour(bruno: Someone) -> Person:
    """An editor of the same structure as Amina and Bruno."""
    with writing() as database:
        person = Person(
            college="siae",
            structure_id=bruno.person.structure_id,
            email="voisin@tests.invalid",
            created_at=datetime(2026, 1, 6, tzinfo=UTC),
        )
        person.roles = {Role.EDITOR}
        database.add(person)
    return person


def test_chloe_publishes_what_amina_said(amina: Someone, chloe: Someone, passer_by: Someone) -> None:
    row = said(amina, "On m'a prévenue la veille.")
    chloe.get("/moderation/")
    assert "On m&#39;a prévenue la veille." in page_of(chloe)
    chloe.send(to=f"/moderation/{row.id}/publier")
    assert "La contribution est publiée." in chloe.follow().get_data(as_text=True)
    assert "Rien à relire pour le moment" in page_of(chloe)
    passer_by.get("/criteres/E4/contributions")
    assert "On m&#39;a prévenue la veille." in page_of(passer_by)


def test_chloe_does_not_publish_and_says_why(amina: Someone, chloe: Someone, passer_by: Someone) -> None:
    row = said(amina, "Monsieur Untel crie.")
    chloe.fill(f"/moderation/{row.id}/ne-pas-publier", regle="names", precision="Dites-le sans le nom.")
    chloe.follow()
    amina.get("/mes-contributions")
    assert "Une personne est nommée" in page_of(amina)
    assert "Dites-le sans le nom." in page_of(amina)
    for path in ("/criteres/E4/contributions", "/moderation/registre"):
        passer_by.get(path)
        assert "Untel" not in page_of(passer_by)
        assert "Dites-le sans le nom." not in page_of(passer_by)


def test_a_removal_needs_a_reason(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Des mots.")
    assert chloe.fill(f"/moderation/{row.id}/ne-pas-publier").status_code == 422
    assert "Choisissez une raison" in page_of(chloe)
    assert session.get_one(Comment, row.id).state is State.HELD


def test_the_database_refuses_a_removal_without_a_reason(amina: Someone) -> None:
    row = said(amina, "Des mots.")
    with pytest.raises(IntegrityError), writing():
        row.state = State.REMOVED


@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_only_editors_read_what_waits(who: str, request: pytest.FixtureRequest, chloe: Someone) -> None:
    row = said(chloe, "Des mots.")
    someone: Someone = request.getfixturevalue(who)
    someone.get("/moderation/", status=403)
    someone.get(f"/moderation/{row.id}/ne-pas-publier", status=403)


def test_a_passer_by_is_asked_to_sign_in(passer_by: Someone) -> None:
    assert "/connexion" in passer_by.get("/moderation/", status=303).headers["Location"]


def test_nobody_moderates_their_own_words(chloe: Someone) -> None:
    row = said(chloe, "Mes propres mots.")
    chloe.get("/moderation/")
    assert "Mes propres mots." not in page_of(chloe)
    with pytest.raises(NotAllowed):
        actions.publish(row, by=chloe.person, at=datetime.now(UTC))


def test_nobody_moderates_words_of_their_structure_nor_learns_that_they_are(amina: Someone, neighbour: Person) -> None:
    row = said(amina, "Des mots du chantier.")
    now = datetime.now(UTC)
    queue = readings.held(neighbour, at=now, working_days=5)
    assert (queue.items, queue.total, queue.overdue) == ((), 0, 0)
    for act in (
        lambda: actions.publish(row, by=neighbour, at=now),
        lambda: actions.remove(row, Rule.NAMES, by=neighbour, at=now),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act()
        assert "structure" not in str(refusal.value)
    assert session.get_one(Comment, row.id).state is State.HELD


def test_the_queue_holds_what_the_permission_table_lets_one_read_and_nothing_else(
    amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone, neighbour: Person
) -> None:
    rows = [said(who, f"Mots de {who.name}.") for who in (amina, bruno, chloe, denis, bruno_colleague)]
    with writing():
        rows[3].structure_id = None
    for reader in (chloe.person, denis.person, bruno_colleague.person, neighbour):
        queue = readings.held(reader, at=datetime.now(UTC), working_days=5)
        assert {item.comment.id for item in queue.items} == {
            row.id for row in rows if may(reader, Action.MODERATE, row)
        }


def test_the_desk_says_how_many_words_are_late(bruno: Someone, chloe: Someone) -> None:
    said(bruno, "Arrivée il y a un mois.", at=datetime.now(UTC) - timedelta(days=30))
    chloe.get("/bureau")
    assert "1 en retard" in page_of(chloe)


def test_the_oldest_words_come_first_and_late_ones_are_counted(bruno: Someone, chloe: Someone) -> None:
    now = datetime.now(UTC)
    said(bruno, "Arrivée aujourd'hui.", at=now)
    said(bruno, "Arrivée il y a un mois.", at=now - timedelta(days=30))
    queue = readings.held(chloe.person, at=now, working_days=5)
    assert [item.comment.text for item in queue.items] == ["Arrivée il y a un mois.", "Arrivée aujourd'hui."]
    assert (queue.total, queue.overdue) == (2, 1)
    chloe.get("/moderation/")
    assert "En retard : promis au plus tard le".replace(" :", "\u00a0:") in page_of(chloe)


def test_the_promise_counts_working_days() -> None:
    friday = datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert due(friday, 5).isoformat() == "2026-11-27"
    assert due(friday, 1).isoformat() == "2026-11-23"


def test_publishing_twice_is_publishing_once(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = said(amina, "Des mots.")
    for reader in (chloe, denis):
        actions.publish(row, by=reader.person, at=datetime.now(UTC))
    assert len(session.scalars(select(CommentEvent)).all()) == 1


def test_what_was_refused_is_not_published_by_somebody_else(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = said(amina, "Des mots.")
    actions.remove(row, Rule.INSULT, by=chloe.person, at=datetime.now(UTC))
    with pytest.raises(Refused):
        actions.publish(row, by=denis.person, at=datetime.now(UTC))


def test_words_taken_back_leave_nothing_to_read(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Je les reprends.")
    actions.withdraw(row, by=amina.person, at=datetime.now(UTC))
    assert readings.held(chloe.person, at=datetime.now(UTC), working_days=5).total == 0
    with pytest.raises(Refused):
        actions.publish(row, by=chloe.person, at=datetime.now(UTC))
    chloe.get(f"/moderation/{row.id}/ne-pas-publier", status=404)


def test_published_words_can_be_removed_later_and_replies_stay_under_a_stone(
    bruno: Someone, denis: Someone, chloe: Someone, bruno_colleague: Someone, passer_by: Someone
) -> None:
    parent = published(bruno, "Des mots regrettables.", denis)
    reply = actions.reply(parent, "Une réponse utile.", by=denis.person, at=datetime.now(UTC), form="r")
    actions.publish(reply, by=chloe.person, at=datetime.now(UTC))
    chloe.get("/criteres/E4/contributions")
    assert f"/moderation/{parent.id}/signaler" in page_of(chloe)
    chloe.fill(f"/moderation/{parent.id}/signaler", regle="insult")
    bruno_colleague.get("/moderation/")
    assert f"/moderation/{parent.id}/ne-pas-publier" in page_of(bruno_colleague)
    bruno_colleague.fill(f"/moderation/{parent.id}/ne-pas-publier", regle="insult")
    passer_by.get("/criteres/E4/contributions")
    page = page_of(passer_by)
    assert "Des mots regrettables." not in page
    assert "Contribution retirée par la modération" in page
    assert "Une réponse utile." in page
    assert "/moderation/" not in re.sub(r"/moderation/registre", "", page)


def test_the_register_says_rule_date_role_and_delay_and_nothing_else(
    amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    sent = datetime(2026, 3, 2, 9, tzinfo=UTC)
    row = said(amina, "Un secret dans les mots.", at=sent)
    actions.remove(row, Rule.CONTACT, "Un mot privé.", by=chloe.person, at=sent + timedelta(days=3))
    published(amina, "D'autres mots.", chloe, at=sent)
    passer_by.get("/moderation/registre")
    page = page_of(passer_by)
    assert "5\u00a0mars" not in page
    for shown in (Rule.CONTACT.label, "mars\u00a02026", "3 jours", Role.EDITOR.label):
        assert shown.replace("’", "’") in page, shown
    for hidden in ("secret", "Un mot privé", str(row.id), "E4", "Lilas", "chloe"):
        assert hidden not in page, hidden


def test_the_audit_names_neither_the_words_nor_their_author(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Un secret dans les mots.")
    actions.remove(row, Rule.NAMES, by=chloe.person, at=datetime.now(UTC))
    line = session.scalars(select(AuditLine).where(AuditLine.event == "comment.removed")).one()
    assert line.by_id == chloe.person_id
    assert line.details == {"rule": "names"}


def test_looking_changes_nothing(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Des mots.")
    for path in ("/moderation/", f"/moderation/{row.id}/ne-pas-publier", "/moderation/registre"):
        chloe.get(path)
    assert session.get_one(Comment, row.id).state is State.HELD
    assert session.scalars(select(CommentEvent)).all() == []


@pytest.mark.parametrize("page", ["-1", "0", "99999999999999999999", "abc"])
def test_a_page_number_that_means_nothing_is_the_first(page: str, chloe: Someone) -> None:
    chloe.get(f"/moderation/?page={page}")
