"""Read: what a passer-by opens without account, cookie or script, and what stands around the text."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from referentiel.database import db
from referentiel.library.library import Library
from referentiel.web.clock import set_clock
from tests.cast import BASE, Someone
from tests.edition_lives import adopted, published, second_edition, withdrawn
from tests.proposal_lives import in_discussion


def words(answer: object) -> str:
    """The page with ordinary spaces, so that a test is written as one types."""
    return answer.get_data(as_text=True).replace("\xa0", " ")  # type: ignore[attr-defined, no-any-return]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement sent inside."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def counted(page: str) -> int:
    """How many results the page says there are in all."""
    told = re.search(r'<p role="status"><b>(\d+) critères?</b> sur \d+(?: et (\d+) résultats? ailleurs)?', page)
    assert told
    return int(told[1]) + int(told[2] or 0)


def results(page: str) -> list[str]:
    """The addresses of what a search found, in the order of the page."""
    _, _, found = page.partition('<div class="stack huge">')
    lists = re.findall(r'<ul class="(?:index|list)">(.*?)\n\s*</ul>\n', found, re.DOTALL)
    return [address for one in lists for address in re.findall(r'<a href="([^"]+)"', one)]


def next_page(page: str) -> str | None:
    link = re.search(r'<a href="([^"]+)" rel="next"', page)
    return html.unescape(link[1]) if link else None


READING = [
    *("/referentiel/", "/criteres/E4", "/criteres/E4?presentation=facile", "/criteres/E4/historique"),
    *("/criteres/E4/pourquoi", "/chapitres/E", "/pages/methode", "/glossaire/", "/outils/", "/outils/pass-iae"),
    *("/competences/", "/competences/rendre-compte", "/travail/", "/travail/criteres/E4", "/travail/pages/methode"),
    *("/travail/glossaire/", "/editions/", "/comparer", "/referentiel/?presentation=facile&structure=ETTI"),
]


# --- a passer-by


@pytest.mark.parametrize("address", READING)
def test_a_passer_by_reads_without_cookie_and_without_form_to_send(passer_by: Someone, address: str) -> None:
    answer = passer_by.get(address)
    assert "Set-Cookie" not in answer.headers
    assert 'method="post"' not in answer.get_data(as_text=True)


def test_the_contents_show_forty_criteria_in_seven_chapters(passer_by: Someone) -> None:
    page = words(passer_by.get("/referentiel/"))
    assert "40 critères en 7 chapitres" in page
    assert page.count('href="/criteres/') == 40
    assert "Texte de départ, proposé à la discussion" in page


def test_each_page_says_that_it_is_neither_a_regulation_nor_a_control(passer_by: Someone) -> None:
    for address in ("/referentiel/", "/criteres/E4", "/editions/2026.0/criteres/E4", "/outils/pass-iae"):
        assert "ni un contrôle" in words(passer_by.get(address))


def test_filters_live_in_the_address_and_can_be_taken_away_one_by_one(passer_by: Someone) -> None:
    page = words(passer_by.get("/referentiel/?niveau=imperatif&etape=coordination"))
    assert "E4" in page
    assert 'href="/criteres/A1"' not in page
    assert 'href="/referentiel/?etape=coordination"' in page
    assert 'href="/referentiel/?niveau=imperatif"' in page
    assert "Tout effacer" in page


def test_a_filter_that_is_no_choice_asks_for_nothing(passer_by: Someone) -> None:
    for query in ("niveau=zzz", "structure=%00", "etape=-1", "page=-1", "page=abc", "page=1&page=2", "niveau="):
        assert "40 critères en 7 chapitres" in words(passer_by.get(f"/referentiel/?{query}"))


def test_a_reader_finds_a_word_whatever_its_accents_and_plural(passer_by: Someone) -> None:
    for query in ("competence", "COMPÉTENCES", "compétence attestée"):
        assert 'href="/criteres/D3"' in words(passer_by.get(f"/referentiel/?q={query}"))


def test_a_reader_finds_a_term_by_its_former_name(passer_by: Someone) -> None:
    page = words(passer_by.get("/referentiel/?q=DIRECCTE"))
    assert 'href="/glossaire/#dreets"' in page


def test_a_search_without_result_says_what_to_try(passer_by: Someone) -> None:
    assert "Aucun résultat" in words(passer_by.get("/referentiel/?q=zygomatique"))


def test_a_reader_finds_the_next_results_a_page_at_a_time(passer_by: Someone) -> None:
    first = words(passer_by.get("/referentiel/?q=personne"))
    count = counted(first)
    assert count > 20
    assert "Voici les 20 résultats les plus proches de vos mots." in first
    seen: list[str] = []
    address: str | None = "/referentiel/?q=personne"
    while address:
        page = words(passer_by.get(address))
        assert counted(page) == count
        here = results(page)
        assert 0 < len(here) <= 20
        seen += here
        address = next_page(page)
    assert len(seen) == len(set(seen)) == count


def test_the_next_page_says_where_it_stands(passer_by: Someone) -> None:
    page = words(passer_by.get("/referentiel/?q=personne&page=2"))
    assert "<title>Recherche : personne, page 2," in page
    assert "Voici les résultats 21 à 40. Les plus proches de vos mots sont sur la première page." in page
    assert 'aria-current="page"><span class="sr">Page </span>2</a>' in page
    assert len(results(page)) == 20


def test_filters_and_page_keep_each_other(passer_by: Someone) -> None:
    page = words(passer_by.get("/referentiel/?q=personne&niveau=standard&page=2"))
    assert 'href="/referentiel/?q=personne&amp;niveau=standard&amp;page=1"' in page
    assert 'href="/referentiel/?presentation=facile&amp;q=personne&amp;niveau=standard&amp;page=2"' in page
    whole = words(passer_by.get("/referentiel/?q=personne"))
    assert counted(page) < counted(whole)
    standard = set(results(words(passer_by.get("/referentiel/?niveau=standard"))))
    assert {address for address in results(page) if "/criteres/" in address} <= standard
    # Another choice begins at its first page.
    assert 'href="/referentiel/?q=personne"' in page
    assert 'name="page"' not in page


@pytest.mark.parametrize("page", ["0", "-1", "abc", "%00", "1e3", "9999999999", "٢", "", "1&page=2"])
def test_a_page_number_that_means_nothing_is_the_first(passer_by: Someone, page: str) -> None:
    first = passer_by.get("/referentiel/?q=personne").get_data(as_text=True)
    assert passer_by.get(f"/referentiel/?q=personne&page={page}").get_data(as_text=True) == first


def test_a_page_past_the_last_is_the_last_and_a_list_without_words_has_one_page(passer_by: Someone) -> None:
    last = words(passer_by.get("/referentiel/?q=personne&page=999"))
    assert results(last)
    assert next_page(last) is None
    assert "40 critères en 7 chapitres" in words(passer_by.get("/referentiel/?page=2"))
    assert len(results(words(passer_by.get("/referentiel/?structure=ETTI&page=2")))) > 20


@pytest.mark.parametrize(
    "query", ["%27%22--", "%00", "a" * 5000, "*", "NEAR(", "%E2%80%AE", "<script>alert(1)</script>"]
)
def test_no_search_is_wrong(passer_by: Someone, query: str) -> None:
    page = passer_by.get(f"/referentiel/?q={query}").get_data(as_text=True)
    assert "<script>alert" not in page


def test_a_criterion_shows_its_statement_its_rubrics_and_its_neighbours(passer_by: Someone) -> None:
    page = words(passer_by.get("/criteres/E4"))
    for expected in (
        "Passer d’une étape à l’autre sans trou",
        "Tout passage vers une autre structure",
        "Impératif",
        "Niveau attendu",
        "Passage de relais",
        'href="/criteres/E3"',
        'href="/criteres/E5"',
        "Autour de ce texte",
        "Saviez-vous toujours ce qui venait après",
        'href="/criteres/E4/avis"',
        'href="/propositions/nouvelle?critere=E4"',
        'href="/editions/2026.0/criteres/E4"',
    ):
        assert expected in page, expected


def test_the_easy_text_stands_alone_and_says_that_nobody_has_reread_it(passer_by: Someone) -> None:
    page = words(passer_by.get("/criteres/E4?presentation=facile"))
    assert "On prépare ce changement avec vous." in page
    assert "Ce texte est un brouillon" in page
    assert "ne l’ont pas encore relu" in page
    assert "Niveau attendu" not in page
    assert 'href="/criteres/E5?presentation=facile"' in page


def test_what_is_not_sure_says_so(passer_by: Someone) -> None:
    assert "À vérifier" in words(passer_by.get("/outils/gps"))
    assert "À vérifier" in words(passer_by.get("/glossaire/"))


def test_a_tool_leads_to_the_criteria_that_speak_of_it(passer_by: Someone) -> None:
    page = words(passer_by.get("/outils/pass-iae"))
    assert 'href="/criteres/E4"' in page
    assert "Le PASS IAE vous donne droit à un parcours." in page


def test_the_glossary_has_an_address_for_each_word_and_its_former_names(passer_by: Someone) -> None:
    page = words(passer_by.get("/glossaire/"))
    assert 'id="pass-iae"' in page
    assert "Autrefois : Agrément Pôle emploi" in page


UNKNOWN = [
    *("/criteres/Z9", "/criteres/e4", "/criteres/E4.md", "/criteres/HEAD", "/criteres/-n1", "/criteres/:%2Fm"),
    *("/criteres/main%5E%7B%2Fsecret%7D", "/criteres/%00", "/criteres/$(touch%20%2Ftmp%2Fx)", "/criteres/..%2Fpages"),
    *("/criteres/--output=%2Ftmp%2Fpwn", "/criteres/deadbeefdeadbeefdeadbeefdeadbeefdeadbeef", "/criteres/nouveau-42"),
    *("/pages/nulle-part", "/outils/HEAD", "/competences/%00", "/chapitres/Z", "/travail/criteres/Z9", "/chapitres/-x"),
    *("/criteres/Z9/historique", "/criteres/Z9/pourquoi", "/referentiel/?le=2026-13-01", "/referentiel/?le=2020-01-01"),
    *("/depuis/hier", "/depuis/2020-02-30", "/criteres/E4?le=1999-01-01", "/referentiel/?le=-1"),
]


@pytest.mark.parametrize("address", UNKNOWN)
def test_what_does_not_exist_is_the_same_plain_404(passer_by: Someone, address: str) -> None:
    passer_by.get(address, status=404)


@pytest.mark.parametrize("page", ["-1", "99999999999999999999", "abc", "1&page=2", "²", ""])
def test_any_page_of_a_history_answers(passer_by: Someone, page: str) -> None:
    """web-20"""
    passer_by.get(f"/criteres/E4/historique?page={page}")


def test_a_day_of_the_past_is_read_at_its_own_address(passer_by: Someone) -> None:
    page = words(passer_by.get("/criteres/E4?le=2026-02-01"))
    assert "Texte en vigueur le 1er février 2026" in page
    assert 'href="/criteres/E5?le=2026-02-01"' in page
    assert "Autour de ce texte" not in page


# --- the text moves


def test_an_adopted_change_is_read_in_the_draft_and_announced_beside_the_text_in_force(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    in_force = words(passer_by.get("/criteres/E4"))
    assert "Un changement est décidé pour la prochaine édition" in in_force
    assert 'href="/travail/criteres/E4"' in in_force
    assert "un mois avant, avec la personne" not in in_force
    draft = words(passer_by.get("/travail/criteres/E4"))
    assert "un mois avant, avec la personne" in draft
    assert "Ce texte n’est pas en vigueur" in draft
    for unchanged in ("criteres/E2", "chapitres/A", "pages/methode", "referentiel/presentation"):
        page = words(passer_by.get(f"/travail/{unchanged}"))
        assert "Ce texte est le même que dans l’édition en vigueur" in page
        assert "Ce texte n’est pas en vigueur" not in page
        assert "Texte adopté, pas encore publié" not in page
    assert "Modifié" in words(passer_by.get("/travail/"))


def test_the_history_tells_each_version_with_its_decision_and_its_plain_reason(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/criteres/E4/historique"))
    assert "Décision 1" in page
    assert "Vous serez prévenu plus tôt." in page
    assert "<ins>" in page
    assert "paraîtra dans la prochaine édition" in page
    assert "Texte de départ" in page
    around = words(passer_by.get("/criteres/E4"))
    assert 'href="/decisions/1"' in around


def test_a_long_history_opens_one_difference_at_a_time(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    for turn in range(12):
        adopted(
            library,
            amina.person,
            chloe.person,
            denis.person,
            sections={"Énoncé": f"Le passage est préparé, tour {turn}."},
            days=1,
        )
    first = words(passer_by.get("/criteres/E4/historique"))
    assert first.count("Voir ce qui a changé") == 9
    assert "11" in first.partition('id="version-')[2]
    assert "Texte de départ" not in first
    opened = words(passer_by.get("/criteres/E4/historique?version=10"))
    assert 'id="version-10"' in opened
    assert "Texte de départ" in words(passer_by.get("/criteres/E4/historique?page=2"))
    assert "Texte de départ" in words(passer_by.get("/criteres/E4/historique?page=99"))
    passer_by.get("/criteres/E4/historique?version=zzz")


def test_why_leads_from_a_sentence_to_who_asked_who_decided_and_when(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/criteres/E4/pourquoi"))
    assert "Elle remplace" in page
    for expected in ("Proposition 1", "Salariés en insertion", "C’est décidé", "Vous serez prévenu plus tôt."):
        assert expected in page, expected
    assert "Première signature : Référents du SPE" in page
    assert "La prochaine édition le publiera" in page
    other = words(passer_by.get("/criteres/E4/pourquoi?phrase=pourquoi-1"))
    assert "C’est le texte de départ" in other
    passer_by.get("/criteres/E4/pourquoi?phrase=%00")


def test_a_withdrawn_criterion_keeps_its_page_with_its_reason(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    withdrawn(library, amina.person, chloe.person, denis.person)
    published(library, denis.person, chloe.person)
    page = words(passer_by.get("/criteres/G7"))
    assert "Ce critère est retiré" in page
    assert "Il fait double emploi." in page
    assert 'href="/criteres/G6"' in page
    contents = words(passer_by.get("/referentiel/"))
    assert "39 critères en 7 chapitres" in contents
    assert 'href="/criteres/G7"' in contents


def test_open_proposals_stand_around_the_text(
    library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=3, title="Prévenir un mois avant")
    page = words(passer_by.get("/criteres/E4"))
    assert "Prévenir un mois avant" in page
    assert "En discussion" in page
    assert "Salariés en insertion" in page


def test_before_the_day_of_application_the_former_edition_is_still_read(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, in_days=30)
    assert "Édition 2026.0" in words(passer_by.get("/referentiel/"))
    set_clock(app, lambda: datetime.now(UTC) + timedelta(days=31))
    page = words(passer_by.get("/referentiel/"))
    assert "Édition 2026.1" in page
    assert "un mois avant, avec la personne" in words(passer_by.get("/criteres/E4"))


# --- speed


def test_a_criterion_costs_the_same_number_of_statements_whatever_is_around_it(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, bruno: Someone, passer_by: Someone
) -> None:
    passer_by.get("/criteres/E4")
    with statements() as few:
        passer_by.get("/criteres/E4")
    adopted(library, amina.person, chloe.person, denis.person, days=20)
    for number in range(6):
        in_discussion(library, bruno.person, chloe.person, days=3, title=f"Demande {number}")
    passer_by.get("/criteres/E4")
    with statements() as many:
        passer_by.get("/criteres/E4")
    assert len(many) == len(few) <= 4, "\n".join(many)


@pytest.mark.parametrize("address", ["/referentiel/", "/travail/", "/glossaire/", "/chapitres/E", "/outils/pass-iae"])
def test_the_text_alone_costs_no_statement(passer_by: Someone, address: str) -> None:
    passer_by.get(address)
    with statements() as sent:
        passer_by.get(address)
    assert sent == []


def test_the_history_and_the_why_cost_few_statements(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    for address, most in (("/criteres/E4/historique", 3), ("/criteres/E4/pourquoi", 5), ("/comparer", 2)):
        passer_by.get(address)
        with statements() as sent:
            passer_by.get(address)
        assert len(sent) <= most, address + "\n" + "\n".join(sent)


def test_a_signed_in_person_reads_the_same_text(amina: Someone, passer_by: Someone) -> None:
    mine = amina.get("/criteres/E4")
    assert mine.headers["Cache-Control"] == "no-store"
    for piece in ("Tout passage vers une autre structure", "Autour de ce texte"):
        assert piece in words(mine)
    assert passer_by.client.get("/criteres/E4", base_url=BASE).headers["Cache-Control"] != "no-store"
