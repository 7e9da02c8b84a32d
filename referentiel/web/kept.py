"""Nothing typed is lost: what a refused form held, to be shown and sent again."""

from dataclasses import dataclass

from flask import request

from referentiel.people.doors.second_factor import FIELD as SECOND_FACTOR
from referentiel.web.csrf import FIELD as CSRF
from referentiel.web.forms import showable

NEVER_KEPT = {CSRF, SECOND_FACTOR}
NEVER_SHOWN = {"code", "digits", "email", "form_id", "envoi", "digest", "base", "suite"}
SHOWN_FROM = 12
"""Shorter values are choices and numbers, not somebody's words."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One value of the form. ``shown`` when it is somebody's words."""

    name: str
    value: str
    shown: bool


def kept_fields() -> tuple[Kept, ...]:
    """Every value of the form being refused, in order, without tokens and second-factor codes."""
    return tuple(
        Kept(showable(name), showable(value), name not in NEVER_SHOWN and len(value.strip()) >= SHOWN_FROM)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_KEPT
    )


def here() -> str:
    """The address asked for, with its query: where a form is sent again, where a person comes back."""
    return request.full_path.removesuffix("?")
