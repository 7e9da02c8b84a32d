"""Days that count and days that do not: Easter, public holidays, working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.dates import easter, is_working_day, public_holidays, working_days_after

EASTERS = (
    "1818-03-22 1943-04-25 1954-04-18 2000-04-23 2008-03-23 2011-04-24 2024-03-31 2025-04-20 2026-04-05 2027-03-28 "
    "2028-04-16 2029-04-01 2030-04-21 2035-03-25 2038-04-25 2049-04-18 2076-04-19 2285-03-22"
)
"""As almanacs give them, with the earliest (22 March) and the latest (25 April)"""


@pytest.mark.parametrize("when", EASTERS.split())
def test_easter_is_where_almanacs_say(when: str) -> None:
    expected = date.fromisoformat(when)
    assert easter(expected.year) == expected


@given(st.integers(1583, 9999))
def test_easter_is_the_sunday_after_the_full_moon_of_spring(year: int) -> None:
    """The same moon found another way: by the golden number and Clavius' tables (Knuth, 1.3.2, exercise 14)."""
    golden, century = year % 19 + 1, year // 100 + 1
    leap, moon = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - leap - 10
    epact = (11 * golden + 20 + moon - leap) % 30
    epact += epact == 24 or (epact == 25 and golden > 11)
    full = 44 - epact
    full += 30 if full < 21 else 0
    full += 7 - (sunday + full) % 7
    assert easter(year) == (date(year, 4, full - 31) if full > 31 else date(year, 3, full))


def test_the_eleven_holidays_of_2026() -> None:
    days = ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"]
    assert public_holidays(2026) == {date.fromisoformat(f"2026-{day}") for day in days}


@pytest.mark.parametrize(
    ("sent", "count", "read"),
    [
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-04-03", 1, "2026-04-07"),
        ("2026-05-07", 5, "2026-05-18"),
        ("2026-12-24", 5, "2027-01-04"),
        ("2026-12-24", 0, "2026-12-24"),
    ],
)
def test_a_promise_counts_neither_weekends_nor_holidays(sent: str, count: int, read: str) -> None:
    assert working_days_after(date.fromisoformat(sent), count) == date.fromisoformat(read)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_exactly_that_many_working_days_lie_between(when: date, count: int) -> None:
    last = working_days_after(when, count)
    between = (when + timedelta(days=number) for number in range(1, (last - when).days + 1))
    assert is_working_day(last)
    assert sum(map(is_working_day, between)) == count
