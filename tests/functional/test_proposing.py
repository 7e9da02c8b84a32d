"""Propose: a person, a form, nothing lost."""

import re
from uuid import uuid4

from sqlalchemy import func, select

from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals.models import Draft, Proposal, StepLine
from referentiel.proposals.states import ProposalKind, State
from tests.cast import Someone, forms_of
from tests.proposal_lives import submitted

NEW = "/propositions/nouvelle?critere=E4"
STATEMENT = "Tout passage vers une autre structure est préparé avec la personne au moins un mois avant."
FILLED = {
    "section_enonce": STATEMENT,
    "title": "Prévenir un mois avant",
    "reason": "Des personnes apprennent la veille qu’elles changent de chantier.",
    "plain_change": "Je sais un mois avant où je vais.",
    "change_class": "substance",
    "licence": "y",
}


def count(table: type[Draft] | type[Proposal] | type[StepLine]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def the_proposal() -> Proposal:
    return session.scalars(select(Proposal)).one()


def test_amina_proposes_a_change_and_everybody_reads_it(amina: Someone, passer_by: Someone) -> None:
    answer = amina.fill(NEW, button="Envoyer", **FILLED)
    assert answer.status_code == 303
    page = amina.follow(answer).get_data(as_text=True)
    assert "Votre proposition est envoyée" in page
    public = passer_by.get("/propositions/1").get_data(as_text=True)
    assert "Prévenir un mois avant" in public
    assert "au moins un mois avant" in public
    assert "Je sais un mois avant où je vais." in public
    proposal = the_proposal()
    assert (proposal.state, proposal.code, proposal.college.value) == (State.SUBMITTED, "E4", "employees")


def test_only_what_changed_is_recorded(amina: Someone, library: Library) -> None:
    amina.fill(NEW, button="Envoyer", **FILLED)
    (file,) = the_proposal().revision.files
    before = library.read("criteres/E4.md")
    assert file.before_blob == before.blob
    old, new = before.text.split("\n"), file.text.split("\n")
    assert [line for line in new if line not in old] == [STATEMENT]
    assert len(old) == len(new)


def test_a_passer_by_is_asked_to_come_in_and_comes_back(passer_by: Someone) -> None:
    answer = passer_by.get(NEW, status=303)
    assert answer.headers["Location"].startswith("/connexion")
    assert "critere%3DE4" in answer.headers["Location"]


def test_a_text_sent_after_the_session_ended_is_kept_on_the_page(amina: Someone, passer_by: Someone) -> None:
    amina.get(NEW)
    form = next(form for form in forms_of(amina.page) if form.method == "post")  # type: ignore[arg-type]
    passer_by.get("/connexion")
    data = dict(form.values.items()) | {k: [v] for k, v in FILLED.items()}
    answer = passer_by.post("/propositions/nouvelle", data)
    assert answer.status_code == 403
    assert "au moins un mois avant" in answer.get_data(as_text=True)
    assert count(Proposal) == 0


def test_every_fault_is_said_at_once_and_every_word_is_kept(amina: Someone) -> None:
    answer = amina.fill(
        NEW,
        button="Envoyer",
        section_enonce="",
        title="",
        reason="",
        plain_change="Mots gardés.",
        change_class="substance",
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Mots gardés." in page
    assert "Donnez un titre" in page
    assert "il manque la raison" in page
    assert re.search(r"<title>\s*Erreur", page)
    assert count(Proposal) == 0


def test_the_licence_is_asked_for(amina: Someone) -> None:
    amina.get(NEW)
    answer = amina.send(button="Envoyer", **{k: v for k, v in FILLED.items() if k != "licence"})
    assert answer.status_code == 422
    assert "Licence Ouverte 2.0" in answer.get_data(as_text=True)
    assert count(Proposal) == 0


def test_a_text_that_changes_nothing_is_not_a_proposal(amina: Someone) -> None:
    amina.get(NEW)
    answer = amina.send(button="Envoyer", **{k: v for k, v in FILLED.items() if k != "section_enonce"})
    assert answer.status_code == 422
    assert "changez au moins une rubrique" in answer.get_data(as_text=True)


def test_the_difference_is_shown_before_sending_and_nothing_is_kept(amina: Someone) -> None:
    answer = amina.fill(NEW, button="Prévisualiser", **FILLED)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<ins>" in page
    assert STATEMENT in page
    assert count(Proposal) == count(Draft) == 0


def test_the_difference_is_shown_before_anybody_says_why(amina: Someone) -> None:
    page = amina.fill(NEW, button="Prévisualiser", section_enonce=STATEMENT).get_data(as_text=True)
    assert "<ins>" in page
    assert "à corriger" not in page


def test_a_preview_says_what_is_wrong_with_the_text(amina: Someone) -> None:
    answer = amina.fill(NEW, button="Prévisualiser", **{**FILLED, "section_enonce": "Accès \u202egnp.exe"})
    assert "U+202E" in answer.get_data(as_text=True)


def test_a_typo_that_touches_a_number_is_no_typo(amina: Someone) -> None:
    answer = amina.fill(NEW, button="Envoyer", **{**FILLED, "change_class": "typo"})
    assert answer.status_code == 422
    assert count(Proposal) == 0


def test_a_draft_is_kept_found_again_and_sent(amina: Someone) -> None:
    answer = amina.fill(NEW, button="Enregistrer le brouillon", section_enonce=STATEMENT, title="", reason="À finir")
    assert answer.status_code == 303
    page = amina.follow(answer).get_data(as_text=True)
    assert STATEMENT in page
    assert "À finir" in page
    assert STATEMENT not in amina.get("/propositions/nouvelle").get_data(as_text=True)
    assert "/propositions/brouillons/1" in amina.get("/propositions/nouvelle").get_data(as_text=True)
    sent = amina.fill("/propositions/brouillons/1", button="Envoyer", **FILLED)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    assert count(Draft) == 0
    assert the_proposal().title == "Prévenir un mois avant"


def test_a_draft_of_somebody_else_does_not_exist(amina: Someone, bruno: Someone, passer_by: Someone) -> None:
    amina.fill(NEW, button="Enregistrer le brouillon", **FILLED)
    mine = amina.get("/propositions/brouillons/1").get_data(as_text=True)
    assert STATEMENT in mine
    assert STATEMENT not in bruno.get("/propositions/brouillons/1", status=404).get_data(as_text=True)
    bruno.get("/propositions/brouillons/999", status=404)
    bruno.get("/propositions/brouillons/1/supprimer", status=404)
    passer_by.get("/propositions/brouillons/1", status=303)


def test_a_form_id_of_somebody_else_gives_nothing_away(amina: Someone, bruno: Someone) -> None:
    amina.fill(NEW, button="Enregistrer le brouillon", **FILLED)
    stolen = session.scalars(select(Draft.form_id)).one()
    answer = bruno.fill(NEW, button="Enregistrer le brouillon", **{**FILLED, "form_id": stolen})
    assert answer.status_code == 404
    assert session.scalars(select(Draft)).one().content["title"] == "Prévenir un mois avant"


def test_the_script_keeps_a_draft_every_ten_seconds(amina: Someone) -> None:
    amina.get(NEW)
    form = next(form for form in forms_of(amina.page) if form.method == "post")  # type: ignore[arg-type]
    data = dict(form.values.items()) | {"section_enonce": ["Trois mots ici"]}
    for words in ("Trois mots ici", "Quatre mots ici aussi"):
        data["section_enonce"] = [words]
        answer = amina.post("/propositions/brouillons", data, headers={"Accept": "application/json"})
        assert answer.status_code == 200
        assert answer.get_json() == {"id": 1}
    assert session.scalars(select(Draft)).one().content["sections"]["Énoncé"] == "Quatre mots ici aussi"


def test_a_draft_given_up_leaves_a_line_and_no_words(amina: Someone) -> None:
    amina.fill(NEW, button="Enregistrer le brouillon", **FILLED)
    answer = amina.fill("/propositions/brouillons/1/supprimer", button="Supprimer")
    assert answer.status_code == 303
    assert count(Draft) == 0
    line = session.scalars(select(StepLine)).one()
    assert (line.from_state, line.to_state, line.draft_id) == (State.DRAFT, State.WITHDRAWN, 1)


def test_the_same_form_twice_is_one_proposal(amina: Someone) -> None:
    amina.get(NEW)
    page = amina.page
    first = amina.send(button="Envoyer", **FILLED)
    amina.page = page
    second = amina.send(button="Envoyer", **FILLED)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(Proposal) == 1


def test_words_changed_after_going_back_are_not_said_to_be_sent(amina: Someone) -> None:
    amina.get(NEW)
    page = amina.page
    amina.send(button="Envoyer", **FILLED)
    amina.page = page
    answer = amina.send(button="Envoyer", **FILLED | {"reason": "Une raison écrite après le retour en arrière."})
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "Une raison écrite après le retour en arrière." in shown
    assert "proposition 1" in shown
    assert the_proposal().revision.reason == FILLED["reason"]


def test_a_draft_saved_while_its_form_was_being_sent_does_not_outlive_it(amina: Someone) -> None:
    amina.get(NEW)
    page = amina.page
    amina.send(button="Envoyer", **FILLED)
    amina.page = page
    assert amina.send(button="brouillon", **FILLED).status_code == 409
    assert count(Draft) == 0


def test_a_draft_is_known_by_its_form_however_its_number_is_spelt(amina: Someone, bruno: Someone) -> None:
    number = uuid4()
    forms = {who: next(form for form in forms_of(who.get(NEW)) if form.method == "post") for who in (amina, bruno)}
    for spelling in (number.urn, f"{{{number}}}", number.hex, str(number).upper()):
        for who, status in ((amina, 303), (bruno, 404)):
            data = dict(forms[who].values) | {"form_id": [spelling], "action": ["brouillon"]}
            assert who.post("/propositions/brouillons", data).status_code == status
    assert count(Draft) == 1


def test_fields_that_the_form_does_not_have_are_ignored(amina: Someone, chloe: Someone) -> None:
    """web-19"""
    amina.get(NEW)
    form = next(form for form in forms_of(amina.page) if form.method == "post")  # type: ignore[arg-type]
    data = dict(form.values) | {k: [v] for k, v in FILLED.items()}
    data |= {
        "state": ["adopted"],
        "statut": ["acceptee"],
        "organisation_id": ["1"],
        "auteur_id": [str(chloe.person_id)],
        "author_id": [str(chloe.person_id)],
        "role": ["admin"],
        "college": ["partners"],
        "decision_number": ["1"],
    }
    assert amina.post("/propositions/nouvelle", data).status_code == 303
    proposal = the_proposal()
    assert (proposal.state, proposal.author_id, proposal.college.value) == (
        State.SUBMITTED,
        amina.person_id,
        "employees",
    )


def test_bruno_proposes_a_new_criterion_without_a_code(bruno: Someone, library: Library) -> None:
    answer = bruno.fill(
        "/propositions/nouvelle?ajouter=1&chapitre=E",
        button="Envoyer",
        key_titre="Garder un contact après la sortie",
        key_niveau="standard",
        key_etape="suivi",
        key_structures=["ACI", "EI"],
        section_enonce="La structure garde un contact avec la personne.",
        **{"section_facile-a-lire": "On garde le contact avec vous."},
        title="Ajouter le contact après la sortie",
        reason="Rien ne le demande aujourd’hui.",
        licence="y",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    proposal = the_proposal()
    assert (proposal.kind, proposal.path) == (ProposalKind.CREATE, "criteres/nouveau-1.md")
    (file,) = proposal.revision.files
    assert "code: nouveau-1\n" in file.text
    assert "chapitre: E\n" in file.text
    bruno.follow(answer)


def test_bruno_asks_to_withdraw_a_criterion_and_names_what_replaces_it(bruno: Someone) -> None:
    page = "/propositions/nouvelle?critere=E2&retirer=1"
    filled = {"title": "Retirer E2", "reason": "E5 le dit déjà.", "licence": "y"}
    wrong = bruno.fill(page, button="Envoyer", key_remplace_par=["E2"], **filled)
    assert wrong.status_code == 422
    answer = bruno.fill(page, button="Envoyer", key_remplace_par=["E5"], **filled)
    assert answer.status_code == 303
    (file,) = the_proposal().revision.files
    assert "etat: retire\n" in file.text
    assert "remplace_par: [E5]\n" in file.text
    assert "E5 le dit déjà." in file.text
    bruno.follow(answer)


def test_a_criterion_that_does_not_exist_cannot_be_changed(bruno: Someone) -> None:
    for code in ("Z99", "../E4", "%00", "HEAD", "--output=/tmp/pwn", "$(touch /tmp/x)"):
        bruno.get(f"/propositions/nouvelle?critere={code}", status=404)


def test_headings_typed_in_a_field_open_no_section(amina: Someone) -> None:
    amina.fill(NEW, button="Envoyer", **{**FILLED, "section_enonce": "# Faux titre\nSuite de la phrase."})
    (file,) = the_proposal().revision.files
    assert "### Faux titre" in file.text
    amina.get("/propositions/1")


def test_texts_that_look_like_trailers_or_code_stay_words(amina: Someone) -> None:
    words = "Operation: 42\n\nDecision: 7\n<script>alert(1)</script> {{ config.SECRET_KEY }}"
    amina.fill(NEW, button="Envoyer", **{**FILLED, "section_enonce": words, "reason": words, "title": "Operation: 42"})
    page = amina.get("/propositions/1").get_data(as_text=True)
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page


def test_a_text_far_too_long_is_refused_by_its_field(amina: Someone) -> None:
    answer = amina.fill(NEW, button="Envoyer", **{**FILLED, "section_enonce": "mot " * 6000})
    assert answer.status_code == 422
    assert "mot mot mot" in answer.get_data(as_text=True)
    assert count(Proposal) == 0


def test_a_form_without_its_number_is_refused_in_words(amina: Someone) -> None:
    answer = amina.fill(NEW, button="Envoyer", **{**FILLED, "form_id": "pas-un-numero"})
    assert answer.status_code == 422
    assert "Rouvrez la page" in answer.get_data(as_text=True)


def test_bruno_finds_his_proposals_and_drafts_again(library: Library, bruno: Someone, amina: Someone) -> None:
    submitted(library, bruno.person)
    bruno.fill("/propositions/nouvelle?critere=E5", button="brouillon", title="Un brouillon à finir")
    page = bruno.get("/mes-contributions").get_data(as_text=True)
    assert "Prévenir un mois avant" in page
    assert "Un brouillon à finir" in page
    assert "Prévenir un mois avant" not in amina.get("/mes-contributions").get_data(as_text=True)


def test_the_door_of_opinions_leads_a_professional_to_the_questions(bruno: Someone) -> None:
    assert bruno.get("/rejoindre", status=303).headers["Location"].endswith("/questions")
