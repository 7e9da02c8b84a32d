"""Who wrote each paragraph, from the successive texts of one file."""

from hypothesis import given
from hypothesis import strategies as st

from referentiel.library.blame import Origin, Trace, parts_of, split, trace

FIRST = """---
code: A1
titre: Accueillir
---

## Énoncé

La structure accueille.

Elle le fait le premier jour.

## Exemples de preuves

- Un livret
- Une liste
"""


def origins(traced: Trace, part: str) -> list[Origin]:
    return [origin for _, origin in traced[part].paragraphs]


def test_the_first_text_is_the_origin_of_all() -> None:
    traced = trace({}, FIRST, 1, typo=False)
    assert set(traced) == {"key:code", "key:titre", "section:Énoncé", "section:Exemples de preuves"}
    assert {origin for part in traced for origin in origins(traced, part)} == {Origin(1)}
    assert len(origins(traced, "section:Exemples de preuves")) == 2


def test_a_changed_paragraph_changes_hands_and_the_others_do_not() -> None:
    traced = trace({}, FIRST, 1, typo=False)
    traced = trace(traced, FIRST.replace("Elle le fait le premier jour.", "Elle le fait dès le matin."), 7, typo=False)
    assert origins(traced, "section:Énoncé") == [Origin(1), Origin(7)]
    assert origins(traced, "key:titre") == [Origin(1)]


def test_a_typing_correction_takes_no_authorship() -> None:
    traced = trace({}, FIRST.replace("accueille", "acueille"), 1, typo=False)
    traced = trace(traced, FIRST, 5, typo=True)
    assert origins(traced, "section:Énoncé") == [Origin(1, retouched=5), Origin(1)]
    traced = trace(traced, FIRST.replace("La structure", "Chaque structure"), 6, typo=False)
    assert origins(traced, "section:Énoncé") == [Origin(6), Origin(1)]


def test_a_paragraph_that_moves_keeps_its_origin() -> None:
    traced = trace({}, FIRST, 1, typo=False)
    moved = FIRST.replace(
        "La structure accueille.\n\nElle le fait le premier jour.",
        "Elle le fait le premier jour.\n\nNouveau.\n\nLa structure accueille.",
    )
    assert origins(trace(traced, moved, 2, typo=False), "section:Énoncé") == [Origin(1), Origin(2), Origin(1)]
    elsewhere = (
        FIRST.replace("\n\nElle le fait le premier jour.", "") + "\n## Pourquoi\n\nElle le fait le premier jour.\n"
    )
    assert origins(trace(traced, elsewhere, 3, typo=False), "section:Pourquoi") == [Origin(1)]


def test_a_line_typed_with_three_hashes_opens_no_section() -> None:
    assert set(parts_of(FIRST + "\n### Un titre\n\nTexte\n")) == set(parts_of(FIRST))


def test_each_item_of_a_list_is_a_paragraph() -> None:
    assert split("Avant :\n- un\n  suite\n- deux\n\nAprès") == ["Avant :", "- un\n  suite", "- deux", "Après"]


@given(st.lists(st.lists(st.sampled_from(["un", "deux", "trois", "quatre"]), max_size=5), min_size=1, max_size=6))
def test_every_paragraph_has_an_origin_that_held_its_words(history: list[list[str]]) -> None:
    traced: Trace = {}
    for number, words in enumerate(history, 1):
        body = "\n\n".join(words)
        traced = trace(traced, f"---\n---\n\n## Énoncé\n\n{body}\n", number, typo=False)
        found = traced["section:Énoncé"].paragraphs
        assert [text for text, _ in found] == words
        assert all(text in history[origin.number - 1] for text, origin in found)
