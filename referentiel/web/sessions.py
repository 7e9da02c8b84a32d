"""Flask's sessions, over two cookies.

``session`` holds the random id of a signed-in browser, whose row is in SQL (:mod:`referentiel.people.doors.sessions`),
and is looked up only when a view asks who is there. ``memo`` is a small signed note that anybody's browser may hold:
the token of its forms, a message for the next page. A reading page touches neither: no SQL, no cookie.
"""

from typing import Any, cast

from flask import Flask, Request, Response, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from referentiel.config import Settings

COOKIE = "session"
MEMO = "memo"


class BrowserSession(SecureCookieSession):
    """The memo, as Flask knows it; ``token`` is the raw id of the signed-in session, if any."""

    token: str | None = None
    token_is_new: bool = False

    def carry(self, token: str | None) -> None:
        """Another id from the next answer on; ``None`` forgets it."""
        self.token = token
        self.token_is_new = True


class SqlSessionInterface(SecureCookieSessionInterface):
    """Opens and saves both cookies. Neither is read from SQL here."""

    session_class = BrowserSession

    def open_session(self, app: Flask, request: Request) -> BrowserSession | None:
        opened = cast(BrowserSession | None, super().open_session(app, request))
        if opened is not None:
            opened.token = request.cookies.get(cookie_name(app)) or None
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Last of all, so that looking at the session here does not count as having used it."""
        super().save_session(app, session, response)
        if not isinstance(session, BrowserSession):
            return
        if session.modified or session.token_is_new or g.get("current_session") is not None or "csrf_token" in g:
            # Somebody was recognised, or the page holds something of this browser alone.
            response.headers["Cache-Control"] = "no-store"
        if not session.token_is_new:
            return
        options: dict[str, Any] = {"path": "/", "httponly": True, "samesite": "Lax", "secure": _secure(app)}
        if session.token:
            response.set_cookie(
                cookie_name(app), session.token, max_age=int(app.permanent_session_lifetime.total_seconds()), **options
            )
        else:
            response.delete_cookie(cookie_name(app), **options)
        response.vary.add("Cookie")


def cookie_name(app: Flask, name: str = COOKIE) -> str:
    """``__Host-`` wherever the address is https: no other site of the domain can then write it."""
    return f"__Host-{name}" if _secure(app) else name


def browser() -> BrowserSession:
    """The session of the browser that asks."""
    return cast(BrowserSession, session._get_current_object())  # type: ignore[attr-defined]


def install(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https:")
    app.config.update(
        SESSION_COOKIE_NAME=f"__Host-{MEMO}" if secure else MEMO,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=settings.session_life,
    )
    app.session_interface = SqlSessionInterface()


def _secure(app: Flask) -> bool:
    return bool(app.config["SESSION_COOKIE_SECURE"])
