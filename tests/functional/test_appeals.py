"""Words that were not published are read again when their author asks: once, by somebody else, from elsewhere."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from referentiel.comments import actions, appealing, queries, readings, reported, reporting
from referentiel.comments.models import Comment, CommentAppeal, CommentEvent
from referentiel.comments.moderation import Rule, State
from referentiel.database import session, writing
from referentiel.errors import Invalid, NotAllowed, Refused
from referentiel.journal.models import AuditLine
from referentiel.people.models import Person
from referentiel.permissions import Role
from tests.cast import Someone
from tests.functional.test_commenting import page_of, said

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def refused(by: Someone, reader: Someone, text: str = "Le chef Untel crie sur nous.", at: datetime = MONDAY) -> Comment:
    row = said(by, text, at=at)
    actions.remove(row, Rule.NAMES, "Dites-le sans le nom.", by=reader.person, at=at + timedelta(days=1))
    return row


def appealed(by: Someone, reader: Someone, *, at: datetime = MONDAY) -> Comment:
    row = refused(by, reader, at=at)
    appealing.appeal(row, "Je ne nomme personne.", by=by.person, at=at + timedelta(days=2))
    return row


@pytest.fixture
def same_house(chloe: Someone) -> Person:
    """An editor of Chloé's structure."""
    with writing() as database:
        person = Person(
            college="spe", structure_id=chloe.person.structure_id, email="elle@tests.invalid", created_at=MONDAY
        )
        person.roles = {Role.EDITOR}
        database.add(person)
    return person


def test_amina_asks_for_a_second_reading_denis_restores_her_words_and_she_reads_why(
    amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    row = refused(amina, chloe, at=datetime.now(UTC) - timedelta(days=1))
    amina.get("/mes-contributions")
    assert "Dites-le sans le nom." in page_of(amina)
    assert f"/mes-contributions/{row.id}/recours" in page_of(amina)
    amina.follow(amina.fill(f"/mes-contributions/{row.id}/recours", texte="Untel veut dire personne."))
    assert "Une autre personne va relire vos mots, au plus tard le" in page_of(amina)
    assert "Vous avez demandé une deuxième lecture." in page_of(amina)
    assert f"/mes-contributions/{row.id}/recours" not in page_of(amina)
    amina.get(f"/mes-contributions/{row.id}/recours", status=303)
    amina.follow()
    assert "Vous avez déjà demandé une deuxième lecture." in page_of(amina)

    denis.get("/bureau")
    assert "/moderation/recours/" in page_of(denis)
    denis.get("/moderation/recours/")
    denis.get(f"/moderation/recours/{row.id}")
    assert "Untel veut dire personne." in page_of(denis)
    assert "Dites-le sans le nom." in page_of(denis)
    answer = denis.send(decision="publier", precision="« Untel » ne nomme personne, en effet.")
    assert "La contribution est publiée." in denis.follow(answer).get_data(as_text=True)

    passer_by.get("/criteres/E4/contributions")
    assert "Le chef Untel crie sur nous." in page_of(passer_by)
    amina.get("/mes-contributions")
    assert "Après une deuxième lecture, elle est publiée." in page_of(amina)
    assert "ne nomme personne, en effet." in page_of(amina)


def test_a_second_reading_can_say_no_with_words_and_that_is_the_end(
    amina: Someone, chloe: Someone, denis: Someone
) -> None:
    row = appealed(amina, chloe)
    appealing.judge(row, "On reconnaît le chef.", upheld=False, by=denis.person, at=MONDAY + timedelta(days=4))
    assert row.state is State.REMOVED
    amina.get("/mes-contributions")
    assert "On reconnaît le chef." in page_of(amina)
    assert "Demander une deuxième lecture" not in page_of(amina)
    with pytest.raises(Refused, match="une seule fois"):
        appealing.appeal(row, "Encore.", by=amina.person, at=MONDAY + timedelta(days=5))
    (only,) = session.scalars(select(CommentAppeal))
    assert only.words == "Je ne nomme personne."


def test_the_answer_needs_words_and_a_choice(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = appealed(amina, chloe)
    assert denis.fill(f"/moderation/recours/{row.id}", decision="publier").status_code == 422
    assert denis.fill(f"/moderation/recours/{row.id}", precision="Parce que.").status_code == 422
    with pytest.raises(Invalid):
        appealing.judge(row, "  ", upheld=True, by=denis.person, at=MONDAY)


def test_who_read_first_and_whoever_is_of_their_structure_or_the_author_s_does_not_judge(
    amina: Someone, chloe: Someone, denis: Someone, same_house: Person
) -> None:
    row = appealed(amina, chloe)
    at = MONDAY + timedelta(days=3)
    for reader in (chloe.person, same_house):
        assert readings.appeals(reader, at=at, working_days=5).total == 0
        with pytest.raises(NotAllowed):
            appealing.judge(row, "Non.", upheld=False, by=reader, at=at)
    chloe.get("/moderation/recours/")
    assert "Untel" not in page_of(chloe)
    chloe.get(f"/moderation/recours/{row.id}", status=404)
    assert readings.appeals(denis.person, at=at, working_days=5).total == 1


def test_an_editor_of_the_author_s_structure_does_not_see_the_appeal(amina: Someone, chloe: Someone) -> None:
    row = appealed(amina, chloe)
    with writing() as database:
        neighbour = Person(college="siae", structure_id=amina.person.structure_id, email="v@x.fr", created_at=MONDAY)
        neighbour.roles = {Role.EDITOR}
        database.add(neighbour)
    assert readings.appeals(neighbour, at=MONDAY, working_days=5).total == 0
    with pytest.raises(NotAllowed) as told:
        appealing.judge(row, "Non.", upheld=False, by=neighbour, at=MONDAY)
    assert "structure" not in str(told.value)


@pytest.mark.parametrize("who", ["bruno", "chloe", "denis"])
def test_nobody_appeals_for_somebody_else(who: str, request: pytest.FixtureRequest, amina: Someone) -> None:
    row = refused(amina, request.getfixturevalue("bruno_colleague"))
    other: Someone = request.getfixturevalue(who)
    other.get(f"/mes-contributions/{row.id}/recours", status=404)
    with pytest.raises(NotAllowed):
        appealing.appeal(row, "", by=other.person, at=MONDAY)


def test_what_is_published_or_waits_has_nothing_to_appeal_against(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Des mots.")
    amina.get(f"/mes-contributions/{row.id}/recours", status=404)
    with pytest.raises(Refused):
        appealing.appeal(row, "", by=amina.person, at=MONDAY)


def test_the_appeal_has_its_own_promise_and_is_counted_late_past_it(
    amina: Someone, chloe: Someone, denis: Someone
) -> None:
    row = appealed(amina, chloe)
    assert row.promised_on == date(2026, 11, 12), "five working days from Wednesday the 4th, the 11th being a holiday"
    on_time = readings.appeals(denis.person, at=datetime(2026, 11, 12, 20, tzinfo=UTC), working_days=5)
    late = readings.appeals(denis.person, at=datetime(2026, 11, 13, 8, tzinfo=UTC), working_days=5)
    assert (on_time.overdue, late.overdue) == (0, 1)
    denis.get("/moderation/recours/")
    assert "En retard" in page_of(denis)
    amina.get("/mes-contributions")
    assert "Nous sommes en retard." in page_of(amina)


@pytest.mark.parametrize("erased", [False, True])
def test_the_first_reader_cannot_take_away_again_what_a_second_reading_restored(
    amina: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone, erased: bool
) -> None:
    """Another one can, once somebody asks for it: who restored the words, or could have."""
    row = appealed(amina, chloe)
    later = MONDAY + timedelta(days=4)
    appealing.judge(row, "Rien à redire.", upheld=True, by=denis.person, at=MONDAY + timedelta(days=3))
    if erased:
        with writing():
            session.get_one(CommentAppeal, row.id).decided_by_id = None
    reporting.report(row, Rule.CONTACT, by=bruno_colleague.person, at=later)
    assert reported.waiting(chloe.person, at=later, working_days=5).total == 0
    with pytest.raises(NotAllowed):
        reporting.take_down(row, Rule.NAMES, by=chloe.person, at=later)
    assert row.state is State.PUBLISHED
    reporting.take_down(row, Rule.CONTACT, by=denis.person, at=later)
    assert row.state is State.REMOVED


def test_asking_twice_is_asking_once(amina: Someone, chloe: Someone) -> None:
    row = refused(amina, chloe)
    for _press in range(2):
        appealing.appeal(row, "Une fois.", by=amina.person, at=MONDAY + timedelta(days=2))
    assert len(session.scalars(select(CommentAppeal)).all()) == 1


def test_two_judges_at_once_are_one_answer(
    amina: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone
) -> None:
    row = appealed(amina, chloe)
    appealing.judge(row, "Oui.", upheld=True, by=denis.person, at=MONDAY)
    appealing.judge(row, "Oui.", upheld=True, by=denis.person, at=MONDAY)
    with pytest.raises(Refused):
        appealing.judge(row, "Non.", upheld=False, by=bruno_colleague.person, at=MONDAY)
    assert len(session.scalars(select(CommentEvent).where(CommentEvent.appeal_of_id.is_not(None))).all()) == 1


def test_words_taken_back_take_their_appeal_with_them(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = appealed(amina, chloe)
    actions.withdraw(row, by=amina.person, at=MONDAY + timedelta(days=3))
    (kept,) = session.scalars(select(CommentAppeal))
    assert (kept.words, kept.note) == ("", "")
    assert readings.appeals(denis.person, at=MONDAY, working_days=5).total == 0


def test_the_register_says_that_an_appeal_waits_then_how_it_ended_and_never_the_words(
    amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    first, second = appealed(amina, chloe), appealed(bruno, chloe)
    passer_by.get("/moderation/registre")
    assert page_of(passer_by).count("En cours") == 2
    appealing.judge(first, "Un mot privé.", upheld=True, by=denis.person, at=MONDAY + timedelta(days=5))
    appealing.judge(second, "Un mot privé.", upheld=False, by=denis.person, at=MONDAY + timedelta(days=6))
    passer_by.get("/moderation/registre")
    page = page_of(passer_by)
    assert "Publiée : 3 jours" in page
    assert "Non publiée : 4 jours" in page
    for hidden in ("Untel", "Un mot privé", "Je ne nomme personne", str(first.id), "E4", "Lilas", "4\u00a0novembre"):
        assert hidden not in page, hidden


def test_the_register_outlives_the_words_and_their_appeal(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = appealed(amina, chloe)
    appealing.judge(row, "Oui.", upheld=True, by=denis.person, at=MONDAY + timedelta(days=5))
    with writing() as database:
        database.delete(database.get_one(Comment, row.id))
    assert len(session.scalars(select(CommentEvent)).all()) == 2
    assert session.scalars(select(CommentAppeal)).all() == []


def test_the_audit_of_an_appeal_names_no_words(amina: Someone, chloe: Someone, denis: Someone) -> None:
    row = appealed(amina, chloe)
    appealing.judge(row, "Un mot privé.", upheld=True, by=denis.person, at=MONDAY)
    lines = session.scalars(select(AuditLine).where(AuditLine.subject == f"comment:{row.id}").order_by(AuditLine.seq))
    assert [(line.event, line.details) for line in lines] == [
        ("comment.removed", {"rule": "names"}),
        ("comment.appealed", {}),
        ("comment.appeal_published", {"rule": ""}),
    ]


def test_the_database_refuses_an_appeal_that_is_half_decided(amina: Someone, chloe: Someone) -> None:
    row = appealed(amina, chloe)
    with pytest.raises(IntegrityError), writing() as database:
        database.get_one(CommentAppeal, row.id).upheld = True


def test_what_was_promised_on_the_day_is_what_is_shown_whatever_the_setting_becomes(amina: Someone) -> None:
    row = actions.comment(
        queries.comment(said(amina, "Un.").id).anchor, "Deux.", by=amina.person, at=MONDAY, form="2", working_days=2
    )
    assert row.promised_on == date(2026, 11, 4)
    shown = {item.comment.id: item.due for item in queries.mine(amina.person, at=MONDAY, working_days=30)}
    assert shown[row.id] == date(2026, 11, 4)


def test_replies_stay_under_the_stone_while_an_appeal_waits(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    row = said(bruno, "Des mots regrettables.", at=MONDAY)
    actions.publish(row, by=denis.person, at=MONDAY)
    reply = actions.reply(row, "Une réponse utile.", by=denis.person, at=MONDAY, form="r")
    actions.publish(reply, by=chloe.person, at=MONDAY)
    reporting.report(row, Rule.INSULT, by=denis.person, at=MONDAY)
    reporting.take_down(row, Rule.INSULT, by=chloe.person, at=MONDAY)
    appealing.appeal(row, "", by=bruno.person, at=MONDAY)
    passer_by.get("/criteres/E4/contributions")
    assert "Contribution retirée par la modération" in page_of(passer_by)
    assert "Une réponse utile." in page_of(passer_by)
    appealing.judge(row, "Sans insulte.", upheld=True, by=denis.person, at=MONDAY)
    passer_by.get("/criteres/E4/contributions")
    assert "Des mots regrettables." in page_of(passer_by)
