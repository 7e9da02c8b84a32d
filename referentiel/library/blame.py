"""Who wrote each paragraph: pure, from the successive texts of one file.

A paragraph keeps the change of substance or clarity that last gave it its wording. A correction of typing only
retouches: it takes no authorship, and is noted beside.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

_HEADING = re.compile(r"^#{1,2}(?!#)", re.MULTILINE)
_BLANK = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"^(?:[-*+]|\d+[.)]) ")


@dataclass(frozen=True, slots=True)
class Origin:
    """``number`` of the version that gave the paragraph its wording; ``retouched``, of the last typing correction."""

    number: int
    retouched: int | None = None


@dataclass(frozen=True, slots=True)
class Traced:
    """A part's body as it is written, and its paragraphs with their origins."""

    body: str
    paragraphs: tuple[tuple[str, Origin], ...]


Trace = dict[str, Traced]


def trace(before: Trace, text: str, number: int, *, typo: bool) -> Trace:
    """The origins in ``text``, version ``number`` of a file whose previous text has the origins ``before``."""
    after: Trace = {}
    elsewhere: dict[str, Origin] | None = None
    for part, body in parts_of(text).items():
        old = before.get(part)
        if old is not None and old.body == body:
            after[part] = old
            continue
        if elsewhere is None:
            elsewhere = {words: origin for other in before.values() for words, origin in other.paragraphs}
        after[part] = Traced(body, _align(old.paragraphs if old else (), split(body), elsewhere, number, typo))
    return after


def parts_of(text: str) -> dict[str, str]:
    """``key:titre`` and ``section:Énoncé`` → body as it is written, named as ``criteria.merging.touched`` names them.

    About 10 µs: a whole history passes here, and most parts of most versions are the same as before.
    """
    front, _, rest = text.removeprefix("---").partition("\n---\n")
    parts = {}
    for line in front.split("\n"):
        key, colon, value = line.partition(":")
        if colon and key[:1].isalpha():
            parts[f"key:{key}"] = value
    before, *sections = _HEADING.split(rest)
    if before.strip():
        parts["section:"] = before
    for section in sections:
        title, _, body = section.partition("\n")
        parts[f"section:{title.strip()}"] = body
    return parts


def split(body: str) -> list[str]:
    """Paragraphs as people see them: blocks between blank lines, and each item of a list by itself."""
    found: list[str] = []
    for block in _BLANK.split(body.strip()):
        lines: list[str] = []
        for line in block.split("\n"):
            if _ITEM.match(line) and lines:
                found.append("\n".join(lines))
                lines = []
            lines.append(line)
        words = "\n".join(lines).strip()
        if words:
            found.append(words)
    return found


def paragraph_hash(paragraph: str) -> str:
    """A short name for a paragraph's words, 16 hex digits."""
    return blake2b(paragraph.encode(), digest_size=8).hexdigest()


def _align(
    old: Sequence[tuple[str, Origin]], new: Sequence[str], elsewhere: dict[str, Origin], number: int, typo: bool
) -> tuple[tuple[str, Origin], ...]:
    """A paragraph found again keeps its origin, even moved; one that a typing correction replaces hands it over."""
    here = dict(old)
    origins = [here.get(words) or elsewhere.get(words) for words in new]
    if typo and None in origins:
        matcher = SequenceMatcher(None, [words for words, _ in old], list(new), autojunk=False)
        for tag, first, last, start, end in matcher.get_opcodes():
            if tag == "replace":
                for i, j in zip(range(first, last), range(start, end), strict=False):
                    if origins[j] is None:
                        origins[j] = Origin(old[i][1].number, number)
    return tuple((words, origin or Origin(number)) for words, origin in zip(new, origins, strict=True))
