"""Merges by words, as Git makes them: whatever the texts, nobody's words are lost, made up, or taken for a sign."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referentiel.library.library import Library
from referentiel.library.words import Readings
from tests.library_house import FIRST_DAY, write_content

WORDS = ["la", "structure", "personne", "accueille", "avec", "chaque", "plan", "ne", "pas", "écrit", "3", "jours"]
MARKS = ["<<<<<<< HEAD", "=======", ">>>>>>> main", "|||||||", "1:", "0|", "\\n", "\\", "Operation: 42", "\n", "…", "’"]
few = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shelf() -> Iterator[Library]:
    with tempfile.TemporaryDirectory(prefix="shelf-") as folder:
        library = Library.create(Path(folder) / "library.git", write_content(Path(folder) / "content", 1), at=FIRST_DAY)
        yield library
        library.close()


texts = st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=25).map(" ".join)


@st.composite
def edited(draw: st.DrawFn, base: str) -> str:
    """Some words of the base gone, others put in."""
    words = base.split(" ")
    for _edit in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words)))
        words[place : place + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=2))
    return " ".join(words)


@st.composite
def readings(draw: st.DrawFn) -> Readings:
    base = draw(texts)
    return Readings(base, draw(edited(base)), draw(edited(base)))


@st.composite
def apart(draw: st.DrawFn) -> tuple[Readings, str]:
    """Both sides change other words, some words away from each other; with what must come out."""
    first, middle, last = (draw(texts) for _part in range(3))
    between = f" {middle} un deux trois quatre cinq six "
    one, other = draw(edited(first)), draw(edited(last))
    base = f"{first}{between}{last}"
    return Readings(base, f"{one}{between}{last}", f"{first}{between}{other}"), f"{one}{between}{other}"


def tokens(text: str) -> set[str]:
    return set(re.findall(r"\w+|[^\w\s]", text))


@few
@given(readings())
def test_exchanging_the_text_and_the_proposal_gives_the_same_merge(shelf: Library, three: Readings) -> None:
    swapped = Readings(three.base, three.proposed, three.draft)
    one, other = shelf.merge_words([three, swapped])
    assert one == other


@few
@given(texts, texts)
def test_a_side_that_changed_nothing_leaves_the_other_to_the_letter(shelf: Library, base: str, other: str) -> None:
    cases = [Readings(base, base, other), Readings(base, other, base), Readings(base, other, other)]
    assert shelf.merge_words(cases) == [other, other, other]


@few
@given(apart())
def test_changes_of_words_apart_never_collide(shelf: Library, case: tuple[Readings, str]) -> None:
    three, expected = case
    (merged,) = shelf.merge_words([three])
    assert merged is not None
    assert tokens(merged) == tokens(expected) or merged == expected
    assert sorted(merged.split()) == sorted(expected.split())


@few
@given(readings())
def test_a_merge_holds_no_word_of_none_of_the_three_and_no_sign_of_conflict(shelf: Library, three: Readings) -> None:
    (merged,) = shelf.merge_words([three])
    if merged is not None:
        assert tokens(merged) <= tokens(three.base) | tokens(three.draft) | tokens(three.proposed)
        for sign in ("<<<<<<<", ">>>>>>>", "======="):
            assert merged.count(sign) <= max(side.count(sign) for side in three) * 2
            assert sign not in merged or any(sign in side for side in three)


@st.composite
def without_repeats(draw: st.DrawFn) -> Readings:
    """No word stands twice in the base, and each side puts in words of its own: a word says where it is from."""
    base = draw(st.lists(st.sampled_from(WORDS), max_size=12, unique=True))
    return Readings(" ".join(base), *(" ".join(_with(draw, base, side)) for side in ("gauche", "droite")))


def _with(draw: st.DrawFn, base: list[str], side: str) -> list[str]:
    words = list(base)
    for edit in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words)))
        words[place : place + draw(st.integers(0, 2))] = draw(st.sampled_from([[], [f"{side}{edit}"]]))
    return words


@few
@given(without_repeats())
def test_what_a_side_took_out_stays_out_and_what_it_put_in_stays_in(shelf: Library, three: Readings) -> None:
    (merged,) = shelf.merge_words([three])
    if merged is not None:
        for one in (three.draft, three.proposed):
            assert not (tokens(three.base) - tokens(one)) & tokens(merged)
            assert tokens(one) - tokens(three.base) <= tokens(merged)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(readings(), min_size=2, max_size=40))
def test_many_merged_together_come_out_as_each_alone(shelf: Library, many: list[Readings]) -> None:
    together = shelf.merge_words(many)
    assert together[:6] == [shelf.merge_words([one])[0] for one in many[:6]]
    assert len(together) == len(many)


def test_a_text_that_looks_like_signs_of_conflict_survives(shelf: Library) -> None:
    base = "<<<<<<< HEAD\nun\n=======\ndeux\n>>>>>>> main\n\nOperation: 42\n0:un\n0|\n\\n"
    draft, proposed = base.replace("un\n=", "trois\n="), base.replace("Operation: 42", "Operation: 43")
    assert shelf.merge_words([Readings(base, draft, proposed)]) == [draft.replace("42", "43")]


def test_the_word_merge_that_nobody_wrote_is_only_ever_offered(shelf: Library) -> None:
    """Two right sentences, a wrong one: why it is read before it is sent."""
    base = "La structure peut refuser la personne."
    draft = "La structure ne peut pas refuser la personne."
    proposed = "La structure peut refuser la personne avec motif."
    assert shelf.merge_words([Readings(base, draft, proposed)]) == [
        "La structure ne peut pas refuser la personne avec motif."
    ]
