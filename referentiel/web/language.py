"""The language and the calendar of the screens: French, Europe/Paris."""

from flask import Flask
from flask_babel import Babel, gettext

from referentiel.errors import Refused

LANGUAGE = "fr"
ZONE = "Europe/Paris"


def say(error: Refused) -> str:
    """The sentence of a refusal, in the language of the screen."""
    return str(gettext(error.message, **error.values))


def install(app: Flask) -> None:
    Babel(app, default_locale=LANGUAGE, default_timezone=ZONE, locale_selector=lambda: LANGUAGE)
    app.jinja_env.globals["say"] = say
