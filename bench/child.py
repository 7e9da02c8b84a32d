"""The application in a process of its own, asked through a pipe: one request at a time, timed there, without network.

What is timed is the server's own work, from the request's environment to the last byte of the answer, the closing of
the session included. Two states are compared by asking two children in turn.
"""

import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder

from referentiel.app import create_app
from referentiel.commands.memory import settle
from referentiel.config import Settings

BASE = "http://127.0.0.1:8000"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: seconds of server time, SQL statements (without those that open and close a transaction), bytes."""

    seconds: float
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: int

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        """The first value of a header, empty when absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. ``cookies`` by name; a form makes it a POST."""

    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None


class Child:
    """A process over one instance. Use it as a context."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, settings), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(timeout=10)

    def ask(
        self, path: str, *, cookies: Mapping[str, str] | None = None, form: Mapping[str, Any] | None = None
    ) -> Answer:
        """GET a page, or POST a form as its own page would."""
        answer = self._send(Request(path, cookies or {}, form))
        assert isinstance(answer, Answer)
        return answer

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run ``function(library, *arguments)`` there, inside the application's context."""
        return self._send((function, arguments))

    def _send(self, what: object) -> object:
        self._pipe.send(what)
        answer = self._pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _serve(pipe: Connection, settings: Settings) -> None:
    app = create_app(settings)
    counted = [0]

    @event.listens_for(Engine, "before_cursor_execute")
    def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted[0] += not statement.startswith("BEGIN")

    library = app.extensions["referentiel"].library
    # As ``referentiel serve`` does: what the start made is looked at by no collection of a page.
    settle()
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        try:
            if isinstance(asked, Request):
                pipe.send(_answer(app, asked, counted))
            else:
                function, arguments = asked
                with app.app_context():
                    pipe.send(function(library, *arguments))
        except Exception as error:  # The parent raises it again, where somebody reads it.
            pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _answer(app: Flask, asked: Request, counted: list[int]) -> Answer:
    environ = _environ(asked)
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _failure: object = None) -> Callable[[bytes], object]:
        told[:] = [int(status.partition(" ")[0]), tuple(headers)]
        return lambda _piece: None

    counted[0] = 0
    began = time.perf_counter()
    parts = app.wsgi_app(environ, start)
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    seconds = time.perf_counter() - began
    return Answer(seconds, told[0], told[1], body, counted[0])


def _environ(asked: Request) -> dict[str, Any]:
    cookies = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
    headers = [("Cookie", cookies)] if cookies else []
    if asked.form is None:
        return EnvironBuilder(asked.path, BASE, headers=headers).get_environ()
    headers += [("Origin", BASE), ("Sec-Fetch-Site", "same-origin")]
    body = urlencode(asked.form, doseq=True).encode()
    return EnvironBuilder(asked.path, BASE, method="POST", headers=headers, data=body, content_type=FORM).get_environ()
