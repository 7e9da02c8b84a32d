"""Eight readers at once, behind a server that loads the application before it divides: each is answered right."""

import contextlib
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.library.library import Library
from tests.patience import PATIENCE, patience

ROOT = Path(__file__).parents[2]
READERS = 8
KINDS = {"criteres": "criteres", "outils": "outils", "competences": "competences"}
"""Folder of the library → first part of the address"""
FEWEST = 60


@contextlib.contextmanager
def gunicorn(settings: Settings) -> Iterator[int]:
    """The site behind gunicorn, two processes of four threads that share what was loaded before; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers=2", "--threads=4"]
    command += [f"--bind=127.0.0.1:{port}", "wsgi:app"]
    kept = os.environ | {"REFERENTIEL_INSTANCE": str(settings.instance), "REFERENTIEL_PORT": str(port)}
    with subprocess.Popen(command, cwd=ROOT, env=kept, stderr=subprocess.PIPE, text=True) as server:
        try:
            with patience():
                while "Listening at" not in (server.stderr.readline() if server.stderr else ""):
                    assert server.poll() is None
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=PATIENCE)


def words(text: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def titles(settings: Settings) -> dict[str, str]:
    """Address → the title that its page must bear: of everything in the draft that has a page of its own."""
    library = Library.open(settings.library_path)
    found = {}
    for path, blob in library.files(library.head()).items():
        folder, _, name = path.removesuffix(".md").partition("/")
        if folder in KINDS:
            title = Document.read(library.text(blob), path).value("titre") or ""
            found[f"/travail/{KINDS[folder]}/{name}"] = title
    library.close()
    return found


def test_eight_readers_of_sixty_texts_are_each_given_the_right_one(settings: Settings, titles: dict[str, str]) -> None:
    assert len(titles) >= FEWEST
    wrong: list[str] = []
    answered: list[str] = []

    def read(port: int, seed: int) -> None:
        addresses = sorted(titles)
        random.Random(seed).shuffle(addresses)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        for address in addresses:
            line.request("GET", address)
            answer = line.getresponse()
            page = answer.read().decode()
            heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
            if answer.status != 200 or heading is None or titles[address] not in words(heading[1]):
                wrong.append(f"{address}: {answer.status}")
            answered.append(address)
        line.close()

    with gunicorn(settings) as port:
        readers = [threading.Thread(target=read, args=(port, seed)) for seed in range(READERS)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(2 * PATIENCE)
    assert wrong == []
    assert len(answered) == READERS * len(titles)
