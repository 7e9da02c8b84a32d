"""The language and the calendar of the screens: French, Europe/Paris."""

import re
from typing import Any

from flask import Flask, g
from flask_babel import Babel, get_translations, gettext
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup

from referentiel.errors import Refused

LANGUAGE = "fr"
ZONE = "Europe/Paris"
_LOOSE = re.compile(r" (?=[:;?!»](?:\W|$))|(?<=«) ")


def say(error: Refused) -> str:
    """The sentence of a refusal, in the language of the screen; no line begins with a French sign."""
    return _LOOSE.sub("\u00a0", gettext(error.message, **error.values))


def install(app: Flask) -> None:
    Babel(app, default_locale=LANGUAGE, default_timezone=ZONE, locale_selector=lambda: LANGUAGE)
    app.jinja_env.globals["say"] = say
    _translate_quickly(app)


def _translate_quickly(app: Flask) -> None:
    """Templates ask for a hundred sentences a page: the catalogue is looked up once a request, not once a sentence."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: _catalogue().ugettext(message),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _said


@pass_eval_context
def _said(how: EvalContext, message: str, /, **values: Any) -> str:
    """What Jinja makes of a sentence, without its detours."""
    sentence = _catalogue().ugettext(message)
    sentence = Markup(sentence) if how.autoescape else sentence  # noqa: S704 (ours: no catalogue comes from outside)
    said: str = sentence % values if values or "%" in sentence else sentence
    return said


def _catalogue() -> Any:
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found
