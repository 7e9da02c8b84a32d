"""The server in front of the application: what it refuses before the application is asked."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask

from referentiel.commands.serve import LARGEST_BODY
from referentiel.config import Settings
from referentiel.web.sealed import FOR_EVER, LONG
from tests.patience import PATIENCE
from tests.served import Address
from tests.served import served as serving


@pytest.fixture
def served(app: Flask, settings: Settings) -> Iterator[Address]:
    with serving(app, settings) as address:
        yield address


@pytest.mark.parametrize(("announced", "answer"), [(LARGEST_BODY * 40, b"413"), (10, b"")])
def test_a_body_that_would_fill_the_disk_is_refused_before_it_is_sent(
    served: Address, announced: int, answer: bytes
) -> None:
    head = f"POST /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {announced}\r\n\r\n"
    with socket.create_connection(served, timeout=2) as browser:
        browser.sendall(head.encode())
        if answer:
            assert browser.recv(100).split()[1] == answer
        else:
            with pytest.raises(TimeoutError):
                browser.recv(100)


def test_what_could_be_thrown_away_is_looked_for_once_all_is_loaded() -> None:
    loaded = "import gc; gc.disable(); from referentiel.commands import memory; memory.settle()"
    told = subprocess.run(
        [sys.executable, "-c", f"{loaded}; print(gc.isenabled(), gc.get_freeze_count() > 1000)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["True", "True"]


def asked(address: Address, method: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
    connection.request(method, "/editions/2026.0/scelle/referentiel.json", headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_a_download_given_piece_by_piece_is_the_sealed_file(served: Address, settings: Settings) -> None:
    data = (settings.editions_path / "2026.0" / "scelle" / "referentiel.json").read_bytes()
    assert len(data) > LONG
    answer, body = asked(served, "GET")
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(data)))
    assert body == data
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again, nothing = asked(served, "GET", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")
    head, nothing = asked(served, "HEAD")
    assert (head.status, head.headers["Content-Length"], nothing) == (200, str(len(data)), b"")
