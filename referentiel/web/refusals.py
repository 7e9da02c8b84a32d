"""Refusals become pages here, and nowhere else. No trace, no status in the domain, nothing typed is lost."""

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from referentiel.database import session
from referentiel.errors import N_, Busy, Expired, Invalid, NotAllowed, Refused, TextMoved, TooLarge, TooOften, Unsure
from referentiel.web.csrf import SAFE, FromElsewhere, TokenMissing
from referentiel.web.kept import here, kept_fields
from referentiel.web.language import say
from referentiel.web.limits import Unreadable
from referentiel.web.problems import for_programs, problem

log = logging.getLogger(__name__)

CAN_BE_SENT_AGAIN = (TokenMissing, Busy, TooOften)
HOLDS_A_TEXT = (*CAN_BE_SENT_AGAIN, TextMoved, Expired, NotAllowed, Invalid, Unreadable)

OWN_PAGES = {404, 405, 413, 500}
TITLES = {
    400: N_("Cette demande est mal écrite"),
    403: N_("Vous ne pouvez pas faire cela"),
    404: N_("Cette page n’existe pas"),
    405: N_("Cette adresse ne s’ouvre pas ainsi"),
    413: N_("Votre envoi est trop lourd"),
    500: N_("Le site a un problème"),
}
MESSAGES = {
    400: N_("Le site n’a pas compris cette demande. Revenez à la page d’avant, puis recommencez."),
    404: N_("L’adresse est peut-être mal écrite. Les critères et les éditions, eux, ne changent jamais d’adresse."),
    405: N_("Ouvrez cette page par un lien ou par un bouton du site."),
    413: N_("Raccourcissez le texte, ou envoyez-le en plusieurs fois."),
    500: N_("Ce n’est pas votre faute. Revenez dans quelques minutes."),
}


def page(
    status: int, title: str, message: str, *, way_out: str | None = None, error: Refused | None = None
) -> Response:
    """The page of one refusal: ``errors/<status>.html`` where there is one, else ``errors/refused.html``. A program is
    told the same in JSON."""
    retry_after = getattr(error, "retry_after", None)
    if for_programs():
        return _with_delay(problem(status, title, message, way_out=way_out, error=error), retry_after)
    template = (
        f"errors/{status}.html" if status in OWN_PAGES and not isinstance(error, Unsure) else "errors/refused.html"
    )
    html = render_template(
        template,
        status=status,
        title=title,
        message=message,
        way_out=way_out,
        retry_after=retry_after,
        operation=getattr(error, "operation", None),
        request_id=g.get("request_id", ""),
    )
    return _answer(html, status, retry_after)


def refused(error: Refused) -> Response:
    """The answer to a refusal of the domain."""
    log.info("refused", extra={"kind": type(error).__name__, "status": error.status})
    session.rollback()
    title, message = _(error.title), say(error)
    way_out = _(error.way_out, **error.values) if error.way_out else None
    if request.method not in SAFE and isinstance(error, HOLDS_A_TEXT) and not isinstance(error, FromElsewhere):
        fields = kept_fields()
        again = isinstance(error, CAN_BE_SENT_AGAIN)
        if again or any(field.shown for field in fields):
            html = render_template(
                "signing_in/kept.html",
                fields=fields,
                action=here(),
                reason="again" if again else "refused",
                title=title,
                message=message,
                way_out=way_out,
            )
            return _answer(html, error.status, getattr(error, "retry_after", None))
    return page(error.status, title, message, way_out=way_out, error=error)


def _answer(html: str, status: int, retry_after: int | None) -> Response:
    return _with_delay(make_response(html, status), retry_after)


def _with_delay(response: Response, retry_after: int | None) -> Response:
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def too_large(_error: RequestEntityTooLarge) -> Response:
    """What the server itself refused to read."""
    return refused(TooLarge(MESSAGES[413]))


def http_error(error: HTTPException) -> Response:
    """An address that does not exist, a method that it does not know, a request that cannot be read."""
    status = error.code or 500
    if status < 400 or error.response is not None:
        return make_response(error.get_response())
    if status not in TITLES:
        status = 400 if status < 500 else 500
    answer = page(status, _(TITLES[status]), _(MESSAGES.get(status, MESSAGES[400])))
    if status == 405:
        answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ["GET"]))
    return answer


def database_busy(error: OperationalError) -> Response:
    """The database waited too long for another writer, or the disk refuses: the same act can be tried again."""
    log.warning("database refused", extra={"kind": type(error.orig).__name__})
    _forget_who()
    return refused(
        Busy(N_("Le site ne peut pas enregistrer pour le moment. Attendez un peu, puis essayez de nouveau."))
    )


def unexpected(error: Exception) -> Response:
    """A fault of ours. The page shows the number of the request, under which the log has the rest."""
    log.exception("unexpected error", exc_info=error)
    _forget_who()
    return page(500, _(TITLES[500]), _(MESSAGES[500]))


def _forget_who() -> None:
    """The page is drawn for nobody: the database may be what failed."""
    session.rollback()
    g.current_session = None


def install(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_busy)
    app.register_error_handler(Exception, unexpected)
