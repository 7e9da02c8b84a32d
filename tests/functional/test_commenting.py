"""Job 3, by person and by act: an employee answers with a face, a professional quotes, nobody is exposed."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from referentiel.comments import actions, queries
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face, State
from referentiel.database import db, session, writing
from referentiel.errors import Invalid, NotAllowed, Unknown
from referentiel.notices.letters import Letter
from referentiel.notices.posting import message
from referentiel.people.models import Person
from tests.cast import Someone, explain, now

E4 = Anchor(Target.CRITERION, "E4")
BAD = {case["id"]: case for case in map(json.loads, (Path(__file__).parents[1] / "data/bad_inputs.jsonl").open())}


def said(by: Someone, text: str, *, at: datetime | None = None, on: Anchor = E4) -> Comment:
    """Words of somebody, sent without a page."""
    moment = at or datetime.now(UTC)
    return actions.comment(on, text, by=by.person, at=moment, form=f"{by.name} {text} {moment}")


def published(by: Someone, text: str, reader: Someone, *, at: datetime | None = None, on: Anchor = E4) -> Comment:
    row = said(by, text, at=at, on=on)
    actions.publish(row, by=reader.person, at=row.created_at + timedelta(days=1))
    return row


def rows() -> int:
    return session.scalar(select(func.count()).select_from(Comment)) or 0


def page_of(someone: Someone) -> str:
    assert someone.page is not None
    return someone.page.get_data(as_text=True)


@pytest.fixture
def crowd(app: object) -> list[Person]:
    """Six employees in insertion, of two structures."""
    with writing() as database:
        people = [
            Person(college="employees", structure_id=1 + n % 2, created_at=datetime(2026, 1, 6, tzinfo=UTC), roles=())
            for n in range(6)
        ]
        database.add_all(people)
    return people


# --- answering with a face


def test_amina_answers_with_a_face_alone_and_sees_what_happens_next(amina: Someone) -> None:
    amina.follow(amina.fill("/criteres/E4/avis", visage="no"))
    assert "Merci, votre avis est envoyé" in page_of(amina)
    row = session.scalars(select(Comment)).one()
    assert (row.face, row.text, row.state, row.key) == (Face.NO, "", State.PUBLISHED, "E4")


def test_amina_adds_words_that_wait_until_somebody_has_read_them(amina: Someone, passer_by: Someone) -> None:
    amina.follow(amina.fill("/criteres/E4/avis", visage="partly", texte="On m'a prévenue la veille."))
    assert "Une personne le relit" in page_of(amina)
    passer_by.get("/criteres/E4/contributions")
    assert "prévenue la veille" not in page_of(passer_by)
    passer_by.get("/criteres/E4")
    assert "prévenue la veille" not in page_of(passer_by)


def test_from_the_question_to_the_sent_answer_there_are_two_touches(amina: Someone) -> None:
    """A face, then the button: with the card's own page and its button, four at most."""
    amina.get("/criteres/E4/avis")
    answer = amina.send(visage="yes")
    assert answer.status_code == 303
    assert rows() == 1


def test_amina_cannot_send_without_choosing_a_face_and_keeps_her_words(amina: Someone) -> None:
    response = amina.fill("/criteres/E4/avis", texte="Je ne sais pas quel visage choisir.")
    assert response.status_code == 422
    assert "Choisissez un visage" in page_of(amina)
    assert "Je ne sais pas quel visage choisir." in page_of(amina)
    assert rows() == 0


def test_a_new_answer_replaces_the_former_one(amina: Someone) -> None:
    amina.fill("/criteres/E4/avis", visage="no", texte="Premiers mots.")
    amina.fill("/criteres/E4/avis", visage="yes", texte="Seconds mots.")
    current = session.scalars(select(Comment).where(Comment.closed_at.is_(None))).one()
    assert (current.face, current.text) == (Face.YES, "Seconds mots.")
    closed = session.scalars(select(Comment).where(Comment.closed_at.is_not(None))).one()
    assert closed.text == ""


def test_the_form_shows_the_answer_already_given(amina: Someone) -> None:
    amina.fill("/criteres/E4/avis", visage="no", texte="Mes mots.")
    amina.get("/criteres/E4/avis")
    assert re.search(r'value="no"[^>]* checked|checked[^>]* value="no"', page_of(amina))
    assert "Mes mots." in page_of(amina)


def test_sending_the_same_answer_again_leaves_it_published(amina: Someone, denis: Someone) -> None:
    amina.fill("/criteres/E4/avis", visage="no", texte="Mes mots.")
    row = session.scalars(select(Comment)).one()
    actions.publish(row, by=denis.person, at=datetime.now(UTC))
    amina.fill("/criteres/E4/avis", visage="no", texte="Mes mots.")
    assert session.scalars(select(Comment)).one().state is State.PUBLISHED


def test_a_double_click_is_one_row(amina: Someone) -> None:
    amina.get("/criteres/E4/avis")
    first = amina.page
    amina.send(visage="no", texte="La veille.")
    amina.page = first
    amina.send(visage="no", texte="La veille.")
    assert rows() == 1


def test_words_changed_after_back_are_not_lost(bruno: Someone) -> None:
    bruno.get("/criteres/E4/contributions")
    first = bruno.page
    bruno.send(to="contributions", texte="Une phrase.")
    bruno.page = first
    bruno.send(to="contributions", texte="Une phrase, et une autre.")
    assert rows() == 2


def test_bruno_is_shown_the_way_to_write_instead_of_faces(bruno: Someone) -> None:
    bruno.get("/criteres/E4/avis", status=303)
    bruno.follow()
    assert "Cette question s’adresse aux salariés en insertion" in page_of(bruno)


def test_bruno_cannot_answer_with_a_face_by_hand(bruno: Someone) -> None:
    with pytest.raises(NotAllowed):
        actions.answer_question(E4, Face.YES, "", by=bruno.person, at=datetime.now(UTC), form="x")


def test_a_criterion_that_does_not_exist_has_no_question(amina: Someone, passer_by: Someone) -> None:
    amina.get("/criteres/Z9/avis", status=404)
    passer_by.get("/criteres/Z9/contributions", status=404)


def test_amina_finds_every_question_with_those_she_answered(amina: Someone) -> None:
    amina.fill("/criteres/C1/avis", visage="yes")
    amina.get("/questions")
    assert "Répondu" in page_of(amina)
    assert page_of(amina).count("/avis") >= 40


# --- whoever is not signed in


def test_a_passer_by_reads_the_question_and_two_doors_without_a_cookie(passer_by: Someone) -> None:
    response = passer_by.get("/criteres/E4/avis")
    assert "J’ai une carte" in page_of(passer_by)
    assert "Je me connecte" in page_of(passer_by)
    assert "<form" not in page_of(passer_by)
    assert "Set-Cookie" not in response.headers


def test_a_passer_by_reads_contributions_without_a_form_nor_a_cookie(passer_by: Someone) -> None:
    response = passer_by.get("/criteres/E4/contributions")
    assert 'name="texte"' not in page_of(passer_by)
    assert "Set-Cookie" not in response.headers


def test_a_passer_by_asking_for_their_contributions_reads_how_to_come_in(passer_by: Someone) -> None:
    passer_by.get("/mes-contributions")
    assert "Entrer avec mes mots" in page_of(passer_by)


def test_words_sent_after_the_session_ended_come_back_in_the_page(bruno: Someone) -> None:
    bruno.get("/criteres/E4/contributions")
    form = bruno.page
    bruno.client.delete_cookie("session", domain="127.0.0.1")
    bruno.page = form
    response = bruno.send(to="contributions", texte="Ces mots ne doivent pas se perdre.")
    assert response.status_code == 403, explain(response)
    assert "Ces mots ne doivent pas se perdre." in page_of(bruno)
    assert rows() == 0


# --- commenting on words


def test_bruno_comments_on_a_whole_criterion(bruno: Someone) -> None:
    bruno.fill("/criteres/E4/contributions", to="contributions", texte="Utile dès le premier mois.")
    assert "Une personne la relit, au plus tard le" in bruno.follow().get_data(as_text=True)
    assert session.scalars(select(Comment)).one().anchor.section == ""


def test_bruno_quotes_a_passage_of_a_section(bruno: Someone, denis: Someone, passer_by: Someone) -> None:
    bruno.fill(
        "/criteres/E4/contributions",
        to="contributions",
        rubrique="enonce",
        citation="avec une transmission organisée",
        texte="Qui l'organise ?",
    )
    row = session.scalars(select(Comment)).one()
    assert (row.section, row.quotation) == ("Énoncé", "avec une transmission organisée")
    assert row.before.endswith("la personne, ")
    actions.publish(row, by=denis.person, at=datetime.now(UTC))
    passer_by.get("/criteres/E4/contributions")
    assert "avec une transmission organisée" in page_of(passer_by)
    assert "Qui l&#39;organise ?" in page_of(passer_by)


def test_a_passage_is_found_without_choosing_its_section(bruno: Someone) -> None:
    bruno.fill(
        "/criteres/E4/contributions",
        to="contributions",
        citation="sans interruption de plus de quinze jours",
        texte="Sept jours suffiraient.",
    )
    assert session.scalars(select(Comment)).one().section == "Indicateurs"


def test_a_passage_that_is_not_in_the_section_is_refused_beside_its_field(bruno: Someone) -> None:
    response = bruno.fill(
        "/criteres/E4/contributions",
        to="contributions",
        rubrique="enonce",
        citation="des mots inventés",
        texte="Ma contribution.",
    )
    assert response.status_code == 422
    assert "Ce passage n’est pas dans la rubrique" in page_of(bruno)
    assert "Ma contribution." in page_of(bruno)
    assert rows() == 0


def test_words_whose_passage_has_gone_stand_in_a_list_of_their_own(
    bruno: Someone, denis: Someone, passer_by: Someone
) -> None:
    gone = Anchor(Target.CRITERION, "E4", "Énoncé", "0" * 40, "un passage d'une ancienne édition", "avant ", " après")
    published(bruno, "À propos de mots disparus.", denis, on=gone)
    passer_by.get("/criteres/E4/contributions")
    page = page_of(passer_by)
    assert "À rattacher" in page
    assert page.index("À rattacher") < page.index("À propos de mots disparus.")


# --- threads


def test_denis_replies_and_the_reply_waits_too(
    bruno: Someone, denis: Someone, chloe: Someone, passer_by: Someone
) -> None:
    parent = published(bruno, "Première contribution.", denis)
    denis.fill(f"/contributions/{parent.id}/repondre", texte="Voici une réponse.")
    passer_by.get("/criteres/E4/contributions")
    assert "Voici une réponse." not in page_of(passer_by)
    reply = session.scalars(select(Comment).where(Comment.is_reply)).one()
    actions.publish(reply, by=chloe.person, at=datetime.now(UTC))
    passer_by.get("/criteres/E4/contributions")
    assert "Voici une réponse." in page_of(passer_by)


def test_there_is_no_reply_to_a_reply(bruno: Someone, denis: Someone, chloe: Someone) -> None:
    parent = published(bruno, "Première.", denis)
    reply = actions.reply(parent, "Deuxième.", by=denis.person, at=datetime.now(UTC), form="r")
    actions.publish(reply, by=chloe.person, at=datetime.now(UTC))
    with pytest.raises(Invalid):
        actions.reply(reply, "Troisième.", by=bruno.person, at=datetime.now(UTC), form="t")
    bruno.get(f"/contributions/{reply.id}/repondre", status=404)


def test_the_database_refuses_a_reply_to_a_reply(bruno: Someone, denis: Someone, chloe: Someone) -> None:
    parent = published(bruno, "Première.", denis)
    reply = actions.reply(parent, "Deuxième.", by=denis.person, at=datetime.now(UTC), form="r")
    third = Comment(
        sending="z",
        kind=Target.CRITERION,
        key="E4",
        author_id=bruno.person_id,
        college=parent.college,
        text="Troisième.",
        created_at=datetime.now(UTC),
        parent_id=reply.id,
        parent_is_reply=True,
        is_reply=True,
    )
    with pytest.raises(IntegrityError), writing() as database:
        database.add(third)


def test_nobody_replies_to_words_that_wait(bruno: Someone, denis: Someone) -> None:
    held = said(bruno, "Pas encore lue.")
    denis.get(f"/contributions/{held.id}/repondre", status=404)
    with pytest.raises(Unknown):
        actions.reply(held, "Réponse.", by=denis.person, at=datetime.now(UTC), form="r")


# --- nobody is exposed


def test_an_employee_is_signed_by_the_college_and_the_month_alone(
    amina: Someone, denis: Someone, passer_by: Someone
) -> None:
    moment = datetime(2026, 3, 17, 10, 42, tzinfo=UTC)
    published(amina, "Mes mots à moi.", denis, at=moment)
    with writing():
        amina.person.pseudonym = "Lampe bleue"
    passer_by.get("/criteres/E4/contributions")
    page = page_of(passer_by)
    assert "Un·e salarié·e en insertion, mars" in page
    for secret in ("Lampe bleue", "Chantier des Lilas", "17 mars", "10:42", "10 h 42"):
        assert secret not in page


def test_the_order_within_a_month_does_not_follow_the_order_of_sending(amina: Someone, denis: Someone) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    sent = [published(amina, f"Mot {n}.", denis, at=start + timedelta(hours=n)).text for n in range(12)]
    shown = [voice.text for voice in queries.on_item("E4")]
    assert sorted(shown) == sorted(sent)
    assert shown not in (sent, sent[::-1])
    assert shown == [voice.text for voice in queries.on_item("E4")]


def test_the_newest_month_comes_first(bruno: Someone, denis: Someone) -> None:
    published(bruno, "En mars.", denis, at=datetime(2026, 3, 2, tzinfo=UTC))
    published(bruno, "En mai.", denis, at=datetime(2026, 5, 2, tzinfo=UTC))
    assert [voice.text for voice in queries.on_item("E4")] == ["En mai.", "En mars."]


def test_no_figure_is_shown_under_five_answers(crowd: list[Person], passer_by: Someone) -> None:
    march, may = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)
    for number, person in enumerate(crowd[:4]):
        actions.answer_question(E4, Face.NO, "", by=person, at=march, form=str(number))
    assert queries.faces("E4", at=may, smallest=5) is None
    passer_by.get("/criteres/E4/contributions")
    assert "Pas encore assez de réponses" in page_of(passer_by)
    actions.answer_question(E4, Face.YES, "", by=crowd[4], at=march, form="4")
    shown = queries.faces("E4", at=may, smallest=5)
    assert shown is not None
    assert (shown.yes, shown.partly, shown.no, shown.total) == (None, 0, None, None)
    passer_by.get("/criteres/E4/contributions")
    assert "Pas encore assez de réponses" not in page_of(passer_by)


def test_figures_stop_at_the_beginning_of_the_month(crowd: list[Person]) -> None:
    """Looking before and after somebody answers must not tell what they answered."""
    march, april = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 10, tzinfo=UTC)
    for number, person in enumerate(crowd[:5]):
        actions.answer_question(E4, Face.NO, "", by=person, at=march, form=str(number))
    before = queries.faces("E4", at=april, smallest=5)
    actions.answer_question(E4, Face.YES, "", by=crowd[5], at=april, form="5")
    actions.answer_question(E4, Face.YES, "", by=crowd[0], at=april, form="6")
    assert queries.faces("E4", at=april + timedelta(hours=1), smallest=5) == before
    after = queries.faces("E4", at=april + timedelta(days=30), smallest=5)
    assert after is not None
    assert (after.yes, after.no, after.total) == (None, None, None)


def test_two_hidden_numbers_are_not_given_back_by_the_page(crowd: list[Person], passer_by: Someone) -> None:
    """Ten people say no, one says yes, one a little: twelve in all would say that each hidden number is one."""
    march = datetime(2026, 3, 5, tzinfo=UTC)
    with writing() as rows:
        more = [Person(college="employees", created_at=march) for _ in range(12 - len(crowd))]
        rows.add_all(more)
    for number, person in enumerate([*crowd, *more][:12]):
        face = {0: Face.YES, 1: Face.PARTLY}.get(number, Face.NO)
        actions.answer_question(E4, face, "", by=person, at=march, form=str(number))
    for address in ("/criteres/E4/contributions", "/criteres/E4"):
        passer_by.get(address)
        assert "12 salariés" not in page_of(passer_by)
    passer_by.get("/criteres/E4/contributions")
    assert "Des salariés en insertion ont répondu avant le" in page_of(passer_by)


def test_numbers_do_not_tell_the_order_of_sending(bruno: Someone) -> None:
    numbers = [said(bruno, f"Mot {n}").id for n in range(12)]
    assert numbers != sorted(numbers)


# --- one's own


def test_amina_follows_her_contributions(amina: Someone, denis: Someone) -> None:
    amina.fill("/criteres/E4/avis", visage="no", texte="La veille.")
    amina.get("/mes-contributions")
    assert "En attente de relecture" in page_of(amina)
    actions.publish(session.scalars(select(Comment)).one(), by=denis.person, at=datetime.now(UTC))
    amina.get("/mes-contributions")
    assert "Publiée" in page_of(amina)


def test_amina_erases_her_words_and_nobody_reads_them_any_more(
    amina: Someone, denis: Someone, passer_by: Someone
) -> None:
    row = published(amina, "Je retire ces mots.", denis)
    amina.fill(f"/mes-contributions/{row.id}/reprendre")
    assert "effacée" in amina.follow().get_data(as_text=True)
    passer_by.get("/criteres/E4/contributions")
    assert "Je retire ces mots." not in page_of(passer_by)
    assert session.get_one(Comment, row.id).text == ""


def test_bruno_sees_and_erases_nothing_of_aminas(amina: Someone, bruno: Someone) -> None:
    row = said(amina, "Les mots d'Amina.")
    bruno.get("/mes-contributions")
    assert "Les mots d&#39;Amina." not in page_of(bruno)
    bruno.get(f"/mes-contributions/{row.id}/reprendre", status=404)
    with pytest.raises(Unknown):
        actions.withdraw(row, by=bruno.person, at=datetime.now(UTC))


# --- awkward inputs


@pytest.mark.parametrize("case", ["uni-01", "uni-03", "uni-06", "uni-07", "uni-09", "md-01", "md-03", "md-18", "md-24"])
def test_awkward_words_are_kept_as_they_are_or_refused_with_a_reason(
    case: str, bruno: Someone, denis: Someone, passer_by: Someone
) -> None:
    text = str(BAD[case]["input"])
    response = bruno.fill("/criteres/E4/contributions", to="contributions", texte=text)
    assert response.status_code in (303, 422)
    if response.status_code == 422:
        assert rows() == 0
        assert "Votre texte est gardé" in page_of(bruno)
        return
    row = session.scalars(select(Comment)).one()
    actions.publish(row, by=denis.person, at=datetime.now(UTC))
    passer_by.get("/criteres/E4/contributions")
    main = page_of(passer_by).partition("<main")[2].partition("</main>")[0]
    for tag in ("<script", "<form", "<style", 'href="javascript', "\u202e", "\u200b"):
        assert tag not in main


def test_markdown_is_shown_as_it_was_typed(bruno: Someone, denis: Someone, passer_by: Someone) -> None:
    published(bruno, "**gras** et [lien](javascript:alert(1)) <b>x</b>", denis)
    passer_by.get("/criteres/E4/contributions")
    assert "**gras** et [lien](javascript:alert(1)) &lt;b&gt;x&lt;/b&gt;" in page_of(passer_by)


def test_an_empty_contribution_is_refused_beside_its_field(bruno: Someone) -> None:
    assert bruno.fill("/criteres/E4/contributions", to="contributions", texte="  ").status_code == 422
    assert "Écrivez votre contribution." in page_of(bruno)


def test_too_long_a_contribution_is_refused_and_kept(bruno: Someone) -> None:
    text = "mot " * 2_000
    assert bruno.fill("/criteres/E4/contributions", to="contributions", texte=text).status_code == 422
    assert "mot mot mot" in page_of(bruno)


@pytest.mark.parametrize("page", ["-1", "0", "99999999999999999999", "abc", "²"])
def test_a_page_number_that_means_nothing_is_the_first(page: str, passer_by: Someone) -> None:
    passer_by.get(f"/criteres/E4/contributions?page={page}")


# --- cost


def statements(someone: Someone, path: str) -> int:
    """How many SQL statements a page sends."""
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    session.remove()
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        someone.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(sent)


def test_three_hundred_contributions_cost_no_more_statements_than_three(bruno: Someone, denis: Someone) -> None:
    for number in range(3):
        published(bruno, f"Contribution {number}.", denis)
    few = statements(denis, "/criteres/E4/contributions")
    lists = statements(denis, "/moderation/")
    with writing() as database:
        for number in range(300):
            database.add(
                Comment(
                    sending=f"s{number}",
                    kind=Target.CRITERION,
                    key="E4",
                    author_id=bruno.person_id,
                    college="siae",
                    text=f"Encore {number}.",
                    state=State.PUBLISHED if number % 2 else State.HELD,
                    created_at=datetime(2026, 3, 1, tzinfo=UTC),
                    published_at=datetime(2026, 3, 2, tzinfo=UTC) if number % 2 else None,
                )
            )
    assert statements(denis, "/criteres/E4/contributions") == few
    assert statements(denis, "/moderation/") == lists
    assert queries.counts() == {"E4": 153}


# --- mails


def test_a_title_with_several_lines_makes_a_subject_of_one_and_a_body_of_plain_text() -> None:
    """web-06: whatever a title holds, it adds no header to a mail and no markup to its body."""
    title = str(BAD["web-06"]["input"])
    mail = message(Letter("chloe@tests.invalid", title, title), sender="a@b.fr", number="1", host="h", at=now())
    assert mail["Subject"] == "Titre <html>"
    assert mail.get_content_type() == "text/plain"
    assert "\n\n<html>" in mail.get_content()
