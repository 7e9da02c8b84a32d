"""The published editions on disk: files, and nothing else. They answer without database and without Git.

::

    editions/2026.1/sceau       the seal: header and manifest, the same words as the tag
    editions/2026.1/sceau.sig   its signature by SSH, when this installation has a key
    editions/2026.1/publie      there once the tag is: until then nobody sees the folder
    editions/2026.1/scelle/…    the sealed files, the same bytes for ever
    editions/2026.1/cadre/fr/…  today's frames around them, made again when a newer edition is published
    editions/2026.1/cadre/en-discussion.json    the corrections asked for and not decided, as the database last said
"""

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from referentiel.editions.edition import Edition
from referentiel.editions.manifest import Lines, beginning
from referentiel.editions.numbering import is_number
from referentiel.editions.pages.addresses import ALONE
from referentiel.errors import N_, Unknown

log = logging.getLogger(__name__)

WHOLE = "referentiel.html"
"""The whole edition on one page"""
SEAL, PUBLISHED, SEALED, FRAMES = "sceau", "publie", "scelle", "cadre"
SIGNATURE = "sceau.sig"
DISCUSSED = "en-discussion.json"
UNREADABLE = (OSError, ValueError, KeyError)
"""What reading a seal raises when it is not there, or is not one of ours"""


class Shelf:
    """Reads the folder of the editions. Cheap to make; what it reads is kept by folder and date of the marker.

    Addresses are joined as text: the way to a sealed page is walked at each reading.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = str(path)

    def editions(self) -> tuple[Edition, ...]:
        """All published editions, oldest first. Costs one listing of the folder and one ``stat`` an edition."""
        try:
            names = os.listdir(self._root)
        except FileNotFoundError:
            return ()
        found = (self._find(name) for name in names)
        return tuple(sorted((e for e in found if e is not None), key=lambda e: e.number))

    def edition(self, number: str) -> Edition:
        """Raises Unknown for anything that is not the number of a published edition. One ``stat``."""
        edition = self._find(number)
        if edition is None:
            raise Unknown(N_("Cette édition n’existe pas."))
        return edition

    def sealed(self, number: str, path: str) -> str:
        """The file of this path in the manifest. Raises Unknown: no other name ever reaches the disk."""
        if path not in self.edition(number).manifest:
            raise Unknown(N_("Ce fichier n’est pas dans l’édition %(number)s."), number=number)
        return f"{self._root}/{number}/{SEALED}/{path}"

    def seal(self, number: str) -> str:
        """What the tag says: header, then one ``sha256  path`` a line. Raises Unknown."""
        self.edition(number)
        return (self.path / number / SEAL).read_text(encoding="utf-8")

    def frame(self, number: str, language: str, page: str) -> str:
        """Where the frame of a page stands. Raises Unknown when the edition has no such page."""
        if f"{page}.html" not in self.edition(number).manifest or not _is_fragment(f"{page}.html"):
            raise Unknown(N_("Cette page n’est pas dans l’édition %(number)s."), number=number)
        return f"{self._root}/{number}/{FRAMES}/{language}/{page}.html"

    def discussed(self, number: str) -> str:
        """Where the corrections asked for and not decided are told. Raises Unknown."""
        self.edition(number)
        return f"{self._root}/{number}/{FRAMES}/{DISCUSSED}"

    def pages(self, number: str) -> tuple[str, ...]:
        """The names of the pages of an edition, ``criteres/E4`` or ``sommaire``, in order."""
        manifest = self.edition(number).manifest
        return tuple(path[:-5] for path in manifest if _is_fragment(path))

    def _find(self, name: str) -> Edition | None:
        if not is_number(name):
            return None
        folder = f"{self._root}/{name}"
        try:
            stamp = os.stat(f"{folder}/{PUBLISHED}").st_mtime_ns
        except OSError:
            return None
        return _read(folder, stamp)


def is_whole_page(path: str) -> bool:
    """Whether a sealed file is a page by itself: the whole edition, or one page that stands alone."""
    return path == WHOLE or (path.startswith(f"{ALONE}/") and path.endswith(".html"))


def _is_fragment(path: str) -> bool:
    """Whether a sealed file is to be read in a frame."""
    return path.endswith(".html") and not is_whole_page(path)


class _Contents(Lines):
    """The manifest of an edition on the shelf, read when it is asked for: with 2,000 decisions it is 300 kB, and only
    those of the last editions asked are kept."""

    __slots__ = ("_folder", "_stamp")

    def __init__(self, folder: str, stamp: int) -> None:
        self._folder, self._stamp = folder, stamp

    def __getitem__(self, path: str) -> str:
        return self._lines[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def beginning(self, start: str) -> list[str]:
        return beginning(self._lines, start)

    @property
    def _lines(self) -> Mapping[str, str]:
        """Empty while the seal cannot be read: nothing of the edition is given then, and that is not remembered."""
        try:
            return _manifest(self._folder, self._stamp)
        except UNREADABLE:
            log.exception("the seal of %s cannot be read", Path(self._folder).name)
            return {}


@lru_cache(maxsize=256)
def _read(folder: str, stamp: int) -> Edition | None:
    """None for a seal that cannot be read: the edition is not shown until ``verify --fix`` has made it again."""
    try:
        return replace(_seal(folder), manifest=_Contents(folder, stamp))
    except UNREADABLE:
        log.exception("the seal of %s cannot be read", Path(folder).name)
        return None


@lru_cache(maxsize=4)
def _manifest(folder: str, _stamp: int) -> Mapping[str, str]:
    return _seal(folder).manifest


def _seal(folder: str) -> Edition:
    """Raises one of :data:`UNREADABLE`."""
    path = Path(folder)
    return Edition.read(path.name, (path / SEAL).read_text(encoding="utf-8"))
