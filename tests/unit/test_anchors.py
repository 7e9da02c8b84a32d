"""A comment stays with the words that it is about, in the item that it is about, or says that they have gone."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from referentiel.comments.anchors import Anchor, Place, Target, Wording, find, pin, quote
from referentiel.errors import Invalid

STATEMENT = (
    "Tout passage vers une autre structure, une formation ou un emploi est préparé avec la personne, "
    "avec une transmission organisée et sans période sans solution."
)
E4 = Anchor(Target.CRITERION, "E4", "Énoncé")

WORDS = [
    *["la", "structure", "prépare", "le", "passage", "avec", "la", "personne", "d'accord", "’", "«", "»", "—"],
    "\n",
    "\u00a0",
]
texts = st.lists(st.sampled_from(WORDS)).map(" ".join)


def as_heard(passage: str) -> list[str]:
    return passage.translate(str.maketrans("’«»", '\'""')).split()


def e4(**sections: str) -> Wording:
    return Wording(Target.CRITERION, "E4", {"Énoncé": sections.get("statement", STATEMENT), **sections})


def test_a_passage_is_found_where_it_was_read() -> None:
    anchor = quote(E4, STATEMENT, "une transmission organisée")
    place = find(anchor, e4())
    assert place is not None
    assert STATEMENT[place.start : place.end] == "une transmission organisée"


def test_a_passage_retyped_with_other_apostrophes_and_spaces_is_recognised() -> None:
    body = "L’accord est écrit : la personne\nle garde."
    anchor = quote(E4, body, "L'accord est écrit : la personne le garde.")
    assert anchor.quotation == body


def test_a_passage_copied_from_the_page_is_found_under_its_marks() -> None:
    body = "- **Pas encore** : le contrat s'arrête.\n- **Un peu** : la structure suivante est prévenue."
    anchor = quote(E4, body, "le contrat s’arrête.\nUn peu : la structure")
    assert anchor.quotation == "le contrat s'arrête.\n- **Un peu** : la structure"


def test_a_passage_that_the_section_does_not_contain_is_refused_with_its_name() -> None:
    with pytest.raises(Invalid) as refusal:
        quote(E4, STATEMENT, "une phrase inventée")
    assert refusal.value.field == "citation"
    assert "Énoncé" in str(refusal.value)


def test_an_empty_passage_is_refused() -> None:
    with pytest.raises(Invalid):
        quote(E4, STATEMENT, "   ")


def test_the_right_repetition_is_kept_when_the_text_around_it_changes() -> None:
    body = "Le plan est écrit avec la personne. Le bilan est écrit avec la personne."
    second = body.rindex("avec la personne")
    anchor = pin(E4, body, second, second + len("avec la personne"))
    changed = "D'abord une phrase nouvelle. " + body
    place = find(anchor, e4(statement=changed))
    assert place is not None
    assert place.start == changed.rindex("avec la personne")


def test_words_that_have_gone_leave_the_comment_detached() -> None:
    anchor = quote(E4, STATEMENT, "une transmission organisée")
    assert find(anchor, e4(statement="Chaque passage a une date, connue de la personne.")) is None


def test_two_common_words_elsewhere_are_not_taken_for_the_passage() -> None:
    anchor = quote(E4, STATEMENT, "la personne")
    assert find(anchor, e4(statement="Le contrat est lu avec la personne, mot à mot.")) is None


def test_a_passage_moved_to_another_section_is_followed() -> None:
    anchor = quote(E4, STATEMENT, "une transmission organisée et sans période sans solution")
    moved = e4(
        statement="Tout passage est préparé.",
        **{"Points d'attention": "Prévoir une transmission organisée et sans période sans solution."},
    )
    place = find(anchor, moved)
    assert place is not None
    assert place.section == "Points d'attention"


def test_a_passage_never_moves_to_another_criterion() -> None:
    anchor = quote(E4, STATEMENT, "une transmission organisée")
    assert find(anchor, Wording(Target.CRITERION, "E5", {"Énoncé": STATEMENT})) is None


def test_a_word_on_the_whole_criterion_never_detaches() -> None:
    assert find(Anchor(Target.CRITERION, "E4"), e4(statement="Autre chose.")) == Place("")


def test_a_word_on_a_section_detaches_when_the_section_goes() -> None:
    on = Anchor(Target.CRITERION, "E4", "Indicateurs")
    assert find(on, e4()) is None
    assert find(on, e4(Indicateurs="- Un")) == Place("Indicateurs", 0, 4)


def test_only_blanks_cannot_be_pinned() -> None:
    with pytest.raises(ValueError, match="words"):
        pin(E4, "un \u00a0 deux", 2, 5)


@given(texts, st.data())
def test_pinned_words_are_found_at_their_place_in_the_same_text(body: str, data: st.DataObject) -> None:
    assume(body.strip())
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    assume(body[start:end].strip(" \n\u00a0"))
    anchor = pin(E4, body, start, end)
    place = find(anchor, e4(statement=body))
    assert place is not None
    assert body[place.start : place.end] == anchor.quotation
    assert start <= place.start < place.end <= end


@given(texts, texts, texts, st.data())
def test_edits_away_from_the_words_do_not_lose_them(first: str, body: str, last: str, data: st.DataObject) -> None:
    """Unless they add the very same words, which would leave a doubt."""
    needle = "le tuteur signe la fiche avec vous"
    cut = data.draw(st.integers(0, len(body)))
    text = f"{body[:cut]} {needle} {body[cut:]}"
    anchor = quote(E4, text, needle)
    edited = f"{first} {text} {last}"
    place = find(anchor, e4(statement=edited))
    assert place is not None
    assert edited[place.start : place.end] == needle


@given(texts, texts, st.data())
def test_what_is_found_always_says_the_words_that_were_pinned(body: str, other: str, data: st.DataObject) -> None:
    assume(body.strip())
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    assume(body[start:end].strip(" \n\u00a0"))
    anchor = pin(E4, body, start, end)
    place = find(anchor, e4(statement=other))
    if place is not None:
        found = other[place.start : place.end]
        assert as_heard(found) == as_heard(anchor.quotation)


@given(texts, st.text(min_size=1), st.sampled_from(list(Target)), st.data())
def test_no_edit_moves_a_comment_to_another_item(body: str, key: str, kind: Target, data: st.DataObject) -> None:
    assume(body.strip())
    assume((kind, key) != (Target.CRITERION, "E4"))
    end = data.draw(st.integers(1, len(body)))
    assume(body[:end].strip(" \n\u00a0"))
    anchor = pin(E4, body, 0, end)
    assert find(anchor, Wording(kind, key, {"Énoncé": body, "Pourquoi": body})) is None


edits = st.lists(st.tuples(st.sampled_from(["E4", "E5"]), st.sampled_from(["Énoncé", "Pourquoi"]), texts), max_size=5)


@given(st.fixed_dictionaries(dict.fromkeys(("E4", "E5"), texts)), edits, st.data())
def test_whatever_is_edited_a_comment_stays_in_its_item_with_its_words_or_is_listed_as_detached(
    bodies: dict[str, str], changes: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """As pages do it: each item looks for its own comments; those that it does not find stand in its list."""
    items = {code: {"Énoncé": body, "Pourquoi": body[::-1]} for code, body in bodies.items()}
    body = bodies["E4"]
    assume(body.strip(" \n\u00a0"))
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    assume(body[start:end].strip(" \n\u00a0"))
    anchor = pin(E4, body, start, end)
    for code, section, becomes in changes:
        items[code] = items[code] | {section: becomes}
        found = {key: find(anchor, Wording(Target.CRITERION, key, sections)) for key, sections in items.items()}
        assert found["E5"] is None
        here = found["E4"]
        if here is not None:
            quoted = items["E4"][here.section][here.start : here.end]
            assert as_heard(quoted) == as_heard(anchor.quotation)
