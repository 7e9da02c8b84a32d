"""Any site may read ``/api/`` from its own pages: nobody is looked up there, and no cookie is sent or set."""

from flask import Flask, Response, request

from referentiel.web.api.resources import PREFIX
from referentiel.web.problems import for_programs

ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-Request-Id",
}
ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Accept",
    "Access-Control-Max-Age": "86400",
}


def refuse_what_is_not_there() -> None:
    """An unknown address or method is the whole answer: a method that we do not have asks for no token."""
    if for_programs() and request.routing_exception is not None:
        raise request.routing_exception


def open_to_all(response: Response) -> Response:
    if for_programs():
        response.headers.update(ALWAYS)
        if request.method == "OPTIONS":
            response.headers.update(ASKED_BEFORE)
        if request.path.startswith(PREFIX):
            # Programs read it; whoever searches is better served by the pages.
            response.headers["X-Robots-Tag"] = "noindex"
    return response


def install(app: Flask) -> None:
    app.before_request(refuse_what_is_not_there)
    app.after_request(open_to_all)
