"""What a decision leaves: its steps, its lines of audit, words that are never markup, a digest that is signed."""

from uuid import uuid4

from sqlalchemy import select

from referentiel.database import session
from referentiel.journal.models import OutboxItem
from referentiel.library.library import Library
from referentiel.permissions import College
from referentiel.proposals import actions, queries
from referentiel.proposals.states import Outcome, Step
from tests.cast import Someone, forms_of
from tests.decision_lives import again
from tests.proposal_lives import (
    SILENCES,
    ago,
    decided,
    in_decision,
    in_discussion,
    verdict,
)


def test_words_of_people_are_never_markup_nor_formats(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    hostile = "<img src=x onerror=alert(1)> 100 % %(name)s {{ 7 * 7 }} %s"
    proposal = in_discussion(
        library,
        amina.person,
        chloe.person,
        title=hostile[:60],
        reason=hostile,
        plain_change=hostile,
        sections={"Énoncé": hostile, "Facile à lire": hostile},
    )
    decision = in_decision(library, proposal, chloe.person, reason=hostile, plain_reason=hostile)
    denis.get("/propositions/1/signature")
    actions.send_back(decision, reason=hostile, by=chloe.person, at=ago(0))
    chloe.get("/propositions/1/decision")
    amended = in_decision(
        library,
        again(),
        chloe.person,
        Outcome.ADOPTED_WITH_CHANGES,
        reason=hostile,
        plain_reason=hostile,
        silences=dict.fromkeys(College, hostile),
        sections={"Énoncé": f"{hostile} bis"},
    )
    amina.get("/propositions/1/texte-modifie")
    actions.answer_amendment(amended, digest=amended.digest, accepts=False, words=hostile, by=amina.person, at=ago(0))
    denis.get("/propositions/1/signature")
    actions.sign(library, amended, digest=amended.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    other = in_discussion(library, bruno.person, chloe.person, path="criteres/A1.md")
    actions.withdraw(other, reason=hostile, by=bruno.person, at=ago(0))
    for address in (
        "/propositions/",
        "/propositions/1",
        "/propositions/1?vue=cote-a-cote",
        "/propositions/1/differences",
        "/propositions/2",
        "/decisions/1",
        "/decisions/",
    ):
        page = passer_by.get(address).get_data(as_text=True)
        assert "<img" not in page, address


def test_each_step_leaves_one_line_one_audit_line_and_one_message(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person)
    lines = queries.story(again())
    assert [line.step for line in lines] == [Step.SUBMIT, Step.ADMIT, Step.PROPOSE_DECISION, Step.SIGN]
    assert [line.from_state for line in lines[1:]] == [line.to_state for line in lines[:-1]]
    told = [item.payload["step"] for item in session.scalars(select(OutboxItem)) if item.kind == "proposal"]
    assert told == [line.step.value for line in lines]


def test_a_decision_that_is_not_signed_twice_is_not_public(
    library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    in_decision(library, proposal, chloe.person)
    for number in ("1", "0", "99999999999999999999"):
        passer_by.get(f"/decisions/{number}", status=404)
    assert "Prévenir tôt" not in passer_by.get("/propositions/1").get_data(as_text=True)
    assert "Aucune décision" in passer_by.get("/decisions/").get_data(as_text=True)


def test_what_a_person_signs_is_bound_word_by_word(library: Library, amina: Someone, chloe: Someone) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    digests = set()
    for more in (
        {},
        {"reason": "Autre raison."},
        {"plain_reason": "Autre raison simple."},
        {"silences": {**SILENCES, College.SIAE: "Autre phrase."}},
    ):
        decision = in_decision(library, again(), chloe.person, **more)
        digests.add(decision.digest)
        actions.send_back(decision, reason="Encore.", by=chloe.person, at=ago(0))
    assert len(digests) == 4
    assert verdict().outcome is Outcome.ADOPTED
    assert proposal.id == 1


def test_the_form_that_signs_names_the_digest_it_shows(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    denis.get("/propositions/1/signature")
    forms = [form for form in forms_of(denis.page) if "signature" in form.action]  # type: ignore[arg-type]
    assert [form.values["digest"] for form in forms] == [[decision.digest]]
    assert denis.send(button="Signer la décision", digest="0" * 64).status_code == 409
