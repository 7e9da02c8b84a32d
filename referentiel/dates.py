"""The calendar that people live by: days of Europe/Paris, and how they are written in French. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def day(at: datetime) -> date:
    """The calendar day in Paris of an aware moment. Raises ValueError on a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(PARIS).date()


def day_start(at: datetime) -> datetime:
    """When the day of ``at`` began in Paris; aware, in UTC."""
    return datetime.combine(day(at), time(), PARIS).astimezone(UTC)


def long_date(when: date) -> str:
    """``1er juin 2026``, with no-break spaces: the same whatever the language of the day or of the machine."""
    number = "1er" if when.day == 1 else str(when.day)
    return f"{number}\u00a0{month_and_year(when)}"


def month_and_year(when: date) -> str:
    """``juin 2026``, with a no-break space."""
    return f"{MONTHS[when.month - 1]}\u00a0{when.year}"


def last_hour(at: datetime, hour: int) -> datetime:
    """The last moment, at or before ``at``, when the clocks of Paris struck ``hour``; aware, in UTC."""
    today = day(at)
    struck = datetime.combine(today, time(hour), PARIS).astimezone(UTC)
    return struck if struck <= at else datetime.combine(today - timedelta(days=1), time(hour), PARIS).astimezone(UTC)


def month_starts(first: datetime, last: datetime) -> list[datetime]:
    """When each month of Paris began, newest first, from that of ``last`` to that of ``first``; aware, in UTC."""
    begun = day(last).replace(day=1)
    starts = [begun]
    while begun > day(first):
        begun = (begun - timedelta(days=1)).replace(day=1)
        starts.append(begun)
    return [datetime.combine(one, time(), PARIS).astimezone(UTC) for one in starts]


SATURDAY = 5
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
"""(month, day) of the public holidays that never move; those of Alsace, Moselle and overseas are not counted"""
AFTER_EASTER = (1, 39, 50)
"""Days from Easter Sunday to Easter Monday, Ascension Thursday and Whit Monday"""


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar.

    The anonymous rule of *Nature*, 20 April 1876, as Jean Meeus gives it (*Astronomical Algorithms*, chapter 8): it
    holds for every year from 1583.
    """
    golden = year % 19
    century, in_century = divmod(year, 100)
    leap_centuries, century_left = divmod(century, 4)
    shift = (century + 8) // 25
    moon_shift = (century - shift + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leap_years, year_left = divmod(in_century, 4)
    weekday = (32 + 2 * century_left + 2 * leap_years - epact - year_left) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, before = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, before + 1)


@lru_cache(maxsize=16)
def public_holidays(year: int) -> frozenset[date]:
    """The eleven of article L3133-1 of the French labour code."""
    moving = {easter(year) + timedelta(days=days) for days in AFTER_EASTER}
    return frozenset({date(year, month, number) for month, number in FIXED_HOLIDAYS} | moving)


def is_working_day(when: date) -> bool:
    """Neither a Saturday, a Sunday nor a public holiday."""
    return when.weekday() < SATURDAY and when not in public_holidays(when.year)


def working_days_after(when: date, count: int) -> date:
    """The day that comes ``count`` working days after ``when``; the same day when there are none."""
    while count > 0:
        when += timedelta(days=1)
        count -= is_working_day(when)
    return when
