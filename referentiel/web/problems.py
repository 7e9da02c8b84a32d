"""Refusals for programs, RFC 9457: the words of the pages, as JSON, for every address under ``/api/``."""

from flask import Response, g, json, request
from flask_babel import gettext as _

from referentiel.errors import N_, Refused
from referentiel.web.stores import settings

PLACE = "/api/"
TYPE = "application/problem+json"
WORDS = {
    400: N_("Le site n’a pas compris cette demande."),
    404: N_("Rien ne se trouve à cette adresse."),
    405: N_("Cette adresse se lit seulement\u00a0: GET, HEAD ou OPTIONS."),
}
"""What a program is told of a request that no page of ours sent; the pages say what people can do"""


def for_programs() -> bool:
    """Whether this request is answered in JSON, refusals included."""
    return request.path.startswith(PLACE)


def problem(status: int, title: str, message: str, *, way_out: str | None, error: Refused | None) -> Response:
    """One refusal. ``type`` is the place of the page of the API that explains this status."""
    told = {
        "type": f"{settings().base_url}{PLACE}#erreur-{status}",
        "title": title,
        "status": status,
        "detail": _(WORDS[status]) if error is None and status in WORDS else message,
        "conseil": way_out,
        "parametre": error.field if error else None,
        "demande": g.get("request_id", ""),
    }
    response = Response(json.dumps(told, ensure_ascii=False) + "\n", status, mimetype=TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
