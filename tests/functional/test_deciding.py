"""Decide: two people of two colleges, every word signed, one commit; and what happens when anything moves."""

import re
from datetime import timedelta
from uuid import uuid4

from git import Repo

from referentiel.criteria.document import Document
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.states import Outcome, ProposalKind, State
from tests.cast import Someone
from tests.decision_lives import ASKED, REASONS, again, commits
from tests.proposal_lives import (
    ago,
    decided,
    in_decision,
    in_discussion,
    statement,
)


def test_chloe_then_denis_adopt_aminas_proposal(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    before = len(commits(library))
    first = chloe.fill("/propositions/1/decision", button="Signer", **REASONS)
    assert first.status_code == 303, first.get_data(as_text=True)
    chloe.follow(first)
    assert again().state is State.IN_DECISION
    assert len(commits(library)) == before, "the first signature touches no text"
    read = denis.get("/propositions/1/signature").get_data(as_text=True)
    for words in (*REASONS.values(), ASKED.split()[-2]):
        assert words in read or words == "adopted"
    second = denis.send(button="Signer la décision")
    assert second.status_code == 303
    assert second.headers["Location"] == "/decisions/1"
    act = passer_by.get("/decisions/1").get_data(as_text=True)
    assert "Vous serez prévenu plus tôt." in act
    assert "Invitées trois fois." in act
    assert statement(library) == ASKED
    assert again().state is State.ADOPTED
    assert "Décision 1" in passer_by.get("/propositions/1").get_data(as_text=True).replace("\xa0", " ")
    assert "Prévenir un mois avant" in passer_by.get("/decisions/").get_data(as_text=True)


def test_an_adoption_is_one_commit_of_a_college_and_numbers(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, title="Operation: 42")
    before = library.head()
    decision = decided(library, proposal, chloe.person, denis.person)
    with Repo(library.path) as repo:
        raw = repo.git.cat_file("commit", "main")
        changed = repo.git.diff("--name-status", before, "main").split("\n")
    head, _, message = raw.partition("\n\n")
    assert f"parent {before}" in head
    assert "author Collège des salariés en insertion <proposal-1@referentiel.invalid>" in head
    assert changed == ["M\tcriteres/E4.md", "A\tdecisions/1.md"]
    assert message.rstrip("\n").split("\n\n")[-1].split("\n") == [
        "Proposal: 1",
        "Decision: 1",
        "Class: substance",
        f"Operation: {decision.operation_id}",
    ]
    assert message.count("Operation: ") == 2
    assert message.startswith("Adopt proposal 1: Operation: 42\n")
    for name in ("chloe", "denis", "@tests.invalid"):
        assert name not in raw.lower()


def test_the_act_in_the_library_says_what_the_page_says(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person)
    act = Document.read(library.read("decisions/1.md").text)
    assert act.value("numero") == "1"
    assert act.value("proposition") == "1"
    assert act.value("objet") == "E4"
    assert act.value("issue") == "adoptee"
    assert act.values("signataires") == ("spe", "partners")
    assert act.values("entendus") == ()
    assert act.section("Raison") == "Prévenir tôt évite les ruptures."
    assert act.section("En clair") == "Vous serez prévenu plus tôt."
    assert "Invité trois fois" in (act.section("Collèges non entendus") or "")


def test_a_refusal_commits_its_decision_alone(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    was = statement(library)
    decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED)
    assert statement(library) == was
    assert "decisions/1.md" in library.files(library.head())
    assert again().state is State.REFUSED
    page = passer_by.get("/decisions/1").get_data(as_text=True)
    assert "Ce qui était demandé" in page


def test_a_new_criterion_gets_its_code_when_it_is_adopted(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(
        library,
        bruno.person,
        chloe.person,
        kind=ProposalKind.CREATE,
        sections={"Énoncé": "La structure garde le contact.", "Facile à lire": "On garde le contact."},
        keys={
            "titre": "Garder le contact",
            "chapitre": "E",
            "niveau": "standard",
            "etape": "suivi",
            "structures": ("ACI",),
        },
    )
    decided(library, proposal, chloe.person, denis.person)
    proposal = again()
    assert re.fullmatch(r"E\d+", proposal.code)
    assert proposal.adopted_path == f"criteres/{proposal.code}.md"
    assert library.read(proposal.adopted_path).text.startswith(f"---\ncode: {proposal.code}\n")
    assert Document.read(library.read("decisions/1.md").text).value("objet") == proposal.code
    assert [row.number for row in queries.on_item(proposal.adopted_path, open_only=False)] == [proposal.id]
    passer_by.get("/propositions/1")
    passer_by.get("/decisions/1")


def test_a_withdrawal_leaves_a_tombstone(library: Library, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    proposal = in_discussion(
        library,
        bruno.person,
        chloe.person,
        kind=ProposalKind.WITHDRAW,
        path="criteres/E2.md",
        sections={},
        keys={"remplace_par": ("E5",)},
    )
    decided(library, proposal, chloe.person, denis.person)
    grave = Document.read(library.read("criteres/E2.md").text)
    assert (grave.value("etat"), grave.values("remplace_par")) == ("retire", ("E5",))
    assert grave.section("Énoncé")
    bruno.get("/propositions/1")


def test_a_postponed_decision_resumes_by_itself_on_its_day(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    day = ago(0).date() + timedelta(days=20)
    decided(library, proposal, chloe.person, denis.person, Outcome.POSTPONED, resume_on=day)
    assert again().state is State.POSTPONED
    assert actions.resume_due(at=ago(0)) == 0
    assert actions.resume_due(at=ago(-20)) == 1
    assert again().state is State.IN_DISCUSSION
    assert actions.resume_due(at=ago(-21)) == 0
    revived = again()
    assert revived.window_ends is not None
    decision = in_decision(library, revived, chloe.person, days=-40)
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(-40))
    assert again().decision_number == 2
