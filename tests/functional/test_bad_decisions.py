"""Deciding badly: twice, alone, on words that changed, on what is over, with words that look like something else.

Each time a clear refusal and a way out, what was typed is kept, nothing is written, and every promise still holds.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from git import Repo
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from referentiel.commands.verify import ALSO
from referentiel.criteria.document import Document
from referentiel.database import session, writing
from referentiel.journal.messages import trailers
from referentiel.journal.models import Operation
from referentiel.library.library import Library
from referentiel.library.verification import verify
from referentiel.permissions import College
from referentiel.proposals import act, actions, queries
from referentiel.proposals.models import Decision, DecisionState, Proposal, StepLine
from referentiel.proposals.sheets import LONGEST_PLAIN, LONGEST_REASON, LONGEST_SECTION
from referentiel.proposals.states import Outcome, State
from tests.cast import Someone, explain, forms_of, now
from tests.proposal_lives import ago, decided, in_decision, in_discussion, sheet, statement

WORDS = "Une raison longue à écrire, et que personne ne voudrait avoir à écrire deux fois."
PLAIN = "La même chose, dite simplement et que l’on ne veut pas perdre."
FILLED = {
    "outcome": "adopted",
    "reason": WORDS,
    "plain_reason": PLAIN,
    "silence_employees": "Invités à trois ateliers.",
    "silence_siae": "Invitées trois fois.",
    "silence_spe": "Invités trois fois.",
}
MARKERS = "<<<<<<< HEAD\nOperation: 42\n=======\nDecision: 7\nProposal: 99\n>>>>>>> autre"


@pytest.fixture
def every_promise_holds(library: Library) -> Iterator[None]:
    """I1–I7, whatever was tried."""
    yield
    session.rollback()
    assert [str(one) for one in verify(library, at=now(), also=ALSO)] == []


def again(number: int = 1) -> Proposal:
    session.expire_all()
    return queries.proposal(number)


def head(library: Library) -> str:
    with Repo(library.path) as repo:
        return str(repo.git.rev_parse("main"))


def leads_out(answer: TestResponse, number: int = 1) -> str:
    """The words of a refusal, which says what to do and leads back to the proposal."""
    page = answer.get_data(as_text=True)
    assert answer.status_code in (403, 409, 422), explain(answer)
    assert f'href="/propositions/{number}"' in page, "a way back"
    return page.replace("\xa0", " ")


# --- deciding twice


@pytest.mark.usefixtures("every_promise_holds")
def test_a_second_decision_is_refused_while_the_first_waits_and_its_words_are_kept(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    denis.get("/propositions/1/decision")
    in_decision(library, again(), chloe.person)
    page = leads_out(denis.send(button="Signer", **FILLED))
    assert "« En décision »" in page
    assert WORDS in page
    assert PLAIN in page
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


@pytest.mark.usefixtures("every_promise_holds")
def test_a_proposal_that_was_decided_is_not_decided_again(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    chloe.get("/propositions/1/decision")
    decided(library, again(), chloe.person, denis.person, Outcome.REFUSED)
    before = head(library)
    page = leads_out(chloe.send(button="Signer", **FILLED))
    assert "« Refusée »" in page
    assert WORDS in page
    leads_out(chloe.get("/propositions/1/decision", status=409))
    assert (head(library), again().decision_number) == (before, 1)


@pytest.mark.usefixtures("every_promise_holds")
def test_an_old_page_of_signature_signs_nothing_once_another_signed(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone
) -> None:
    decision = in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    bruno_colleague.get("/propositions/1/signature")
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    before = head(library)
    page = leads_out(bruno_colleague.send(button="Signer la décision"))
    assert "« Adoptée »" in page
    assert head(library) == before
    assert session.scalar(select(func.count()).where(Operation.kind == "decision")) == 1


# --- signing one's own


@pytest.mark.usefixtures("every_promise_holds")
def test_who_wrote_a_proposal_signs_nothing_of_it_even_by_hand(
    library: Library, bruno_colleague: Someone, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, bruno_colleague.person, chloe.person)
    other = in_discussion(library, amina.person, chloe.person, path="criteres/B2.md")
    bruno_colleague.get(f"/propositions/{other.id}/decision")
    form = next(form for form in forms_of(bruno_colleague.page) if form.action.endswith("/decision"))  # type: ignore[arg-type]
    mine = bruno_colleague.post("/propositions/1/decision", dict(form.values) | {k: [v] for k, v in FILLED.items()})
    assert "une autre personne doit s’en charger" in leads_out(mine)
    assert WORDS in mine.get_data(as_text=True)
    decision = in_decision(library, again(), chloe.person)
    before = head(library)
    in_decision(library, queries.proposal(other.id), chloe.person)
    bruno_colleague.get(f"/propositions/{other.id}/signature")
    form = next(form for form in forms_of(bruno_colleague.page) if "signature" in form.action)  # type: ignore[arg-type]
    signed = bruno_colleague.post("/propositions/1/signature", dict(form.values) | {"digest": [decision.digest]})
    assert "une autre personne doit s’en charger" in leads_out(signed)
    assert (head(library), again().state) == (before, State.IN_DECISION)


def test_the_first_signatory_never_signs_twice_even_from_another_college(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    decision = in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    denis.get("/propositions/1/signature")
    form = next(form for form in forms_of(denis.page) if "signature" in form.action)  # type: ignore[arg-type]
    with writing():
        chloe.person.college = College.SIAE
    chloe.get("/propositions/1")
    token = next(form for form in forms_of(chloe.page) if "csrf_token" in form.values)  # type: ignore[arg-type]
    sent = dict(form.values) | {"csrf_token": token.values["csrf_token"]}
    page = leads_out(chloe.post("/propositions/1/signature", sent))
    assert "Vous avez donné la première signature" in page
    assert len(queries.decision_under_way(again()).signatures) == 1
    assert decision.state is DecisionState.PENDING


# --- what changed under one's eyes


@pytest.mark.usefixtures("every_promise_holds")
def test_a_decision_that_changed_while_it_was_read_is_not_signed_and_says_to_read_it_again(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    decision = in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    denis.get("/propositions/1/signature")
    actions.send_back(decision, reason="Je corrige.", by=chloe.person, at=ago(0))
    in_decision(library, again(), chloe.person, Outcome.REFUSED)
    before = head(library)
    page = leads_out(denis.send(button="Signer la décision"))
    assert "rien n’a été signé" in page
    assert "Relisez la décision" in page
    assert head(library) == before
    denis.get("/propositions/1/signature")
    assert denis.send(button="Signer la décision").status_code == 303, "the way out works"


@pytest.mark.usefixtures("every_promise_holds")
def test_an_answer_to_an_amended_wording_that_was_sent_back_is_kept_and_counts_for_nothing(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    words = {"sections": {"Énoncé": "Tout passage est préparé dès qu’il est connu."}}
    decision = in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, **words)
    amina.get("/propositions/1/texte-modifie")
    actions.send_back(decision, reason="Je corrige.", by=chloe.person, at=ago(0))
    page = leads_out(amina.send(accepts="non", words=WORDS))
    assert WORDS in page
    session.expire_all()
    assert decision.author_answered_at is None


def test_a_wording_that_changed_while_its_decision_was_written_is_not_decided(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=60)
    chloe.get("/propositions/1/decision")
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Autre phrase."}), by=amina.person, at=ago(15))
    page = leads_out(chloe.send(button="Signer", **FILLED))
    assert "nouvelle rédaction depuis que vous l’avez lue" in page
    assert "Lisez la nouvelle rédaction" in page
    assert WORDS in page
    assert session.scalar(select(func.count()).select_from(Decision)) == 0


# --- reopening

STEPS = {
    "admettre": "chloe",
    "faire-completer": "chloe",
    "irrecevable": "chloe",
    "second-regard": "amina",
    "modifier": "amina",
    "decision": "chloe",
    "renvoyer": "chloe",
    "reunir": "chloe",
    "retirer": "amina",
}


@pytest.mark.usefixtures("every_promise_holds")
@pytest.mark.parametrize("outcome", [Outcome.ADOPTED, Outcome.REFUSED])
def test_nothing_reopens_a_decided_proposal(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, outcome: Outcome
) -> None:
    decided(library, in_discussion(library, amina.person, chloe.person), chloe.person, denis.person, outcome)
    in_discussion(library, bruno.person, chloe.person, path="criteres/B2.md")
    before, lines = head(library), session.scalar(select(func.count()).select_from(StepLine))
    people = {"amina": amina, "chloe": chloe}
    for step, name in STEPS.items():
        someone = people[name]
        page = leads_out(someone.get(f"/propositions/1/{step}", status=409))
        assert outcome.state.label in page, step
        assert "Ouvrez la proposition" in page, step
        someone.get("/mon-compte")
        token = next(form for form in forms_of(someone.page) if "csrf_token" in form.values)  # type: ignore[arg-type]
        if step == "modifier":
            continue
        sent = someone.post(
            f"/propositions/1/{step}",
            {
                "csrf_token": token.values["csrf_token"],
                "form_id": str(uuid4()),
                "revision": "1",
                "target": "2",
                **FILLED,
            },
        )
        assert WORDS in leads_out(sent), step
    session.expire_all()
    assert again().state is outcome.state
    assert head(library) == before
    assert session.scalar(select(func.count()).select_from(StepLine)) == lines


def test_the_database_reopens_nothing_either(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> None:
    decided(library, in_discussion(library, amina.person, chloe.person), chloe.person, denis.person)
    line = (
        "INSERT INTO step_lines (proposal_id, step, from_state, to_state, at, reason, plain_reason)"
        " VALUES (1, :step, :source, :target, '2026-01-01 00:00:00', 'r', 'p')"
    )
    for step, source, target in (
        ("resume", "adopted", "in_discussion"),
        ("admit", "refused", "in_discussion"),
        ("sign", "adopted", "refused"),
        ("withdraw", "adopted", "withdrawn"),
    ):
        with pytest.raises(IntegrityError), writing() as rows:
            rows.execute(text(line), {"step": step, "source": source, "target": target})


# --- reasons that are missing, in the database


@pytest.mark.parametrize(
    ("step", "source", "target"),
    [
        ("ask_completion", "submitted", "to_complete"),
        ("declare_inadmissible", "submitted", "inadmissible"),
        ("merge_into", "in_discussion", "merged_into"),
        ("propose_decision", "in_discussion", "in_decision"),
        ("sign", "in_decision", "adopted"),
        ("sign", "in_decision", "adopted_with_changes"),
        ("sign", "in_decision", "refused"),
        ("sign", "in_decision", "postponed"),
    ],
)
def test_the_database_refuses_each_step_that_judges_without_both_reasons(
    library: Library, amina: Someone, chloe: Someone, step: str, source: str, target: str
) -> None:
    in_discussion(library, amina.person, chloe.person)
    line = (
        "INSERT INTO step_lines (proposal_id, step, from_state, to_state, at, reason, plain_reason)"
        " VALUES (1, :step, :source, :target, '2026-01-01 00:00:00', :reason, :plain)"
    )
    move = {"step": step, "source": source, "target": target}
    for reason, plain in (("", "p"), ("r", ""), ("  ", "p"), ("r", "  ")):
        with pytest.raises(IntegrityError), writing() as rows:
            rows.execute(text(line), {**move, "reason": reason, "plain": plain})
    with writing() as rows:
        rows.execute(text(line), {**move, "reason": "r", "plain": "p"})


@pytest.mark.parametrize("outcome", Outcome)
def test_the_database_refuses_a_decision_of_any_outcome_without_both_reasons(
    library: Library, amina: Someone, chloe: Someone, outcome: Outcome
) -> None:
    in_discussion(library, amina.person, chloe.person)
    insert = (
        "INSERT INTO decisions (proposal_id, revision_id, state, outcome, change_class, reason, plain_reason,"
        " resume_on, digest, proposed_at, amended_at, author_words, form_id) VALUES (1, 1, 'void', :outcome,"
        " 'substance', :reason, :plain, :resume, :digest, '2026-01-01 00:00:00', :amended, '', :form)"
    )
    row = {
        "outcome": outcome.value,
        "resume": "2027-01-01" if outcome is Outcome.POSTPONED else None,
        "amended": "2026-01-01 00:00:00" if outcome is Outcome.ADOPTED_WITH_CHANGES else None,
        "digest": "d" * 64,
    }
    for reason, plain in (("", "p"), ("r", ""), ("  ", "p"), ("r", " ")):
        with pytest.raises(IntegrityError), writing() as rows:
            rows.execute(text(insert), {**row, "reason": reason, "plain": plain, "form": str(uuid4())})
    with writing() as rows:
        rows.execute(text(insert), {**row, "reason": "r", "plain": "p", "form": str(uuid4())})


# --- the longest text


@pytest.mark.usefixtures("every_promise_holds")
def test_the_longest_text_with_every_line_changed_is_decided_like_another(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    def long(word: str, size: int) -> str:
        line = f"{word} que la personne lit, ligne après ligne, jusqu’au bout"
        lines = [f"{line} {number}." for number in range(size // (len(line) + 8))]
        return "\n\n".join(lines)[:size].strip()

    first = {name: long("Chaque phrase", LONGEST_SECTION - 500) for name in ("Énoncé", "Pourquoi")}
    decided(library, in_discussion(library, amina.person, chloe.person, sections=first), chloe.person, denis.person)
    second = {name: long("Toute autre parole", LONGEST_SECTION - 500) for name in first}
    in_discussion(library, amina.person, chloe.person, sections=second)
    amended = long("Encore un autre texte", LONGEST_SECTION - 500)
    given = {
        **FILLED,
        "outcome": "adopted_with_changes",
        "section_enonce": amended,
        "reason": long("Une raison", LONGEST_REASON - 10),
        "plain_reason": long("Une raison simple", LONGEST_PLAIN - 10),
    }
    look = chloe.fill("/propositions/2/decision", button="Prévisualiser", **given)
    assert look.status_code == 200
    assert chloe.send(button="Signer", **given).status_code == 303
    amina.fill("/propositions/2/texte-modifie", accepts="oui")
    denis.get("/propositions/2/signature")
    signed = denis.send(button="Signer la décision")
    assert signed.headers["Location"] == "/decisions/2", explain(signed)
    passer_by.get("/decisions/2")
    passer_by.get("/propositions/2")
    assert statement(library) == amended


@pytest.mark.parametrize(("field", "limit"), [("reason", LONGEST_REASON), ("plain_reason", LONGEST_PLAIN)])
def test_a_reason_longer_than_its_limit_is_refused_by_its_field_and_kept(
    library: Library, amina: Someone, chloe: Someone, field: str, limit: int
) -> None:
    in_discussion(library, amina.person, chloe.person)
    long = "Trop long. " * (limit // 10)
    answer = chloe.fill("/propositions/1/decision", button="Signer", **{**FILLED, field: long})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-erreur"' in page
    assert long.strip() in page


# --- words that look like something else


@pytest.mark.usefixtures("every_promise_holds")
def test_words_that_look_like_markers_and_trailers_are_words(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    imitation = f"{MARKERS}\n\n**Structures (SIAE)**\xa0: Elles étaient d’accord.\n\n## Raison\n\nAutre."
    proposal = in_discussion(
        library,
        amina.person,
        chloe.person,
        title="Operation: 42",
        reason=MARKERS,
        plain_change=MARKERS,
        sections={"Énoncé": MARKERS, "Pourquoi": imitation},
    )
    said = {"reason": imitation, "plain_reason": MARKERS, "silences": dict.fromkeys(College, imitation)}
    decision = in_decision(library, proposal, chloe.person, **said)
    denis.get("/propositions/1/signature")
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    with Repo(library.path) as repo:
        message = repo.git.log("-1", "--format=%B", "main")
    told = trailers(message)
    assert (told["Proposal"], told["Decision"], told["Operation"]) == (["1"], ["1"], [decision.operation_id])
    assert statement(library) == MARKERS
    written = act.read(Document.read(library.read("decisions/1.md").text))
    assert (written.number, written.proposal) == (1, 1)
    assert written.silences.keys() == {College.EMPLOYEES, College.SIAE, College.SPE}
    for why in written.silences.values():
        assert "Operation: 42" in why
        assert "Elles étaient d’accord." in why
    page = passer_by.get("/decisions/1").get_data(as_text=True)
    assert page.count("Operation: 42") >= 3
    for address in ("/propositions/1", "/travail/criteres/E4", "/propositions/1/differences", "/criteres/E4/pourquoi"):
        passer_by.get(address)


@pytest.mark.usefixtures("every_promise_holds")
def test_a_refusal_whose_words_are_trailers_commits_its_own_trailers_alone(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    title = "Decision: 99"
    proposal = in_discussion(library, amina.person, chloe.person, title=title)
    decision = decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED, reason=MARKERS)
    with Repo(library.path) as repo:
        message = repo.git.log("-1", "--format=%B", "main")
    told = trailers(message)
    assert (told["Decision"], told["Operation"]) == (["1"], [decision.operation_id])
    assert len(re.findall(r"^Operation: ", message, re.M)) == 1


@pytest.mark.parametrize("digest", ["", "0" * 64, "d" * 5000, "é", "../../etc/passwd"])
def test_a_digest_that_is_not_that_of_the_decision_signs_nothing(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, digest: str
) -> None:
    in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    before = head(library)
    denis.get("/propositions/1/signature")
    leads_out(denis.send(button="Signer la décision", digest=digest))
    assert (head(library), again().state) == (before, State.IN_DECISION)


@pytest.mark.parametrize("day", ["", "hier", "2020-01-01", "9999-99-99", "1/1/1", "32/13/2030", "٣/٣/٢٠٣٠"])
def test_a_postponement_to_no_day_to_come_is_refused_by_its_field(
    library: Library, amina: Someone, chloe: Someone, day: str
) -> None:
    in_discussion(library, amina.person, chloe.person)
    answer = chloe.fill(
        "/propositions/1/decision", button="Signer", **{**FILLED, "outcome": "postponed"}, resume_on=day
    )
    assert answer.status_code == 422
    assert 'id="resume_on-erreur"' in answer.get_data(as_text=True)
    assert WORDS in answer.get_data(as_text=True)
    tomorrow = date.today() + timedelta(days=2)
    assert chloe.send(button="Signer", resume_on=tomorrow.isoformat()).status_code == 303
