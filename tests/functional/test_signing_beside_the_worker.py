"""Somebody signs while others do, and while the worker looks for what a crash left open: theirs is not such a thing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from referentiel.commands.work import settle
from referentiel.database import session
from referentiel.errors import Busy, TextMoved
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Decision, DecisionState
from referentiel.proposals.states import State
from tests.cast import Someone
from tests.patience import PATIENCE
from tests.proposal_lives import ago, decided, in_decision, in_discussion, statement

HERS = "Tout passage vers une autre structure est préparé un mois avant."


@contextmanager
def beside_the_first_commit(app: Flask, act: Callable[[], object]) -> Iterator[list[object]]:
    """``act`` is done by somebody else, whole, as soon as the next SQL transaction of this thread is committed.

    What it gave, or raised, is in the list.
    """
    told: list[object] = []
    waiting = [True]

    def elsewhere() -> None:
        with app.app_context():
            try:
                told.append(act())
            except Exception as error:
                told.append(error)
            finally:
                session.remove()

    def committed(_session: Session) -> None:
        if waiting:
            waiting.clear()
            other = threading.Thread(target=elsewhere)
            other.start()
            other.join(PATIENCE)

    event.listen(session, "after_commit", committed)
    try:
        yield told
    finally:
        event.remove(session, "after_commit", committed)


def sign(library: Library, number: int, by: Someone) -> Decision:
    decision = session.get_one(Decision, number)
    return actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=by.person, at=ago(0))


def waiting(library: Library, author: Someone, editor: Someone, path: str, words: str) -> int:
    proposal = in_discussion(library, author.person, editor.person, path=path, title=words, sections={"Énoncé": words})
    return in_decision(library, proposal, editor.person).id


def test_an_operation_that_was_just_begun_is_not_taken_for_one_that_a_crash_left(
    app: Flask, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    """Between the row of an operation and its commit, another decision lands, then the worker makes its round."""
    hers = waiting(library, amina, chloe, "criteres/E4.md", HERS)
    theirs = waiting(library, bruno, chloe, "criteres/E2.md", "Une autre phrase, ailleurs.")

    def another_decision_then_a_round() -> object:
        sign(library, theirs, denis)
        session.remove()
        return settle(ago(0))

    with beside_the_first_commit(app, another_decision_then_a_round) as told:
        signed = sign(library, hers, denis)
    assert told == [[]], "the round settled nothing: what is open is under way"
    assert signed.proposal.state is State.ADOPTED
    assert statement(library) == HERS
    assert statement(library, "E2") == "Une autre phrase, ailleurs."


def test_what_a_process_that_died_left_open_is_still_settled_by_the_next_round(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    """The process dies between the row and the commit: nobody is at the operation any more."""
    hers = waiting(library, amina, chloe, "criteres/E4.md", HERS)

    class Dies(BaseException):
        """As a process does: nothing after it is run but what frees its files."""

    def falls(_step: str) -> None:
        raise Dies

    dying = Library.open(library.path, failpoints=falls)
    with pytest.raises(Dies):
        sign(dying, hers, denis)
    session.remove()
    assert len(settle(ago(0))) == 1  # type: ignore[arg-type]
    session.remove()
    assert statement(library) == HERS
    assert queries.proposal(1).state is State.ADOPTED


def test_who_is_told_that_another_process_is_at_the_same_operation_signs_again(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    hers = waiting(library, amina, chloe, "criteres/E4.md", HERS)
    form, begun, over = str(uuid4()), threading.Event(), threading.Event()

    def be_at_it() -> None:
        with library.attended(form):
            begun.set()
            over.wait(PATIENCE)

    other = threading.Thread(target=be_at_it)
    other.start()
    assert begun.wait(PATIENCE)
    decision = session.get_one(Decision, hers)
    with pytest.raises(Busy):
        actions.sign(library, decision, digest=decision.digest, form_id=form, by=denis.person, at=ago(0))
    over.set()
    other.join(PATIENCE)
    session.remove()
    decision = session.get_one(Decision, hers)
    assert decision.state is DecisionState.PENDING, "nothing was written"
    actions.sign(library, decision, digest=decision.digest, form_id=form, by=denis.person, at=ago(0))
    assert statement(library) == HERS


def test_the_log_says_which_text_moved_by_ids_alone(
    library: Library,
    amina: Someone,
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hers = waiting(library, amina, chloe, "criteres/E4.md", HERS)
    base = library.read("criteres/E4.md").blob
    theirs = in_discussion(
        library, bruno.person, chloe.person, title="Rival", sections={"Énoncé": "Une phrase rivale."}
    )
    decided(library, theirs, chloe.person, denis.person)
    draft = library.read("criteres/E4.md").blob
    with pytest.raises(TextMoved):
        sign(library, hers, denis)
    (line,) = [record.getMessage() for record in caplog.records if "criteres/E4.md" in record.getMessage()]
    proposed = queries.proposal(1).revision.files[0].blob
    assert f"criteres/E4.md base {base} draft {draft} proposed {proposed}" in line
    assert "rivale" not in line
