"""What an operation does to the files of the text, as plain values that a row can hold."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from referentiel.criteria.paths import NEW as NEW_KEY
from referentiel.criteria.paths import is_allowed
from referentiel.errors import N_, Invalid
from referentiel.journal.authors import Author

NEW = re.compile(
    r"(?P<tree>annexes/(?:dep|bassin)-[0-9A-Za-z]+/)?"
    rf"(?P<folder>chapitres|criteres|pages|glossaire|outils|competences)/(?P<name>{NEW_KEY})\.md"
)
"""An item that waits for its code"""
NEW_ERRATUM = re.compile(
    r"errata/(?P<edition>[0-9]{4}(?:\.[0-9]{1,3}){1,2})/(?P<code>[A-Z][0-9]{0,3})-(?P<name>" + NEW_KEY + r")\.md"
)
"""An erratum that waits for its number"""


@dataclass(frozen=True)
class FileChange:
    """One file as it will stand after the operation.

    ``before`` is the blob id that the author started from, None for a file that did not exist; ``parts`` are the
    sections and keys that the change touches, named as ``criteria.merging.touched`` names them. A new item has the
    path ``criteres/nouveau-42.md``, or ``outils/nouveau-42-2.md`` for the second of a proposal: its code is allotted
    when it is adopted. A new criterion names its chapter, which may be new too.
    """

    path: str
    before: str | None
    text: str
    parts: frozenset[str] = field(default_factory=frozenset)
    new_criterion_chapter: str | None = None

    def check(self) -> None:
        """Refuse, before anything is written, what could never be adopted. Raises :class:`Invalid`."""
        if not self._may_be_written():
            raise Invalid(N_("« %(path)s » n’est pas le nom d’un fichier du référentiel."), path=self.path)
        if self.before is not None and not re.fullmatch(r"[0-9a-f]{40}", self.before):
            raise ValueError(f"not a blob id: {self.before!r}")
        fault = unclean(self.text)
        if fault:
            raise Invalid(N_("%(path)s : %(fault)s."), path=self.path, fault=fault)

    def _may_be_written(self) -> bool:
        new, chapter = NEW.fullmatch(self.path), self.new_criterion_chapter
        if NEW_ERRATUM.fullmatch(self.path):
            return chapter is None and self.before is None
        if new is None or self.before is not None:
            return chapter is None and is_allowed(self.path)
        if new["folder"] == "criteres":
            return chapter is not None and re.fullmatch(rf"[A-Z]|{NEW_KEY}", chapter) is not None
        return chapter is None

    def to_json(self) -> dict[str, Any]:
        """The row's form, with the hash of the text beside it."""
        return {
            "path": self.path,
            "before": self.before,
            "after": text_hash(self.text),
            "text": self.text,
            "parts": sorted(self.parts),
            "chapter": self.new_criterion_chapter,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "FileChange":
        """Read the row's form back. Raises ``ValueError`` when the text no longer has its hash."""
        if text_hash(row["text"]) != row["after"]:
            raise ValueError(f"the text of {row['path']} is not the one that was signed")
        return cls(row["path"], row["before"], row["text"], frozenset(row["parts"]), row["chapter"])


@dataclass(frozen=True)
class Order:
    """What the library needs to write one commit: nothing else enters it, so the same order gives the same hash."""

    id: str
    base: str
    changes: tuple[FileChange, ...]
    message: str
    author: Author
    time: datetime


def text_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def unclean(text: str) -> str:
    """Why this text cannot be stored, in French; an empty string when it can (UTF-8, NFC, no control character)."""
    for character in text if not text.isprintable() else "":
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cs"):
            return N_("un caractère de contrôle s’y trouve")
    if not unicodedata.is_normalized("NFC", text):
        return N_("ses accents ne sont pas sous leur forme composée (NFC)")
    if not text.endswith("\n"):
        return N_("il manque une fin de ligne à la dernière ligne")
    return ""
