"""The application behind the server of production, on a port of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from flask import Flask

from referentiel.commands.serve import make_server
from referentiel.config import Settings

Address = tuple[str, int]


@contextmanager
def served(app: Flask, settings: Settings) -> Iterator[Address]:
    """It answers from another thread until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    address: Address = listener.getsockname()
    server = make_server(app, settings, listener)

    def run() -> None:
        # Closed from outside while it waits, its loop finds its own socket gone.
        with suppress(OSError):
            server.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.close()
        thread.join(timeout=10)
