"""The class of a change: what may be called a correction, and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.changes import FIELD, ChangeClass, check_class
from referentiel.criteria.document import Document
from referentiel.errors import Invalid

SENTENCE = "La structure peut prolonger le contrat de deux mois, mais ne le rompt pas sans entretien."
BASE = Document.make(
    {"code": "E4", "titre": "Passer sans trou", "niveau": "standard", "structures": ["ACI"], "rang": "40"},
    {"Énoncé": SENTENCE, "Facile à lire": "On vous acompagne.\nVous gardez une copie.", "Indicateurs": "- Un\n- Deux"},
)


def refusal(claimed: ChangeClass, before: Document | None, after: Document | None) -> str:
    with pytest.raises(Invalid) as caught:
        check_class(claimed, before, after)
    assert caught.value.field == FIELD
    return str(caught.value)


def reworded(old: str, new: str) -> Document:
    assert old in SENTENCE
    return BASE.with_section("Énoncé", SENTENCE.replace(old, new))


def test_a_misspelt_word_a_comma_and_a_title_are_corrections() -> None:
    check_class(
        ChangeClass.TYPO, BASE, BASE.with_section("Facile à lire", "On vous accompagne.\nVous gardez une copie.")
    )
    check_class(ChangeClass.TYPO, BASE, reworded("mois, mais", "mois mais"))
    check_class(ChangeClass.TYPO, BASE, BASE.with_value("titre", "Passer sans trous"))
    check_class(ChangeClass.TYPO, BASE, BASE)


def test_better_typography_is_a_correction_however_much_there_is_of_it() -> None:
    plain = BASE.with_section(
        "Énoncé", "L'aide n'est pas due : l'un dit \"oui\", l'autre n'a pas 20 000 € ; c'est d'accord."
    )
    typeset = plain.with_section("Énoncé", (plain.section("Énoncé") or "").replace("'", "’").replace(" ;", "\u00a0;"))
    check_class(ChangeClass.TYPO, plain, typeset)


def test_up_to_three_words_a_section_are_a_correction_in_each_section() -> None:
    three = reworded("prolonger le contrat", "prolongé les contrats")
    both = three.with_section("Facile à lire", "On vous accompagne.\nVous garder une copies.")
    check_class(ChangeClass.TYPO, BASE, both)
    assert "plus de 3 mots" in refusal(
        ChangeClass.TYPO, BASE, reworded("prolonger le contrat", "étendre aussi les contrats")
    )


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("peut", "doit", "peut"),
        ("peut", "peux", "peut"),
        ("deux mois", "trois mois", "deux"),
        ("deux mois", "2 mois", "deux"),
        ("deux mois", "mois", "deux"),
        ("ne le rompt pas", "le rompt pas", "ne"),
        ("ne le rompt pas", "ne le rompt", "pas"),
        ("sans entretien", "avec entretien", "sans"),
        ("le contrat", "l'unième contrat", "l'unième"),
        ("le rompt", "n'est rompt", "n'est"),
    ],
)
def test_a_number_a_negation_or_an_obligation_is_no_correction(old: str, new: str, word: str) -> None:
    message = refusal(ChangeClass.TYPO, BASE, reworded(old, new))
    assert f"« {word} »" in message


def test_moving_a_negation_is_no_correction_though_the_words_are_the_same() -> None:
    after = reworded(
        "peut prolonger le contrat de deux mois, mais ne le rompt pas",
        "peut pas prolonger le contrat de deux mois, mais ne le rompt",
    )
    assert "« pas »" in refusal(ChangeClass.TYPO, BASE, after)


@pytest.mark.parametrize("claimed", [ChangeClass.TYPO, ChangeClass.CLARITY])
def test_level_scope_and_state_are_always_of_substance(claimed: ChangeClass) -> None:
    assert "Niveau" in refusal(claimed, BASE, BASE.with_value("niveau", "imperatif"))
    assert "Structures" in refusal(claimed, BASE, BASE.with_value("structures", ["ACI", "EI"]))
    assert "État" in refusal(claimed, BASE, BASE.with_value("etat", "retire"))
    assert "Fond" in refusal(claimed, None, BASE)
    assert "Fond" in refusal(claimed, BASE, None)


def test_a_place_an_order_or_a_section_that_comes_is_clarity_at_least() -> None:
    for after in (
        BASE.with_value("rang", "50"),
        BASE.with_section("Pourquoi", "Oui."),
        BASE.with_section("Indicateurs", None),
        Document.read(BASE.text.replace("titre:", "# note\ntitre:")),
    ):
        refusal(ChangeClass.TYPO, BASE, after)
        check_class(ChangeClass.CLARITY, BASE, after)


def test_substance_may_change_anything() -> None:
    check_class(ChangeClass.SUBSTANCE, BASE, None)
    check_class(ChangeClass.SUBSTANCE, None, BASE)
    check_class(ChangeClass.SUBSTANCE, BASE, reworded("peut", "doit"))


@given(st.integers(0, 14), st.sampled_from(["pas", "7", "doivent", "jamais", "vingt"]))
def test_a_weighty_word_put_in_anywhere_is_seen(place: int, word: str) -> None:
    words = SENTENCE.split()
    words[place:place] = [word]
    refusal(ChangeClass.TYPO, BASE, BASE.with_section("Énoncé", " ".join(words)))


def test_each_class_has_a_name_and_says_when_to_choose_it() -> None:
    for member in ChangeClass:
        assert member.label
        assert member.explanation.endswith(".")
