"""The few words of a text around what was found, as it is written, with what was found marked."""

import re
from dataclasses import dataclass

from referentiel.search.words import Asked, fold

BEFORE = 60
LENGTH = 200

_VARIANTS = {
    "a": "aàâäáã",
    "c": "cç",
    "e": "eéèêë",
    "i": "iîïí",
    "n": "nñ",
    "o": "oôöóõ",
    "u": "uùûüú",
    "y": "yÿ",
}
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,300}\)")
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|[-*+>]|\d{1,3}[.)])[ \t]+|^[ \t|:-]+$|[*`|]+|\\(?=[^\w\s])", re.MULTILINE)
_SPACES = re.compile(r"[ \t]*\n\s*")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a snippet; ``found`` when it is what was looked for."""

    text: str
    found: bool = False

    @property
    def kind(self) -> str:
        return "mark" if self.found else "same"


def plain(markdown: str) -> str:
    """A section's words without its Markdown marks, a line for a paragraph."""
    return _SPACES.sub("\n", _MARKS.sub("", _LINK.sub(r"\1", markdown))).strip()


class Marker:
    """Finds what was asked in texts, whatever accents they bear. Made once a search."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        starts = {_start(fold(word)) for word in asked.words}
        pattern = "|".join(_with_accents(start) for start in sorted(starts, key=len, reverse=True))
        self._candidate = re.compile(rf"(?<![^\W_])(?:{pattern})[^\W_]*", re.IGNORECASE)

    def snippet(self, text: str) -> tuple[Run, ...]:
        """About 200 characters around the first words found; the beginning of the text when there is none. 15 µs."""
        first = next((match.start() for match in self._candidate.finditer(text) if self._asked.is_in(match[0])), 0)
        start = _word_start(text, first - BEFORE) if first > BEFORE else 0
        end = len(text) if len(text) - start <= LENGTH else _word_end(text, start + LENGTH)
        return self.marked(text[start:end].replace("\n", " · "), "…" if start else "", "…" if end < len(text) else "")

    def may_be_in(self, text: str) -> bool:
        """Whether some word of the text begins as one of those looked for: a first look, in 1 µs."""
        return self._candidate.search(text) is not None

    def marked(self, text: str, before: str = "", after: str = "") -> tuple[Run, ...]:
        """A short text cut in runs."""
        runs = []
        place = 0
        for match in self._candidate.finditer(text):
            if self._asked.is_in(match[0]):
                runs.append(Run(before + text[place : match.start()]))
                runs.append(Run(match[0], found=True))
                place, before = match.end(), ""
        runs.append(Run(before + text[place:] + after))
        return tuple(run for run in runs if run.text)


def _start(bare: str) -> str:
    """What the other forms of a word begin with too: ``travaux`` and ``travail`` share ``trava``."""
    return bare[: max(3, len(bare) - 3)] if len(bare) > 4 else bare[:3]


def _with_accents(start: str) -> str:
    # A ligature is looked for as its letters, and the letters as their ligature.
    letters = "".join(f"[{_VARIANTS[c]}]" if c in _VARIANTS else re.escape(c) for c in start)
    return letters.replace(f"[{_VARIANTS['o']}][{_VARIANTS['e']}]", f"(?:œ|[{_VARIANTS['o']}][{_VARIANTS['e']}])")


def _word_start(text: str, place: int) -> int:
    space = text.find(" ", place)
    line = text.rfind("\n", place, place + BEFORE)
    if line >= 0:
        return line + 1
    return space + 1 if 0 <= space < place + BEFORE else place


def _word_end(text: str, place: int) -> int:
    space = max(text.rfind(" ", place - 30, place), text.rfind("\n", place - 30, place))
    return space if space > 0 else place
