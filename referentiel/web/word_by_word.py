"""A difference as HTML, rendered once for two texts and kept packed: whole, or piece by piece with its sections.

``word_by_word`` and ``section_by_section`` in the templates.
"""

from dataclasses import dataclass

from flask import Flask, get_template_attribute

from referentiel.criteria.rendering import packed, unpacked
from referentiel.criteria.vocabulary import anchor
from referentiel.library.cache import Cache
from referentiel.proposals.queries import FileDifference
from referentiel.web.language import LANGUAGE

MACROS = "macros/difference.html"

_kept: Cache[tuple[object, ...], bytes] = Cache(500_000, len)
_pieces: Cache[tuple[object, ...], tuple[tuple[str | None, bytes], ...]] = Cache(
    500_000, lambda kept: sum(len(piece) for _title, piece in kept)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a difference: a section by its title, or else (``title`` none) what stands around the sections."""

    title: str | None
    html: str

    @property
    def anchor(self) -> str:
        """How addresses name the section."""
        return anchor(self.title) if self.title else ""


def word_by_word(file: FileDifference, before: str = "", after: str = "") -> str:
    """Sentences added, removed and moved, then the words: in the text, or side by side under the names of both texts.

    About 8 ms for forty changed lines the first time, 0.1 ms then.
    """
    key = (file.blobs, before, after, LANGUAGE)
    return unpacked(_kept.get(key, lambda _key: packed(_rendered(file, before, after))))


def section_by_section(file: FileDifference, before: str = "", after: str = "") -> list[Piece]:
    """The same in pieces, so that a page can say something beside each section. It costs as much."""
    key = (file.blobs, before, after, LANGUAGE)
    kept = _pieces.get(key, lambda _key: _in_pieces(file, before, after))
    return [Piece(title, unpacked(piece)) for title, piece in kept]


def _rendered(file: FileDifference, before: str, after: str) -> str:
    summary, inline, sides = (get_template_attribute(MACROS, name) for name in ("summary", "inline", "sides"))
    comparison = file.comparison
    return str(summary(comparison)) + str(sides(comparison, before, after) if after else inline(comparison))


def _in_pieces(file: FileDifference, before: str, after: str) -> tuple[tuple[str | None, bytes], ...]:
    summary, sheet, part, notes = (
        get_template_attribute(MACROS, name) for name in ("summary", "sheet", "part", "notes")
    )
    comparison = file.comparison
    pieces: list[tuple[str | None, str]] = [
        (None, str(summary(comparison)) + str(sheet(comparison, before, after))),
        *((section.title, str(part(section, before, after))) for section in comparison.changed_sections),
        (None, str(notes(comparison))),
    ]
    return tuple((title, packed(html)) for title, html in pieces if html.strip())


def install(app: Flask) -> None:
    app.add_template_global(word_by_word)
    app.add_template_global(section_by_section)
