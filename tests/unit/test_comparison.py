"""Differences: nothing is lost, French reads well, what moved is said to have moved, and nothing costs too much."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.criteria.comparison import Comparison, ParagraphChange, compare, keys_differ, paragraphs
from referentiel.criteria.document import Document
from referentiel.criteria.sentences import sentences
from referentiel.criteria.wording import Run, runs, tokens
from tests.patience import patience
from tests.slow_texts import SLOW_TEXTS

MARKS = {"same": "%s", "added": "{%s}", "removed": "[%s]"}

TEXTS = st.lists(
    st.sampled_from(
        ["la", "une", "l'emploi", "rendez-vous", "20 000", ",", ".", "**", "\u00a0;", " ", "  ", "\n", "é", "a"]
    ),
    max_size=25,
).map(" ".join)
UNITS = st.lists(
    st.sampled_from(
        [
            "- Un plan écrit.",
            "- Une date.",
            "On prépare avec vous.",
            "On prépare tout avec vous.",
            "",
            "### Titre",
            "| a | b |",
        ]
    ),
    max_size=8,
).map("\n".join)
TITLES = ["Énoncé", "Facile à lire", "Pourquoi"]
DOCUMENTS = st.builds(
    lambda level, bodies: Document.make({"code": "E4", "niveau": level}, bodies),
    st.sampled_from(["standard", "imperatif"]),
    st.dictionaries(st.sampled_from(TITLES), st.one_of(TEXTS, UNITS), max_size=3),
)


def written(found: tuple[Run, ...]) -> str:
    return "".join(MARKS[run.kind] % run.text for run in found)


def before_of(found: tuple[Run, ...]) -> str:
    return "".join(run.text for run in found if run.kind != "added")


def after_of(found: tuple[Run, ...]) -> str:
    return "".join(run.text for run in found if run.kind != "removed")


def statement(*lines: str) -> Document:
    return Document.make({"code": "E4"}, {"Énoncé": "\n\n".join(lines)})


def only_section(comparison: Comparison) -> tuple[ParagraphChange, ...]:
    (section,) = comparison.sections
    return section.paragraphs


@given(TEXTS, TEXTS)
def test_the_runs_spell_both_texts(before: str, after: str) -> None:
    found = runs(before, after)
    assert before_of(found) == before
    assert after_of(found) == after
    assert all(run.text for run in found)
    assert all(one.kind != other.kind for one, other in pairwise(found))
    for run in found:
        assert run.lead + run.core + run.tail == run.text


@given(st.text(max_size=60))
def test_words_and_signs_joined_again_spell_the_text(text: str) -> None:
    assert "".join(gap + word for gap, word in tokens(text)) == text


@given(st.one_of(st.none(), DOCUMENTS), st.one_of(st.none(), DOCUMENTS))
def test_a_comparison_holds_every_paragraph_of_the_sections_that_differ(
    before: Document | None, after: Document | None
) -> None:
    comparison = compare(before, after)
    old = {s.title: s.body for s in before.sections} if before else {}
    new = {s.title: s.body for s in after.sections} if after else {}
    assert {section.title for section in comparison.sections} == set(old) | set(new)
    for section in comparison.sections:
        if section.status == "same":
            assert old[section.title] == new[section.title]
            continue
        found = section.paragraphs
        for paragraph in found:
            assert before_of(paragraph.runs) == (paragraph.before or "")
            assert after_of(paragraph.runs) == (paragraph.after or "")
        was = paragraphs(section.title, old.get(section.title, ""))
        now = paragraphs(section.title, new.get(section.title, ""))
        assert [p.lead + p.after for p in found if p.after is not None] == now
        assert Counter(p.lead + p.before for p in found if p.before is not None) == Counter(was)
        stayed = [p.lead + p.before for p in found if p.before is not None and p.status != "moved"]
        places = iter(was)
        assert all(unit in places for unit in stayed), "what did not move keeps its order"


@given(st.one_of(st.none(), DOCUMENTS), st.one_of(st.none(), DOCUMENTS))
def test_whether_a_key_differs_is_known_without_comparing_words(
    before: Document | None, after: Document | None
) -> None:
    assert keys_differ(before, after) == bool(compare(before, after).keys)


@given(DOCUMENTS)
def test_a_version_does_not_differ_from_itself(document: Document) -> None:
    comparison = compare(document, document)
    assert comparison.same
    assert comparison.unchanged_count == len(document.sections)
    assert comparison.sentences.added == comparison.sentences.removed == comparison.sentences.moved == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "préparé avec la personne, avec une transmission organisée et sans trou",
            "préparé avec la personne au moins un mois avant, avec une transmission écrite et sans trou",
            "préparé avec la personne{ au moins un mois avant}, avec une transmission [organisée]{écrite} et sans trou",
        ),
        ("plus de trente jours", "plus de quinze jours", "plus de [trente]{quinze} jours"),
        ("jusqu'à 20 000 € par an", "jusqu'à 25 000 € par an", "jusqu'à [20 000]{25 000} € par an"),
        ("prendre un rendez-vous", "prendre un contact", "prendre un [rendez-vous]{contact}"),
        ("dans l'emploi durable", "dans l'activité durable", "dans [l'emploi]{l'activité} durable"),
        (
            "un plan de la structure ici",
            "un projet de cette entreprise ici",
            "un [plan de la structure]{projet de cette entreprise} ici",
        ),
        ("reçoit la réponse", "reçoit par écrit la réponse motivée", "reçoit{ par écrit} la réponse{ motivée}"),
        (
            "Vous signez. Vous gardez une copie.",
            "Vous lisez. Vous signez. Vous gardez une copie.",
            "{Vous lisez. }Vous signez. Vous gardez une copie.",
        ),
        ("Oui.", "Oui. On vous répond toujours.", "Oui.{ On vous répond toujours.}"),
        ("Rien de commun ici", "Tout autre propos là-bas", "[Rien de commun ici]{Tout autre propos là-bas}"),
    ],
)
def test_a_change_is_cut_where_a_reader_would_cut(before: str, after: str, expected: str) -> None:
    assert written(runs(before, after)) == expected


def test_each_line_of_easy_text_and_of_a_list_is_compared_alone() -> None:
    before = Document.make({}, {"Facile à lire": "Vous changez.\nOn prépare avec vous.", "Indicateurs": "- Un\n- Deux"})
    after = before.with_section("Facile à lire", "Vous changez.\nOn prépare tout avec vous.\nVous gardez une copie.")
    after = after.with_section("Indicateurs", "- Un\n- Trois\n- Deux")
    easy, indicators = compare(before, after).sections
    assert [p.status for p in easy.paragraphs] == ["same", "changed", "added"]
    assert [p.status for p in indicators.paragraphs] == ["same", "added", "same"]
    assert [p.lead for p in indicators.paragraphs] == ["- ", "- ", "- "]
    assert written(indicators.paragraphs[1].runs) == "{Trois}"


def test_a_paragraph_is_what_blank_lines_lists_tables_and_headings_make() -> None:
    body = "Une phrase\nsur deux lignes.\n\n### Titre\nSuite.\n- Un\n  et sa suite\n- Deux\n1. Trois\n\n| a |\n| - |"
    assert paragraphs("Pourquoi", body) == [
        "Une phrase\nsur deux lignes.",
        "### Titre",
        "Suite.",
        "- Un\n  et sa suite",
        "- Deux",
        "1. Trois",
        "| a |",
        "| - |",
    ]


def test_a_paragraph_that_moved_is_said_to_have_moved_reworded_or_not() -> None:
    one, two, three = "Le plan est écrit.", "La personne garde une copie.", "Un point est fait chaque mois."
    found = only_section(compare(statement(one, two, three), statement(three, one, two)))
    assert [(p.status, p.after) for p in found] == [("moved", three), ("same", one), ("same", two)]
    reworded = "Un point écrit est fait chaque mois."
    found = only_section(compare(statement(one, two, three), statement(reworded, one, two)))
    assert [p.status for p in found] == ["moved", "same", "same"]
    assert written(found[0].runs) == "Un point{ écrit} est fait chaque mois."


def test_the_summary_lists_sentences_added_removed_and_moved_even_to_another_section() -> None:
    before = Document.make({}, {"Énoncé": "Un plan est écrit. La personne signe.", "Pourquoi": "Le silence décourage."})
    after = Document.make(
        {}, {"Énoncé": "Un plan est écrit. Il est relu.", "Pourquoi": "Le silence décourage. La personne signe."}
    )
    told = compare(before, after).sentences
    assert [str(s) for s in told.added] == ["Il est relu."]
    assert told.removed == ()
    assert [(s.section, s.text) for s in told.moved] == [("Pourquoi", "La personne signe.")]


def test_sentences_follow_french_marks() -> None:
    assert sentences("Il dit : « Venez ! » Puis il part. Est-ce sûr ? M. D. Martin le sait.") == [
        "Il dit : « Venez ! »",
        "Puis il part.",
        "Est-ce sûr ?",
        "M. D. Martin le sait.",
    ]
    assert sentences("La structure répond. La personne décide… Et ensuite ? « Rien. »") == [
        "La structure répond.",
        "La personne décide…",
        "Et ensuite ?",
        "« Rien. »",
    ]


def test_keys_that_changed_are_listed_and_lists_are_compared_by_their_items() -> None:
    before = Document.read("---\ncode: E4\nniveau: standard\nstructures: [ACI,AI]\noutils: []\nvieux: x\n---\n")
    after = Document.read("---\ncode: E4\nniveau: imperatif\nstructures: [ACI, AI]\noutils: [gps]\nneuf: y\n---\n")
    found = {change.key: (change.before, change.after) for change in compare(before, after).keys}
    assert found == {
        "niveau": ("standard", "imperatif"),
        "outils": ("", "gps"),
        "vieux": ("x", None),
        "neuf": (None, "y"),
    }


def test_an_item_that_appears_or_goes_is_wholly_added_or_removed() -> None:
    document = statement("Un plan.")
    assert [s.status for s in compare(None, document).sections] == ["added"]
    assert [s.status for s in compare(document, None).sections] == ["removed"]
    assert written(only_section(compare(None, document))[0].runs) == "{Un plan.}"


@pytest.mark.parametrize("word", SLOW_TEXTS["compare"])
def test_a_hostile_text_is_compared_and_says_when_words_were_given_up(word: str) -> None:
    before = statement(word * (20_000 // len(word)))
    after = statement(("z" + word) * (20_000 // (len(word) + 1)))
    with patience():
        comparison = compare(before, after)
    for paragraph in only_section(comparison):
        assert before_of(paragraph.runs) == (paragraph.before or "")
        assert after_of(paragraph.runs) == (paragraph.after or "")


def test_past_the_cap_lines_stand_without_words_and_the_comparison_says_so() -> None:
    comparison = compare(statement("a b " * 5_000), statement("b a a " * 3_300))
    assert comparison.truncated
    assert [run.kind for run in only_section(comparison)[0].runs] == ["removed", "added"]


@settings(deadline=None)
@given(st.integers(0, 39))
def test_forty_changed_lines_are_compared_word_by_word(number: int) -> None:
    lines = [f"La structure {n} écrit un plan avec la personne et le relit chaque mois avec elle." for n in range(40)]
    changed = [line.replace("chaque mois", "tous les deux mois") for line in lines]
    found = only_section(compare(statement(*lines), statement(*changed)))
    assert [p.status for p in found] == ["changed"] * 40
    assert written(found[number].runs).endswith("le relit [chaque]{tous les deux} mois avec elle.")
