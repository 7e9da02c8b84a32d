"""The pieces that a file of the text is read as: the lines of its front matter, and its sections, each to the byte."""

import re
from dataclasses import dataclass, field

from referentiel.errors import FileError

_KEY_LINE = re.compile(r"([a-z][a-z0-9_]*):(?:[ \t]+(.*))?")
_HEADING = re.compile(r"\n(#{1,2}(?!#)(.*))")
"""With the end of the line before: a pattern that begins with a sign is looked for five times faster than one that
begins where a line does"""


@dataclass(frozen=True, slots=True)
class FrontLine:
    """A line of the front matter as it stands. A blank line or a comment has no key."""

    raw: str
    key: str = ""
    value: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The items of a list; a plain value is a list of one, an empty one a list of none."""
        if self.value.startswith("[") and self.value.endswith("]") and len(self.value) > 1:
            return tuple(item for part in self.value[1:-1].split(",") if (item := part.strip()))
        return (self.value,) if self.value else ()


@dataclass(frozen=True, slots=True)
class Section:
    """A named part: ``body`` without its surrounding blank lines, ``raw`` with its heading, to the byte.

    The text before the first heading is a section whose title is empty.
    """

    title: str
    body: str
    raw: str = field(repr=False)

    @property
    def end(self) -> str:
        """The newlines that close it."""
        return self.raw[len(self.raw.rstrip("\n")) :]


def strip_blank_lines(text: str) -> str:
    """The text without the blank lines around it; the spaces of its first and last lines stay."""
    text = text.strip("\n")
    if not text or (text[0].strip() and text[-1].strip()):
        return text
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return "\n".join(lines[start:])


def read_front(text: str, file: str) -> tuple[tuple[FrontLine, ...], int]:
    """The lines between the two ``---``, and where the rest begins."""
    if not text.startswith("---\n"):
        raise FileError(file, 1, "la première ligne doit être « --- » seul, puis viennent les clés.")
    end = text.find("\n---\n", 3)
    closed = end + 5
    if end < 0:
        if not text.endswith("\n---"):
            raise FileError(file, 1, "l’en-tête n’est pas fermé : ajoutez une ligne « --- » après la dernière clé.")
        raise FileError(file, text.count("\n") + 1, "ajoutez une fin de ligne après le second « --- ».")
    lines: list[FrontLine] = []
    seen: dict[str, int] = {}
    inside = text[4:end] if end > 3 else ""
    for number, raw in enumerate(inside.split("\n") if end > 3 else (), 2):
        line = _read_line(raw, file, number)
        if line.key in seen:
            raise FileError(
                file, number, f"la clé « {line.key} » est déjà à la ligne {seen[line.key]} : gardez-en une."
            )
        if line.key:
            seen[line.key] = number
        lines.append(line)
    return tuple(lines), closed


def _read_line(raw: str, file: str, number: int) -> FrontLine:
    bare = raw.strip()
    if not bare or bare.startswith("#"):
        return FrontLine(raw)
    match = _KEY_LINE.fullmatch(raw)
    if match is None:
        raise FileError(file, number, f"« {bare[:60]} » : {_advice(raw)}")
    value = (match[2] or "").strip()
    if value.startswith("[") and "]" not in value:
        raise FileError(
            file, number, f"la liste de « {match[1]} » n’est pas fermée : ajoutez « ] » à la fin de la ligne."
        )
    return FrontLine(raw, match[1], value)


def _advice(raw: str) -> str:
    if raw[0] in " \t-":
        return "une clé commence en début de ligne, et une liste s’écrit sur une ligne, « clé: [a, b] »."
    if re.match(r"[a-z][a-z0-9_]*[  ]+:", raw):
        return "écrivez les deux-points tout de suite après la clé, « clé: valeur »."
    if re.match(r"[a-z][a-z0-9_]*:", raw):
        return "mettez une espace après les deux-points, « clé: valeur »."
    return "écrivez « clé: valeur », la clé en minuscules sans accent ni espace."


def read_pieces(text: str, start: int, file: str) -> tuple[Section, ...]:
    """The sections from ``start`` on, where a line begins; the first is the text before any heading, even when there is
    none."""
    headings = list(_HEADING.finditer(text, start - 1))
    first = headings[0].start(1) if headings else len(text)
    pieces = [Section("", strip_blank_lines(text[start:first]), text[start:first])]
    seen: dict[str, int] = {}
    for number, match in enumerate(headings):
        title = match[2].strip()
        if not title or title in seen:
            line = line_at(text, match.start(1))
            if not title:
                raise FileError(file, line, "donnez un titre à cette rubrique, « ## Titre ».")
            raise FileError(
                file,
                line,
                f"la rubrique « {title} » est déjà à la ligne {line_at(text, seen[title])} : réunissez-les.",
            )
        seen[title] = match.start(1)
        end = headings[number + 1].start(1) if number + 1 < len(headings) else len(text)
        pieces.append(Section(title, strip_blank_lines(text[match.end() + 1 : end]), text[match.start(1) : end]))
    return tuple(pieces)


def line_at(text: str, place: int) -> int:
    """The line of a character (1 = first)."""
    return text.count("\n", 0, place) + 1
