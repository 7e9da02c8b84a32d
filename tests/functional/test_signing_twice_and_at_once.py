"""A decision prepared or signed twice, or by two people at the same time, is one decision."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.database import session
from referentiel.errors import Invalid
from referentiel.journal.models import Operation
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Decision, Proposal
from referentiel.proposals.states import State
from tests.cast import Someone, forms_of
from tests.decision_lives import REASONS, again, commits
from tests.proposal_lives import (
    ago,
    in_decision,
    in_discussion,
    sheet,
    verdict,
)


def test_a_double_click_on_the_first_signature_is_one_decision(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    chloe.get("/propositions/1/decision")
    page = chloe.page
    first = chloe.send(button="Signer", **REASONS)
    chloe.page = page
    second = chloe.send(button="Signer", **REASONS)
    assert first.status_code == second.status_code == 303
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_two_clicks_at_the_same_instant_are_one_first_signature(
    app: Flask, library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    editor, form = chloe.person_id, str(uuid4())
    together = Barrier(4)

    def click(_: int) -> int:
        with app.app_context():
            found, by = queries.proposal(1), session.get(Person, editor)
            assert by is not None
            assert found.state is State.IN_DISCUSSION
            together.wait(timeout=10)
            return actions.propose_decision(library, found, verdict(), form_id=form, by=by, at=ago(0)).id

    session.rollback()
    with ThreadPoolExecutor(4) as clicks:
        assert len(set(clicks.map(click, range(4)))) == 1
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_the_form_of_one_first_signature_says_nothing_of_another(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    first = in_discussion(library, amina.person, chloe.person)
    other = in_discussion(library, bruno.person, chloe.person, path="criteres/B2.md")
    form = str(uuid4())

    def send(proposal: Proposal, by: Someone, **more: object) -> Decision:
        return actions.propose_decision(library, proposal, verdict(**more), form_id=form, by=by.person, at=ago(0))

    decision = send(first, chloe)
    for proposal, by, more in ((other, chloe, {}), (other, denis, {}), (first, chloe, {"reason": "Une autre raison."})):
        with pytest.raises(Invalid):
            send(proposal, by, **more)
    actions.send_back(decision, reason="À relire.", by=denis.person, at=ago(0))
    with pytest.raises(Invalid):
        send(first, chloe)
    assert again(2).state is State.IN_DISCUSSION


def test_a_double_click_on_the_second_signature_is_one_decision_and_one_commit(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    """web-24"""
    proposal = in_discussion(library, amina.person, chloe.person)
    in_decision(library, proposal, chloe.person)
    denis.get("/propositions/1/signature")
    page = denis.page
    first = denis.send(button="Signer la décision")
    before = commits(library)
    denis.page = page
    second = denis.send(button="Signer la décision")
    assert first.headers["Location"] == second.headers["Location"] == "/decisions/1"
    assert commits(library) == before
    assert session.scalar(select(func.count()).where(Operation.kind == "decision")) == 1
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_the_form_of_one_second_signature_signs_no_other_decision(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    for author, path in ((amina, "criteres/E4.md"), (bruno, "criteres/B2.md")):
        in_decision(library, in_discussion(library, author.person, chloe.person, path=path), chloe.person)
    form = forms_of(denis.get("/propositions/1/signature"))[-1].values["form_id"]
    assert denis.send(button="Signer la décision").status_code == 303
    denis.get("/propositions/2/signature")
    answer = denis.send(button="Signer la décision", form_id=form)
    assert answer.status_code == 422
    assert "déjà servi à autre chose" in answer.get_data(as_text=True)
    assert again(2).state is State.IN_DECISION
    assert denis.fill("/propositions/2/signature", button="Signer la décision").status_code == 303
    assert again(2).state is State.ADOPTED


def test_two_editors_prepare_the_same_decision_and_the_second_is_told(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    denis.get("/propositions/1/decision")
    chloe.fill("/propositions/1/decision", button="Signer", **REASONS)
    late = denis.send(button="Signer", **REASONS)
    assert late.status_code == 409
    assert REASONS["reason"] in late.get_data(as_text=True), "the text typed is kept"
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_a_wording_that_changed_under_the_eyes_of_who_signs_is_not_signed(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    denis.get("/propositions/1/signature")
    actions.send_back(decision, reason="Je corrige ma raison.", by=chloe.person, at=ago(0))
    in_decision(library, again(), chloe.person, reason="Une autre raison.")
    answer = denis.send(button="Signer la décision")
    assert answer.status_code == 409
    assert "changé depuis que vous l’avez lue" in answer.get_data(as_text=True)
    assert again().state is State.IN_DECISION


def test_a_decision_is_not_prepared_on_a_wording_that_changed_meanwhile(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=60)
    chloe.get("/propositions/1/decision")
    other = sheet(sections={"Énoncé": "Une autre phrase."})
    actions.revise(library, proposal, other, by=amina.person, at=ago(15))
    answer = chloe.send(button="Signer", **REASONS)
    assert answer.status_code == 409
    assert "nouvelle rédaction" in answer.get_data(as_text=True)
