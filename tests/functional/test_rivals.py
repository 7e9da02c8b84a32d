"""Two proposals on one text stand side by side with the text of today."""

import re

from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.queries.rivalries import rivalry
from tests.cast import Someone
from tests.proposal_lives import ago, decided, in_discussion, sheet, statement, submitted


def read(someone: Someone, address: str) -> str:
    return someone.get(address).get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_two_rivals_and_the_text_of_today_stand_on_one_page(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    words = statement(library)
    in_discussion(library, amina.person, chloe.person, sections={"Énoncé": f"{words} Chaque semaine."})
    in_discussion(library, bruno.person, chloe.person, sections={"Facile à lire": "On vous prévient."}, title="L’autre")
    page = read(passer_by, "/propositions/1/rivales?avec=2")
    assert 'class="sides three"' in page
    assert page.index("Aujourd’hui") < page.index("Proposition 1</h4>") < page.index("Proposition 2</h4>")
    (statement_, easy) = re.findall(r"<h3>(?:Énoncé|Facile à lire)</h3>.*?</div>\s*</div>", page, re.S)
    assert "Chaque semaine." in statement_.split("<ins>", 1)[1]
    assert "Ne change pas cette rubrique." in statement_
    assert "prévient" in easy
    assert "Je sais un mois avant où je vais." in page
    assert "Question au salarié" not in page, "neither changes it"


def test_rivals_are_linked_from_both_proposals_and_from_their_criterion(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    assert "/rivales" not in read(passer_by, "/propositions/1")
    in_discussion(library, bruno.person, chloe.person, title="L’autre")
    in_discussion(library, bruno.person, chloe.person, path="criteres/A1.md", title="Ailleurs")
    assert 'href="/propositions/1/rivales?avec=2"' in read(passer_by, "/propositions/1")
    assert 'href="/propositions/2/rivales?avec=1"' in read(passer_by, "/propositions/2")
    assert "/rivales" not in read(passer_by, "/propositions/3")
    assert "/rivales?avec=" in read(passer_by, "/criteres/E4")
    assert "/rivales?avec=" not in read(passer_by, "/criteres/A1")


def test_without_a_second_number_the_latest_rival_is_shown_and_the_others_are_one_click_away(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=9)
    in_discussion(library, bruno.person, chloe.person, days=8, title="Plus ancienne")
    in_discussion(library, bruno.person, chloe.person, days=7, title="Plus récente")
    page = read(passer_by, "/propositions/1/rivales")
    assert "Propositions 1 et 3 côte à côte" in page
    assert 'href="/propositions/1/rivales?avec=2"' in page


def test_what_cannot_be_put_side_by_side_does_not_exist_or_says_so(
    library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    for query in ("", "?avec=1", "?avec=9", "?avec=", "?avec=abc", "?avec=²"):
        passer_by.get(f"/propositions/1/rivales{query}", status=404)
    submitted(library, amina.person, path="criteres/A1.md")
    page = read(passer_by, "/propositions/1/rivales?avec=2")
    assert "Ces deux propositions ne changent pas le même texte." in page
    assert 'href="/travail/criteres/A1"' in page


def test_a_proposal_behind_the_text_of_today_never_seems_to_undo_what_was_adopted_elsewhere(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    in_discussion(library, bruno.person, chloe.person, sections={"Facile à lire": "On vous prévient."})
    words = statement(library)
    both = {"Énoncé": f"{words} Sans attendre.", "Facile à lire": "On vous prévient tôt."}
    adopted = in_discussion(library, amina.person, chloe.person, sections=both)
    decided(library, adopted, chloe.person, denis.person)
    in_discussion(library, amina.person, chloe.person, sections={"Énoncé": f"{words} Sans délai."}, days=3)
    (found,), apart = rivalry(library, queries.proposal(1).revision, queries.proposal(3).revision)
    first, second = found.readings
    assert (list(first.sections), list(second.sections)) == (["Facile à lire"], ["Énoncé"])
    assert first.moved == {"Facile à lire"}
    assert not second.moved
    assert not apart
    page = read(passer_by, "/propositions/1/rivales?avec=3")
    assert "Le texte d’aujourd’hui a changé ici depuis qu’elle a été écrite." in page


def test_two_levels_asked_for_one_criterion_are_told_in_words(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, sections={}, keys={"niveau": "standard"})
    in_discussion(library, bruno.person, chloe.person, sections={}, keys={"titre": "Passer sans trou"})
    page = read(passer_by, "/propositions/1/rivales?avec=2")
    assert "La fiche" in page
    assert "Standard" in page
    assert "Ne change pas." in page


def test_a_new_wording_is_what_stands_beside_the_rival(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, days=5)
    in_discussion(library, bruno.person, chloe.person, days=4)
    other = sheet(sections={"Énoncé": "Une autre rédaction encore."})
    actions.revise(library, proposal, other, by=amina.person, at=ago(3))
    assert "Une autre rédaction encore." in read(passer_by, "/propositions/2/rivales?avec=1")
