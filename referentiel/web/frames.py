"""Today's frames around sealed bytes: header, footer, what has been published since. Files, made here, served as files.

A frame is made with nobody in mind: no person, no session, no query. It changes when another edition is published or
starts to apply, with the errata adopted or asked for, and with the templates: :func:`remake` then writes all of them
again, each by one rename.
"""

import hashlib
import logging
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from flask import current_app

from referentiel.durable import write_whole
from referentiel.editions import discussed
from referentiel.editions.edition import Edition, in_force
from referentiel.editions.errata import errata_of, state
from referentiel.editions.shelf import FRAMES, Shelf
from referentiel.web.frame_parts import Frame
from referentiel.web.language import LANGUAGE
from referentiel.web.stores import library, settings

log = logging.getLogger(__name__)

PLACE = "\ue000"
MADE_FOR = "pour"
SCRIPT = "js/page.js"
MADE_BY = ("web", "editions", "criteria")
"""The packages whose code says something in a frame; ``dates.py`` does too"""


def remake(shelf: Shelf, today: date) -> int:
    """Write every frame again if what they say has changed; gives how many were written."""
    editions = shelf.editions()
    everywhere = _situation(editions, today)
    written = 0
    for edition in editions:
        number = str(edition.number)
        beside = f"errata {state(library(), number)}\nasked {discussed.state(shelf, number)}"
        situation = f"{everywhere}\n{beside}".encode()
        stamp = shelf.path / number / FRAMES / LANGUAGE / MADE_FOR
        if not stamp.exists() or stamp.read_bytes() != situation:
            for page in shelf.pages(number):
                place = Path(shelf.frame(number, LANGUAGE, page))
                _write(place, _make(shelf, editions, edition, page, today))
                written += 1
            _write(stamp, situation)
    return written


def make_one(shelf: Shelf, number: str, page: str, today: date) -> bytes:
    """One frame that is missing, which is written too unless the disk refuses.

    Raises Unknown when the edition has no such page, OSError when its sealed bytes cannot be read.
    """
    place = Path(shelf.frame(number, LANGUAGE, page))
    frame = _make(shelf, shelf.editions(), shelf.edition(number), page, today)
    try:
        _write(place, frame)
    except OSError:
        log.warning("a frame could not be written")
    return frame


def _make(shelf: Shelf, editions: tuple[Edition, ...], edition: Edition, page: str, today: date) -> bytes:
    fragment = Path(shelf.sealed(str(edition.number), f"{page}.html")).read_bytes()
    around = current_app.jinja_env.get_template("published/frame.html").render(
        frame=True,
        place=PLACE,
        of=Frame(
            shelf=shelf,
            editions=editions,
            edition=edition,
            page=page,
            today=today,
            site=settings().base_url,
            fragment=fragment.decode(),
            errata=errata_of(library(), str(edition.number)),
            asked=discussed.discussed(shelf, str(edition.number)),
        ),
    )
    return put_in(around, fragment)


def put_in(around: str, fragment: bytes) -> bytes:
    """A page made with :data:`PLACE` where the sealed bytes go, and those bytes, untouched."""
    before, _, after = around.partition(PLACE)
    return before.encode() + fragment + after.encode()


def _situation(editions: Iterable[Edition], today: date) -> str:
    """All that the frames of every edition say beside their sealed bytes, in short, errata excepted."""
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
    """A digest of what frames are made of, so that a new version of the application makes them again. About 10 ms."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources())).hexdigest()[:16]


def sources() -> list[Path]:
    """The files of this application that shape a frame, in an order that stays."""
    root = Path(current_app.root_path)
    folder = root / "templates"
    code = [root / "dates.py", *(path for name in MADE_BY for path in (root / name).rglob("*.py"))]
    own = [folder / name for name in ("base.html", "published/frame.html", "reading/parts.html")]
    static = [Path(current_app.static_folder or "") / name for name in ("ui.css", SCRIPT)]
    return sorted([*code, *own, *(folder / "macros").glob("*.html"), *static])


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
