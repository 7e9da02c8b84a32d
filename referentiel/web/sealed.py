"""Sealed files and their frames, answered before Flask: an address, a file, an ETag. No session, no SQL, no template.

Whatever this does not know how to answer (a frame not made yet, an address that does not exist, another host) goes on
to the application, whose views give the same answers from the same functions.
"""

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from referentiel.config import Settings
from referentiel.editions.shelf import Shelf, is_whole_page
from referentiel.errors import Unknown
from referentiel.web.headers import ALWAYS, CONTENT_SECURITY_POLICY, HSTS
from referentiel.web.kinds import kind_of
from referentiel.web.language import LANGUAGE

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
HTML = "text/html; charset=utf-8"
STYLE = b"<style>"

WRAPPER = "wsgi.file_wrapper"
LONG, PIECE = 128 * 1024, 64 * 1024
"""Bytes from which a file is given piece by piece by the server itself, and of one piece"""

_ADDRESS = re.compile(
    r"/editions/(?P<number>[0-9.]{6,12})/"
    r"(?:scelle/(?P<sealed>[A-Za-z0-9./-]+)"
    r"|(?P<page>(?:criteres|chapitres|pages|outils|competences)/[A-Za-z0-9-]+)"
    r"|(?P<list>glossaire|outils|competences|note-de-revision)/"
    r")?"
)
_HOST = re.compile(r"(\[[0-9a-f:]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class File:
    """What an address answers: bytes, their tag, and the headers that are its own."""

    data: bytes
    tag: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LongFile:
    """The same for a file that is never held whole in memory: where it is, and how many bytes it has."""

    place: str
    size: int
    tag: str
    headers: tuple[tuple[str, str], ...]


def long_file(shelf: Shelf, number: str, path: str) -> LongFile | None:
    """A file of the manifest that is better given piece by piece; None for a short one, and for what is a page.

    Raises Unknown, and FileNotFoundError when the disk has lost it.
    """
    place = shelf.sealed(number, path)
    if is_whole_page(path) or (size := os.stat(place).st_size) <= LONG:
        return None
    return LongFile(place, size, shelf.edition(number).manifest[path], _sealed_headers(path))


def sealed_file(shelf: Shelf, number: str, path: str) -> File:
    """One file of the manifest, for ever. Raises Unknown, and FileNotFoundError when the disk has lost it."""
    place = shelf.sealed(number, path)
    headers = list(_sealed_headers(path))
    with open(place, "rb") as file:
        data = file.read()
    if is_whole_page(path):
        headers.append(("Content-Security-Policy", _own_style_policy(data)))
    return File(data, shelf.edition(number).manifest[path], tuple(headers))


def framed_page(shelf: Shelf, number: str, page: str) -> File:
    """A sealed page in today's frame. Raises Unknown, and FileNotFoundError while the frame is not made."""
    with open(shelf.frame(number, LANGUAGE, page), "rb") as file:
        state = os.fstat(file.fileno())
        data = file.read()
    return as_frame(data, f"{state.st_mtime_ns:x}-{state.st_size:x}")


def as_frame(data: bytes, tag: str = "") -> File:
    """The answer that these bytes of a frame are; their digest is the tag when none is given."""
    tag = tag or hashlib.sha256(data).hexdigest()[:32]
    return File(data, tag, (("Content-Type", HTML), ("Cache-Control", A_WHILE)))


class SealedFirst:
    """A layer around the application that answers what is sealed."""

    def __init__(self, application: Application, shelf: Shelf, hosts: Iterable[str], *, secure: bool) -> None:
        self._application = application
        self._shelf = shelf
        self._hosts = frozenset(hosts)
        self._always = tuple(ALWAYS.items()) + ((("Strict-Transport-Security", HSTS),) if secure else ())

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/editions/") and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            file = self._find(environ)
            if file is not None:
                return self._answer(file, environ, start_response)
        return self._application(environ, start_response)

    def _find(self, environ: Environ) -> File | LongFile | None:
        match, host = _ADDRESS.fullmatch(environ["PATH_INFO"]), _HOST.fullmatch(environ.get("HTTP_HOST", ""))
        if match is None or host is None or host[1] not in self._hosts:
            return None
        number, sealed = match["number"], match["sealed"]
        try:
            if sealed:
                found = long_file(self._shelf, number, sealed) if WRAPPER in environ else None
                return found or sealed_file(self._shelf, number, sealed)
            return framed_page(self._shelf, number, match["page"] or match["list"] or "sommaire")
        except (Unknown, OSError):
            return None

    def _answer(self, file: File | LongFile, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        own = dict(file.headers)
        headers = [*file.headers, *((name, value) for name, value in self._always if name not in own)]
        headers.append(("ETag", f'"{file.tag}"'))
        if f'"{file.tag}"' in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", headers)
            return ()
        headers.append(("Content-Length", str(len(file.data) if isinstance(file, File) else file.size)))
        pieces: Iterable[bytes] = ()
        if environ["REQUEST_METHOD"] != "HEAD":
            # The wrapper of the server closes the file, once the last byte has left.
            pieces = (file.data,) if isinstance(file, File) else environ[WRAPPER](open(file.place, "rb"), PIECE)  # noqa: SIM115
        start_response("200 OK", headers)
        return pieces


def install(app: Flask, settings: Settings) -> None:
    """Put the layer around the application."""
    app.wsgi_app = SealedFirst(  # type: ignore[method-assign]
        app.wsgi_app,
        Shelf(settings.editions_path),
        app.config["TRUSTED_HOSTS"],
        secure=settings.base_url.startswith("https:"),
    )


def _sealed_headers(path: str) -> tuple[tuple[str, str], ...]:
    return ("Content-Type", _type(path)), ("Cache-Control", FOR_EVER)


def _type(path: str) -> str:
    """Fragments and texts are shown as they are written: only what is whole is a page."""
    if is_whole_page(path):
        return HTML
    if path.endswith((".md", ".html")):
        return "text/plain; charset=utf-8"
    return kind_of(path)


def _own_style_policy(page: bytes) -> str:
    """The policy of a page by itself: its own style by its digest, no script, nothing from elsewhere. About 10 µs."""
    start = page.find(STYLE) + len(STYLE)
    digest = base64.b64encode(hashlib.sha256(page[start : page.find(b"</style>", start)]).digest()).decode()
    return CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'sha256-{digest}'")
