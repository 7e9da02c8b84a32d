"""A shared tablet, as the web knows it: a cookie that is nobody's, and the turn of whoever holds it now."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request

from referentiel.people.models import Workshop
from referentiel.people.workshops import tablets
from referentiel.web import clock, identity
from referentiel.web.sessions import cookie_name

COOKIE = "tablet"
KEPT_AFTER = timedelta(hours=1)
"""The key opens nothing after its workshop; kept a little longer, it lets the page say so"""


def key() -> str | None:
    """The raw key of this browser, if it is a tablet."""
    return request.cookies.get(cookie_name(current_app, COOKIE)) or None


def workshop() -> Workshop | None:
    """The workshop on which this tablet is open, while it lasts. No query for any other browser."""
    return tablets.workshop_of(key(), at=clock.now())


def turn() -> bool:
    """Whether somebody has the tablet in hand now. No query for any other browser."""
    return key() is not None and identity.person() is not None


def hand_over(response: Response, lent: tablets.OpenedTablet) -> Response:
    """This browser becomes a tablet, and forgets whoever was signed in."""
    identity.sign_out()
    left = lent.ends_at + KEPT_AFTER - clock.now()
    response.set_cookie(
        cookie_name(current_app, COOKIE), lent.key, max_age=int(left.total_seconds()), **_options(current_app)
    )
    return response


def take_back(response: Response) -> Response:
    """This browser is no tablet any more."""
    raw = key()
    if raw:
        tablets.close_tablet(raw)
    response.delete_cookie(cookie_name(current_app, COOKIE), **_options(current_app))
    return response


def watch() -> None:
    """Before each request of a tablet: a turn lasts while somebody is there, however they came in.

    A professional who signs in takes the tablet back: their own session must not be a turn, nor a turn last as long.
    """
    if request.endpoint is None or request.endpoint == "static" or key() is None:
        return
    current = identity.current_session()
    if current is None:
        return
    if current.person.email is None:
        tablets.keep_turn(current, at=clock.now())
    else:
        g.tablet_signed_in = True


def _options(app: Flask) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "Lax", "secure": bool(app.config["SESSION_COOKIE_SECURE"])}


def install(app: Flask) -> None:
    app.before_request(watch)

    @app.after_request
    def _take_back(response: Response) -> Response:
        return take_back(response) if g.get("tablet_signed_in") else response

    @app.context_processor
    def _turn() -> dict[str, object]:
        return {"tablet_turn": turn() and not g.get("tablet_signed_in")}
