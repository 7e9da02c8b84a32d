"""Once somebody has left, no column given back beside another says which words were theirs."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Column, text

from referentiel.comments import actions as comments
from referentiel.comments import appealing
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment, CommentAppeal, CommentEvent
from referentiel.comments.moderation import Rule
from referentiel.database import Moment, session
from referentiel.dates import day
from referentiel.journal.queries import audit_lines
from referentiel.people.models import Person
from referentiel.people.workshops import codes as workshop_codes
from referentiel.web import stores, trail
from tests.cast import Someone, now
from tests.workshop_lives import facilitating, workshop

E4 = Anchor(Target.CRITERION, "E4")


def moments(model: type) -> list[str]:
    return [column.name for column in columns(model) if isinstance(column.type, Moment)]


def columns(model: type) -> list[Column[object]]:
    return list(model.__table__.columns)  # type: ignore[attr-defined]


def shared(model: type) -> list[tuple[str, str]]:
    """The pairs of columns, of accounts and of this table, that hold the same moment somewhere."""
    table = model.__table__.name  # type: ignore[attr-defined]
    found = []
    for mine in moments(Person):
        for theirs in moments(model):
            rows = text(f"SELECT 1 FROM people JOIN {table} ON {table}.{theirs} = people.{mine}")
            if session.execute(rows).first():
                found.append((mine, theirs))
    return found


@pytest.mark.parametrize("words", ["garder", "effacer"])
def test_no_moment_leads_from_the_answer_of_the_poster_to_the_account_that_left(
    words: str, app: Flask, chloe: Someone, denis: Someone
) -> None:
    made = workshop(by=facilitating(chloe), structure="Chantier des Lilas", seats=5)
    door = f"/rejoindre/{made.id}.{workshop_codes.key_of(made.nonce, stores.secret())}"
    somebody = Someone(app, "somebody in the room")
    assert somebody.fill(door, to="rejoindre", button="", visage="no").status_code == 303
    opened = session.query(Person).order_by(Person.id.desc()).first()
    assert opened is not None
    assert day(opened.created_at) == day(now())
    assert opened.created_at <= now()
    somebody.fill("/criteres/B3/avis", to="avis", visage="yes", texte="Des mots à moi.")
    session.expire_all()
    [said] = session.query(Comment).filter(Comment.text != "").all()
    assert said.author_id is not None
    comments.publish(said, by=denis.person, at=now())
    assert somebody.fill("/mon-compte/effacer", words=words).status_code == 303
    session.expire_all()
    assert session.query(Person).filter(Person.erased_at.is_not(None)).count() == 1
    assert session.query(Comment).filter(Comment.author_id.is_not(None)).count() == 0
    for model in (Comment, CommentEvent, CommentAppeal):
        assert shared(model) == []


def test_the_journal_does_not_say_who_asked_for_a_second_reading(
    amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    """A line of the journal outlives the link that is cut: it must not be that link, nor give its day."""
    at = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    for number, someone in enumerate((amina, bruno)):
        said = comments.comment(E4, "Un mot.", by=someone.person, at=at, form=str(number))
        comments.remove(said, Rule.NAMES, by=chloe.person, at=at)
        appealing.appeal(said, "Relisez.", by=someone.person, at=at)
        [line] = [line for line in audit_lines(f"comment:{said.id}") if line.event == "comment.appealed"]
        assert line.by_id is None
    shown = [line for line in trail.lines("moderation", limit=50, offset=0)[0] if "deuxième" in line.event]
    assert len(shown) == 2
    for told in shown:
        assert (told.at, told.by.name, told.by.address) == (None, "la personne qui a écrit", "")
        assert not any(letter.isdigit() for letter in told.subject.name)
