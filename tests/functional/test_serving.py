"""The server in front of the application: what it refuses before the application is asked."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from flask import Flask

from referentiel.commands.serve import LARGEST_BODY, make_server
from referentiel.config import Settings

Address = tuple[str, int]


@pytest.fixture
def served(app: Flask, settings: Settings) -> Iterator[Address]:
    listener = socket.create_server(("127.0.0.1", 0))
    address: Address = listener.getsockname()
    server = make_server(app, settings, listener)

    def run() -> None:
        # Closed from outside while it waits, its loop finds its own socket gone.
        with suppress(OSError):
            server.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield address
    server.close()
    thread.join(timeout=10)


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
