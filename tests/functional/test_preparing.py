"""Preparing an edition: what it holds, what the text lacks, each page before it is sealed."""

import re
from html import unescape

import pytest
from flask import Flask

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.editions import queries
from referentiel.editions.edition import Edition
from referentiel.editions.preparing import actions
from referentiel.editions.preparing.completeness import Gap, report
from referentiel.editions.preparing.queries import inside, lacks, older_plain_texts
from referentiel.editions.sealing.publishing import seal_confirmed
from referentiel.library.library import Library
from referentiel.search.lists import keep_up
from tests.cast import Someone, now
from tests.edition_lives import PRESS, adopted, announced, prepared, second_edition
from tests.edition_material import criterion, material
from tests.proposal_lives import ago


def source(person: Someone, path: str) -> str:
    return person.get(path).get_data(as_text=True)


def words(person: Someone, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source(person, path)))


# --- what is in it


def test_denis_reads_the_number_and_why_before_he_prepares(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    announced(denis.person)
    keep_up(library)
    page = words(denis, "/editions/preparation")
    assert "2026.1" in page
    assert "C’est une nouvelle édition, parce que E4 change sur le fond" in page
    assert "Textes qui changent 1" in page


def test_a_change_of_clarity_alone_is_a_correction_and_the_page_says_so(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person, change_class=ChangeClass.CLARITY)
    announced(denis.person)
    keep_up(library)
    assert "C’est une correction de l’édition 2026.0" in words(denis, "/editions/preparation")


def test_nothing_is_inside_when_nothing_changed(library: Library) -> None:
    assert inside(library, at=now()) is None


# --- what it lacks


def test_chloe_sees_what_the_text_lacks_and_each_line_leads_to_it(library: Library, chloe: Someone) -> None:
    page = source(chloe, "/editions/preparation/manques")
    assert 'href="/travail/criteres/A1"' in page
    assert "Critères sans passage de relais" in page
    assert "Rien de ceci n’empêche de publier" in page


def test_a_plain_text_is_old_once_its_statement_alone_has_changed(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    assert older_plain_texts() == frozenset()
    adopted(library, amina.person, chloe.person, denis.person)
    keep_up(library)
    assert older_plain_texts() == {"criteres/E4.md"}
    assert [lack.key for lack in lacks(library)[Gap.STALE_PLAIN_TEXT]] == ["E4"]
    both = {"Énoncé": "Tout passage est préparé.", "Facile à lire": "On prépare le passage avec vous."}
    adopted(library, amina.person, chloe.person, denis.person, days=5, sections=both)
    keep_up(library)
    assert older_plain_texts() == frozenset()


def test_a_corrected_typing_mistake_makes_no_plain_text_old(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    typed = Document.read(library.read("criteres/E4.md").text).section("Énoncé") or ""
    one_letter = {"Énoncé": typed.replace("préparé", "prépare")}
    adopted(library, amina.person, chloe.person, denis.person, sections=one_letter, change_class=ChangeClass.TYPO)
    keep_up(library)
    assert older_plain_texts() == frozenset()


@pytest.mark.parametrize(
    ("changed", "gap", "what"),
    [
        (criterion(Pourquoi=""), Gap.MISSING_SECTION, ("Pourquoi",)),
        (criterion(Passage_de_relais=""), Gap.NO_HANDOVER, ()),
        (criterion(Pourquoi="Voir [le critère](/criteres/Z9)."), Gap.BROKEN_LINK, ("Z9",)),
        (criterion(Pourquoi="Prévenir le XYZQ avant la fin."), Gap.UNKNOWN_ACRONYM, ("XYZQ",)),
        (re.sub("competences: .*", "competences: []", criterion()), Gap.NO_SKILL, ()),
    ],
)
def test_what_is_missing_from_a_criterion_is_named(changed: str, gap: Gap, what: tuple[str, ...]) -> None:
    before = report(material().documents)
    after = report(material({"criteres/E4.md": changed}).documents)
    (lack,) = [lack for lack in after[gap] if lack not in before[gap]]
    assert (lack.path, lack.what) == ("criteres/E4.md", what)


def test_what_leads_to_a_withdrawn_text_leads_nowhere() -> None:
    gone = criterion().replace("etat: en_vigueur", "etat: retire")
    found = report(material({"criteres/E4.md": gone}).documents)[Gap.BROKEN_LINK]
    assert found
    assert all(lack.what == ("E4",) for lack in found)
    assert "criteres/E4.md" not in {lack.path for lack in found}


@pytest.mark.parametrize(
    "said", ["le critère C4", "(https://a.example/PDF/X)", "`DCO`", "le PASS IAE", "un CDDI en ACI"]
)
def test_a_code_an_address_or_a_word_of_the_glossary_is_no_unknown_acronym(said: str) -> None:
    before = report(material().documents)[Gap.UNKNOWN_ACRONYM]
    assert (
        report(material({"criteres/E4.md": criterion(Pourquoi=f"Voici {said}.")}).documents)[Gap.UNKNOWN_ACRONYM]
        == before
    )


# --- how it will look


def test_denis_reads_each_page_as_it_will_be_and_nobody_else_learns_that_it_exists(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    prepared(library, denis.person, in_days=30, note="Les passages se préparent.")
    keep_up(library)
    contents = source(denis, "/editions/preparation/apercu/")
    assert "Aperçu : rien n’est encore publié." in words(denis, "/editions/preparation/apercu/")
    assert 'href="criteres/E4"' in contents
    page = words(denis, "/editions/preparation/apercu/criteres/E4")
    assert "Tout passage vers une autre structure est préparé un mois avant, avec la personne." in page
    assert "Édition 2026.1" in page
    denis.get("/editions/preparation/apercu/glossaire/")
    denis.get("/editions/preparation/apercu/criteres/Z9", status=404)
    bruno.get("/editions/preparation/apercu/", status=403)
    passer_by.get("/editions/2026.1/", status=404)


def test_what_was_prepared_is_what_the_preview_shows_whatever_the_draft_became(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    prepared(library, denis.person)
    adopted(library, amina.person, chloe.person, denis.person, days=2, sections={"Énoncé": "Un autre énoncé."})
    keep_up(library)
    assert "Un autre énoncé." not in source(denis, "/editions/preparation/apercu/criteres/E4")
    page = words(chloe, "/editions/preparation")
    assert "La version de travail a changé depuis la préparation." in page
    assert "Ce qu’il y aurait dedans en préparant de nouveau" in page
    assert "Relire ce qui change" not in page


def test_the_preview_says_word_for_word_what_is_sealed(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = prepared(library, denis.person, days=0)
    keep_up(library)
    preview = source(denis, "/editions/preparation/apercu/criteres/E4")
    actions.confirm(library, plan, by=chloe.person, at=ago(0))
    published_page = sealed(library)
    assert published_page in preview


def sealed(library: Library) -> str:
    (edition,) = seal_confirmed(library, PRESS, at=ago(0))
    return (library.path.parent / "editions" / str(edition.number) / "scelle/criteres/E4.html").read_text("utf-8")


def test_there_is_no_preview_of_an_edition_that_nobody_announced(chloe: Someone) -> None:
    chloe.get("/editions/preparation/apercu/", status=404)


def test_published_then_nothing_is_left_to_preview(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    denis.get("/editions/preparation/apercu/", status=404)


# --- the note of revision


def test_denis_edits_the_note_of_revision_that_is_drafted_and_it_is_published_word_for_word(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    announced(denis.person)
    keep_up(library)
    page = source(denis, "/editions/preparation")
    drafted = unescape(page.partition('name="revision_note"')[2].partition(">")[2].partition("</textarea>")[0]).strip()
    assert "E4" in drafted
    edited = f"{drafted}\n\nUne phrase de Denis, sur **deux** lignes\net avec un espace\u00a0insécable."
    applies = f"{ago(-30):%Y-%m-%d}"
    answer = denis.fill(
        "/editions/preparation", to="/editions/preparation/edition", applies=applies, revision_note=edited
    )
    assert answer.status_code == 303
    assert "Une phrase de Denis" in words(denis, "/editions/preparation/apercu/note-de-revision/")
    plan = queries.open_plan()
    assert plan is not None
    actions.confirm(library, plan, by=chloe.person, at=ago(0))
    (edition,) = seal_confirmed(library, PRESS, at=ago(0))
    assert edition.revision == edited
    assert Edition.read(str(edition.number), edition.message) == edition
    shown = source(passer_by, f"/editions/{edition.number}/note-de-revision/")
    assert "<strong>deux</strong>" in shown
    assert "Ce qui change dans cette édition" in words(passer_by, f"/editions/{edition.number}/")
    (tag,) = [tag for tag in library.editions() if tag.number == str(edition.number)]
    assert Edition.of(tag.number, tag.header, tag.manifest) == edition


def test_a_note_of_revision_that_is_too_long_is_refused_and_kept(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    announced(denis.person)
    keep_up(library)
    long = "mot " * 6_000
    answer = denis.fill("/editions/preparation", to="/editions/preparation/edition", revision_note=long)
    assert answer.status_code == 422
    assert "mot mot mot" in answer.get_data(as_text=True)


def test_an_edition_without_a_note_of_revision_has_no_page_for_it(passer_by: Someone) -> None:
    passer_by.get("/editions/2026.0/note-de-revision/", status=404)
