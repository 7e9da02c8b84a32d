"""Where a comment is attached: an item, and if the person chose one, a section and a passage of it.

An anchor remembers the words, not a position. When the text changes, :func:`find` looks for those words again in the
new text of the same item; when they have gone, the comment is *detached*: it is shown in a list of its own and never
placed on other words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from referentiel.errors import N_, Invalid

CONTEXT = 32
"""Characters kept on each side of a passage; more when they are needed to tell it from a repetition."""

EVIDENCE = 24
"""Characters (passage and neighbours together) that must agree before two places are called the same."""

_SAME = {"’": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‑": "-"}
_INVISIBLE = "*\u00ad\u200b\u2060\ufeff"
_MARKERS = re.compile(r"^[ \t]*(?:[-+>]|\d{1,3}\.|#{3,6})[ \t]+", re.MULTILINE)
_BLANK = _INVISIBLE + " \t\n\r\v\f\u00a0\u202f"


class Target(StrEnum):
    """What can be commented on."""

    CRITERION = "criterion"
    PROPOSAL = "proposal"
    EDITION = "edition"
    REFERENTIAL = "referential"
    """The whole text: a wish that names no criterion"""


@dataclass(frozen=True)
class Anchor:
    """A place in a text. ``section`` is empty for the whole item, ``quotation`` for the whole section.

    ``blob`` is the id of the wording that the person had under their eyes; ``before`` and ``after`` are the words
    around the passage. ``path`` is the file of a proposal that is spoken of, empty for the whole proposal.
    """

    kind: Target
    key: str
    section: str = ""
    blob: str = ""
    quotation: str = ""
    before: str = ""
    after: str = ""
    path: str = ""


@dataclass(frozen=True)
class Wording:
    """The text of one item as it is now: section titles and their bodies, in order. ``path``: see :class:`Anchor`."""

    kind: Target
    key: str
    sections: Mapping[str, str] = field(default_factory=dict)
    path: str = ""


@dataclass(frozen=True)
class Place:
    """Where the words stand now: ``body[start:end]`` of ``section``. An empty section is the whole item."""

    section: str
    start: int = 0
    end: int = 0


def quote(on: Anchor, body: str, quotation: str) -> Anchor:
    """The anchor of ``quotation``, a passage of ``body``, the text of ``on.section``.

    The passage may have been copied from the page or retyped: marks of lists and of bold, spaces, apostrophes and
    quotation marks are compared loosely, and the words kept are those of the text. Raises :class:`Invalid` (field
    ``citation``) when the section does not contain it.
    """
    text, wanted = _fold(body), _fold(quotation.strip())
    position = text.letters.find(wanted.letters) if wanted.letters else -1
    if position < 0:
        raise Invalid(
            N_("Ce passage n’est pas dans la rubrique « %(section)s ». Copiez les mots tels qu’ils y sont."),
            field="citation",
            section=on.section,
        )
    return pin(on, body, *text.span(position, position + len(wanted.letters)))


def pin(on: Anchor, body: str, start: int, end: int) -> Anchor:
    """The anchor of ``body[start:end]``, with as much context as tells it from the same words elsewhere in ``body``.

    Blanks at both ends are left out. Raises ValueError when nothing else is there.
    """
    blank = len(body[start:end]) - len(body[start:end].lstrip(_BLANK))
    quotation, width = body[start:end].strip(_BLANK), CONTEXT
    if not quotation:
        raise ValueError("an anchor needs words")
    start += blank
    end = start + len(quotation)
    while True:
        before, after = body[max(0, start - width) : start], body[end : end + width]
        alone = _count(_fold(before + quotation + after).letters, _fold(body).letters) <= 1
        if alone or width >= len(body):
            return replace(on, quotation=quotation, before=before, after=after)
        width *= 2


def find(anchor: Anchor, wording: Wording) -> Place | None:
    """Where the anchored words stand in ``wording``, or None when they are not there any more.

    None also when ``wording`` is another item, or another file of the same proposal: a comment never moves. A passage
    that left its section is followed to another section of the same item only when it stands there once, with the
    words that were around it.
    """
    if (anchor.kind, anchor.key) != (wording.kind, wording.key):
        return None
    if not anchor.section and not anchor.path:
        return Place("")
    if anchor.path != wording.path:
        return None
    if not anchor.section:
        return Place("")
    body = wording.sections.get(anchor.section)
    if not anchor.quotation:
        return Place(anchor.section, 0, len(body)) if body is not None else None
    if body is not None:
        span = _locate(anchor, body)
        if span is not None:
            return Place(anchor.section, *span)
    moved = [
        Place(title, *span)
        for title, other in wording.sections.items()
        if title != anchor.section and (span := _locate(anchor, other)) is not None
    ]
    return moved[0] if len(moved) == 1 else None


def _locate(anchor: Anchor, body: str) -> tuple[int, int] | None:
    """The best place of the quotation in ``body``: enough words agree, and no other place agrees as well.

    About 2 µs while the words around it have not changed, 200 µs otherwise.
    """
    as_it_was = anchor.before + anchor.quotation + anchor.after
    start = body.find(as_it_was)
    if start >= 0 and body.find(as_it_was, start + 1) < 0:
        start += len(anchor.before)
        return start, start + len(anchor.quotation)
    text = _fold(body)
    before, wanted, after = (_fold(part).letters for part in (anchor.before, anchor.quotation, anchor.after))
    needed = min(EVIDENCE, len(before) + len(wanted) + len(after))
    scored = sorted(
        (
            (
                _common(before[::-1], text.letters[max(0, start - len(before)) : start][::-1])
                + _common(after, text.letters[start + len(wanted) : start + len(wanted) + len(after)]),
                start,
            )
            for start in _occurrences(wanted, text.letters)
        ),
        reverse=True,
    )
    if not scored or len(wanted) + scored[0][0] < needed:
        return None
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        return None
    start = scored[0][1]
    return text.span(start, start + len(wanted))


@dataclass(frozen=True)
class _Folded:
    """Letters for comparison, and for each the position of its first character in the original text."""

    letters: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Positions in the original text of ``letters[start:end]``, which is not empty."""
        return self.origins[start], self.origins[end - 1] + 1


def _fold(text: str) -> _Folded:
    letters: list[str] = []
    origins: list[int] = []
    markers = {place for found in _MARKERS.finditer(text) for place in range(found.start(), found.end())}
    for position, character in enumerate(text):
        if character in _INVISIBLE:
            continue
        letter = " " if character.isspace() or position in markers else _SAME.get(character, character)
        if letter == " " and letters and letters[-1] == " ":
            continue
        letters.append(letter)
        origins.append(position)
    return _Folded("".join(letters), tuple(origins))


def _occurrences(wanted: str, text: str) -> Iterator[int]:
    position = text.find(wanted) if wanted else -1
    while position >= 0:
        yield position
        position = text.find(wanted, position + 1)


def _count(wanted: str, text: str) -> int:
    return sum(1 for _ in _occurrences(wanted, text))


def _common(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
