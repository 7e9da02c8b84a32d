"""The words of a passage, for forms that know no Markdown: what the site shows of it, line by line. Pure."""

import re
from html.parser import HTMLParser

from referentiel.criteria.rendering import render

BULLET = "•"
CELL = " | "
_SPACES = re.compile(r"[ \t\n]+")
_BLOCKS = {"p", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "ul", "ol", "li"}
_CELLS = {"td", "th"}


def words(text: str) -> str:
    """One line a paragraph, an item or a row; items bear a bullet or their number, a link is followed by its address.

    Read from the HTML that pages show, so that what counts as a mark is the same everywhere.
    """
    reader = _Reader()
    reader.feed(str(render(text)))
    reader.close()
    return "\n".join(reader.lines())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = [""]
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []
        self._typed = 0

    def lines(self) -> list[str]:
        return [line for line in map(str.strip, self._lines) if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BLOCKS:
            self._break()
        if tag in {"ul", "ol"}:
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self._mark()
        elif tag == "br":
            self._lines.append("")
        elif tag == "pre":
            self._typed += 1
        elif tag in _CELLS and self._lines[-1].strip():
            self._lines[-1] = self._lines[-1].rstrip() + CELL
        elif tag == "a":
            self._links.append((given.get("href") or "", len("\n".join(self._lines))))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "pre":
            self._typed -= 1
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            shown = "\n".join(self._lines)[start:].strip()
            if address.startswith(("http", "mailto", "tel")) and address.partition(":")[2].strip("/") not in shown:
                self._lines[-1] += f" ({address})"
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._typed:
            first, *others = data.split("\n")
            self._lines[-1] += first
            self._lines += others
        else:
            said = _SPACES.sub(" ", data)
            self._lines[-1] += said if self._lines[-1] else said.lstrip(" ")

    def _break(self) -> None:
        if self._lines[-1] and self._lines[-1] not in self._marks():
            self._lines.append("")

    def _marks(self) -> set[str]:
        """What an item begins with: its first paragraph stands on the same line."""
        return {f"{BULLET} ", *(f"{number - 1}. " for number in self._lists if number is not None)}

    def _mark(self) -> None:
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._lines[-1] = f"{BULLET} "
        else:
            self._lines[-1] = f"{number}. "
            self._lists[-1] = number + 1
