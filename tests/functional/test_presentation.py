"""What the referential says of itself: read, changed by a proposal like any other text, traced, told when too old."""

import html
import re

from flask import Flask, render_template

from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.editions.preparing.completeness import Gap
from referentiel.editions.preparing.queries import lacks
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import ProposalKind, State
from tests.cast import Someone, explain
from tests.proposal_lives import ago, decided

WHY = {"title": "Dire qui a adopté le texte", "reason": "Deux collèges l’ont signé.", "licence": "y"}
OURS = "Ce référentiel dit ce qu’est un bon accompagnement.\n\nDeux collèges l’ont adopté."
EASY = "Ce texte parle de l’aide au travail.\nDeux groupes de personnes l’ont accepté."


def words(someone: Someone, address: str) -> str:
    page = someone.get(address).get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def proposed(bruno: Someone, **fields: str) -> Proposal:
    given = {"section_presentation": OURS, "section_facile-a-lire": EASY, **WHY, **fields}
    answer = bruno.fill("/propositions/nouvelle?texte=referentiel", button="Envoyer ma proposition", **given)
    assert answer.status_code == 303, explain(answer)
    bruno.follow(answer)
    return queries.proposal(1)


def adopted(library: Library, proposal: Proposal, chloe: Someone, denis: Someone) -> Document:
    if proposal.state is State.SUBMITTED:
        actions.admit(proposal, by=chloe.person, at=ago(40))
    decided(library, proposal, chloe.person, denis.person)
    session.expire_all()
    assert proposal.state is State.ADOPTED
    return Document.read(library.read("referentiel.md").text)


def test_anyone_reads_what_the_referential_is_from_the_page_of_the_text(passer_by: Someone) -> None:
    for page, there in (
        ("/referentiel/", "/referentiel/presentation"),
        ("/travail/", "/travail/referentiel/presentation"),
    ):
        assert f'href="{there}">Ce qu’est ce référentiel' in passer_by.get(page).get_data(as_text=True)
        assert "d’avant l’embauche à après le départ" in words(passer_by, there)
    for page in ("historique", "pourquoi"):
        passer_by.get(f"/referentiel/presentation/{page}")
    passer_by.get("/referentiel/presentation?le=2026-06-01")


def test_there_is_one_presentation_and_no_other_address_for_it(passer_by: Someone, bruno: Someone) -> None:
    for page in ("/referentiel/autre", "/travail/referentiel/autre", "/referentiel/referentiel/historique"):
        passer_by.get(page, status=404)
    bruno.get("/propositions/nouvelle?texte=referentiel/autre", status=404)
    bruno.get("/propositions/nouvelle?ajouter=referentiel", status=404)


def test_it_is_changed_by_a_proposal_that_is_signed_twice(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    page = bruno.get("/propositions/nouvelle").get_data(as_text=True)
    assert re.search(r'href="[^"]*texte=referentiel[^"]*"[^>]*>La présentation du référentiel', page)
    proposal = proposed(bruno, key_statut="texte adopté par deux collèges")
    document = adopted(library, proposal, chloe, denis)
    assert document.section("Présentation") == OURS
    assert document.section("Facile à lire") == EASY
    assert document.value("statut") == "texte adopté par deux collèges"
    assert document.values("chapitres") == tuple("ABCDEFG")
    assert proposal.code == "presentation"
    decision = Document.read(library.read("decisions/1.md").text)
    assert decision.value("objet") == "presentation"
    assert "Deux collèges l’ont adopté" in words(passer_by, "/travail/referentiel/presentation")
    assert "Deux collèges l’ont adopté" not in words(passer_by, "/referentiel/presentation")
    for page in (
        "/decisions/1",
        "/propositions/1",
        "/propositions/1/differences",
        "/propositions/",
    ):
        assert "résentation" in words(passer_by, page), page
    for page in ("/decisions/", "/"):
        shown = words(passer_by, page)
        assert " Présentation " in shown, page
        assert " presentation " not in shown, page
    assert 'href="/travail/referentiel/presentation"' in passer_by.get("/decisions/1").get_data(as_text=True)
    why = words(passer_by, "/referentiel/presentation/pourquoi")
    assert "Décision 1" in why
    assert "Version 2" in words(passer_by, "/referentiel/presentation/historique")
    passer_by.get("/referentiel/presentation/historique/comparer?de=1&a=2")
    told = words(passer_by, "/comparer?de=2026.0&a=travail")
    assert "Deux collèges l’ont adopté" in told


def test_its_decision_that_the_database_lost_leads_to_no_criterion_of_its_name(
    app: Flask, bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted(library, proposed(bruno), chloe, denis)
    with app.test_request_context():
        page = render_template("deciding/written.html", said=queries.written(library, 1), tone="")
    assert "n’est plus dans la base" in page
    assert "/historique" not in page


def test_it_can_neither_be_withdrawn_nor_moved_nor_merged_nor_restored(bruno: Someone) -> None:
    for verb in ("retirer", "deplacer", "reunir", "scinder", "retablir"):
        answer = bruno.get(f"/propositions/nouvelle?texte=referentiel&verbe={verb}", status=422)
        assert "peut seulement être changée" in answer.get_data(as_text=True), verb


def test_it_is_never_left_without_words_nor_name(bruno: Someone) -> None:
    for field in ("section_presentation", "section_facile-a-lire", "key_titre"):
        given = {"section_presentation": OURS, "section_facile-a-lire": EASY, **WHY, field: " "}
        answer = bruno.fill("/propositions/nouvelle?texte=referentiel", button="Envoyer ma proposition", **given)
        assert answer.status_code == 422, field


def test_a_chapter_that_moves_and_the_words_of_the_whole_are_one_proposal(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    bruno.get("/propositions/nouvelle?texte=chapitres/A&verbe=deplacer")
    answer = bruno.send(button="Ajouter ce texte", ajout="présentation", **WHY, key_apres="C")
    assert answer.status_code == 200, explain(answer)
    answer = bruno.send(button="Envoyer ma proposition", t2_section_presentation=OURS, change_class="substance")
    assert answer.status_code == 303, explain(answer)
    bruno.follow(answer)
    proposal = queries.proposal(1)
    assert proposal.kind is ProposalKind.MOVE
    actions.admit(proposal, by=chloe.person, at=ago(40))
    assert "Deux collèges l’ont adopté." in words(bruno, "/propositions/1/modifier")
    document = adopted(library, proposal, chloe, denis)
    assert document.section("Présentation") == OURS
    assert document.values("chapitres") == ("B", "C", "A", "D", "E", "F", "G")


def test_a_chapter_that_moves_alone_is_written_anew_without_the_order_that_follows_it(
    bruno: Someone, chloe: Someone
) -> None:
    fields = {**WHY, "key_apres": "C", "change_class": "clarity"}
    answer = bruno.fill("/propositions/nouvelle?texte=chapitres/A&verbe=deplacer", button="Envoyer", **fields)
    bruno.follow(answer)
    actions.admit(queries.proposal(1), by=chloe.person, at=ago(40))
    assert "t2_texte" not in bruno.get("/propositions/1/modifier").get_data(as_text=True)


def test_what_withdraws_a_criterion_that_the_presentation_cites_must_say_what_replaces_it(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted(library, proposed(bruno, section_presentation="Lisez d’abord [E4](/criteres/E4)."), chloe, denis)
    answer = bruno.fill(
        "/propositions/nouvelle?texte=criteres/E4&verbe=retirer", button="Envoyer ma proposition", **WHY
    )
    assert answer.status_code == 422
    assert "presentation" in answer.get_data(as_text=True)


def test_who_prepares_an_edition_is_told_that_the_text_still_says_that_nobody_adopted_it(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    (lack,) = lacks(library)[Gap.BEFORE_ADOPTION]
    assert (lack.path, lack.what) == ("referentiel.md", ("Présentation", "Statut"))
    adopted(library, proposed(bruno), chloe, denis)
    assert [lack.what for lack in lacks(library)[Gap.BEFORE_ADOPTION]] == [("Statut",)]
    told = words(denis, "/editions/preparation/manques")
    assert "relisez ce que le référentiel dit de lui-même" in told
    assert 'href="/travail/referentiel/presentation"' in denis.page.get_data(as_text=True)


def test_a_word_corrected_does_not_hide_that_the_text_says_that_nobody_adopted_it(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    before = Document.read(library.read("referentiel.md").text).section("Présentation") or ""
    adopted(
        library,
        proposed(bruno, section_presentation=before.replace("bon accompagnement", "accompagnement utile")),
        chloe,
        denis,
    )
    assert [lack.what for lack in lacks(library)[Gap.BEFORE_ADOPTION]] == [("Présentation", "Statut")]


def test_nothing_is_told_once_both_say_what_was_adopted(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted(library, proposed(bruno, key_statut=""), chloe, denis)
    assert lacks(library)[Gap.BEFORE_ADOPTION] == []


def test_words_of_the_presentation_are_found_by_the_search(passer_by: Someone) -> None:
    assert 'href="/referentiel/presentation"' in passer_by.get("/referentiel/?q=embauche+départ").get_data(as_text=True)
    found = passer_by.get("/travail/?q=contrôle").get_data(as_text=True)
    assert 'href="/travail/referentiel/presentation"' in found


def test_the_presentation_is_added_to_a_proposal_to_be_changed_and_for_nothing_else(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    answer = bruno.send(button="Ajouter ce texte", ajout="présentation", ajout_verbe="withdraw", **WHY)
    assert answer.status_code == 422
    assert "peut seulement être changée" in answer.get_data(as_text=True)
