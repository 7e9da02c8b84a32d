"""An amended wording waits for its author; a decision may be sent back, a proposal withdrawn."""

from uuid import uuid4

import pytest

from referentiel.database import writing
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.models import DecisionState
from referentiel.proposals.states import Outcome, State
from tests.cast import Someone
from tests.decision_lives import REASONS, again, the_decision
from tests.edition_lives import withdrawn
from tests.proposal_lives import (
    ago,
    decided,
    in_decision,
    in_discussion,
    statement,
)

AMENDED = "Tout passage est préparé dès qu’il est connu, si possible un mois avant."


def test_an_amended_wording_waits_for_its_author_and_then_enters_the_text(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    told = {**REASONS, "outcome": "adopted_with_changes", "section_enonce": AMENDED}
    look = chloe.fill("/propositions/1/decision", button="Prévisualiser", **told)
    assert "<ins>" in look.get_data(as_text=True)
    assert chloe.send(button="Signer", **told).status_code == 303
    page = denis.get("/propositions/1/signature").get_data(as_text=True)
    assert "10 jours pour répondre" in page.replace("\xa0", " ")
    assert "Signer la décision" not in page
    assert "Lire le texte modifié" in amina.get("/propositions/1").get_data(as_text=True)
    answer = amina.fill("/propositions/1/texte-modifie", accepts="non", words="Je préférais un mois.")
    assert answer.status_code == 303
    page = denis.get("/propositions/1/signature").get_data(as_text=True)
    assert "Je préférais un mois." in page
    assert denis.send(button="Signer la décision").status_code == 303
    assert statement(library) == AMENDED
    assert again().state is State.ADOPTED_WITH_CHANGES
    amina.get("/propositions/1/texte-modifie", status=404)


def test_an_answer_never_counts_for_a_wording_that_its_author_has_not_read(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    told = {**REASONS, "outcome": "adopted_with_changes", "section_enonce": AMENDED}
    chloe.fill("/propositions/1/decision", button="Signer", **told)
    amina.get("/propositions/1/texte-modifie")
    actions.send_back(queries.decision_under_way(again()), reason="Je corrige.", by=chloe.person, at=ago(0))
    told["section_enonce"] = "Tout passage est préparé, avec une autre phrase encore."
    assert chloe.fill("/propositions/1/decision", button="Signer", **told).status_code == 303
    answer = amina.send(accepts="oui", words="")
    assert answer.status_code == 409
    assert "Relisez-le" in answer.get_data(as_text=True)
    assert queries.decision_under_way(again()).author_answered_at is None


def test_an_erased_author_counts_as_having_let_the_delay_pass(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, sections={"Énoncé": AMENDED})
    with writing():
        amina.person.erased_at = ago(0)
    denis.get("/propositions/1/signature")
    assert denis.send(button="Signer la décision").status_code == 303
    assert statement(library) == AMENDED


def test_a_withdrawn_criterion_is_not_changed(library: Library, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    withdrawn(library, bruno.person, chloe.person, denis.person, path="criteres/E2.md", successor="E5")
    for address in ("/propositions/nouvelle?critere=E2", "/propositions/nouvelle?critere=E2&retirer=1"):
        assert "est retiré" in bruno.get(address, status=422).get_data(as_text=True)


def test_corrections_that_amend_nothing_or_that_would_be_left_aside_are_refused(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    nothing = chloe.fill("/propositions/1/decision", button="Signer", **{**REASONS, "outcome": "adopted_with_changes"})
    assert nothing.status_code == 422
    assert "rien modifié" in nothing.get_data(as_text=True)
    aside = chloe.send(button="Signer", **{**REASONS, "section_enonce": AMENDED})
    assert aside.status_code == 422
    assert AMENDED in aside.get_data(as_text=True)
    assert "Adopter avec des modifications" in aside.get_data(as_text=True)


def test_only_the_author_answers_an_amended_wording(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, sections={"Énoncé": AMENDED})
    bruno.get("/propositions/1/texte-modifie", status=403)
    silent = amina.fill("/propositions/1/texte-modifie")
    assert silent.status_code == 422


def test_a_decision_is_sent_back_with_a_reason_and_can_be_prepared_again(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    in_decision(library, proposal, chloe.person)
    assert denis.fill("/propositions/1/renvoyer", reason=" ").status_code == 422
    assert denis.send(reason="La raison ne répond pas aux réserves.").status_code == 303
    assert again().state is State.IN_DISCUSSION
    assert "La raison ne répond pas aux réserves." in amina.get("/propositions/1").get_data(as_text=True)
    decided(library, again(), chloe.person, denis.person)
    assert again().state is State.ADOPTED


def test_an_author_withdraws_until_the_second_signature(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    assert amina.fill("/propositions/1/retirer", button="Retirer").status_code == 303
    assert the_decision().state is DecisionState.VOID
    with pytest.raises(NotNow):
        actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
