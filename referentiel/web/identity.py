"""Who asks. Looked up when a view wants to know, once a request; a browser without the cookie costs no SQL."""

import logging
from datetime import datetime
from typing import cast

from flask import Flask, Response, current_app, g, session
from sqlalchemy.exc import SQLAlchemyError

from referentiel.errors import N_, NotAllowed
from referentiel.people.accounts import idling
from referentiel.people.doors import sessions as people_sessions
from referentiel.people.doors.keys import digest, token
from referentiel.people.doors.suspension import suspended
from referentiel.people.models import Person, Session
from referentiel.people.queries import open_session_of, suspended_since
from referentiel.permissions import Action, could
from referentiel.web import clock
from referentiel.web.sessions import browser, cookie_name
from referentiel.web.stores import settings

log = logging.getLogger(__name__)

BROWSER_KEY = "browser"
WORDS = "return_words"
PARTING = "referentiel.parting"
"""Where an optional door tells the application how its own session ends: from an identity token and an address to go
to next, the page that leads there, or None"""
UNSEEN = "unseen"
"""In ``g``: the number of a professional whose day is not written yet"""
KEPT_OVER_SIGN_IN = (BROWSER_KEY, "_flashes")


def current_session() -> Session | None:
    """The live session of this browser, or None. One query the first time, when the cookie is there."""
    if "current_session" not in g:
        raw = browser().token
        g.current_session = open_session_of(raw, at=clock.now()) if raw else None
        who = g.current_session.person if g.current_session else None
        if who is not None and idling.comes_first_today(who, at=clock.now()):
            g.setdefault(UNSEEN, who.id)
    return cast(Session | None, g.current_session)


def person() -> Person | None:
    """Who is signed in, or None."""
    current = current_session()
    return current.person if current else None


def signed_in() -> Person:
    """Who is signed in, in a view whose guard lets nobody else in. Raises :class:`NotAllowed` all the same."""
    who = person()
    if who is None:
        raise NotAllowed(N_("Connectez-vous pour continuer."))
    return who


def refuse_if_suspended() -> None:
    """Raises :class:`NotAllowed` when this browser's session was closed with its account. One query, with a cookie."""
    raw = browser().token
    if raw and suspended_since(raw, at=clock.now()) is not None:
        raise suspended()


def second_factor_proven() -> bool:
    """True once this session has proven it."""
    current = current_session()
    return current is not None and current.second_factor_at is not None


def open_session(person: Person, *, at: datetime, way: str = "link", second_factor: bool = False) -> tuple[str, str]:
    """Open a session outside of any request; returns the cookie's name and value."""
    raw = people_sessions.open_session(
        person, way=way, at=at, life=settings().session_life, second_factor=second_factor
    )
    return cookie_name(current_app), raw


def sign_in(person: Person, *, way: str, second_factor: bool = False) -> None:
    """Open a session for this browser; the one it had ends, and so does what its memo held."""
    here = browser()
    carry(
        people_sessions.open_session(
            person,
            way=way,
            at=clock.now(),
            life=settings().session_life,
            second_factor=second_factor,
            instead_of=here.token,
        )
    )


def carry(raw: str) -> None:
    """This browser holds a new id, after a change of privilege: new token for its forms too."""
    browser().carry(raw)
    _forget()


def sign_out() -> str | None:
    """End this browser's session and forget everything that its memo held.

    Returns the identity token that opened it, for the provider to end its own.
    """
    here = browser()
    current = current_session()
    id_token = current.id_token if current else None
    if here.token:
        people_sessions.end_session(here.token)
        here.carry(None)
    _forget()
    session.clear()
    return id_token


def browser_key() -> str:
    """The digest of a random key that this browser keeps: a link asked for here is known when it comes back here."""
    if BROWSER_KEY not in session:
        session[BROWSER_KEY] = token()
    return digest(session[BROWSER_KEY])


def keep_return_words(words: tuple[str, ...]) -> None:
    """Let this browser show its person's return words until the visit ends. They are kept nowhere else."""
    session[WORDS] = list(words)


def return_words() -> tuple[str, ...] | None:
    """The words that this visit may still show, or None."""
    return tuple(session[WORDS]) if person() is not None and WORDS in session else None


def _forget() -> None:
    for name in ("current_session", "csrf_token"):
        g.pop(name, None)
    for name in [name for name in session if name not in KEPT_OVER_SIGN_IN]:
        del session[name]


def note_the_day(answer: Response) -> Response:
    """A professional who was looked up came today: written once a day, or not at all when the database is busy.

    Whoever came with a card leaves no day. An answer never depends on this.
    """
    number = g.pop(UNSEEN, None)
    if number is not None:
        try:
            idling.saw(number, at=clock.now())
        except SQLAlchemyError as error:
            log.info("the day waits for another page", extra={"kind": type(error).__name__})
    return answer


def install(app: Flask) -> None:
    app.after_request(note_the_day)

    @app.context_processor
    def _who() -> dict[str, object]:
        somebody = person()
        return {"person": somebody, "desk": bool(somebody and could(somebody, Action.SEE_DESK))}
