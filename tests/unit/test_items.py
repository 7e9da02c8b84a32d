"""Items of the text, typed and checked: closed lists, places, and messages that say which line to mend."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.criterion import Criterion
from referentiel.criteria.document import Document
from referentiel.criteria.items import Chapter, Page, Referential, Skill, Term, Tool, check, title_of
from referentiel.criteria.paths import Kind, is_allowed, kind_and_key, path_of, tree
from referentiel.criteria.vocabulary import (
    SECTIONS,
    Certainty,
    EvidenceHolder,
    Level,
    State,
    Step,
    StructureType,
    anchor,
    key_label,
)
from referentiel.errors import FileError

CONTENT = Path(__file__).parents[2] / "content"

G8 = """---
code: G8
titre: Avoir un livret numérique
chapitre: G
rang: 80
niveau: standard
etape: transversal
structures: [ACI, GEIQ]
outils: [pass-iae]
competences: [demander-de-l-aide]
preuve_detenue_par: [personne]
voir_aussi: [G3]
etat: retire
remplace_par: [G3]
---

## Énoncé

La personne a un livret.

## Facile à lire

Vous avez un livret.

## Raison du retrait

Il fallait un téléphone récent.
"""


def read(path: str) -> Document:
    return check(path, (CONTENT / path).read_text())


def test_every_file_of_the_first_text_is_valid() -> None:
    paths = sorted(str(path.relative_to(CONTENT)) for path in CONTENT.rglob("*.md"))
    assert len(paths) > 150
    for path in paths:
        assert title_of(read(path))


def test_a_criterion_is_read_with_its_types() -> None:
    criterion = Criterion.of(read("criteres/E4.md"))
    assert (criterion.code, criterion.chapter, criterion.rank) == ("E4", "E", 40)
    assert criterion.level is Level.IMPERATIVE
    assert criterion.level.label == "Impératif"
    assert criterion.step is Step.COORDINATION
    assert criterion.structures[:2] == (StructureType.ACI, StructureType.AI)
    assert "pass-iae" in criterion.tools
    assert EvidenceHolder.STRUCTURE in criterion.evidence_held_by
    assert criterion.state is State.IN_FORCE
    assert not criterion.withdrawn
    assert criterion.statement
    assert criterion.plain_text
    assert criterion.question.endswith("?")


def test_a_withdrawn_criterion_keeps_its_reason_and_what_replaces_it() -> None:
    criterion = Criterion.of(check("criteres/G8.md", G8))
    assert criterion.withdrawn
    assert criterion.replaced_by == ("G3",)
    assert criterion.withdrawal_reason == "Il fallait un téléphone récent."


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("niveau: standard", "niveau: moyen", 6, "imperatif, standard"),
        ("etape: transversal", "etape: partout", 7, "choisissez parmi"),
        ("structures: [ACI, GEIQ]", "structures: [ACI, SA]", 8, "« SA »"),
        ("preuve_detenue_par: [personne]", "preuve_detenue_par: [voisin]", 11, "personne, structure, prescripteur"),
        ("etat: retire", "etat: perdu", 13, "en_vigueur, retire"),
        ("rang: 80", "rang: haut", 5, "nombre entier"),
        ("titre: Avoir un livret numérique", "titre:", 3, "manque ou est vide"),
        ("code: G8\n", "", 1, "« code » manque"),
        ("code: G8", "code: g8", 2, "par exemple « code: E4 »"),
        ("code: G8", "code: G9", 2, "écrivez « G8 »"),
        ("outils: [pass-iae]", "outils: [PASS IAE]", 9, "pass-iae"),
        ("voir_aussi: [G3]", "voir_aussi: [tout]", 12, "par exemple « E2 »"),
        ("Vous avez un livret.", "", 21, "« Facile à lire » manque"),
        ("La personne a un livret.", "La personne a un\u202e livret.", 19, "inverse le sens d’écriture"),
        ("La personne a un livret.", "La personne a un\u00adlivret.", 19, "U+00AD"),
        ("## Facile à lire", "## Facile", 27, "« Facile à lire » manque"),
        ("livret.\n\n## Facile", "e\u0301crit.\n\n## Facile", 19, "NFC"),
        ("## Facile à lire", "## Énoncé", 21, "déjà à la ligne 17"),
    ],
)
def test_a_wrong_file_says_where_and_what_to_do(old: str, new: str, line: int, words: str) -> None:
    assert old in G8
    with pytest.raises(FileError) as caught:
        check("criteres/G8.md", G8.replace(old, new, 1))
    assert caught.value.file == "criteres/G8.md"
    assert words in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize("path", ["criteres/g8.md", "README.md", "pages/../x.md", "criteres/G8.txt", ".git/config"])
def test_a_file_out_of_place_is_refused(path: str) -> None:
    with pytest.raises(FileError, match="pas de place"):
        check(path, G8)


def test_a_criterion_that_waits_for_its_code_is_valid_though_the_library_refuses_its_path() -> None:
    assert check("criteres/nouveau-42.md", G8.replace("code: G8", "code: nouveau-42")).value("code") == "nouveau-42"
    assert not is_allowed("criteres/nouveau-42.md")


def test_annexes_and_translations_are_checked_in_their_own_tree() -> None:
    assert check("annexes/dep-38/criteres/G8.md", G8).value("code") == "G8"
    with pytest.raises(FileError, match="diffèrent"):
        check("annexes/dep-38/criteres/G9.md", G8)
    assert check("traductions/en/criteres/G8.md", "---\ntitre: A booklet\n---\n").value("titre") == "A booklet"
    assert tree("annexes/dep-38/criteres/G8.md") == ("annexes/dep-38/", "criteres/G8.md")
    assert tree("criteres/G8.md") == ("", "criteres/G8.md")


def test_the_other_items_are_read_with_their_types() -> None:
    referential = Referential.of(read("referentiel.md"))
    assert referential.chapters == tuple("ABCDEFG")
    assert referential.licence == "etalab-2.0"
    assert Chapter.of(read("chapitres/E.md")).code == "E"
    assert Page.of(read("pages/methode.md")).rank == 20
    term = Term.of(read("glossaire/dreets.md"))
    assert term.former_names == ("DIRECCTE", "DIECCTE")
    assert term.valid_from == "2021-04-01"
    assert term.certainty is Certainty.SURE
    assert term.definition
    tool = Tool.of(read("outils/pass-iae.md"))
    assert tool.name == "PASS IAE"
    assert tool.opened_by
    skill = Skill.of(read("competences/comprendre-une-consigne.md"))
    assert skill.certainty is Certainty.TO_CHECK
    assert skill.plain_text


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(FileError, match="n’est pas une date"):
        check("glossaire/x.md", "---\nterme: X\nvalable_depuis: hier\n---\n")


@pytest.mark.parametrize(
    ("kind", "key", "path"),
    [
        (Kind.REFERENTIAL, "presentation", "referentiel.md"),
        (Kind.CRITERION, "E4", "criteres/E4.md"),
        (Kind.CRITERION, "nouveau-42", "criteres/nouveau-42.md"),
        (Kind.CHAPTER, "E", "chapitres/E.md"),
        (Kind.TERM, "cle", "glossaire/cle.md"),
        (Kind.DECISION, "17", "decisions/17.md"),
        (Kind.ERRATUM, "2026.1/E4-1", "errata/2026.1/E4-1.md"),
    ],
)
def test_a_path_and_its_kind_and_key_are_the_same_thing(kind: Kind, key: str, path: str) -> None:
    assert path_of(kind, key) == path
    assert kind_and_key(path) == (kind, key)


PATHS = st.one_of(
    st.text(max_size=20),
    st.lists(
        st.sampled_from(
            ["criteres", "pages", "errata", "..", ".", "/", "E4", "a-b", "2026.1", "E4-1", ".md", "\n", "-", "17"]
        ),
        max_size=7,
    ).map("".join),
)


@given(PATHS)
def test_only_paths_of_the_closed_form_are_allowed(path: str) -> None:
    if is_allowed(path):
        assert path.endswith(".md")
        assert ".." not in path
        assert path.isascii()
        assert path.isprintable()
        kind, key = kind_and_key(tree(path)[1])
        assert path_of(kind, key) == tree(path)[1]
    try:
        kind, key = kind_and_key(path)
    except ValueError:
        return
    assert path_of(kind, key) == path


@pytest.mark.parametrize(
    "path",
    [
        ".gitmodules",
        ".git/config",
        "content/.GIT/hooks/x",
        "../x.md",
        "CON.md",
        "criteres/E4.md\n",
        "criteres/../E4.md",
    ],
)
def test_hostile_names_are_no_paths(path: str) -> None:
    assert not is_allowed(path)
    with pytest.raises(ValueError, match="no path"):
        kind_and_key(path)


def test_sections_have_the_address_of_their_title() -> None:
    for kind in SECTIONS:
        assert anchor(kind.title) == kind.anchor
    assert anchor("D'où vient ce texte ?") == "d-ou-vient-ce-texte"
    assert anchor("Œuvrer à 2") == "oeuvrer-a-2"
    assert anchor("«»") == "texte"


def test_each_closed_list_has_words_for_people() -> None:
    for closed in (Level, State, Step, StructureType, EvidenceHolder, Certainty):
        for member in closed:
            assert member.label
            assert member == member.value
            assert closed(member.value) is member  # type: ignore[call-arg]
    assert key_label("niveau") == "Niveau"
    assert key_label("inconnue") == "inconnue"
