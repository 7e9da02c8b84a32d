"""Review: what everybody reads of a proposal, what each college thinks, and the steps before a decision."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.criteria.changes import ChangeClass
from referentiel.database import db, session, writing
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, College
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Position, Proposal
from referentiel.proposals.sheets import Part
from referentiel.proposals.states import ItemVerb, Outcome, Stance, State
from tests.cast import Someone
from tests.proposal_lives import ago, decided, in_decision, in_discussion, sheet, submitted


def again(proposal: Proposal) -> Proposal:
    session.expire_all()
    return queries.proposal(proposal.id)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement sent inside."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


# --- lists


def test_the_empty_list_says_what_to_do(passer_by: Someone) -> None:
    page = passer_by.get("/propositions/").get_data(as_text=True)
    assert "Aucune proposition" in page
    assert "Proposer un changement" in page


def test_the_list_shows_each_proposal_with_its_state_and_its_clock(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=95, title="En retard")
    submitted(library, bruno.person, days=1, title="Toute neuve")
    page = passer_by.get("/propositions/").get_data(as_text=True)
    assert "En retard" in page
    assert "En retard de 5" in page.replace("\xa0", " ")
    assert "Toute neuve" in page
    assert "Salariés en insertion" in page


def test_filters_live_in_the_address(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, title="Première demande")
    submitted(library, bruno.person, path="criteres/A1.md", title="Deuxième demande")
    kept = {
        "etat=en-discussion": "Première",
        "college=siae": "Deuxième",
        "critere=a1": "Deuxième",
        "q=premi%C3%A8re": "Première",
        "etat=submitted": "Deuxième",
    }
    for query, word in kept.items():
        page = passer_by.get(f"/propositions/?{query}").get_data(as_text=True)
        other = {"Première": "Deuxième", "Deuxième": "Première"}[word]
        assert f"{word} demande" in page, query
        assert f"{other} demande" not in page, query
    for query in ("q=100%25", "q=_", "q=%5C", "q=%00", "college=zzz", "etat=%27--", "q=" + "a+" * 300):
        passer_by.get(f"/propositions/?{query}")


@pytest.mark.parametrize("page", ["-1", "0", "abc", "", "1&page=2", "²", "99999999999999999999"])
def test_any_page_number_answers(passer_by: Someone, page: str) -> None:
    """web-20"""
    answer = passer_by.client.get(f"/propositions/?page={page}", base_url="http://127.0.0.1:8000")
    assert answer.status_code in (200, 404)


def test_a_page_past_the_end_does_not_exist(passer_by: Someone) -> None:
    passer_by.get("/propositions/?page=2", status=404)


def test_a_list_costs_the_same_number_of_statements_whatever_its_length(
    app: Flask, library: Library, bruno: Someone, passer_by: Someone
) -> None:
    submitted(library, bruno.person)
    passer_by.get("/propositions/")
    with statements(app) as few:
        passer_by.get("/propositions/")
    for number in range(15):
        submitted(library, bruno.person, title=f"Demande {number}")
    with statements(app) as many:
        passer_by.get("/propositions/")
    assert len(many) == len(few) <= 3, "\n".join(many)


# --- one proposal


def test_a_proposal_that_does_not_exist_is_a_404(passer_by: Someone) -> None:
    for number in ("1", "0", "99999999999999999999"):
        passer_by.get(f"/propositions/{number}", status=404)


def test_a_passer_by_reads_everything_and_gets_no_form_and_no_cookie(
    library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    answer = passer_by.get("/propositions/1")
    page = answer.get_data(as_text=True)
    for words in ("Avant", "Maintenant", "Ce que ça change pour moi", "Mot à mot", "Les avis des collèges"):
        assert words in page
    assert "<ins>" in page
    assert 'method="post"' not in page
    assert "Set-Cookie" not in answer.headers


def test_the_difference_can_be_read_side_by_side_and_between_two_wordings(
    library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    actions.revise(
        library, proposal, sheet(sections={"Énoncé": "Autre phrase, plus courte."}), by=amina.person, at=ago(20)
    )
    inline = passer_by.get("/propositions/1/differences").get_data(as_text=True)
    assert "Autre phrase" in inline
    sides = passer_by.get("/propositions/1/differences?vue=cote-a-cote").get_data(as_text=True)
    assert 'class="sides"' in sides
    between = passer_by.get("/propositions/1/differences?contre=1").get_data(as_text=True)
    assert "Tout passage vers une autre structure est préparé" in between
    first = passer_by.get("/propositions/1/differences?redaction=1").get_data(as_text=True)
    assert "Autre phrase" not in first
    passer_by.get("/propositions/1/differences?redaction=9", status=404)
    passer_by.get("/propositions/1?vue=cote-a-cote")


def test_buttons_show_what_each_person_can_do_with_the_reason_of_each_refusal(
    library: Library, bruno: Someone, bruno_colleague: Someone, chloe: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person, days=5)
    author = bruno.get("/propositions/1").get_data(as_text=True)
    assert "Écrire une nouvelle rédaction" in author
    assert "Retirer ma proposition" in author
    assert "Préparer la décision" not in author
    editor = chloe.get("/propositions/1").get_data(as_text=True)
    assert "La discussion est ouverte jusqu’au" in editor
    assert 'href="/propositions/1/decision"' not in editor


def test_a_proposal_page_costs_the_same_number_of_statements_whatever_is_said_of_it(
    app: Flask, library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    speak(proposal, bruno.person, chloe.person, "Première.")
    passer_by.get("/propositions/1")
    session.expire_all()
    with statements(app) as few:
        passer_by.get("/propositions/1")
    for number in range(12):
        speak(proposal, bruno.person, chloe.person, f"Encore {number}.")
    actions.take_position(proposal, Stance.RESERVED, by=bruno.person, at=ago(3))
    session.expire_all()
    with statements(app) as many:
        passer_by.get("/propositions/1")
    assert len(many) == len(few) <= 16, "\n".join(many)


def speak(proposal: Proposal, by: Person, reader: Person, words: str) -> None:
    on = Anchor(Target.PROPOSAL, str(proposal.id))
    said = comments.comment(on, words, by=by, at=ago(3), form=words)
    comments.publish(said, by=reader, at=ago(2))


# --- positions


def test_bruno_takes_position_changes_it_and_his_name_is_nowhere(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=5)
    answer = bruno.fill("/propositions/1", to="/avis", stance="favourable")
    assert answer.status_code == 303
    bruno.fill("/propositions/1", to="/avis", stance="reserved")
    (position,) = session.query(Position).all()
    assert (position.stance, position.college) == (Stance.RESERVED, College.SIAE)
    page = passer_by.get("/propositions/1").get_data(as_text=True)
    assert "bruno" not in page.lower()


def test_a_position_without_an_answer_is_asked_again(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=5)
    answer = bruno.fill("/propositions/1", to="/avis")
    assert answer.status_code == 422
    assert "1 réponse à corriger" in answer.get_data(as_text=True).replace("\xa0", " ")


def test_a_position_on_a_wording_that_changed_meanwhile_is_not_counted(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=5)
    bruno.get("/propositions/1")
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Autre phrase."}), by=amina.person, at=ago(1))
    answer = bruno.send(to="/avis", stance="favourable")
    assert answer.status_code == 409
    assert session.query(Position).count() == 0


def test_under_five_employees_no_figure_is_shown(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    actions.take_position(proposal, Stance.UNFAVOURABLE, by=amina.person, at=ago(40))
    row = queries.positions(proposal, at=ago(0))[0]
    assert row.few
    assert not any((row.favourable, row.reserved, row.unfavourable))
    page = passer_by.get("/propositions/1").get_data(as_text=True)
    assert "Moins de cinq personnes" in page


def test_positions_of_employees_wait_for_the_next_month_and_small_numbers_are_hidden(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    """Six said yes last month, one says no, and one more says no today: nobody sees the last no come."""
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    with writing() as rows:
        crowd = [Person(college="employees", created_at=ago(90)) for _ in range(8)]
        rows.add_all(crowd)
    for number, one in enumerate(crowd[:7]):
        stance = Stance.UNFAVOURABLE if number == 6 else Stance.FAVOURABLE
        actions.take_position(proposal, stance, by=one, at=ago(40))
    before = queries.positions(proposal, at=ago(0))[0]
    assert (before.few, before.favourable, before.reserved, before.unfavourable) == (False, 6, 0, None)
    actions.take_position(proposal, Stance.UNFAVOURABLE, by=crowd[7], at=ago(0))
    assert queries.positions(proposal, at=ago(0))[0] == before
    page = " ".join(passer_by.get("/propositions/1").get_data(as_text=True).split())
    assert ">peu</dd>" in page
    assert "Nous comptons ici les avis donnés avant le" in page
    assert not any(f">{number}</dd>" in page for number in (1, 2, 7, 8))


def test_positions_on_an_older_wording_are_counted_apart(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=5)
    actions.take_position(proposal, Stance.FAVOURABLE, by=bruno.person, at=ago(4))
    actions.take_position(proposal, Stance.RESERVED, by=chloe.person, at=ago(4))
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Autre phrase."}), by=amina.person, at=ago(3))
    actions.take_position(proposal, Stance.FAVOURABLE, by=chloe.person, at=ago(2))
    rows = {row.college: row for row in queries.positions(again(proposal), at=ago(0))}
    assert (rows[College.SIAE].older, rows[College.SIAE].silent) == (1, True)
    assert (rows[College.SPE].older, rows[College.SPE].favourable) == (0, 1)


def test_a_college_is_heard_by_five_people_of_two_structures_since_the_last_wording_of_substance(
    library: Library, amina: Someone, bruno: Someone, bruno_colleague: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=20)
    places = [bruno.person.structure_id, bruno_colleague.person.structure_id]
    with writing() as rows:
        crowd = [Person(college="siae", structure_id=places[0], created_at=ago(30)) for _ in range(5)]
        rows.add_all(crowd)
    for one in crowd:
        actions.take_position(proposal, Stance.FAVOURABLE, by=one, at=ago(15))
    assert not queries.heard(proposal)[College.SIAE].heard, "five people of one structure"
    actions.take_position(proposal, Stance.FAVOURABLE, by=bruno_colleague.person, at=ago(15))
    assert queries.heard(proposal)[College.SIAE].heard
    clearer = sheet(sections={"Énoncé": "Phrase plus claire, préparée un mois avant."}, change_class="clarity")
    actions.revise(library, proposal, clearer, by=amina.person, at=ago(10))
    assert queries.heard(again(proposal))[College.SIAE].heard, "a clearer wording lets what was heard stand"
    other = sheet(sections={"Énoncé": "Une autre demande."})
    actions.revise(library, again(proposal), other, by=amina.person, at=ago(5))
    assert not queries.heard(again(proposal))[College.SIAE].heard


# --- steps before a decision


def test_chloe_opens_the_discussion_and_the_window_is_thirty_days(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    proposal = submitted(library, amina.person, days=1)
    page = chloe.get("/propositions/1/admettre").get_data(as_text=True)
    assert "Ouvrir la discussion ?" in page.replace("\xa0", " ")
    assert chloe.send(button="Ouvrir").status_code == 303
    proposal = again(proposal)
    assert proposal.state is State.IN_DISCUSSION
    assert proposal.window_ends is not None
    assert proposal.admitted_at is not None
    assert (proposal.window_ends - proposal.admitted_at.date()).days in (30, 31)


def test_a_typo_has_no_window(library: Library, amina: Someone, chloe: Someone) -> None:
    fixed = "Saviez-vous toujours ce qui venaient après ?"
    proposal = in_discussion(
        library, amina.person, chloe.person, days=1, sections={"Question au salarié": fixed}, change_class="typo"
    )
    assert proposal.window_ends is None
    assert proposal.change_class is ChangeClass.TYPO
    decision = in_decision(library, proposal, chloe.person, silences={})
    assert decision.proposal.state is State.IN_DECISION


def test_asking_for_more_needs_a_reason_said_twice_and_gives_the_proposal_back(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    proposal = submitted(library, amina.person, days=1)
    answer = chloe.fill("/propositions/1/faire-completer", reason="Il manque le texte facile à lire.")
    assert answer.status_code == 422
    assert "Il manque le texte facile à lire." in answer.get_data(as_text=True)
    done = chloe.send(reason="Il manque le texte facile à lire.", plain_reason="Écrivez aussi en mots simples.")
    assert done.status_code == 303
    assert again(proposal).state is State.TO_COMPLETE
    page = amina.get("/propositions/1").get_data(as_text=True)
    assert "Écrivez aussi en mots simples." in page
    sent = amina.fill(
        "/propositions/1/modifier", button="Envoyer", **{"section_facile-a-lire": "On vous prévient un mois avant."}
    )
    assert sent.status_code == 303, sent.get_data(as_text=True)
    assert again(proposal).state is State.SUBMITTED
    assert again(proposal).revision_number == 2


def test_another_editor_reads_the_appeal_and_there_is_only_one(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = submitted(library, amina.person, days=3)
    reasons = {"reason": "Hors du référentiel.", "plain_reason": "Cela ne parle pas de l’accompagnement."}
    assert chloe.fill("/propositions/1/irrecevable", **reasons).status_code == 303
    assert amina.fill("/propositions/1/second-regard", reason="Relisez.").status_code == 303
    assert again(proposal).state is State.SUBMITTED
    page = chloe.get("/propositions/1").get_data(as_text=True)
    assert "une autre personne doit lire le recours" in page
    chloe.get("/propositions/1/admettre", status=403)
    assert denis.fill("/propositions/1/irrecevable", **reasons).status_code == 303
    refused = amina.get("/propositions/1/second-regard", status=409).get_data(as_text=True)
    assert "il n’y en a qu’un" in refused


def test_merging_tells_where_the_proposal_went(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    first = in_discussion(library, amina.person, chloe.person, title="La première")
    in_discussion(library, bruno.person, chloe.person, title="La deuxième")
    wrong = chloe.fill("/propositions/1/reunir", target="")
    assert wrong.status_code == 422
    assert chloe.fill("/propositions/1/reunir", target="2", reason="La même demande.").status_code == 422
    same = {"reason": "La même demande.", "plain_reason": "On les lit ensemble."}
    assert chloe.send(target="2", **same).status_code == 303
    assert again(first).state is State.MERGED_INTO
    assert 'href="/propositions/2"' in passer_by.get("/propositions/1").get_data(as_text=True)
    chloe.get("/propositions/1/reunir", status=409)


def test_a_proposal_is_never_merged_with_itself_nor_with_a_closed_one(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    closed = submitted(library, bruno.person)
    actions.withdraw(closed, by=bruno.person, at=ago(1))
    for target in ("1", "2"):
        answer = chloe.fill("/propositions/1/reunir", target=target, reason="La même.", plain_reason="La même.")
        assert answer.status_code == 422
    assert queries.proposal(1).state is State.IN_DISCUSSION


def test_an_author_withdraws_and_the_page_stays(library: Library, amina: Someone, passer_by: Someone) -> None:
    submitted(library, amina.person)
    assert amina.fill("/propositions/1/retirer", button="Retirer").status_code == 303
    page = passer_by.get("/propositions/1").get_data(as_text=True)
    assert "Retirée" in page
    amina.get("/propositions/1/retirer", status=409)


STEPS = {
    "admettre": Action.ADMIT,
    "faire-completer": Action.ASK_COMPLETION,
    "irrecevable": Action.DECLARE_INADMISSIBLE,
    "second-regard": Action.APPEAL,
    "reunir": Action.MERGE_INTO,
    "retirer": Action.WITHDRAW,
    "modifier": Action.REVISE,
    "decision": Action.PROPOSE_DECISION,
    "signature": Action.SIGN,
    "renvoyer": Action.SEND_BACK,
    "texte-modifie": Action.ANSWER_AMENDMENT,
}


@pytest.mark.parametrize("step", STEPS)
def test_a_stranger_takes_no_step_on_a_proposal(
    library: Library, amina: Someone, bruno: Someone, passer_by: Someone, step: str
) -> None:
    submitted(library, amina.person)
    answer = bruno.client.get(f"/propositions/1/{step}", base_url="http://127.0.0.1:8000")
    assert answer.status_code in (403, 404)
    passer_by.get(f"/propositions/1/{step}", status=303)
    assert queries.proposal(1).state is State.SUBMITTED


def test_a_new_wording_leaves_ten_days_and_starts_from_the_text_as_it_is(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = in_discussion(library, amina.person, chloe.person)
    other = in_discussion(library, bruno.person, chloe.person, sections={"Pourquoi": "Pour ne perdre personne."})
    decided(library, other, chloe.person, denis.person)
    page = amina.get("/propositions/1").get_data(as_text=True)
    assert "seront repris d’eux-mêmes" in page
    form = amina.get("/propositions/1/modifier").get_data(as_text=True)
    assert "Pour ne perdre personne." in form
    assert "Tout passage vers une autre structure est préparé un mois avant." in form
    sent = amina.send(button="Envoyer", section_enonce="Tout passage est préparé deux mois avant.")
    assert sent.status_code == 303
    mine = again(mine)
    assert mine.revision_number == 2
    assert mine.window_ends is not None
    assert (mine.window_ends - ago(0).date()).days in (9, 10, 11)
    assert "Pour ne perdre personne." in mine.revision.files[0].text


def test_a_decided_proposal_is_never_reopened(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED)
    for someone, step in (
        (amina, "retirer"),
        (chloe, "decision"),
        (chloe, "admettre"),
        (chloe, "reunir"),
    ):
        someone.get(f"/propositions/1/{step}", status=409)
    amina.get("/propositions/1/modifier", status=409)


# --- desk


def test_the_desk_shows_what_waits_for_each_editor_and_nothing_else(
    library: Library, amina: Someone, bruno_colleague: Someone, chloe: Someone, denis: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=50, title="À décider maintenant")
    in_discussion(library, amina.person, chloe.person, days=5, title="Encore en discussion")
    submitted(library, amina.person, days=2, title="À vérifier bientôt")
    submitted(library, bruno_colleague.person, days=2, title="Celle du collègue")
    signed = in_discussion(library, amina.person, chloe.person, path="criteres/A1.md", title="À signer aussi")
    in_decision(library, signed, chloe.person)
    hers = chloe.get("/bureau").get_data(as_text=True)
    assert "À décider maintenant" in hers
    assert "Encore en discussion" not in hers
    assert "À vérifier bientôt" in hers
    assert "À signer aussi" not in hers, "she gave the first signature"
    his = denis.get("/bureau").get_data(as_text=True)
    assert "À signer aussi" in his
    colleague = bruno_colleague.get("/bureau?pile=a-verifier").get_data(as_text=True)
    assert "Celle du collègue" not in colleague
    assert "À décider maintenant" not in colleague
    assert "À décider" not in amina.get("/bureau").get_data(as_text=True), "she judges nothing"


def test_the_desk_costs_the_same_number_of_statements_whatever_waits(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    for path in ("criteres/A1.md", "criteres/A2.md"):
        in_discussion(library, amina.person, chloe.person, path=path)
    in_decision(library, queries.proposal(1), chloe.person)
    submitted(library, amina.person)
    denis.get("/bureau")
    with statements(app) as few:
        denis.get("/bureau")
    for number in range(8):
        in_discussion(library, amina.person, chloe.person, path=f"criteres/B{number % 4 + 1}.md")
        submitted(library, amina.person)
    in_decision(library, queries.proposal(4), chloe.person)
    with statements(app) as many:
        denis.get("/bureau")
    assert len(many) == len(few) <= 22, "\n".join(many)


# --- before, now, what it changes for me


def test_what_a_change_means_is_said_in_plain_words_above_each_difference(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person)
    for address in ("/propositions/1", "/propositions/1/differences", "/decisions/1"):
        page = passer_by.get(address).get_data(as_text=True)
        assert page.index(">Avant<") < page.index(">Maintenant<") < page.index(">Ce que ça change pour moi<"), address
        assert "Je sais un mois avant où je vais." in page, address
        assert page.index("Je sais un mois avant où je vais.") < page.index('class="legend"'), address


def test_when_nobody_said_it_in_plain_words_the_author_is_led_to_it_and_others_may_ask(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person, plain_change="", days=3)
    missing = "La personne qui propose ne l’a pas encore dit en mots simples."
    own = bruno.get("/propositions/1").get_data(as_text=True)
    assert missing in own
    assert "Le dire dans une nouvelle rédaction" in own
    page = passer_by.get("/propositions/1").get_data(as_text=True)
    assert missing in page
    assert "Le lui demander" in page
    assert "Le dire dans une nouvelle rédaction" not in page
    said = sheet(plain_change="Je sais où je vais.")
    actions.revise(library, queries.proposal(1), said, by=bruno.person, at=ago(1))
    session.expire_all()
    assert missing not in passer_by.get("/propositions/1").get_data(as_text=True)


def test_a_change_of_the_sheet_alone_is_said_in_words_too(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person, sections={}, keys={"niveau": "standard"})
    page = passer_by.get("/propositions/1").get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert "Niveau : Impératif" in page
    assert "Niveau : Standard" in page


def test_a_long_section_shows_what_changes_in_it_and_not_the_rest(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    long = "\n".join(f"Ligne numéro {number} du texte." for number in range(30))
    first = in_discussion(library, bruno.person, chloe.person, sections={"Facile à lire": long})
    decided(library, first, chloe.person, denis.person)
    other = long.replace("numéro 20", "numéro vingt")
    in_discussion(library, bruno.person, chloe.person, sections={"Facile à lire": other}, days=3)
    page = passer_by.get("/propositions/2").get_data(as_text=True)
    three = page[page.index('class="sides three"') : page.index('id="raison"')]
    assert "Ligne numéro 20 du texte." in three
    assert "Ligne numéro vingt du texte." in three
    assert "Ligne numéro 3 " not in three


# --- several texts


def test_a_proposal_of_several_texts_has_its_table_of_contents_on_both_pages(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    part = Part(ItemVerb.MODIFY, "criteres/A1.md", {"Énoncé": "Un autre énoncé pour A1."}, {})
    in_discussion(library, bruno.person, chloe.person, more=(part,), title="Deux critères")
    for address in ("/propositions/1", "/propositions/1/differences", "/propositions/1/differences?vue=cote-a-cote"):
        page = passer_by.get(address).get_data(as_text=True)
        assert "Les textes touchés" in page
        for anchor in ("texte-criteres-e4", "texte-criteres-a1"):
            assert f'href="#{anchor}"' in page, address
            assert f'id="{anchor}"' in page, address
        assert page.index('id="texte-criteres-e4"') < page.index('id="texte-criteres-a1"'), "the main one first"
        assert "Modifié" in page
        assert "Un autre énoncé pour A1." in page or "<ins>" in page
    assert "et 1 autre texte" in passer_by.get("/propositions/1").get_data(as_text=True)
    assert "Deux critères" in passer_by.get("/criteres/A1").get_data(as_text=True), "it touches A1 too"
    in_discussion(library, bruno.person, chloe.person, path="criteres/A1.md", title="Un seul")
    both = passer_by.get("/propositions/1/rivales?avec=2").get_data(as_text=True)
    assert 'id="texte-criteres-a1"' in both
    assert 'id="texte-criteres-e4"' not in both, "only what both touch"
    assert 'href="/travail/criteres/E4"' in both
