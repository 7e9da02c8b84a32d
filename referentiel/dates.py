"""The calendar that people live by: days of Europe/Paris, and how they are written in French. Pure."""

from datetime import date, datetime
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


def long_date(when: date) -> str:
    """``1er juin 2026``, with no-break spaces: the same whatever the language of the day or of the machine."""
    number = "1er" if when.day == 1 else str(when.day)
    return f"{number}\u00a0{month_and_year(when)}"


def month_and_year(when: date) -> str:
    """``juin 2026``, with a no-break space."""
    return f"{MONTHS[when.month - 1]}\u00a0{when.year}"
