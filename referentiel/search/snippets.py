"""The few words of a text around what was found, as it is written, with what was found marked."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

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


class Run(NamedTuple):
    """A stretch of a snippet; ``found`` when it is what was looked for."""

    text: str
    found: bool = False


def plain(markdown: str) -> str:
    """A section's words without its Markdown marks, a line for a paragraph."""
    return _SPACES.sub("\n", _MARKS.sub("", _LINK.sub(r"\1", markdown))).strip()


class Marker:
    """Finds what was asked in texts, whatever accents they bear. Made once a search."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        starts = sorted({_start(fold(word)) for word in asked.words}, key=len, reverse=True)
        self._each = [_candidate(start) for start in starts]
        self._any = _candidate(*starts)

    def snippet(self, text: str) -> tuple[Run, ...]:
        """About 200 characters around the first words found; the beginning of the text when there is none. 10 µs."""
        first = min((match.start() for one in self._each for match in islice(self._found(one, text), 1)), default=0)
        start = _word_start(text, first - BEFORE) if first > BEFORE else 0
        end = len(text) if len(text) - start <= LENGTH else _word_end(text, start + LENGTH)
        return self.marked(text[start:end].replace("\n", " · "), "…" if start else "", "…" if end < len(text) else "")

    def may_be_in(self, text: str) -> bool:
        """Whether some word of the text holds the beginning of one looked for: a first look, in 1 µs."""
        return self._any.search(text) is not None

    def marked(self, text: str, before: str = "", after: str = "") -> tuple[Run, ...]:
        """A short text cut in runs."""
        runs = []
        place = 0
        for match in self._found(self._any, text):
            runs.append(Run(before + text[place : match.start()]))
            runs.append(Run(match[0], found=True))
            place, before = match.end(), ""
        runs.append(Run(before + text[place:] + after))
        return tuple(run for run in runs if run.text)

    def _found(self, candidate: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        """The words that are looked for. A candidate in the middle of a word is none."""
        for match in candidate.finditer(text):
            place = match.start()
            if not (place and text[place - 1].isalnum()) and self._asked.is_in(match[0]):
                yield match


def _start(bare: str) -> str:
    """What the other forms of a word begin with too: ``travaux`` and ``travail`` share ``trava``."""
    return bare[: max(3, len(bare) - 3)] if len(bare) > 4 else bare[:3]


def _candidate(*starts: str) -> re.Pattern[str]:
    """A few letters of each word, then the rest of it.

    Both cases of each letter are written out and nothing stands before the first: such a pattern is searched ten times
    faster than one that ignores case or looks behind.
    """
    letters = "|".join("".join(_letter(c) for c in start) for start in starts)
    # A ligature is looked for as its letters, and the letters as their ligature.
    oe = _letter("o") + _letter("e")
    return re.compile(f"(?:{letters.replace(oe, f'(?:[œŒ]|{oe})')})[^\\W_]*")


def _letter(c: str) -> str:
    variants = _VARIANTS.get(c, c)
    return f"[{variants}{variants.upper()}]" if variants != variants.upper() else re.escape(c)


def _word_start(text: str, place: int) -> int:
    space = text.find(" ", place)
    line = text.rfind("\n", place, place + BEFORE)
    if line >= 0:
        return line + 1
    return space + 1 if 0 <= space < place + BEFORE else place


def _word_end(text: str, place: int) -> int:
    space = max(text.rfind(" ", place - 30, place), text.rfind("\n", place - 30, place))
    return space if space > 0 else place
