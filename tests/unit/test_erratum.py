"""The form of an erratum: what its file says, what may be wrong in it, and what it makes of a sealed text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import Erratum, standing, taken
from referentiel.criteria.items import check
from referentiel.criteria.paths import code_of, corrected_by, is_allowed, is_new, numbered
from referentiel.errors import FileError

PATH = "errata/2026.1/E4-1.md"
TEXT = """---
edition: 2026.1
texte: criteres/E4
rubrique: Énoncé
date: 2026-06-01
decision: 17
---

## Au lieu de

un mois

## Lire

deux mois

## Raison

Le texte voté disait deux mois.
"""
SEALED = Document.make({"code": "E4", "titre": "Passer"}, {"Énoncé": "Au moins un mois avant.", "Pourquoi": "Voilà."})


def erratum(name: str = "E4-1", **changes: str) -> Erratum:
    text = TEXT
    for old, new in changes.items():
        text = text.replace({"words": "un mois", "read": "deux mois", "section": "Énoncé"}[old], new)
    return Erratum.of(Document.read(text, f"errata/2026.1/{name}.md"))


def replacing(name: str, *others: str) -> Erratum:
    document = Document.read(TEXT, f"errata/2026.1/{name}.md").with_value("remplace", others)
    return Erratum.of(document)


def test_its_file_is_read_and_written_to_the_same_bytes() -> None:
    assert check(PATH, TEXT).text == TEXT
    one = erratum()
    assert (one.edition, one.path, one.key, one.anchor) == ("2026.1", "criteres/E4.md", "E4", "enonce")
    assert (one.on, one.decision, one.number) == (date(2026, 6, 1), 17, 1)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("edition: 2026.1", "edition: 2026.2", 2),
        ("texte: criteres/E4", "texte: criteres/E5", 2),
        ("texte: criteres/E4", "texte: pages/methode", 3),
        ("texte: criteres/E4", "texte: ../E4", 3),
        ("rubrique: Énoncé", "rubrique:", 4),
        ("date: 2026-06-01", "date: hier", 5),
        ("decision: 17", "decision: 0", 6),
        ("decision: 17", "remplace: [E5-1]", 6),
        ("un mois\n", "\n", 9),
        ("deux mois\n\n", "\n", 13),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int) -> None:
    with pytest.raises(FileError) as refused:
        check(PATH, TEXT.replace(old, new, 1))
    assert refused.value.line == line


def test_one_that_waits_for_its_number_has_neither_day_nor_decision() -> None:
    pending = "errata/2026.1/E4-nouveau-42.md"
    text = TEXT.replace("date: 2026-06-01\ndecision: 17\n", "")
    assert Erratum.of(check(pending, text)).decision is None
    assert is_new(pending)
    assert not is_allowed(pending)
    with pytest.raises(FileError):
        check(PATH, text)


def test_paths_of_errata_are_taken_apart_and_numbered() -> None:
    assert numbered("errata/2026.1/E4-nouveau-1.md", 42) == "errata/2026.1/E4-nouveau-42.md"
    assert corrected_by("errata/2026.1.3/E-2.md") == ("2026.1.3", "E")
    assert (code_of(PATH), code_of("criteres/E4.md"), code_of("referentiel.md")) == (
        "2026.1/E4-1",
        "E4",
        "presentation",
    )
    with pytest.raises(ValueError, match="no path of an erratum"):
        corrected_by("criteres/E4.md")


def test_the_text_to_read_is_the_sealed_one_but_for_those_words() -> None:
    read = erratum().corrects(SEALED)
    assert read.section("Énoncé") == "Au moins deux mois avant."
    assert read.section("Pourquoi") == "Voilà."
    assert erratum(section="titre", words="Passer", read="Aller").corrects(SEALED).value("titre") == "Aller"


def test_one_that_replaces_takes_the_place_and_one_that_did_not_know_is_told() -> None:
    first, second = erratum(), replacing("E4-2", "E4-1")
    assert standing([first, second]) == (second,)
    unaware = Erratum.of(Document.read(TEXT, "errata/2026.1/E4-nouveau-9.md"))
    assert taken(unaware, [first]) is first
    assert taken(replacing("E4-nouveau-9", "E4-1"), [first]) is None
    assert taken(replacing("E4-nouveau-9", "E4-1"), [first, second]) is second
    assert taken(erratum(section="Pourquoi", name="E4-3"), [first]) is None


@given(st.text(alphabet="abcdé -*\n", min_size=1, max_size=30), st.integers(0, 5), st.integers(0, 5))
def test_the_words_around_a_passage_never_move(body: str, start: int, length: int) -> None:
    sealed = Document.make({"code": "E4", "titre": "T"}, {"Énoncé": f"[{body.strip()}]"})
    words = (sealed.section("Énoncé") or "")[start : start + length + 1]
    if not words.strip() or words != words.strip():
        return
    text = Document.make(
        {"edition": "2026.1", "texte": "criteres/E4", "rubrique": "Énoncé", "date": "2026-06-01", "decision": "1"},
        {"Au lieu de": words, "Lire": "ZZZ"},
        PATH,
    )
    one = Erratum.of(Document.read(text.text, PATH))
    if one.quotation != words:
        return
    before, _, after = (sealed.section("Énoncé") or "").partition(words)
    assert one.stands_in(sealed) >= 1
    assert one.corrects(sealed).section("Énoncé") == f"{before}ZZZ{after}".strip("\n")
