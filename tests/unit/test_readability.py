"""What a machine can notice in an easy text: a hint for who writes, never a verdict."""

from pathlib import Path

import pytest

from referentiel.criteria.document import Document
from referentiel.criteria.readability import MOST_REMARKS, review
from tests.patience import patience
from tests.slow_texts import SLOW_TEXTS


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("On prépare avec vous le changement de structure au moins un mois avant la date.", "15 mots"),
        ("On prépare. Vous gardez une copie.", "2 phrases"),
        ("Un diagnostic socioprofessionnellement juste.", "mot long"),
        ("La DREETS vous répond.", "sigle"),
        ("Lisez le chapitre IV.", "chiffre romain"),
        ("Au XXIe siècle.", "chiffre romain"),
        ("Le taux est de 50 %.", "pourcentage"),
        ("On prépare ; vous signez.", "point-virgule"),
        ("On prépare (avec vous).", "parenthèses"),
        ("Un vélo, un bus, etc.", "abréviation"),
        ("Le plan est préparé par la structure.", "qui fait l’action"),
        ("On ne part pas sans plan.", "Deux négations"),
        ("mot " * 200, "très longue"),
    ],
)
def test_what_makes_a_line_hard_is_said_with_what_to_do(line: str, words: str) -> None:
    remarks = review(f"Vous gardez une copie.\n{line}")
    assert [remark.line for remark in remarks] == [2]
    assert words in remarks[0].message


def test_an_easy_text_has_no_remark() -> None:
    assert review("Vous changez de structure ?\nOn prépare ce changement avec vous.\nVous avez un CV.") == ()


def test_acronyms_that_readers_were_told_are_known() -> None:
    assert review("Votre AFEST commence.", known={"AFEST"}) == ()


def test_the_first_text_is_hardly_ever_remarked_upon() -> None:
    lines = remarks = 0
    for path in (Path(__file__).parents[2] / "content").rglob("*.md"):
        easy = Document.read(path.read_text()).section("Facile à lire")
        if easy:
            lines += len(easy.split("\n"))
            remarks += len(review(easy))
    assert lines > 250
    assert remarks * 50 < lines


@pytest.mark.parametrize("unit", SLOW_TEXTS["review"])
def test_a_hostile_text_is_reviewed(unit: str) -> None:
    with patience():
        assert len(review((unit * 20_000)[:20_000])) <= MOST_REMARKS
