"""Sixty people of one workshop come in at the same instant, through the server that an operator runs: none is refused.

They share one address, as in a room with one router. How long they wait is for ``make bench``.
"""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.database import session
from referentiel.people.models import Person, Workshop
from referentiel.people.workshops.codes import key_of
from referentiel.web.stores import secret
from tests.cast import Someone, environment
from tests.patience import PATIENCE
from tests.workshop_lives import code, facilitating, workshop

CROWD = 60
HOST = "127.0.0.1"


class Telephone:
    """One connection, and its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        self.origin = f"http://{HOST}:{port}"
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, page, and where it leads."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        body = urlencode(form) if form is not None else None
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", ()):
            name, _, kept = value.partition(";")[0].partition("=")
            self.cookies[name] = kept
        return answer.status, page, answer.headers.get("Location", "")


@contextlib.contextmanager
def served(settings: Settings) -> Iterator[int]:
    """``referentiel serve`` over this instance, until the end of the block; yields its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REFERENTIEL_")}
    program = str(Path(sys.executable).with_name("referentiel"))
    process = subprocess.Popen(
        [program, "serve"],
        env={**kept, **environment(settings), "REFERENTIEL_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = monotonic() + PATIENCE
        while True:
            assert process.poll() is None, "the server fell"
            assert monotonic() < end, "the server does not answer"
            try:
                Telephone(port).ask("/sante")
                break
            except OSError:
                sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of a page."""
    return dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)) | dict(
        re.findall(r'name="(\w+)" type="hidden" value="([^"]*)"', page)
    )


def come_in(port: int, address: str, fields: dict[str, str], start: threading.Barrier, told: list[str]) -> None:
    """Open the address, send its form, read the next page. Adds a line to ``told`` for each answer that is not it."""
    telephone = Telephone(port)
    start.wait(PATIENCE)
    try:
        status, page, _ = telephone.ask(address)
        if status == 200:
            status, page, where = telephone.ask(address, hidden(page) | fields)
            if status == 303:
                status, page, _ = telephone.ask(where)
        told.append(f"{status}" if status != 200 else "in")
    except OSError as error:
        told.append(type(error).__name__)


@pytest.fixture
def held(app: Flask, chloe: Someone) -> Workshop:
    return workshop(by=facilitating(chloe), structure="Chantier des Lilas", seats=CROWD, criteria=("E4", "B3"))


@pytest.mark.parametrize("door", ["poster", "code"])
def test_sixty_people_of_one_workshop_come_in_at_once_and_none_is_refused(
    app: Flask, settings: Settings, held: Workshop, door: str
) -> None:
    number, typed = held.id, code(held)
    address = f"/rejoindre/{number}.{key_of(held.nonce, secret())}" if door == "poster" else "/rejoindre"
    fields = {"visage": "yes", "geste": "repondre"} if door == "poster" else {"code": typed}
    session.remove()
    told: list[str] = []
    with served(settings) as port:
        start = threading.Barrier(CROWD)
        people = [threading.Thread(target=come_in, args=(port, address, fields, start, told)) for _ in range(CROWD)]
        for person in people:
            person.start()
        for person in people:
            person.join(PATIENCE)
        assert Counter(told) == {"in": CROWD}
        late = Telephone(port)
        status, page, _ = late.ask(address)
        if door == "code":
            status, _page, _ = late.ask(address, hidden(page) | fields)
        assert status in {410, 422}, "there was no seat for one more"
    assert session.scalar(select(func.count(Person.id)).where(Person.workshop_id == number)) == CROWD
    if door == "poster":
        assert session.scalar(select(func.count(Comment.id)).where(Comment.workshop_id == number)) == CROWD
