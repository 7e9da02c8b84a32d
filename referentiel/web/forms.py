"""The base of our forms: French messages, cleaned text, and refusals of the domain shown beside their field."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from referentiel.criteria.characters import clean
from referentiel.criteria.revealing import findings
from referentiel.errors import N_, Invalid, Refused
from referentiel.web.language import say

MESSAGES: Mapping[str, str] = {
    "This field is required.": N_("Remplissez ce champ."),
    "Invalid input.": N_("Cette valeur ne va pas."),
    "Not a valid choice.": N_("Choisissez une des réponses proposées."),
    "Not a valid choice": N_("Choisissez une des réponses proposées."),
    "Invalid Choice: could not coerce.": N_("Choisissez une des réponses proposées."),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_("Choisissez parmi les réponses proposées."),
    "Not a valid integer value.": N_("Écrivez un nombre entier."),
    "Not a valid date value.": N_("Écrivez une date : jour, mois, année."),
    "Invalid email address.": N_("Écrivez une adresse e-mail entière, avec un @."),
}


_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def showable(text: str) -> str:
    """The text as a page may give it back: what no page can hold, or would turn its line around, is written out."""
    return _NOT_SHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


ANYWAY = "quand_meme"
"""The button that sends words all the same; its value is the marks of what the person was asked about"""
_MARK = re.compile(r"[0-9a-f]{16}")


class French:
    """WTForms' own messages, by its English ones."""

    def gettext(self, string: str) -> str:
        return gettext(MESSAGES[string]) if string in MESSAGES else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose ``refuse`` puts a refusal of the domain where the person can correct it."""

    asked = False
    """True when the person is asked whether to send all the same"""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Only what a form of ours sends: words. Flask-WTF would also take files and JSON for values of fields."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return (request.form or None) if form.is_submitted() else None

        def get_translations(self, form: FlaskForm) -> French:
            return French()

        def render_field(self, field: Field, render_kw: Mapping[str, Any]) -> Any:
            if isinstance(field.data, str):
                field.data = showable(field.data)
            return super().render_field(field, render_kw)

    def refuse(self, error: Refused) -> None:
        """Show this refusal beside its field, or at the top when it names none that the form has."""
        message = say(error)
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, message]
        else:
            self.form_errors.append(message)

    def asks(self, *, known: str = "") -> bool:
        """True when words typed here seem to tell who somebody is, and the person was not asked about them yet.

        The form then shows, beside each field, what was found and a button to send all the same: nothing is ever
        refused on this ground. What stands in ``known`` already (the text being changed) is not asked about.
        """
        sent = {mark for given in request.form.getlist(ANYWAY) for mark in given.split(",") if _MARK.fullmatch(mark)}
        texts = [field for field in self if type(field) in (StringField, TextAreaField)]
        found = [(field, one) for field in texts for one in findings(field.data or "")]
        passed = sent | ({one.mark for one in findings(known)} if found else set())
        new = [(field, one) for field, one in found if one.mark not in passed]
        marks = ",".join(sorted(sent | {one.mark for _field, one in new}))
        for field, one in new:
            field.anyway = marks
            field.errors = [*field.errors, gettext(one.kind.question, words=showable(one.words))]
        for field in texts[:1]:
            field.carried = ",".join(sorted(sent))
        self.asked = bool(new)
        return self.asked

    @property
    def values(self) -> dict[str, Any]:
        """The data without the token."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


def cleaned(*, limit: int = 20_000, lines: bool = True) -> Callable[[Form, Field], None]:
    """A validator that cleans a text field in place (see ``criteria.characters``) and refuses what it refuses."""

    def _clean(form: Form, field: Field) -> None:
        if not field.data:
            return
        try:
            field.data = clean(field.data, field=field.label.text, limit=limit, lines=lines)
        except Invalid as error:
            raise StopValidation(say(error)) from error

    return _clean


def options(labels: Mapping[str, str] | Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices with their labels translated, made when the page is."""
    pairs = labels.items() if isinstance(labels, Mapping) else labels
    return [(str(value), gettext(label)) for value, label in pairs]
