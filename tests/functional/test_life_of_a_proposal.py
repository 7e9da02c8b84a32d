"""The table of a proposal's life, row by row, through the pages: who sees which button, and what a refusal says."""

import re
from datetime import date, timedelta

from sqlalchemy import select

from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Decision, DecisionState, Proposal
from referentiel.proposals.states import Outcome, State
from tests.cast import Someone, explain
from tests.proposal_lives import ago, decided, in_decision, in_discussion, statement, submitted

REASONS = {"reason": "Prévenir tôt évite les ruptures.", "plain_reason": "Vous serez prévenu plus tôt."}
SILENCES = {
    "silence_employees": "Invités à trois ateliers.",
    "silence_siae": "Invitées trois fois.",
    "silence_spe": "Invités trois fois.",
}
ADOPTED = {"outcome": "adopted", **REASONS, **SILENCES}
TYPO = {"sections": {"Question au salarié": "Saviez-vous toujours ce qui venaient après ?"}, "change_class": "typo"}


def again(number: int = 1) -> Proposal:
    session.expire_all()
    return queries.proposal(number)


def steps(someone: Someone, number: int = 1) -> dict[str, str]:
    """The steps that the page of a proposal offers: the end of an address, or the reason beside what is refused."""
    page = someone.get(f"/propositions/{number}").get_data(as_text=True).replace("\xa0", " ")
    card = re.search(r'<section[^>]*aria-labelledby="etapes".*?</section>', page, re.S)
    found: dict[str, str] = {}
    for item in re.findall(r"<li>.*?</li>", card[0] if card else "", re.S):
        link = re.search(rf'href="/propositions/{number}/([\w-]+)"', item)
        words = " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", item, flags=re.S).split())
        name = next(label for label in LABELS if words.startswith(label))
        found[LABELS[name]] = "" if link else words.removeprefix(name).strip()
    return found


LABELS = {
    "Ouvrir la discussion": "admettre",
    "Demander de compléter": "faire-completer",
    "Déclarer irrecevable": "irrecevable",
    "Compléter et renvoyer": "completer",
    "Demander un second regard": "second-regard",
    "Écrire une nouvelle rédaction": "modifier",
    "Préparer la décision": "decision",
    "Renvoyer en discussion": "renvoyer",
    "Lire et signer": "signature",
    "Réunir avec une autre": "reunir",
    "Retirer ma proposition": "retirer",
}


def refusal(someone: Someone, step: str, status: int, number: int = 1) -> str:
    """The words of the page that refuses a step; it leads back to the proposal."""
    page = someone.get(f"/propositions/{number}/{step}", status=status).get_data(as_text=True).replace("\xa0", " ")
    assert f'href="/propositions/{number}"' in page, "a way back"
    return page


# --- draft → submitted


def test_an_author_sends_a_draft_that_changes_something_with_a_reason_and_the_licence(
    amina: Someone, passer_by: Someone
) -> None:
    whole = {
        "section_enonce": "Tout passage est préparé un mois avant.",
        "title": "Prévenir un mois avant",
        "reason": "On l’apprend la veille.",
        "change_class": "substance",
        "licence": "y",
    }
    for missing, said in (
        ("section_enonce", "changez au moins une rubrique"),
        ("reason", "il manque la raison"),
        ("licence", "Licence Ouverte 2.0"),
    ):
        given = {name: value for name, value in whole.items() if name != missing}
        if missing == "reason":
            given["reason"] = ""
        refused = amina.fill("/propositions/nouvelle?critere=E4", button="Envoyer", **given)
        assert refused.status_code == 422, missing
        assert said in refused.get_data(as_text=True)
    sent = amina.fill("/propositions/nouvelle?critere=E4", button="Envoyer", **whole)
    assert sent.status_code == 303, explain(sent)
    assert again().state is State.SUBMITTED
    assert passer_by.get("/propositions/nouvelle?critere=E4", status=303).headers["Location"].startswith("/connexion")


# --- submitted → in_discussion · to_complete · inadmissible


def test_an_editor_who_is_not_the_author_admits_asks_for_more_or_declares_inadmissible(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    submitted(library, amina.person, days=1)
    three = {"admettre", "faire-completer", "irrecevable"}
    assert three <= steps(chloe).keys()
    assert not any(steps(chloe)[step] for step in three)
    for reader in (amina, bruno, passer_by):
        assert not three & steps(reader).keys()
    assert "rôle" in refusal(bruno, "admettre", 403) or "ne pouvez pas" in refusal(bruno, "admettre", 403)
    assert chloe.fill("/propositions/1/admettre", button="Ouvrir").status_code == 303
    assert again().state is State.IN_DISCUSSION
    assert "En discussion" in refusal(chloe, "admettre", 409)


def test_an_editor_admits_nothing_that_they_wrote(library: Library, bruno_colleague: Someone, chloe: Someone) -> None:
    submitted(library, bruno_colleague.person, days=1)
    mine = steps(bruno_colleague)
    for step in ("admettre", "faire-completer", "irrecevable"):
        assert mine[step] == "Vous avez écrit cette proposition : une autre personne doit s’en charger."
        assert "une autre personne doit s’en charger" in refusal(bruno_colleague, step, 403)
    assert steps(chloe)["admettre"] == ""


def test_asking_for_more_and_declaring_inadmissible_give_a_reason_twice(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    submitted(library, amina.person, days=1)
    for step in ("faire-completer", "irrecevable"):
        for missing in REASONS:
            given = {**REASONS, missing: ""}
            refused = chloe.fill(f"/propositions/1/{step}", **given)
            assert refused.status_code == 422
            kept = next(value for value in given.values() if value)
            assert kept in refused.get_data(as_text=True), "what was typed is kept"
    assert again().state is State.SUBMITTED


# --- to_complete → submitted


def test_only_the_author_completes_and_with_a_new_wording(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    submitted(library, amina.person, days=1)
    assert chloe.fill("/propositions/1/faire-completer", **REASONS).status_code == 303
    assert "completer" in steps(amina)
    assert "completer" not in steps(chloe) | steps(bruno)
    assert "modifier" not in steps(amina), "completing is not revising"
    sent = amina.fill(
        "/propositions/1/modifier", button="Envoyer", section_enonce="Tout passage est préparé avec elle."
    )
    assert sent.status_code == 303, explain(sent)
    assert (again().state, again().revision_number) == (State.SUBMITTED, 2)


# --- inadmissible → submitted


def test_an_author_appeals_once_within_thirty_days_and_another_editor_decides(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = submitted(library, amina.person, days=40)
    actions.declare_inadmissible(proposal, **REASONS, by=chloe.person, at=ago(2))
    assert steps(amina)["second-regard"] == ""
    assert "second-regard" not in steps(bruno)
    assert amina.fill("/propositions/1/second-regard", reason="Relisez.").status_code == 303
    said = "Vous avez déclaré cette proposition irrecevable : une autre personne doit lire le recours."
    assert steps(chloe)["admettre"] == said
    assert said in refusal(chloe, "irrecevable", 403)
    assert denis.fill("/propositions/1/irrecevable", **REASONS).status_code == 303
    assert "il n’y en a qu’un" in steps(amina)["second-regard"]
    assert "il n’y en a qu’un" in refusal(amina, "second-regard", 409)


def test_an_appeal_after_thirty_days_is_refused_and_says_so(library: Library, amina: Someone, chloe: Someone) -> None:
    proposal = submitted(library, amina.person, days=40)
    actions.declare_inadmissible(proposal, **REASONS, by=chloe.person, at=ago(31))
    assert "30 jours : il est passé" in steps(amina)["second-regard"]
    assert "30 jours : il est passé" in refusal(amina, "second-regard", 409)


# --- in_discussion → in_discussion


def test_only_the_author_writes_the_next_wording_while_it_is_discussed(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=5)
    assert steps(amina)["modifier"] == ""
    assert "modifier" not in steps(bruno) | steps(chloe)
    sent = amina.fill(
        "/propositions/1/modifier", button="Envoyer", section_enonce="Tout passage est préparé avec elle."
    )
    assert sent.status_code == 303, explain(sent)
    assert (again().state, again().revision_number) == (State.IN_DISCUSSION, 2)


def test_a_wording_is_not_changed_once_a_decision_is_under_way(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    assert "modifier" not in steps(amina)
    assert "En décision" in refusal(amina, "modifier", 409)


# --- in_discussion → in_decision


def test_a_decision_waits_for_the_end_of_the_window(library: Library, amina: Someone, chloe: Someone) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=30)
    assert proposal.window_ends is not None
    assert steps(chloe)["decision"].startswith("La discussion est ouverte jusqu’au")
    assert "La discussion est ouverte jusqu’au" in refusal(chloe, "decision", 409)
    with writing():
        again().window_ends = date.today() - timedelta(days=1)
    assert steps(chloe)["decision"] == ""


def test_a_decision_says_what_why_twice_and_why_without_each_silent_college(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    for missing in ADOPTED:
        given = {name: value for name, value in ADOPTED.items() if name != missing}
        refused = chloe.fill("/propositions/1/decision", button="Signer", **given)
        assert refused.status_code == 422, missing
        assert all(value in refused.get_data(as_text=True) for value in given.values())
    assert chloe.send(button="Signer", **ADOPTED).status_code == 303
    assert again().state is State.IN_DECISION


def test_an_author_who_edits_prepares_no_decision_on_their_own(
    library: Library, bruno_colleague: Someone, chloe: Someone
) -> None:
    in_discussion(library, bruno_colleague.person, chloe.person)
    assert "une autre personne doit s’en charger" in steps(bruno_colleague)["decision"]
    assert "une autre personne doit s’en charger" in refusal(bruno_colleague, "decision", 403)


# --- in_decision → in_discussion


def test_the_first_signatory_or_who_could_sign_sends_a_decision_back_with_a_reason(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    assert steps(chloe)["renvoyer"] == steps(denis)["renvoyer"] == ""
    assert "renvoyer" not in steps(amina) | steps(bruno)
    assert chloe.fill("/propositions/1/renvoyer", reason=" ").status_code == 422
    assert denis.fill("/propositions/1/renvoyer", reason="La raison ne répond pas.").status_code == 303
    assert again().state is State.IN_DISCUSSION
    (void,) = session.scalars(select(Decision))
    assert void.state is DecisionState.VOID
    assert "En discussion" in refusal(chloe, "renvoyer", 409)


def test_who_wrote_a_proposal_does_not_send_its_decision_back(
    library: Library, bruno_colleague: Someone, chloe: Someone
) -> None:
    in_decision(library, in_discussion(library, bruno_colleague.person, chloe.person), chloe.person)
    assert "une autre personne doit s’en charger" in steps(bruno_colleague)["renvoyer"]
    assert "une autre personne doit s’en charger" in refusal(bruno_colleague, "renvoyer", 403)


# --- in_decision → adopted · adopted_with_changes · refused · postponed


def test_the_second_signature_comes_from_another_editor_of_another_college(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    assert steps(denis)["signature"] == ""
    assert steps(chloe)["signature"].startswith("Vous avez donné la première signature")
    assert "signature" not in steps(amina) | steps(bruno)
    with writing():
        denis.person.college = chloe.person.college
    assert "La première signature vient de votre collège" in steps(denis)["signature"]
    denis.get("/propositions/1/signature")
    assert "Signer la décision" not in denis.page.get_data(as_text=True)  # type: ignore[union-attr]
    with writing():
        denis.person.college = "partners"
    denis.get("/propositions/1/signature")
    assert denis.send(button="Signer la décision").status_code == 303
    assert again().state is State.ADOPTED


def test_each_outcome_leads_where_it_says(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> None:
    day = date.today() + timedelta(days=20)
    for number, (outcome, more) in enumerate(
        (
            ("adopted", {}),
            ("adopted_with_changes", {"section_facile-a-lire": "On vous prévient tôt."}),
            ("refused", {}),
            ("postponed", {"resume_on": day.isoformat()}),
        ),
        1,
    ):
        code = ("E4", "E2", "B2", "B3")[number - 1]
        words = {"Énoncé": f"Une autre phrase pour {code}.", "Facile à lire": f"Une phrase simple pour {code}."}
        in_discussion(library, amina.person, chloe.person, path=f"criteres/{code}.md", sections=words)
        sent = chloe.fill(
            f"/propositions/{number}/decision", button="Signer", **{**ADOPTED, "outcome": outcome}, **more
        )
        assert sent.status_code == 303, explain(sent)
        if outcome == "adopted_with_changes":
            assert amina.fill(f"/propositions/{number}/texte-modifie", accepts="oui").status_code == 303
        denis.get(f"/propositions/{number}/signature")
        assert denis.send(button="Signer la décision").headers["Location"] == f"/decisions/{number}"
        assert again(number).state.value == outcome


def test_an_amended_wording_is_signed_once_its_author_answered_or_ten_days_passed(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    words = {"sections": {"Énoncé": "Tout passage est préparé dès qu’il est connu."}}
    proposal = in_discussion(library, amina.person, chloe.person, days=60)
    in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, days=10, **words)
    said = "L’auteur de la proposition a 10 jours pour répondre au texte modifié."
    assert steps(denis)["signature"] == said
    assert said in denis.get("/propositions/1/signature").get_data(as_text=True).replace("\xa0", " ")
    with writing() as rows:
        for decision in rows.scalars(select(Decision)):
            decision.amended_at = ago(11)
    assert steps(denis)["signature"] == ""
    denis.get("/propositions/1/signature")
    assert denis.send(button="Signer la décision").status_code == 303
    assert statement(library) == words["sections"]["Énoncé"]


# --- postponed → in_discussion


def test_a_postponed_discussion_resumes_on_its_day_and_nobody_has_a_button_for_it(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    day = ago(0).date() + timedelta(days=20)
    proposal = in_discussion(library, amina.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person, Outcome.POSTPONED, resume_on=day)
    for reader in (amina, chloe, denis):
        assert steps(reader) == {}
    assert "reprend le" in denis.get("/decisions/1").get_data(as_text=True)
    assert (actions.resume_due(at=ago(-19)), actions.resume_due(at=ago(-21))) == (0, 1)
    assert again().state is State.IN_DISCUSSION


# --- submitted · to_complete · in_discussion → merged_into


def test_an_editor_joins_a_proposal_with_an_open_one_and_says_why_twice(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    submitted(library, amina.person, days=1)
    submitted(library, bruno.person, days=1, title="La même demande")
    assert steps(chloe)["reunir"] == ""
    assert "reunir" not in steps(amina) | steps(bruno) | steps(passer_by)
    for missing in REASONS:
        refused = chloe.fill("/propositions/1/reunir", target="2", **{**REASONS, missing: ""})
        assert refused.status_code == 422
    assert chloe.fill("/propositions/1/reunir", target="2", **REASONS).status_code == 303
    assert again().state is State.MERGED_INTO
    page = passer_by.get("/propositions/1").get_data(as_text=True)
    assert REASONS["plain_reason"] in page
    assert "Réunie avec une autre" in refusal(chloe, "reunir", 409)


# --- any before the second signature → withdrawn


def test_an_author_withdraws_before_the_second_signature_and_never_after(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    in_decision(library, in_discussion(library, amina.person, chloe.person), chloe.person)
    assert steps(amina)["retirer"] == ""
    assert "retirer" not in steps(bruno) | steps(chloe)
    assert amina.fill("/propositions/1/retirer", button="Retirer").status_code == 303
    assert "Retirée" in passer_by.get("/propositions/1").get_data(as_text=True), "its trace is kept"
    decided(library, in_discussion(library, amina.person, chloe.person), chloe.person, denis.person)
    assert "retirer" not in steps(amina, 2)
    assert "Adoptée" in refusal(amina, "retirer", 409, 2)


# --- the short path of a misprint


def test_a_misprint_is_decided_without_window_nor_justification_and_with_two_signatures(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    submitted(library, amina.person, days=1, title="Une faute d’accord", **TYPO)
    assert chloe.fill("/propositions/1/admettre", button="Ouvrir").status_code == 303
    assert again().window_ends is None
    assert steps(chloe)["decision"] == ""
    page = chloe.get("/propositions/1/decision").get_data(as_text=True)
    assert "silence_" not in page, "no silence is to be justified"
    assert chloe.send(button="Signer", outcome="adopted", **REASONS).status_code == 303
    assert steps(chloe)["signature"].startswith("Vous avez donné la première signature")
    denis.get("/propositions/1/signature")
    assert denis.send(button="Signer la décision").status_code == 303
    act = passer_by.get("/decisions/1").get_data(as_text=True)
    assert "Une correction de fautes n’attend pas l’avis des collèges." in act
    assert again().state is State.ADOPTED


def test_an_editor_does_not_make_more_than_a_correction_of_a_misprint(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=1, **TYPO)
    more = {"outcome": "adopted_with_changes", "section_question-au-salarie": "Une tout autre question, plus longue ?"}
    for kind in ("typo", "substance"):
        refused = chloe.fill("/propositions/1/decision", button="Signer", **REASONS, **more, change_class=kind)
        assert refused.status_code == 422, kind
        assert more["section_question-au-salarie"] in refused.get_data(as_text=True), "what was typed is kept"
    assert again().state is State.IN_DISCUSSION
