"""The number of an edition: its form, its order, and what follows what."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.changes import ChangeClass
from referentiel.editions.numbering import Change, Number, is_substantial, next_number

MAY = date(2026, 5, 4)
SUBSTANCE, CLARITY, TYPO = ChangeClass.SUBSTANCE, ChangeClass.CLARITY, ChangeClass.TYPO

numbers = st.builds(
    Number,
    year=st.integers(2000, 2999),
    rank=st.integers(0, 999),
    correction=st.integers(0, 999),
)


def change(*parts: str, change_class: ChangeClass = SUBSTANCE, path: str = "criteres/E4.md") -> Change:
    return Change(path, change_class, frozenset(parts))


@given(numbers)
def test_a_number_is_read_back_as_it_is_written(number: Number) -> None:
    assert Number.read(str(number)) == number


@given(numbers, numbers)
def test_a_later_edition_is_greater(one: Number, other: Number) -> None:
    assert (one < other) == ((one.year, one.rank, one.correction) < (other.year, other.rank, other.correction))


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "2026.", "2026.01", "2026.1.0", "2026.1.2.3", "2026.1234", "26.1", "2026.1\n", " 2026.1"),
        *("-x", "v1..2", "HEAD", "@", ":/m", "main^{/secret}", "--output=/tmp/pwn", "2026.1/..", "٢٠٢٦.1"),
        "deadbeef" * 5,
    ],
)
def test_what_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"edition number|written as"):
        Number.read(text)


def test_the_first_edition_ends_with_zero() -> None:
    assert str(next_number(None, [], published=MAY)) == "2026.0"


@pytest.mark.parametrize("part", ["section:Énoncé", "key:niveau", "key:structures", "key:etat", "file"])
def test_a_change_of_substance_to_what_binds_makes_a_new_edition(part: str) -> None:
    assert str(next_number(Number(2026, 1), [change("section:Pourquoi"), change(part)], published=MAY)) == "2026.2"


@pytest.mark.parametrize(
    "quiet",
    [
        change("section:Énoncé", change_class=CLARITY),
        change("section:Énoncé", change_class=TYPO),
        change("section:Pourquoi"),
        change("key:rang"),
        change("section:Énoncé", path="pages/methode.md"),
        change("file", path="decisions/17.md"),
        change("file", path="traductions/ar/criteres/E4.md"),
    ],
)
def test_all_else_corrects_the_last_edition(quiet: Change) -> None:
    assert not is_substantial(quiet)
    assert str(next_number(Number(2026, 1), [quiet], published=MAY)) == "2026.1.1"
    assert str(next_number(Number(2026, 1, 1), [quiet], published=MAY)) == "2026.1.2"


def test_a_new_edition_follows_a_correction() -> None:
    assert str(next_number(Number(2026, 1, 3), [change("key:niveau")], published=MAY)) == "2026.2"


def test_the_year_is_that_of_publication_and_the_rank_starts_again_at_one() -> None:
    assert str(next_number(Number(2025, 7, 1), [change("key:niveau")], published=MAY)) == "2026.1"


def test_a_correction_published_later_keeps_the_year_of_what_it_corrects() -> None:
    assert str(next_number(Number(2025, 7), [change("section:Pourquoi")], published=MAY)) == "2025.7.1"


@given(numbers, st.booleans(), st.dates(date(2000, 1, 1), date(2999, 12, 31)))
def test_the_next_number_is_always_greater(latest: Number, substantial: bool, published: date) -> None:
    parts = ("section:Énoncé",) if substantial else ("section:Pourquoi",)
    assert next_number(latest, [change(*parts)], published=published) > latest
