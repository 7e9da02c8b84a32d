"""Who may prepare and sign a decision, and when."""

from uuid import uuid4

import pytest

from referentiel.errors import NotAllowed
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.states import State
from tests.cast import Someone
from tests.decision_lives import again
from tests.proposal_lives import (
    ago,
    in_decision,
    in_discussion,
)


def test_nobody_decides_on_their_own_proposal(library: Library, bruno_colleague: Someone, chloe: Someone) -> None:
    proposal = in_discussion(library, bruno_colleague.person, chloe.person)
    page = bruno_colleague.get("/propositions/1/decision", status=403).get_data(as_text=True)
    assert "une autre personne" in page
    with pytest.raises(NotAllowed):
        in_decision(library, proposal, bruno_colleague.person)
    decision = in_decision(library, proposal, chloe.person)
    own = bruno_colleague.get("/propositions/1/signature").get_data(as_text=True)
    assert "une autre personne doit s’en charger" in own
    assert "Signer la décision" not in own
    with pytest.raises(NotAllowed):
        actions.sign(
            library, decision, digest=decision.digest, form_id=str(uuid4()), by=bruno_colleague.person, at=ago(0)
        )


def test_the_first_signatory_and_their_college_never_sign_second(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    page = chloe.get("/propositions/1/signature").get_data(as_text=True)
    assert "Vous avez donné la première signature" in page
    with pytest.raises(NotAllowed):
        actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=chloe.person, at=ago(0))
    assert again().state is State.IN_DECISION


def test_bruno_cannot_open_the_pages_of_who_decides(library: Library, bruno: Someone, chloe: Someone) -> None:
    in_discussion(library, bruno.person, chloe.person)
    for page in ("decision", "signature", "renvoyer"):
        bruno.get(f"/propositions/1/{page}", status=403)


def test_no_decision_before_the_end_of_the_window(library: Library, amina: Someone, chloe: Someone) -> None:
    in_discussion(library, amina.person, chloe.person, days=30)
    page = chloe.get("/propositions/1/decision", status=409).get_data(as_text=True)
    assert "La discussion est ouverte jusqu’au" in page
