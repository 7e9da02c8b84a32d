"""The first page, with the figures of the instance: a fresh one has little to say, and says only that."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from referentiel.criteria.changes import ChangeClass
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.editions.queries import in_force, summary_of
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.promises import Kept, promises
from referentiel.proposals.states import ProposalKind, State
from tests.cast import Someone, now
from tests.functional.test_reading import statements

DOORS = ("/referentiel/", "/rejoindre", "/propositions/")


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_passer_by_finds_the_three_doors_and_what_the_text_is_worth(passer_by: Someone) -> None:
    page = passer_by.get("/").get_data(as_text=True)
    for address in DOORS:
        assert f'<h2><a href="{address}">' in page
    assert "n’est ni un règlement ni un contrôle" in page
    assert "Aucun collège ne l’a encore adopté" in page


def test_the_figures_are_those_of_the_edition_in_force(passer_by: Someone, library: Library) -> None:
    edition = in_force(library, now())
    assert edition is not None
    summary = summary_of(library, edition)
    words = words_of(passer_by.get("/").get_data(as_text=True))
    assert f"Les {len(summary.in_force)} critères de l’édition en vigueur" in words
    assert f"critères, dans {len(summary.chapters)} chapitres {len(summary.in_force)}" in words
    assert f"Édition {edition.number}" in words


def test_a_fresh_instance_speaks_of_no_answer_that_was_not_given(passer_by: Someone) -> None:
    page = passer_by.get("/").get_data(as_text=True)
    assert "Réponses données à temps" not in page
    assert "Ce qui vient d’être décidé" not in page
    assert "0</b>" in page


def test_reading_the_home_page_sets_no_cookie(passer_by: Someone) -> None:
    assert "Set-Cookie" not in passer_by.get("/").headers


def submitted(author: Person, *, days_ago: int, due_in: int, answered_days_ago: int | None = None) -> Proposal:
    """A row as a promise sees it, of the author's college."""
    at = now()
    answered = None if answered_days_ago is None else at - timedelta(days=answered_days_ago)
    return Proposal(
        title="Prévenir un mois avant",
        state=State.REFUSED if answered else State.IN_DISCUSSION,
        kind=ProposalKind.MODIFY,
        path="criteres/E4.md",
        code="E4",
        author_id=author.id,
        college=College(author.college),
        change_class=ChangeClass.CLARITY,
        submitted_at=at - timedelta(days=days_ago),
        admitted_at=at - timedelta(days=days_ago),
        decision_due=day(at) + timedelta(days=due_in),
        decision_number=days_ago if answered else None,
        decided_at=answered,
        form_id=str(uuid4()),
    )


def test_promises_count_what_is_answered_in_time_what_is_late_and_what_is_near(bruno: Someone, amina: Someone) -> None:
    with writing() as rows:
        rows.add(submitted(bruno.person, days_ago=50, due_in=40))
        rows.add(submitted(bruno.person, days_ago=86, due_in=4))
        rows.add(submitted(bruno.person, days_ago=95, due_in=-5))
        rows.add(submitted(bruno.person, days_ago=96, due_in=-6, answered_days_ago=10))
        rows.add(submitted(amina.person, days_ago=97, due_in=-7, answered_days_ago=2))
    told = promises(at=now(), since=day(now()) - timedelta(days=200))
    assert (told.in_discussion, told.near, told.late, told.answered) == (3, 1, 1, True)
    assert told.kept[College.SIAE] == Kept(in_time=1, total=2)
    assert told.kept[College.EMPLOYEES] == Kept(in_time=0, total=1)
    assert told.kept[College.SPE] == Kept(in_time=0, total=0)
    words = words_of(bruno.get("/").get_data(as_text=True))
    assert "3 propositions en discussion" in words
    assert "1 réponse attendue dans les sept jours" in words
    assert "1 réponse en retard" in words


def test_promises_made_before_the_first_day_are_not_counted(bruno: Someone) -> None:
    with writing() as rows:
        rows.add(submitted(bruno.person, days_ago=300, due_in=-210, answered_days_ago=205))
    assert not promises(at=now(), since=day(now()) - timedelta(days=200)).answered


def test_the_first_page_reads_no_list_of_acts_from_end_to_end(passer_by: Someone) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("asks SQLite how it reads")
    with statements() as sent:
        passer_by.get("/")
    connection = session.connection()
    ways = [row[3] for one in sent for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.replace('?', '1')}")]
    assert any("ix_proposals_promises" in way for way in ways)
    assert not [way for way in ways if re.match("SCAN (proposals|decisions|step_lines)", way)]
