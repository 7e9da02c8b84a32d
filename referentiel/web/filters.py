"""Filters of the templates: dates in full with no-break spaces, the names of colleges and roles, visible characters."""

from datetime import UTC, date, datetime

from flask import Flask
from flask_babel import gettext

from referentiel import dates
from referentiel.criteria.characters import visible
from referentiel.criteria.paths import PRESENTATION
from referentiel.criteria.rendering import whole
from referentiel.criteria.vocabulary import key_label
from referentiel.people.kinds import shown_kind
from referentiel.permissions import College, Role

NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW_NO_BREAK = "\N{NARROW NO-BREAK SPACE}"


def paris_day(value: datetime | date) -> date:
    """The calendar day in Paris. Raises ``ValueError`` on a naive instant."""
    return dates.day(value) if isinstance(value, datetime) else value


def date_long(value: datetime | date | None) -> str:
    """``21 novembre 2026``, that no line break cuts."""
    return "" if value is None else dates.long_date(paris_day(value))


def month(value: datetime | date | None) -> str:
    """``novembre 2026``."""
    return "" if value is None else dates.month_and_year(paris_day(value))


def day(value: datetime | date | None) -> str:
    """``2026-11-21``: for the ``datetime`` attribute and date fields."""
    return "" if value is None else paris_day(value).isoformat()


def time(value: datetime | None) -> str:
    """``14 h 05``, the hour in Paris."""
    if value is None:
        return ""
    local = value.astimezone(dates.PARIS)
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


def key_words(key: str) -> str:
    """What the screen calls a line of a file: ``Statut``."""
    return str(gettext(key_label(key)))


def short_code(code: str) -> str:
    """What a small label shows of what a proposal is on: ``E4`` for an erratum of E4, ``2026.1/E4-2``."""
    if code == PRESENTATION:
        return str(gettext("Présentation"))
    return code.rpartition("/")[2].partition("-")[0] if "/" in code else code


def structure_kind(value: str) -> str:
    """What anybody but the administration may read of a structure's kind: ``Autre`` for a sensitive one."""
    return str(gettext(shown_kind(value).label))


def install(app: Flask) -> None:
    dates_and_numbers = (date_long, month, day, time, instant, number)
    for filter_ in (
        *dates_and_numbers,
        college_label,
        role_label,
        key_words,
        short_code,
        structure_kind,
        visible,
        whole,
    ):
        app.add_template_filter(filter_)
