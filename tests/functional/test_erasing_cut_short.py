"""The process dies when the list says that somebody is erased and the database does not say it yet."""

import os
import signal

import pytest
from flask import Flask
from sqlalchemy import event, select

from referentiel.app import create_app
from referentiel.commands.work import finish_erasing, one_pass
from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.journal.queries import audit_lines
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.privacy import erasures
from referentiel.privacy.actions import erase, erase_contribution
from referentiel.web import stores
from tests.cast import Someone, now

E4 = Anchor(Target.CRITERION, "E4")


def die(_connection: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(_connection: object) -> None:
    raise OSError("the disk went away")


def leave(number: int, settings: Settings) -> None:
    person = session.get_one(Person, number)
    secret = stores.secret()
    erase(person, words=True, by=person, at=now(), settings=settings, library=stores.library(), secret=secret)


def test_the_worker_finishes_what_a_killed_process_began_and_does_it_once(
    app: Flask, settings: Settings, amina: Someone, bruno: Someone
) -> None:
    number = amina.person_id
    assert number is not None
    comments.comment(E4, "Un mot.", by=amina.person, at=now(), form="1")
    session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            with create_app(settings).app_context():
                event.listen(db.engine, "commit", die)
                leave(number, settings)
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert len(erasures.read(settings.erasures_path)) == 1
    assert session.get_one(Person, number).erased_at is None, "the commit never came"
    session.remove()
    for _pass in range(2):
        assert one_pass(app, at=now())
    session.expire_all()
    assert session.get_one(Person, number).erased_at is not None
    assert session.scalars(select(Comment)).all() == []
    assert bruno.person.erased_at is None
    assert [line.event for line in audit_lines(f"person:{number}")].count("person.erased") == 1


def test_a_contribution_whose_erasing_failed_at_its_end_goes_with_the_next_pass(
    app: Flask, library: Library, settings: Settings, amina: Someone, denis: Someone
) -> None:
    assert finish_erasing(now()) is None
    said = comments.comment(E4, "Madame Untel crie.", by=amina.person, at=now(), form="1")
    number = said.id
    event.listen(db.engine, "commit", fail)
    try:
        with pytest.raises(OSError, match="the disk went away"):
            erase_contribution(said, by=denis.person, at=now(), settings=settings, secret=stores.secret())
    finally:
        event.remove(db.engine, "commit", fail)
    session.expire_all()
    assert session.get_one(Comment, number).text != ""
    session.rollback()
    assert finish_erasing(now()) == (0, 1)
    assert finish_erasing(now()) is None, "the list has not changed since"
    assert session.get_one(Comment, number).text == ""
