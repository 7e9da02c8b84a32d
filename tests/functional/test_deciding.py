"""Decide: two people of two colleges, every word signed, one commit; and what happens when anything moves."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from flask import Flask
from git import Repo
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from referentiel.criteria.document import Document
from referentiel.database import session, writing
from referentiel.errors import Busy, Invalid, NotAllowed, TextMoved
from referentiel.journal.models import Operation, OutboxItem
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals import actions, queries
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.models import Decision, DecisionState, Proposal, Signature, StepLine
from referentiel.proposals.states import Outcome, ProposalKind, State, Step
from tests.cast import Someone, forms_of
from tests.proposal_lives import (
    SILENCES,
    ago,
    decided,
    in_decision,
    in_discussion,
    sheet,
    statement,
    verdict,
)

ASKED = "Tout passage vers une autre structure est préparé un mois avant."
REASONS = {
    "outcome": "adopted",
    "reason": "Prévenir tôt évite les ruptures.",
    "plain_reason": "Vous serez prévenu plus tôt.",
    "silence_employees": "Invités à trois ateliers.",
    "silence_siae": "Invitées trois fois.",
    "silence_spe": "Invités trois fois.",
}


def commits(library: Library) -> list[str]:
    """Messages of ``main``, latest first."""
    with Repo(library.path) as repo:
        return repo.git.log("--format=%B%x00", "main").split("\0")[:-1]


def again(number: int = 1) -> Proposal:
    session.expire_all()
    return queries.proposal(number)


def the_decision() -> Decision:
    session.expire_all()
    return session.scalars(select(Decision)).one()


# --- the whole way, by pages


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


# --- who may sign what


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


# --- what the form must bring


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


# --- twice, and at the same time


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


# --- the text moves


def rivals(library: Library, amina: Someone, bruno: Someone, chloe: Someone) -> tuple[Proposal, Proposal]:
    """Two proposals on the same sentence, whose words do not touch."""
    was = statement(library)
    mine = in_discussion(
        library,
        amina.person,
        chloe.person,
        title="La copie",
        sections={"Énoncé": was.replace("organisée", "écrite dont elle garde une copie")},
    )
    theirs = in_discussion(
        library,
        bruno.person,
        chloe.person,
        title="Le nouvel encadrant",
        sections={"Énoncé": was.replace("avec la personne", "avec la personne et son nouvel encadrant")},
    )
    return mine, theirs


def test_a_text_that_moved_since_the_page_was_shown_is_never_overwritten(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    """web-25"""
    mine, theirs = rivals(library, amina, bruno, chloe)
    in_decision(library, mine, chloe.person)
    denis.get("/propositions/1/signature")
    decided(library, theirs, chloe.person, denis.person)
    adopted = statement(library)
    answer = denis.send(button="Signer la décision")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Deux textes possibles" in page
    assert "et son nouvel encadrant" in page
    assert "dont elle garde une copie" in page
    assert statement(library) == adopted
    proposal = again()
    assert proposal.state is State.IN_DISCUSSION
    assert [line.step for line in queries.story(proposal)][-2:] == [Step.PROPOSE_DECISION, Step.SEND_BACK]
    (void,) = session.scalars(select(Decision).where(Decision.proposal_id == 1))
    assert (void.state, void.number) == (DecisionState.VOID, None)
    assert {operation.state for operation in session.scalars(select(Operation))} == {"done", "refused"}


def test_the_merge_by_words_is_offered_to_the_author_and_never_applied_by_itself(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    mine, theirs = rivals(library, amina, bruno, chloe)
    decided(library, theirs, chloe.person, denis.person)
    refused = chloe.fill("/propositions/1/decision", button="Signer", **REASONS)
    assert refused.status_code == 409
    assert "Deux textes possibles" in refused.get_data(as_text=True)
    passer_by.get("/propositions/1/collision")
    assert "ne peut pas être adoptée telle quelle" in passer_by.get("/propositions/1").get_data(as_text=True)
    form = amina.get("/propositions/1/modifier").get_data(as_text=True)
    assert "Nous avons réuni les deux textes" in form
    both = statement(library).replace("organisée", "écrite dont elle garde une copie")
    assert both in form
    assert amina.send(button="Envoyer").status_code == 303
    mine = again()
    assert mine.revision_number == 2
    decision = in_decision(library, mine, chloe.person, days=-15)
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(-15))
    assert statement(library) == both


def test_readings_that_cannot_be_merged_are_shown_without_conflict_markers(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, sections={"Énoncé": "<<<<<<< Une phrase.\n=======\n>>>>>>> x"})
    theirs = in_discussion(library, bruno.person, chloe.person, sections={"Énoncé": "Une tout autre demande."})
    decided(library, theirs, chloe.person, denis.person)
    page = amina.get("/propositions/1/collision").get_data(as_text=True)
    assert "Une tout autre demande." in page
    assert "Écrire la nouvelle rédaction" in page
    form = amina.get("/propositions/1/modifier").get_data(as_text=True)
    assert "Une tout autre demande." in form
    assert "Une phrase." in form, "what its author wrote is beside it"


def test_changes_of_other_sections_carry_over_by_themselves(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = in_discussion(library, amina.person, chloe.person)
    theirs = in_discussion(library, bruno.person, chloe.person, sections={"Pourquoi": "Pour ne perdre personne."})
    decision = in_decision(library, mine, chloe.person)
    decided(library, theirs, chloe.person, denis.person)
    page = denis.get("/propositions/1/signature").get_data(as_text=True)
    assert "seront repris d’eux-mêmes" in page
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    text_now = Document.read(library.read("criteres/E4.md").text)
    assert (text_now.section("Énoncé"), text_now.section("Pourquoi")) == (ASKED, "Pour ne perdre personne.")


def test_a_refusal_is_signed_even_when_the_text_moved(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine, theirs = rivals(library, amina, bruno, chloe)
    decided(library, theirs, chloe.person, denis.person)
    decided(library, mine, chloe.person, denis.person, Outcome.REFUSED)
    assert again().state is State.REFUSED


def test_numbers_follow_each_other_even_after_a_text_that_moved(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine, theirs = rivals(library, amina, bruno, chloe)
    decision = in_decision(library, mine, chloe.person)
    decided(library, theirs, chloe.person, denis.person)
    with pytest.raises(TextMoved):
        actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    refused = decided(library, again(), chloe.person, denis.person, Outcome.REFUSED)
    assert refused.number == 2
    assert [path for path in library.files(library.head()) if path.startswith("decisions/")] == [
        "decisions/1.md",
        "decisions/2.md",
    ]


def test_a_busy_library_leaves_the_first_signature_and_the_same_form_can_sign_again(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decision = in_decision(library, proposal, chloe.person)
    form, patience = str(uuid4()), library.patience
    with library.writing():
        library.patience = 0.05
        with pytest.raises(Busy):
            actions.sign(library, decision, digest=decision.digest, form_id=form, by=denis.person, at=ago(0))
    library.patience = patience
    waiting = the_decision()
    assert (waiting.state, len(waiting.signatures), waiting.number) == (DecisionState.PENDING, 1, None)
    signed = actions.sign(library, waiting, digest=waiting.digest, form_id=form, by=denis.person, at=ago(0))
    assert (signed.state, signed.number) == (DecisionState.EFFECTIVE, 1)


# --- an amended wording


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


# --- sent back, withdrawn


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


# --- hostile words


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


# --- trace


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
