"""Filters of the templates: dates in full with no-break spaces, the names of colleges and roles, visible characters."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext

from referentiel.criteria.characters import visible
from referentiel.permissions import College, Role
from referentiel.web.language import ZONE

PARIS = ZoneInfo(ZONE)
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW_NO_BREAK = "\N{NARROW NO-BREAK SPACE}"
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


def paris_day(value: datetime | date) -> date:
    """The calendar day in Paris. Raises ``ValueError`` on a naive instant."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(PARIS).date()


def date_long(value: datetime | date | None) -> str:
    """``21 novembre 2026``, that no line break cuts."""
    if value is None:
        return ""
    day = paris_day(value)
    number = "1er" if day.day == 1 else str(day.day)
    return NO_BREAK.join((number, MONTHS[day.month - 1], str(day.year)))


def month(value: datetime | date | None) -> str:
    """``novembre 2026``."""
    if value is None:
        return ""
    day = paris_day(value)
    return f"{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def day(value: datetime | date | None) -> str:
    """``2026-11-21``: for the ``datetime`` attribute and date fields."""
    return "" if value is None else paris_day(value).isoformat()


def time(value: datetime | None) -> str:
    """``14 h 05``, the hour in Paris."""
    if value is None:
        return ""
    local = value.astimezone(PARIS)
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02d}"


def instant(value: datetime | None) -> str:
    """``2026-11-21T13:05:00Z``, in UTC, for machines."""
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number(value: int | float) -> str:
    """``20 000``, with a narrow no-break space between thousands and a decimal comma."""
    return f"{value:,}".replace(",", NARROW_NO_BREAK).replace(".", ",")


def college_label(value: str) -> str:
    """``Structures (SIAE)``; a value that is no college is shown as it is."""
    try:
        return str(gettext(College(value).label))
    except ValueError:
        return value


def role_label(value: str) -> str:
    try:
        return str(gettext(Role(value).label))
    except ValueError:
        return value


def install(app: Flask) -> None:
    for filter_ in (date_long, month, day, time, instant, number, college_label, role_label, visible):
        app.add_template_filter(filter_)
