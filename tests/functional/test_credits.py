"""Whoever is credited is told, judges nothing, and cannot be made one with who judged."""

import json

import pytest

from referentiel.config import Settings
from referentiel.database import session
from referentiel.errors import NotAllowed
from referentiel.library.library import Library
from referentiel.privacy.actions import erase
from referentiel.privacy.merging import obstacles
from referentiel.privacy.queries import as_data
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries import case
from referentiel.proposals.states import Step
from referentiel.proposals.workflow import steps_for
from tests.cast import Someone
from tests.functional.test_notices import DAY, Post, told, work
from tests.functional.test_suggestions import suggested
from tests.proposal_lives import ago, decided, in_discussion

__all__ = ["work"]


@pytest.fixture
def proposal(library: Library, bruno: Someone, chloe: Someone) -> Proposal:
    return in_discussion(library, bruno.person, chloe.person, days=45)


def test_who_suggested_is_told_when_their_words_are_taken_up_and_when_it_is_decided(
    work: Post, library: Library, proposal: Proposal, bruno: Someone, bruno_colleague: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, bruno_colleague.person, chloe.person)
    work()
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    mails = {str(mail["To"]): mail for mail in work() if "suggestion" in str(mail["Subject"])}
    assert told(list(mails.values())) == {"collegue@tests.invalid": "Votre suggestion est reprise"}
    assert f"/mes-contributions#contribution-{row.id}" in mails["collegue@tests.invalid"].get_content()
    assert "possible" not in mails["collegue@tests.invalid"].as_string(), "nobody's words are in a mail"


def test_who_is_credited_reads_of_a_decision_as_such_and_not_as_its_author(
    work: Post,
    library: Library,
    proposal: Proposal,
    bruno: Someone,
    bruno_colleague: Someone,
    chloe: Someone,
    denis: Someone,
) -> None:
    row = suggested(proposal, bruno_colleague.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    work()
    decided(library, proposal, chloe.person, denis.person)
    subjects = told(work(DAY))
    assert subjects["collegue@tests.invalid"].startswith(f"La proposition {proposal.id} reprend vos mots")
    assert subjects["bruno@tests.invalid"].startswith("Votre proposition")


def test_amina_finds_what_became_of_her_suggestion_where_she_comes_back(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    page = amina.get("/mes-contributions").get_data(as_text=True)
    assert "Vos mots sont repris" in page
    assert f"Votre numéro, {row.id}, y est crédité" in page


def test_who_is_credited_reads_it_in_their_data(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    (credit,) = as_data(amina.person, at=ago(0))["parts"]["credits"]["rows"]
    assert (credit["proposal_id"], credit["contribution"], credit["why"]) == (proposal.id, row.id, "suggestion")
    assert json.dumps(credit)
    assert as_data(chloe.person, at=ago(0))["parts"]["credits"]["rows"] == []


def test_the_buttons_of_who_is_credited_say_why_somebody_else_judges(
    library: Library, proposal: Proposal, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = suggested(proposal, denis.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    (button,) = [one for one in steps_for(case(proposal, at=ago(0)), denis.person) if one.step is Step.PROPOSE_DECISION]
    assert not button.allowed
    assert "reprend vos mots" in button.reason


def test_who_is_credited_cannot_give_either_signature(
    library: Library, proposal: Proposal, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = suggested(proposal, denis.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    with pytest.raises(NotAllowed, match="reprend vos mots"):
        decided(library, proposal, chloe.person, denis.person)
    with pytest.raises(NotAllowed, match="reprend vos mots"):
        decided(library, proposal, denis.person, chloe.person)


def test_an_account_that_is_credited_and_one_that_judged_do_not_become_one(
    library: Library,
    proposal: Proposal,
    bruno: Someone,
    bruno_colleague: Someone,
    chloe: Someone,
    denis: Someone,
) -> None:
    row = suggested(proposal, bruno_colleague.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    decided(library, proposal, chloe.person, denis.person)
    found = [refusal.message for refusal in obstacles(bruno_colleague.person, chloe.person)]
    assert any("a écrit une proposition, l’autre a signé" in one for one in found)


def test_once_the_proposer_is_erased_those_who_are_credited_are_the_author(
    settings: Settings,
    library: Library,
    proposal: Proposal,
    bruno: Someone,
    bruno_colleague: Someone,
    chloe: Someone,
) -> None:
    row = suggested(proposal, bruno_colleague.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    assert proposal.author_ids == {bruno.person_id}
    erase(bruno.person, words=False, by=None, at=ago(0), settings=settings, library=library, secret=b"s" * 32)
    session.expire_all()
    assert proposal.author_ids == {bruno_colleague.person_id}
