"""Figures that show nobody: a small number is hidden, and cannot be found again by subtraction."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.comments.moderation import Faces

MAY = date(2026, 5, 1)
COUNT = st.integers(0, 40)


def test_large_numbers_and_zeros_are_shown() -> None:
    assert Faces.of(15, 0, 12, until=MAY, smallest=5) == Faces(15, 0, 12, 27, MAY)


def test_a_number_hidden_alone_hides_the_total_too() -> None:
    assert Faces.of(15, 7, 2, until=MAY, smallest=5) == Faces(15, 7, None, None, MAY)


@pytest.mark.parametrize(("yes", "partly", "no"), [(1, 1, 10), (4, 4, 0), (0, 4, 4), (2, 1, 3)])
def test_several_hidden_numbers_hide_the_total_too(yes: int, partly: int, no: int) -> None:
    assert Faces.of(yes, partly, no, until=MAY, smallest=5).total is None


@given(COUNT, COUNT, COUNT)
def test_no_small_number_is_shown_nor_found_by_subtraction(yes: int, partly: int, no: int) -> None:
    shown = Faces.of(yes, partly, no, until=MAY, smallest=5)
    numbers = (shown.yes, shown.partly, shown.no)
    assert all(number is None or number == 0 or number >= 5 for number in numbers)
    assert (shown.total is None) is (None in numbers)
    assert shown.seen == sum(number or 0 for number in numbers)
