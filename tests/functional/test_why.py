"""Why this sentence: each paragraph leads to its own last change of substance or clarity, and to nothing later."""

import re

import pytest
from sqlalchemy import event

from referentiel.database import db, writing
from referentiel.library.library import Library
from referentiel.library.models import Version
from referentiel.permissions import College
from referentiel.proposals.models import Credit, Why
from tests.cast import Someone
from tests.edition_lives import adopted, published
from tests.functional.test_reading import words
from tests.proposal_lives import ago

FIRST = "Le passage est préparé avec la personne."
SECOND = "La personne rencontre la structure qui l’attend."
THIRD = "Rien ne s’arrête entre les deux."
REWORDED = "La personne rencontre deux fois la structure qui l’attend."


def story_of(someone: Someone, phrase: str, root: str = "/criteres/E4") -> str:
    """The words of the right-hand side: the history of one paragraph."""
    page = words(someone.get(f"{root}/pourquoi?phrase={phrase}"))
    return page.partition('id="histoire"')[2].partition("</section>")[0]


def three_paragraphs(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> None:
    """Decision 1 writes three paragraphs; decision 2, another reason and another college, changes the second alone."""
    adopted(
        library,
        amina.person,
        chloe.person,
        denis.person,
        sections={"Énoncé": f"{FIRST}\n\n{SECOND}\n\n{THIRD}"},
        days=30,
    )


def test_a_change_to_the_second_of_three_paragraphs_leaves_the_first_and_the_third_their_own_older_decision(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, amina, chloe, denis)
    adopted(
        library,
        bruno.person,
        chloe.person,
        denis.person,
        sections={"Énoncé": f"{FIRST}\n\n{REWORDED}\n\n{THIRD}"},
        change_class="clarity",
    )
    for phrase, text in (("enonce-1", FIRST), ("enonce-3", THIRD)):
        story = story_of(passer_by, phrase)
        assert text in story
        assert "Proposition 1" in story
        assert "Salariés en insertion" in story
        assert 'href="/decisions/1"' in story
        assert "Changement : Fond" in story
        assert "/decisions/2" not in story
        assert "Proposition 2" not in story
    changed = story_of(passer_by, "enonce-2")
    assert 'href="/decisions/2"' in changed
    assert "du collège : Structures (SIAE)" in changed
    assert "Changement : Clarté" in changed
    assert "Vous serez prévenu plus tôt." in changed
    assert "Elle remplace" in changed
    assert re.search(r"<ins>.*deux fois", changed)
    assert "/decisions/1" not in changed
    listed = words(passer_by.get("/criteres/E4/pourquoi"))
    assert listed.count("Décision 1.") == 2
    assert listed.count("Décision 2.") == 1


def test_a_corrected_misprint_leaves_the_sentence_to_who_wrote_it_and_says_what_it_replaced_then(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, amina, chloe, denis)
    adopted(
        library,
        amina.person,
        chloe.person,
        denis.person,
        days=20,
        sections={"Énoncé": f"{FIRST}\n\n{REWORDED.replace('structure', 'structrue')}\n\n{THIRD}"},
    )
    adopted(
        library,
        bruno.person,
        chloe.person,
        denis.person,
        sections={"Énoncé": f"{FIRST}\n\n{REWORDED}\n\n{THIRD}"},
        change_class="typo",
    )
    story = story_of(passer_by, "enonce-2")
    assert "Proposition 2" in story
    assert "Elle remplace" in story
    assert "Une faute a été corrigée depuis" in story
    assert 'href="/decisions/3"' in story
    assert "Une faute a été corrigée depuis" not in story_of(passer_by, "enonce-1")


def test_a_sentence_that_was_added_replaces_none_and_an_untouched_one_is_of_the_first_text(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, amina, chloe, denis)
    adopted(
        library,
        amina.person,
        chloe.person,
        denis.person,
        sections={"Énoncé": f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n\nUne date est écrite pour chaque étape du passage."},
    )
    assert "Elle ne remplace aucune phrase" in story_of(passer_by, "enonce-4")
    assert "C’est le texte de départ" in story_of(passer_by, "pourquoi-1")


def test_the_level_and_the_title_have_their_own_history(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person, sections={}, keys={"niveau": "standard"})
    story = story_of(passer_by, "fiche-niveau-1")
    assert 'href="/decisions/1"' in story
    assert "Impératif" in story.partition("Elle remplace")[2]
    assert "C’est le texte de départ" in story_of(passer_by, "fiche-titre-1")


def test_the_days_of_the_demand_of_the_discussion_and_of_the_decision_are_said(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, amina, chloe, denis)
    story = story_of(passer_by, "enonce-1")
    assert re.search(r'Un collège l’a demandé</h3><p class="when">\d', story)
    assert re.search(r"Du \d.* au \d", story)
    assert re.search(r'C’est décidé</h3><p class="when">\d', story)


def test_a_meeting_is_said_when_the_decision_names_one(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, amina, chloe, denis)
    assert "Rencontre" not in story_of(passer_by, "enonce-1")
    with writing() as rows:
        rows.query(Version).filter(Version.decision == 1).update({"meeting": 3})
    assert "Rencontre 3" in story_of(passer_by, "enonce-1")


def test_the_contributions_that_it_took_up_are_credited_by_number_and_college(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, bruno, chloe, denis)
    with writing() as rows:
        rows.add(
            Credit(
                proposal_id=1,
                contribution=118,
                college=College.EMPLOYEES,
                revision_number=1,
                why=Why.SUGGESTION,
                at=ago(35),
            )
        )
    story = story_of(passer_by, "enonce-1")
    assert "contribution (numéro 118) du collège : Salariés en insertion" in story


def test_a_published_sentence_leads_to_its_edition(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    three_paragraphs(library, amina, chloe, denis)
    assert "La prochaine édition le publiera" in story_of(passer_by, "enonce-1")
    published(library, denis.person, chloe.person)
    assert 'href="/editions/2026.1/criteres/E4"' in story_of(passer_by, "enonce-1")


@pytest.mark.parametrize(
    "root", ["/criteres/E4", "/chapitres/E", "/pages/methode", "/glossaire/aci", "/outils/pass-iae", "/competences/vae"]
)
def test_every_kind_of_item_says_why_and_shows_its_versions(root: str, passer_by: Someone) -> None:
    status = 404 if root.endswith("vae") else 200
    for page in ("pourquoi", "historique", "historique/comparer"):
        passer_by.get(f"{root}/{page}", status=status)
    if status == 200:
        assert "C’est le texte de départ" in words(passer_by.get(f"{root}/pourquoi"))


def test_the_pages_lead_to_the_history_of_each_item(passer_by: Someone) -> None:
    for address, root in (
        ("/chapitres/E", "/chapitres/E"),
        ("/pages/methode", "/pages/methode"),
        ("/outils/pass-iae", "/outils/pass-iae"),
        ("/criteres/E4", "/criteres/E4"),
    ):
        page = words(passer_by.get(address))
        assert f'href="{root}/historique"' in page
        assert f'href="{root}/pourquoi"' in page
    assert 'href="/glossaire/aci/historique"' in words(passer_by.get("/glossaire/"))


# --- versions


def four_versions(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> None:
    for turn, days in ((1, 30), (2, 20), (3, 10)):
        adopted(
            library,
            amina.person,
            chloe.person,
            denis.person,
            sections={"Énoncé": f"Le passage est préparé, tour {turn}."},
            days=days,
            change_class="substance" if turn < 3 else "clarity",
        )


def test_each_version_says_its_class(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    four_versions(library, amina, chloe, denis)
    page = words(passer_by.get("/criteres/E4/historique"))
    assert page.count("Changement : Fond") == 2
    assert page.count("Changement : Clarté") == 1
    assert "Version 4 : " in page
    assert "Version 1 : Texte de départ" in page


def test_any_two_versions_are_compared_from_the_form_without_a_script(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    four_versions(library, amina, chloe, denis)
    answer = passer_by.fill("/criteres/E4/historique", button="Comparer les deux versions", de="2", a="4")
    assert answer.request.path == "/criteres/E4/historique/comparer"
    assert set(answer.request.args.items()) == {("de", "2"), ("a", "4")}
    page = words(answer)
    assert "De la version 2 à la version 4" in page
    assert re.search(r"<del>.*?1", page)
    assert re.search(r"<ins>.*?3", page)
    assert "2 décisions mènent de l’une à l’autre" in page
    assert 'href="/decisions/2"' in page
    assert 'href="/decisions/3"' in page
    assert 'href="/decisions/1"' not in page
    sides = words(passer_by.get("/criteres/E4/historique/comparer?de=2&a=4&vue=cote-a-cote"))
    assert "tour 1" in re.sub(r"<[^>]+>", "", sides)
    again = passer_by.send(button="Comparer", de="1", a="4")
    assert "De la version 1 à la version 4" in words(again)


def test_without_a_choice_the_last_version_is_compared_with_the_one_before(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    four_versions(library, amina, chloe, denis)
    chosen = passer_by.fill("/criteres/E4/historique", button="Comparer les deux versions")
    assert set(chosen.request.args.items()) == {("de", "3"), ("a", "4")}
    assert "De la version 3 à la version 4" in words(passer_by.get("/criteres/E4/historique/comparer"))


def test_two_versions_in_the_wrong_order_are_put_right_and_the_same_twice_says_so(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    four_versions(library, amina, chloe, denis)
    passer_by.get("/criteres/E4/historique/comparer?de=4&a=2", status=302)
    assert "De la version 2 à la version 4" in words(passer_by.follow())
    assert "Rien ne change" in words(passer_by.get("/criteres/E4/historique/comparer?de=2&a=2"))


@pytest.mark.parametrize("name", ["0", "5", "-1", "zzz", "%00", "1e3", "99999999999", "HEAD"])
def test_a_version_that_does_not_exist_is_a_404(
    name: str, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    passer_by.get(f"/criteres/E4/historique/comparer?de={name}", status=404)
    passer_by.get(f"/criteres/E4/historique/comparer?a={name}", status=404)


def test_two_versions_cost_as_many_statements_as_there_are_versions_or_not(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    address = "/criteres/E4/historique/comparer?de=1"
    counts = []
    for _ in range(2):
        four_versions(library, amina, chloe, denis)
        passer_by.get(address)
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object, sent: list[str] = sent) -> None:
            sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        passer_by.get(address)
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 3
