"""Today's frames around sealed bytes: header, footer, what has been published since. Files, made here, served as files.

A frame is made with nobody in mind: no person, no session, no query. It changes when another edition is published or
starts to apply, and with the templates: :func:`remake` then writes all of them again, each by one rename.
"""

import hashlib
import os
import threading
from collections.abc import Iterable
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

from flask import current_app

from referentiel.editions.edition import Edition, in_force, newer_than
from referentiel.editions.shelf import FRAMES, Shelf
from referentiel.web.language import LANGUAGE
from referentiel.web.stores import settings

PLACE = "\ue000"
MADE_FOR = "pour"


def remake(shelf: Shelf, today: date) -> int:
    """Write every frame again if what they say has changed; gives how many were written."""
    editions = shelf.editions()
    situation = _situation(editions, today)
    written = 0
    for edition in editions:
        stamp = shelf.path / str(edition.number) / FRAMES / LANGUAGE / MADE_FOR
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != situation:
            for page in shelf.pages(str(edition.number)):
                _write(
                    Path(shelf.frame(str(edition.number), LANGUAGE, page)), _make(shelf, editions, edition, page, today)
                )
                written += 1
            _write(stamp, situation.encode())
    return written


def make_one(shelf: Shelf, number: str, page: str, today: date) -> None:
    """Write one frame that is missing. Raises Unknown when the edition has no such page."""
    place = Path(shelf.frame(number, LANGUAGE, page))
    _write(place, _make(shelf, shelf.editions(), shelf.edition(number), page, today))


def _make(shelf: Shelf, editions: tuple[Edition, ...], edition: Edition, page: str, today: date) -> bytes:
    fragment = Path(shelf.sealed(str(edition.number), f"{page}.html")).read_bytes()
    current = in_force(editions, today)
    newer = newer_than(editions, edition.number)
    latest = newer[-1] if newer else None
    # A newer edition may have dropped the page: the reader is then led to its table of contents.
    there = "" if page == "sommaire" else page
    frame = current_app.jinja_env.get_template("published/frame.html").render(
        frame=True,
        place=PLACE,
        edition=edition,
        site=settings().base_url,
        page=page,
        heading=_heading(fragment),
        current=current,
        latest=latest,
        same_page=there if latest and f"{page}.html" in latest.manifest else "",
        to_come=not edition.applies_on(today),
        previous=next((e for e in editions if str(e.number) == edition.previous), None),
        following=newer[0] if newer else None,
    )
    before, _, after = frame.partition(PLACE)
    return before.encode() + fragment + after.encode()


def _heading(fragment: bytes) -> str:
    """The words of the only h1 of a fragment, which are a title without marks."""
    return unescape(fragment.partition(b"<h1>")[2].partition(b"</h1>")[0].decode())


def _situation(editions: Iterable[Edition], today: date) -> str:
    published = tuple(editions)
    current = in_force(published, today)
    to_come = [str(edition.number) for edition in published if not edition.applies_on(today)]
    return "\n".join(
        (
            f"editions {' '.join(str(edition.number) for edition in published)}",
            f"in force {current.number if current else ''}",
            f"to come {' '.join(to_come)}",
            f"site {settings().base_url}",
            f"templates {_templates()}",
        )
    )


@cache
def _templates() -> str:
    """A digest of what frames are made of, so that a new version of the application makes them again."""
    folder = Path(current_app.root_path) / "templates"
    parts = [folder / "base.html", *sorted((folder / "macros").glob("*.html")), folder / "published" / "frame.html"]
    style = Path(current_app.static_folder or "") / "ui.css"
    return hashlib.sha256(b"".join(path.read_bytes() for path in [*parts, style])).hexdigest()[:16]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}-{os.getpid()}-{threading.get_ident()}")
    aside.write_bytes(data)
    aside.replace(path)
