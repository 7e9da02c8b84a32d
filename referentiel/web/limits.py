"""How much a request may hold and how often it may come, by a table of routes.

Counters live in memory under a key that changes each day: no address and no e-mail is kept anywhere.
"""

import hmac
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request

from referentiel.errors import N_, Refused, TooLarge, TooOften
from referentiel.web import clock
from referentiel.web.sessions import browser

KIB = 1024


@dataclass(frozen=True, slots=True)
class Size:
    """The most that a request may hold: bytes of body, fields of the form."""

    bytes: int
    fields: int


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` of these a ``seconds``, from one address."""

    count: int
    seconds: int


MESSAGE = N_("Votre envoi dépasse %(size)s ko : raccourcissez le texte, ou envoyez-le en plusieurs fois.")

ORDINARY = Size(256 * KIB, 200)
WRITING = Size(2 * KIB * KIB, 400)

SIZES: dict[str, Size] = {
    # By blueprint: forms that hold whole texts.
    "proposing": WRITING,
    "reviewing": WRITING,
    "deciding": WRITING,
}

RATES: dict[str, Rate] = {
    # By endpoint, for what is sent. A workshop shares one address: these stop floods, not people.
    "signing_in.ask": Rate(60, 900),
    "signing_in.digits": Rate(60, 900),
    "signing_in.open_link": Rate(120, 900),
    "signing_in.accept": Rate(60, 900),
    "openid.go": Rate(300, 900),
    "openid.accept": Rate(60, 900),
    # Ten thousand guesses from the address of a workshop slow the code guessed at, and close no door to the others.
    "joining.enter": Rate(15_000, 900),
    "joining.enter_by_square": Rate(15_000, 900),
    "workshop_door.enter": Rate(15_000, 900),
    "tablets.begin": Rate(600, 900),
    "tablets.open_with_code": Rate(15_000, 900),
}


UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""What bytes that are not UTF-8 become"""

_STILL_ESCAPED = re.compile("%[89A-Fa-f][0-9A-Fa-f]")


POSTING: dict[str, Rate] = {
    # By blueprint, for who is signed in. A draft is saved every ten seconds while somebody writes.
    "commenting": Rate(300, 3600),
    "talking": Rate(300, 3600),
    "wishing": Rate(300, 3600),
    "reattaching": Rate(300, 3600),
    "proposing": Rate(1500, 3600),
    "reviewing": Rate(600, 3600),
    "deciding": Rate(600, 3600),
}


class Unreadable(Refused):
    """The body is not UTF-8."""

    status = 400


class Counters:
    """Fixed windows, counted by HMAC under a key of the day. Thread-safe; about 100 bytes a counter."""

    MOST = 100_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""
        self._counts: dict[bytes, tuple[int, int]] = {}

    def wait(self, what: str, whose: str, rate: Rate, *, at: datetime) -> int:
        """Count one more; 0 when it may pass, else the seconds to wait."""
        window = int(at.timestamp()) // rate.seconds
        with self._lock:
            self._begin_day(at.astimezone(UTC).date())
            name = hmac.digest(self._key, f"{what}\n{whose}".encode(), "sha256")
            then, count = self._counts.get(name, (window, 0))
            count = count + 1 if then == window else 1
            if len(self._counts) >= self.MOST and name not in self._counts:
                self._counts.clear()
            self._counts[name] = (window, count)
        if count <= rate.count:
            return 0
        return max(1, ceil((window + 1) * rate.seconds - at.timestamp()))

    def _begin_day(self, today: date) -> None:
        if today != self._day:
            self._day, self._key, self._counts = today, secrets.token_bytes(32), {}


EXTENSION = "referentiel.counters"


def count(what: str, whose: str, rate: Rate) -> None:
    """Count one act of somebody. Raises :class:`TooOften` past the rate."""
    counters: Counters = current_app.extensions[EXTENSION]
    seconds = counters.wait(what, whose, rate, at=clock.now())
    if seconds:
        raise TooOften(
            N_("Attendez %(minutes)s minutes, puis essayez de nouveau. Rien n’est perdu."),
            retry_after=seconds,
            minutes=ceil(seconds / 60),
        )


def size_of(endpoint: str | None) -> Size:
    """The limit of a route: its own, its blueprint's, or the ordinary one."""
    if endpoint is None:
        return ORDINARY
    return SIZES.get(endpoint) or SIZES.get(endpoint.partition(".")[0], ORDINARY)


def check() -> None:
    """Refuse a body that is too long before reading it, and a form of too many fields before parsing it."""
    size = size_of(request.endpoint)
    request.max_content_length = size.bytes
    request.max_form_memory_size = size.bytes
    request.max_form_parts = size.fields
    if request.content_length is not None and request.content_length > size.bytes:
        raise TooLarge(MESSAGE, size=size.bytes // KIB)
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.content_length is None and len(request.get_data()) >= size.bytes:
        # A body sent by pieces is cut at the limit without a word: what may be cut is refused.
        raise TooLarge(MESSAGE, size=size.bytes // KIB)
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= size.fields:
        raise TooLarge(N_("Ce formulaire contient trop de champs : rechargez la page, puis recommencez."))
    if not _readable():
        raise Unreadable(N_("Votre texte contient un caractère illisible (�). Retirez-le, puis envoyez de nouveau."))
    rate = RATES.get(request.endpoint or "")
    if rate is not None:
        count(f"route {request.endpoint}", request.remote_addr or "", rate)
    place = (request.endpoint or "").partition(".")[0]
    if place in POSTING and browser().token:
        count(f"posting {place}", browser().token or "", POSTING[place])


def _readable() -> bool:
    """Whether the form is UTF-8. Werkzeug leaves escaped what is not, replaces it, or drops the whole form."""
    values = tuple(request.form.values())
    if any(UNREADABLE in value for value in values):
        return False
    if values and not any(_STILL_ESCAPED.search(value) for value in values):
        return True
    try:
        unquote_to_bytes(request.get_data()).decode()
    except UnicodeDecodeError:
        return False
    return True


def install(app: Flask) -> None:
    app.extensions[EXTENSION] = Counters()
    app.config["MAX_CONTENT_LENGTH"] = ORDINARY.bytes
    app.before_request(check)
