"""One file of the text: a front matter in a closed subset, then named sections. Read, then written: the same bytes.

A file is kept as the pieces it was read as; changing a key or a section replaces that piece alone::

    ---
    code: E4                        one ``key: value`` or ``key: [a, b]`` a line
    # à relire en 2027              a comment has its own line
    ---

    ## Énoncé                       a line that begins with ``#`` or ``##`` always opens a section

    Tout passage…
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from referentiel.criteria.pieces import FrontLine, Section, line_at, read_front, read_pieces, strip_blank_lines
from referentiel.criteria.vocabulary import KEY_ORDER, SECTION_ORDER
from referentiel.errors import N_, FileError, Invalid

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_OPENS = re.compile(r"^#{1,2}(?!#)", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Document:
    """A file of the text, never changed in place. Two documents are equal when their bytes are."""

    front: tuple[FrontLine, ...] = field(repr=False)
    pieces: tuple[Section, ...] = field(repr=False)
    file: str = ""

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Document) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    @classmethod
    def read(cls, text: str, file: str = "") -> "Document":
        """Read a file. Raises FileError with the line and what to do. Costs about 40 µs for a criterion."""
        if "\r" in text:
            raise FileError(
                file,
                line_at(text, text.index("\r")),
                "le fichier a des fins de ligne Windows : enregistrez-le avec des fins Unix (LF).",
            )
        front, start = read_front(text, file)
        return cls(front, read_pieces(text, start, file), file)

    @classmethod
    def make(cls, front: Mapping[str, str | Sequence[str]], sections: Mapping[str, str], file: str = "") -> "Document":
        """Build a file in the order given, sections parted by one blank line. ``""`` titles the text before them."""
        lines = tuple(_front_line(key, value) for key, value in front.items())
        bodies = [(title, stored(body)) for title, body in sections.items()]
        pieces = [Section("", "", "\n" if bodies else "")]
        for number, (title, body) in enumerate(bodies):
            end = "\n\n" if number < len(bodies) - 1 else "\n"
            if title:
                pieces.append(_piece(title, body, end))
            else:
                pieces[0] = Section("", body, f"\n{body}{end}" if body else "\n")
        return cls(lines, tuple(pieces), file)

    @cached_property
    def text(self) -> str:
        """The file, to the byte."""
        front = "".join(f"{line.raw}\n" for line in self.front)
        return f"---\n{front}---\n" + "".join(piece.raw for piece in self.pieces)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(line.key for line in self.front if line.key)

    def value(self, key: str) -> str | None:
        """The rest of the key's line, a list as it is written; None when the file has no such key."""
        line = self._line(key)
        return None if line is None else line.value

    def values(self, key: str) -> tuple[str, ...]:
        """The items of a key's list; empty when the file has no such key."""
        line = self._line(key)
        return () if line is None else line.values

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in their order; the text before the first heading comes first when there is some."""
        return tuple(piece for piece in self.pieces if piece.title or piece.body)

    def section(self, title: str) -> str | None:
        """A section's body; None when the file has no such section."""
        return next((piece.body for piece in self.sections if piece.title == title), None)

    def line_of(self, key: str) -> int:
        """The line of a key in the file (1 = first), for messages; 1 when absent."""
        return next((number for number, line in enumerate(self.front, 2) if line.key == key), 1)

    def line_of_section(self, title: str) -> int:
        """The line of a section's heading, for messages; the last line of the file when it has no such section."""
        before = [line.raw + "\n" for line in self.front]
        for piece in self.pieces:
            if piece.title == title:
                return "".join(before).count("\n") + 3
            before.append(piece.raw)
        return max(1, self.text.count("\n"))

    def with_value(self, key: str, value: str | Sequence[str] | None) -> "Document":
        """The same file with another value; None takes the key's line away. Nothing else moves.

        A new key of ours goes to its usual place, another one at the end. Raises Invalid when a value cannot be
        written on one line.
        """
        if value is None:
            return self._with_front(line for line in self.front if line.key != key)
        new = _front_line(key, value)
        old = self._line(key)
        if old is None:
            place = _place(key, [line.key for line in self.front], KEY_ORDER)
            return self._with_front((*self.front[:place], new, *self.front[place:]))
        same = old.value == new.value if isinstance(value, str) else old.values == new.values
        return self if same else self._with_front(new if line.key == key else line for line in self.front)

    def with_section(self, title: str, body: str | None, *, after: str | None = None) -> "Document":
        """The same file with another body; None takes the section away. Every other section keeps its bytes.

        A new section follows the one titled ``after``; else a known one goes to its usual place, another to the end.
        A line of the body that begins with ``#`` or ``##`` is stored with three, so that it opens no section.
        """
        index = next((i for i, piece in enumerate(self.pieces) if piece.title == title), None)
        if body is None:
            return self if index is None else self._without_piece(index)
        body = stored(body)
        if index is None:
            return self._with_new_piece(title, body, after)
        old = self.pieces[index]
        return self if old.body == body else self._with_pieces(self._replace_piece(index, old, body))

    def assembled(self, front: Iterable[FrontLine], pieces: Iterable[Section]) -> "Document":
        """The same file made of other pieces, each read from a file of the same form."""
        return replace(self, front=tuple(front), pieces=tuple(pieces))

    def _line(self, key: str) -> FrontLine | None:
        return next((line for line in self.front if line.key == key), None) if key else None

    def _with_front(self, front: Iterable[FrontLine]) -> "Document":
        return replace(self, front=tuple(front))

    def _with_pieces(self, pieces: Iterable[Section]) -> "Document":
        return replace(self, pieces=tuple(pieces))

    def _replace_piece(self, index: int, old: Section, body: str) -> list[Section]:
        pieces = list(self.pieces)
        heading = old.raw.partition("\n")[0] + "\n" if old.title else ""
        end = "\n" if index == len(pieces) - 1 else "\n\n"
        if not body:
            raw = heading + (end[1:] if heading else "\n")
        elif old.body:
            start = old.raw.index(old.body, len(heading))
            raw = old.raw[:start] + body + (old.raw[start + len(old.body) :] or end)
        else:
            raw = f"{heading}\n{body}{end}"
        pieces[index] = Section(old.title, body, raw)
        return pieces

    def _with_new_piece(self, title: str, body: str, after: str | None) -> "Document":
        titles = [piece.title for piece in self.pieces]
        place = titles.index(after) + 1 if after in titles else max(1, _place(title, titles, SECTION_ORDER))
        previous, following = self.pieces[place - 1], self.pieces[place:]
        if following:
            end = previous.end if previous.end.startswith("\n\n") else "\n\n"
            new = _piece(title, body, end)
            return self._with_pieces((*self.pieces[:place], new, *following))
        if previous.raw.strip("\n"):
            end, parted = previous.end or "\n", replace(previous, raw=previous.raw.rstrip("\n") + "\n\n")
        else:
            end, parted = "\n", replace(previous, raw=previous.raw or "\n")
        return self._with_pieces((*self.pieces[: place - 1], parted, _piece(title, body, end)))

    def _without_piece(self, index: int) -> "Document":
        gone = self.pieces[index]
        if not gone.title:
            return self._with_pieces((Section("", "", "\n" if len(self.pieces) > 1 else ""), *self.pieces[1:]))
        kept = [*self.pieces[:index], *self.pieces[index + 1 :]]
        if index == len(kept) and kept[-1].raw.strip("\n"):
            kept[-1] = replace(kept[-1], raw=kept[-1].raw.rstrip("\n") + gone.end)
        return self._with_pieces(kept)


def stored(body: str) -> str:
    """A body as files hold it: Unix newlines, no blank lines around, ``#`` and ``##`` at a line's start made three."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    return _OPENS.sub("###", strip_blank_lines(body))


def _front_line(key: str, value: str | Sequence[str]) -> FrontLine:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} cannot be a key")
    if isinstance(value, str):
        written = " ".join(value.split("\n")).strip()
        if written.startswith("[") and "]" not in written:
            raise Invalid(N_("Une valeur qui commence par « [ » doit se fermer par « ] »."), field=key)
    else:
        for item in value:
            if "," in item or "\n" in item or not item.strip():
                raise Invalid(
                    N_("« %(item)s » ne peut pas entrer dans une liste : retirez la virgule."), field=key, item=item
                )
        written = "[" + ", ".join(item.strip() for item in value) + "]"
    return FrontLine(f"{key}: {written}" if written else f"{key}:", key, written)


def _piece(title: str, body: str, end: str) -> Section:
    if not title.strip() or "\n" in title or title != title.strip():
        raise ValueError(f"{title!r} cannot title a section")
    return Section(title, body, f"## {title}\n\n{body}{end}" if body else f"## {title}{end}")


def _place(name: str, present: Sequence[str], order: Sequence[str]) -> int:
    """Where a new name goes: after the last present one that comes before it in the order; unknown ones at the end."""
    if name not in order:
        return len(present)
    earlier = set(order[: order.index(name)])
    places = [index for index, other in enumerate(present) if other in earlier]
    if places:
        return places[-1] + 1
    later = [index for index, other in enumerate(present) if other in order]
    return later[0] if later else len(present)
