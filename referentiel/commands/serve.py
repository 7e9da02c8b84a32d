"""``referentiel serve``: the site, and its worker.

The worker (``referentiel work``) is a child process: it does what must not slow a page down. It is watched, started
again if it falls, and ended with the site.
"""

import logging
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from waitress.server import BaseWSGIServer, create_server

from referentiel.app import create_app
from referentiel.commands import memory
from referentiel.commands.application import settings_here
from referentiel.config import Settings
from referentiel.errors import N_, Refused
from referentiel.web.logs import write_json_lines

THREADS = 4
"""One runs Python at a time: more would wait, and each holds 1 MB. Slow clients hold none (waitress buffers them)."""
LARGEST_BODY = 24 * 1024 * 1024
"""Bytes. The server keeps a body on disk before the application is asked: past this it does not read it at all."""

log = logging.getLogger(__name__)


class Worker:
    """The ``work`` child: started, watched in a thread, started again after a fall with a growing pause."""

    def __init__(self) -> None:
        self._command = [str(Path(sys.executable).with_name("referentiel")), "work"]
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="worker-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
        self._thread.join(timeout=10)

    def _watch(self) -> None:
        pause = 1
        while not self._stopping.is_set():
            with subprocess.Popen(self._command) as child:
                self._child = child
                status = child.wait()
            if self._stopping.is_set():
                return
            log.warning("the worker ended with status %s, starting it again in %s s", status, pause)
            self._stopping.wait(pause)
            pause = min(pause * 2, 60)


def listening(settings: Settings) -> socket.socket:
    """The listening socket; a busy port is told in one line."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Refused(
            N_(
                "Le port %(port)s de %(host)s n’est pas libre : fermez l’autre programme, ou choisissez un autre port "
                "avec REFERENTIEL_PORT."
            ),
            port=settings.port,
            host=settings.host,
        ) from error
    return listener


def make_server(app: Flask, settings: Settings, listener: socket.socket) -> BaseWSGIServer:
    """The HTTP server of the site, not yet running: what ``serve`` runs, and what is measured."""
    forwarded = {"x-forwarded-for", "x-forwarded-proto"}
    proxies = {"trusted_proxy": "*", "trusted_proxy_count": settings.proxies, "trusted_proxy_headers": forwarded}
    server: BaseWSGIServer = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        channel_timeout=30,
        connection_limit=500,
        max_request_body_size=LARGEST_BODY,
        cleanup_interval=10,
        ident="",
        clear_untrusted_proxy_headers=True,
        **(proxies if settings.proxies else {}),
    )
    return server


def serve(app: Flask, settings: Settings, listener: socket.socket) -> None:
    """Answer until TERM or INT; requests under way are finished first."""
    server = make_server(app, settings, listener)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    worker = Worker()
    worker.start()
    try:
        server.run()
    finally:
        worker.stop()
        server.close()


def opening_words(settings: Settings) -> str:
    """What the console says: where the site is, and where mails go when no server takes them."""
    said = [f"Le référentiel est ouvert : {settings.base_url}/  (Ctrl-C pour fermer)"]
    if not settings.smtp_url:
        said.append(f"Aucun serveur d’e-mail (REFERENTIEL_SMTP_URL) : les e-mails sont dans {settings.mail_path}/")
    return "\n".join(said)


@click.command("serve", help="Ouvrir le site, et son ouvrier.")
def command() -> None:
    settings = settings_here()
    write_json_lines(everything=settings.production)
    listener = listening(settings)
    app = create_app(settings)
    memory.settle()
    memory.spare()
    click.echo(opening_words(settings))
    sys.stdout.flush()
    serve(app, settings, listener)
