"""The desk: what waits for each person and nothing that they could not do, filters and pages by the address; it leads
a publisher to the next edition.
"""

import re

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.permissions import College
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Credit, Why
from referentiel.proposals.states import Outcome, ProposalKind, Stance
from tests.cast import Someone
from tests.edition_lives import adopted, prepared
from tests.proposal_lives import ago, decided, in_decision, in_discussion, sheet, statement, submitted

LINK = 'href="/editions/preparation"'
NEW = {"Énoncé": "Chaque personne reçoit un contact.", "Facile à lire": "Vous avez un contact."}
NEW_KEYS = {
    "titre": "Donner un contact",
    "chapitre": "E",
    "niveau": "standard",
    "etape": "suivi",
    "structures": ("ACI",),
}


def test_a_publisher_goes_from_the_desk_to_an_edition_that_nobody_announced(denis: Someone) -> None:
    page = denis.get("/bureau").get_data(as_text=True)
    assert LINK in page
    assert "Annoncer une édition" in page


def test_who_cannot_announce_is_not_told_to(chloe: Someone) -> None:
    assert LINK not in chloe.get("/bureau").get_data(as_text=True)


def test_a_prepared_edition_waits_on_the_desk_of_who_may_confirm_it(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, bruno.person, chloe.person, denis.person)
    plan = prepared(library, denis.person)
    hers = chloe.get("/bureau").get_data(as_text=True)
    assert f"L’édition\N{NO-BREAK SPACE}{plan.number} est préparée" in hers
    assert "Relire et confirmer" in hers
    his = denis.get("/bureau").get_data(as_text=True)
    assert "Relire et confirmer" not in his, "he prepared it"
    assert LINK in his


def test_who_administers_sees_the_changes_of_structure_that_wait(
    bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    page = denis.get("/bureau").get_data(as_text=True)
    assert 'href="/administration/"' in page
    assert "/administration/demandes" not in page
    assert "Aucune demande n’attend" in denis.get("/administration/").get_data(as_text=True)
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    page = denis.get("/bureau").get_data(as_text=True)
    assert 'href="/administration/demandes"' in page
    assert "changement de structure demandé" in page
    assert "1 demande attend une réponse" in denis.get("/administration/").get_data(as_text=True)
    assert "/administration/" not in chloe.get("/bureau").get_data(as_text=True)


# --- what waits for authors and for who gave a position


def page(someone: Someone, address: str = "/bureau") -> str:
    return someone.get(address).get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_who_has_nothing_waiting_is_told_so_and_where_to_go(amina: Someone) -> None:
    found = page(amina)
    assert "Rien n’attend ici." in found
    assert "Voir toutes les propositions" in found
    for judged in ("À décider", "Deuxième signature", "À vérifier", "Contributions à relire"):
        assert judged not in found


def test_who_is_not_signed_in_is_asked_to(passer_by: Someone) -> None:
    assert "/connexion" in passer_by.get("/bureau", status=303).headers["Location"]


def test_an_author_is_led_to_complete_a_proposal(library: Library, bruno: Someone, chloe: Someone) -> None:
    proposal = submitted(library, bruno.person, title="Mieux prévenir")
    actions.ask_completion(
        proposal, reason="Le code manque.", plain_reason="Le code manque.", by=chloe.person, at=ago(1)
    )
    found = page(bruno)
    assert "On vous demande de la compléter" in found
    assert 'href="/propositions/1/modifier"' in found
    assert "1. Mieux prévenir" in page(bruno, "/bureau?pile=pour-moi")
    assert "Mieux prévenir" not in page(bruno, "/bureau?pile=avis-a-redire")


def test_an_author_is_led_to_an_amended_wording_until_they_answer(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    amended = {"Énoncé": "Tout passage vers une autre structure est préparé deux mois avant."}
    decision = in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, sections=amended)
    assert 'href="/propositions/1/texte-modifie"' in page(bruno)
    assert "/propositions/1/signature" not in page(denis), "the author has not read it"
    actions.answer_amendment(decision, digest=decision.digest, accepts=True, words="", by=bruno.person, at=ago(0))
    session.expire_all()
    assert 'href="/propositions/1/texte-modifie"' not in page(bruno)
    assert 'href="/propositions/1/signature"' in page(denis)


def test_an_amended_wording_can_be_signed_once_its_author_let_the_days_pass(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=60)
    amended = {"Énoncé": "Tout passage vers une autre structure est préparé deux mois avant."}
    in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, sections=amended, days=11)
    assert 'href="/propositions/1/signature"' in page(denis)
    denis.get("/propositions/1/signature")


def test_an_author_is_led_to_a_text_that_changed_at_the_same_place(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = in_discussion(library, bruno.person, chloe.person, title="La mienne")
    other = in_discussion(
        library, amina.person, chloe.person, title="L’autre", sections={"Énoncé": "Une phrase sans rien de commun."}
    )
    assert "La mienne" not in page(bruno)
    decided(library, other, chloe.person, denis.person)
    found = page(bruno, "/bureau?pile=pour-moi")
    assert "Le texte a changé" in found
    assert f'href="/propositions/{mine.id}/collision"' in found
    bruno.get(f"/propositions/{mine.id}/collision")


def test_an_author_is_led_to_a_merge_that_only_they_may_confirm(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    words = statement(library)
    mine = words.replace("organisée", "écrite dont elle garde une copie")
    in_discussion(library, bruno.person, chloe.person, title="La copie", sections={"Énoncé": mine})
    theirs = words.replace("avec la personne", "avec la personne et son encadrant")
    other = in_discussion(library, amina.person, chloe.person, sections={"Énoncé": theirs})
    decided(library, other, chloe.person, denis.person)
    found = page(bruno)
    assert "un texte réuni est à relire" in found
    assert 'href="/propositions/1/texte-reuni"' in found
    bruno.get("/propositions/1/texte-reuni")
    assert "un texte réuni" not in page(amina)


def test_who_gave_a_position_on_an_earlier_wording_is_asked_to_say_it_again(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=5, title="Deux rédactions")
    actions.take_position(proposal, Stance.FAVOURABLE, by=amina.person, at=ago(4))
    assert "Deux rédactions" not in page(amina)
    other = sheet("Deux rédactions", sections={"Énoncé": "Autre phrase."})
    actions.revise(library, proposal, other, by=bruno.person, at=ago(3))
    assert "Deux rédactions" in page(amina, "/bureau?pile=avis-a-redire")
    session.expire_all()
    actions.take_position(queries.proposal(proposal.id), Stance.RESERVED, by=amina.person, at=ago(2))
    assert "Deux rédactions" not in page(amina)


# --- filters and pages


def test_the_desk_is_narrowed_by_its_address(library: Library, amina: Someone, bruno: Someone, chloe: Someone) -> None:
    submitted(library, amina.person, days=100, title="Sur le passage")
    submitted(library, bruno.person, path="criteres/A1.md", title="Sur le repérage", change_class="clarity")
    submitted(library, bruno.person, title="Un texte neuf", kind=ProposalKind.CREATE, sections=NEW, keys=NEW_KEYS)
    titles = {"Sur le passage", "Sur le repérage", "Un texte neuf"}
    kept = {
        "": titles,
        "critere=E4": {"Sur le passage"},
        "critere=e": {"Sur le passage", "Un texte neuf"},
        "critere=A": {"Sur le repérage"},
        "critere=Z9": set(),
        "classe=clarity": {"Sur le repérage"},
        "classe=typo": set(),
        "college=siae": {"Sur le repérage", "Un texte neuf"},
        "retard=1": {"Sur le passage"},
        "retard=1&critere=A1": set(),
        "pile=a-decider": set(),
    }
    for query, expected in kept.items():
        found = page(chloe, f"/bureau?{query}")
        assert {title for title in titles if title in found} == expected, query
    for query in ("critere=%00", "critere=%27--", "classe=zzz", "college=", "pile=zzz", "page=abc", "retard=2"):
        page(chloe, f"/bureau?{query}")


def test_filters_that_keep_nothing_say_so_and_are_taken_off_in_one_click(library: Library, chloe: Someone) -> None:
    found = page(chloe, "/bureau?critere=E4&pile=a-verifier")
    assert "Vos filtres ne gardent rien." in found
    assert 'href="/bureau?pile=a-verifier"' in found


def test_a_long_pile_is_shown_fifty_at_a_time_the_oldest_first(
    library: Library, bruno: Someone, chloe: Someone
) -> None:
    for number in range(53):
        submitted(library, bruno.person, days=60 - number, title=f"Demande {number:02}")
    glance = page(chloe)
    assert "Demande 09" in glance
    assert "Demande 10" not in glance
    assert "Voir les 53" in glance
    first = page(chloe, "/bureau?pile=a-verifier")
    assert first.index("Demande 00") < first.index("Demande 49")
    assert "Demande 50" not in first
    assert "page 1 sur 2" in first
    second = page(chloe, "/bureau?pile=a-verifier&page=2")
    assert "Demande 52" in second
    assert "Demande 49" not in second
    chloe.get("/bureau?pile=a-verifier&page=3", status=404)
    chloe.get("/bureau?page=2", status=404)


# --- never a task that the person could not do


def test_who_lent_words_to_a_proposal_neither_decides_nor_signs_it(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, denis.person, title="Avec les mots de Chloé")
    on = Anchor(Target.PROPOSAL, str(proposal.id))
    said = comments.comment(on, "Un mois n’est pas toujours possible.", by=chloe.person, at=ago(9), form="mots")
    assert "Avec les mots de Chloé" in page(chloe)
    with writing() as rows:
        credit = {"contribution": said.id, "college": College.SPE, "revision_number": 1, "why": Why.SUGGESTION}
        rows.add(Credit(proposal_id=proposal.id, at=ago(8), **credit))
    assert "Avec les mots de Chloé" not in page(chloe)
    assert "Avec les mots de Chloé" in page(denis)


def test_each_task_of_a_desk_opens_for_who_sees_it(
    library: Library, amina: Someone, bruno: Someone, bruno_colleague: Someone, chloe: Someone, denis: Someone
) -> None:
    submitted(library, bruno_colleague.person, title="À vérifier")
    in_discussion(library, bruno.person, denis.person, path="criteres/A1.md", title="À décider")
    signed = in_discussion(library, amina.person, chloe.person, path="criteres/A2.md", title="À signer")
    in_decision(library, signed, chloe.person)
    asked = submitted(library, bruno.person, path="criteres/B1.md", title="À compléter")
    actions.ask_completion(asked, reason="Trop court.", plain_reason="Trop court.", by=chloe.person, at=ago(1))
    for someone in (amina, bruno, bruno_colleague, chloe, denis):
        for address in re.findall(r'<a class="button[^"]*" href="(/propositions/\d+[^"]*)"', page(someone)):
            someone.get(address)
    assert '/propositions/1"' not in page(bruno_colleague), "one’s own is judged by another"
    assert "/propositions/3/signature" not in page(chloe), "she signed first"
