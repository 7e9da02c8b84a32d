"""A decision without its reasons is refused, by the form and by the database; every word is kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.permissions import College
from referentiel.proposals.models import Decision, Signature, StepLine
from tests.cast import Someone, forms_of
from tests.decision_lives import REASONS, the_decision
from tests.proposal_lives import (
    ago,
    in_decision,
    in_discussion,
)


@pytest.mark.parametrize("missing", ["outcome", "reason", "plain_reason", "silence_siae"])
def test_a_decision_without_its_reasons_is_refused_and_every_word_is_kept(
    library: Library, amina: Someone, chloe: Someone, missing: str
) -> None:
    in_discussion(library, amina.person, chloe.person)
    given = {name: value for name, value in REASONS.items() if name != missing}
    answer = chloe.fill("/propositions/1/decision", button="Signer", **given)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    for name, value in given.items():
        assert value in page, name
    assert session.scalar(select(func.count()).select_from(Decision)) == 0


def test_a_postponement_needs_its_date_and_dates_are_read_as_people_write_them(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    wrong = chloe.fill("/propositions/1/decision", button="Signer", **{**REASONS, "outcome": "postponed"})
    assert wrong.status_code == 422
    day = date.today() + timedelta(days=60)
    right = chloe.send(
        button="Signer", **{**REASONS, "outcome": "postponed", "resume_on": f"{day.day}/{day.month}/{day.year}"}
    )
    assert right.status_code == 303, right.get_data(as_text=True)
    assert the_decision().resume_on == day


def test_the_database_refuses_a_decision_without_reason_whatever_the_code_does(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    in_decision(library, proposal, chloe.person)
    orders = (
        "UPDATE decisions SET reason = ' '",
        "UPDATE decisions SET plain_reason = ''",
        "UPDATE decisions SET state = 'effective'",
        "UPDATE decisions SET outcome = 'approved'",
        "UPDATE decision_colleges SET justification = ' ' WHERE basis = 'silence_justified'",
        "UPDATE proposals SET state = 'adopted'",
        "UPDATE proposals SET state = 'draft'",
        "UPDATE proposals SET state = 'merged_into'",
        "UPDATE step_lines SET to_state = 'adopted'",
        "UPDATE signatures SET rank = 3",
        "UPDATE revisions SET reason = ''",
    )
    for order in orders:
        with pytest.raises(IntegrityError), writing() as rows:
            rows.execute(text(order))


def test_the_database_refuses_two_signatures_of_one_person_or_one_college(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    for person_id, college in ((chloe.person_id, College.PARTNERS), (denis.person_id, College.SPE)):
        with pytest.raises(IntegrityError), writing() as rows:
            rows.add(
                Signature(
                    decision_id=decision.id,
                    rank=2,
                    person_id=person_id,
                    college=college,
                    digest=decision.digest,
                    signed_at=ago(0),
                )
            )


def test_what_was_written_once_is_never_changed(library: Library, amina: Someone, chloe: Someone) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    with pytest.raises(RuntimeError, match="written once"), writing():
        proposal.revision.reason = "Autre raison."
    line = session.scalars(select(StepLine)).first()
    assert line is not None
    with pytest.raises(RuntimeError, match="written once"), writing():
        line.reason = "Autre raison."


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000, "٣"])
def test_a_number_that_no_proposal_bears_is_refused_wherever_a_form_holds_one(
    library: Library, amina: Someone, chloe: Someone, number: str
) -> None:
    in_discussion(library, amina.person, chloe.person)
    merged = chloe.fill("/propositions/1/reunir", target=number, reason="La même.", plain_reason="La même.")
    assert merged.status_code == 422
    said = chloe.fill("/propositions/1", to="/avis", revision=number, stance="favourable")
    assert said.status_code < 500
    form = next(form for form in forms_of(chloe.get("/propositions/nouvelle?critere=E4")) if form.method == "post")
    sent = chloe.post("/propositions/nouvelle", dict(form.values) | {"proposition": [number], "action": ["envoyer"]})
    assert sent.status_code == 422
