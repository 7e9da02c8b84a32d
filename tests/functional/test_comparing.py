"""Compare two editions, or the last one and the draft: figures, words, reasons."""

import pytest

from referentiel.library.library import Library
from referentiel.proposals.states import ProposalKind
from tests.cast import Someone
from tests.edition_lives import adopted, published
from tests.functional.test_reading import words
from tests.proposal_lives import decided, in_discussion


def test_nothing_changed_is_said_so(passer_by: Someone) -> None:
    assert "Rien ne change" in words(passer_by.get("/comparer"))
    assert "Rien ne change" in words(passer_by.get("/comparer?de=2026.0&a=2026.0"))


def test_two_editions_are_compared_in_figures_in_words_and_with_the_plain_reason(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    adopted(
        library,
        bruno.person,
        chloe.person,
        denis.person,
        path="criteres/A1.md",
        sections={"Pourquoi": "Une personne bien informée choisit mieux."},
        change_class="clarity",
    )
    gone = in_discussion(
        library,
        amina.person,
        chloe.person,
        days=60,
        kind=ProposalKind.WITHDRAW,
        path="criteres/G7.md",
        sections={"Raison du retrait": "Il fait double emploi."},
        keys={"remplace_par": ("G6",)},
    )
    decided(library, gone, chloe.person, denis.person, days=12)
    published(library, denis.person, chloe.person)
    page = words(passer_by.get("/comparer?de=2026.0&a=2026.1"))
    assert "3 critères changent." in page
    assert "Les 37 autres restent identiques." in page
    for expected in (
        "modifié sur le fond",
        "précisé",
        "retiré",
        "remplacé par G6",
        "Il fait double emploi.",
        "Vous serez prévenu plus tôt.",
        "un mois avant",
        "<ins>",
        "<del>",
        'href="/decisions/1"',
        'href="/editions/2026.1/criteres/E4"',
    ):
        assert expected in page, expected
    assert words(passer_by.get("/comparer?de=2026.0")).count("critères changent") == 1
    assert "Rien ne change" in words(passer_by.get("/comparer?de=2026.1&a=travail"))


def test_the_draft_is_compared_with_the_last_edition_by_default(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/comparer"))
    assert "De l’édition 2026.0 à la version de travail" in page
    assert 'href="/travail/criteres/E4"' in page


def test_a_structure_sees_first_what_concerns_it(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/comparer?pour=ACI"))
    assert "Ce qui change pour une structure ACI" in page
    assert "1 critère change. Dont 1 pour une structure ACI." in page
    other = words(passer_by.get("/comparer?pour=GEIQ"))
    assert "Aucun pour une structure GEIQ." in other
    assert "1 changement n’est pas pour une structure GEIQ" in other


def test_what_changed_since_a_day_has_an_address(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    assert "Rien ne change" in words(passer_by.get("/depuis/2026-02-01"))
    adopted(library, amina.person, chloe.person, denis.person)
    published(library, denis.person, chloe.person)
    page = words(passer_by.get("/depuis/2026-02-01"))
    assert "Ce qui change depuis le 1er février 2026" in page
    assert "De l’édition 2026.0 à l’édition 2026.1" in page
    assert "1 critère change." in page


@pytest.mark.parametrize(
    "name", ["-x", "v1..2", "HEAD", "2026.01", "--output=/tmp/pwn", ":/m", "%00", "main", "2031.4"]
)
def test_a_name_that_is_no_edition_is_a_404(passer_by: Someone, name: str) -> None:
    """ref-01, ref-03, git-*"""
    passer_by.get(f"/comparer?de={name}", status=404)
    passer_by.get(f"/comparer?de=2026.0&a={name}", status=404)
