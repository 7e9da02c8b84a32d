"""Nobody else's page can send our forms: the browser's own headers are read first, then the token of the form."""

from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from referentiel.errors import N_, NotAllowed
from referentiel.web.stores import settings

FIELD = "csrf_token"
SAFE = {"GET", "HEAD", "OPTIONS"}
BY_ADDRESS = {"unsubscribing.end"}
"""Acts that their address alone allows, because it holds a key: mail servers take them for people (RFC 8058)"""


class FromElsewhere(NotAllowed):
    """The browser says that another site sent this. Nothing is shown of what was sent."""


class TokenMissing(NotAllowed):
    """The form's token is missing, or is that of a session that ended: the person is asked to send again."""

    title = N_("Envoyez votre texte une deuxième fois")


def check() -> None:
    """Raises :class:`FromElsewhere` or :class:`TokenMissing`; nothing is written before."""
    if request.method in SAFE or request.endpoint in BY_ADDRESS:
        return
    if not _same_site():
        raise FromElsewhere(
            N_("Cet envoi vient d’un autre site. Revenez sur la page du référentiel, puis envoyez de nouveau.")
        )
    try:
        validate_csrf(request.form.get(FIELD) or request.headers.get("X-CSRFToken"))
    except ValidationError as error:
        raise TokenMissing(
            N_("Cette page est restée ouverte longtemps, ou vous avez changé de connexion. Votre texte est gardé.")
        ) from error
    # Flask-WTF's forms then know that it was checked.
    g.csrf_valid = True


def _same_site() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin in _own_origins()


def _own_origins() -> set[str]:
    public = urlsplit(settings().base_url)
    return {request.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}"}


def install(app: Flask) -> None:
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_FIELD_NAME=FIELD)
    app.jinja_env.globals[FIELD] = generate_csrf
    app.before_request(check)
