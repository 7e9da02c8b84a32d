"""A passage of the text as the site shows it, taken apart: paragraphs, lists, tables, and what is strong in them. Pure.

Read from the HTML that pages show, so that what counts as a mark is the same in every form, and what the site leaves
out (raw HTML, images, addresses of other schemes) exists in none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import chain

from referentiel.criteria.rendering import FIRST_LEVEL, render

_SPACES = re.compile(r"[ \t\n\r\f]+")
_HEADINGS = {f"h{level}": level - FIRST_LEVEL + 1 for level in range(FIRST_LEVEL, 7)}
_EMPTY = {"br", "hr", "col"}
_CELLS = {"td", "th"}
_INLINE = {"strong", "em", "code", "a", "span", "br", ""}


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look the same. ``address`` is where they lead; ``breaks`` is a line break, without words."""

    words: str
    strong: bool = False
    stressed: bool = False
    code: bool = False
    address: str = ""
    breaks: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    """``depth`` is 1 for the first level inside a passage, 4 at most."""

    depth: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class Typed:
    """Lines to be shown as they were typed."""

    words: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that parts two passages."""


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list. ``start`` is the number of its first item, None for bullets; ``airy`` has paragraphs in its items."""

    items: tuple[tuple["Block", ...], ...]
    start: int | None = None
    airy: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by row; every row has as many as the head."""

    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


Block = Paragraph | Heading | Typed | Rule | Quote | Items | Table


def blocks(text: str) -> tuple[Block, ...]:
    """What a page shows of this Markdown. Costs what rendering costs."""
    return blocks_of_page(render(text))


def blocks_of_page(html: str) -> tuple[Block, ...]:
    """What a piece of clean HTML shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(_blocks(reader.root.children))


def paragraphs(lines: Iterable[str]) -> tuple[Block, ...]:
    """Lines of plain words, one paragraph each."""
    return tuple(Paragraph(runs) for line in lines if (runs := _tidy([Run(line)])))


@dataclass(slots=True)
class _Node:
    """An element, or words when it has no tag."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Node"] = field(default_factory=list)
    words: str = ""


class _Reader(HTMLParser):
    """The tree of clean HTML: every element is closed, but those that hold nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("div")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _EMPTY:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(_Node("", words=data))


def _blocks(nodes: Iterable[_Node]) -> Iterator[Block]:
    """The blocks among these nodes; words that stand in none make a paragraph."""
    loose: list[_Node] = []
    for node in nodes:
        if node.tag in _INLINE:
            loose.append(node)
            continue
        yield from _gathered(loose)
        loose = []
        yield from _block(node)
    yield from _gathered(loose)


def _gathered(loose: list[_Node]) -> Iterator[Block]:
    runs = _tidy(_runs(loose, Run("")))
    if runs:
        yield Paragraph(runs)


def _block(node: _Node) -> Iterator[Block]:
    if node.tag in _HEADINGS:
        runs = _tidy(_runs(node.children, Run("")), breaks=False)
        if runs:
            yield Heading(_HEADINGS[node.tag], runs)
    elif node.tag == "pre":
        yield Typed(_text(node).strip("\n"))
    elif node.tag == "hr":
        yield Rule()
    elif node.tag == "blockquote":
        yield Quote(tuple(_blocks(node.children)))
    elif node.tag in {"ul", "ol"}:
        entries = [child for child in node.children if child.tag == "li"]
        airy = any(child.tag == "p" for entry in entries for child in entry.children)
        start = int(node.attributes.get("start") or 1) if node.tag == "ol" else None
        yield Items(tuple(tuple(_blocks(entry.children)) for entry in entries), start, airy)
    elif node.tag == "table":
        yield from _table(node)
    else:
        yield from _blocks(node.children)


def _table(node: _Node) -> Iterator[Table]:
    rows = [tuple(_cells(row)) for row in _descendants(node, "tr")]
    if rows and rows[0]:
        width = len(rows[0])
        rows = [(row + ((),) * width)[:width] for row in rows]
        yield Table(rows[0], tuple(rows[1:]))


def _cells(row: _Node) -> Iterator[Runs]:
    for cell in row.children:
        if cell.tag in _CELLS:
            yield _tidy(_runs(cell.children, Run("")), breaks=False)


def _descendants(node: _Node, tag: str) -> Iterator[_Node]:
    for child in node.children:
        if child.tag == tag:
            yield child
        else:
            yield from _descendants(child, tag)


def _text(node: _Node) -> str:
    return node.words + "".join(map(_text, node.children))


def _runs(nodes: Iterable[_Node], look: Run) -> Iterator[Run]:
    for node in nodes:
        if not node.tag:
            yield replace(look, words=node.words)
        elif node.tag == "br":
            yield replace(look, words="", breaks=True)
        else:
            inner = replace(
                look,
                strong=look.strong or node.tag == "strong",
                stressed=look.stressed or node.tag == "em",
                code=look.code or node.tag == "code",
                address=node.attributes.get("href", "") if node.tag == "a" else look.address,
            )
            yield from _runs(node.children, inner)


def _tidy(runs: Iterable[Run], *, breaks: bool = True) -> Runs:
    """Spaces made single as a browser shows them, none at the ends of lines, neighbours of one look joined."""
    tidy: list[Run] = []
    for run in chain(runs, [Run("", breaks=True)]):
        if run.breaks:
            while tidy and not tidy[-1].breaks and not (words := tidy[-1].words.rstrip(" ")):
                tidy.pop()
            if tidy and not tidy[-1].breaks:
                tidy[-1] = replace(tidy[-1], words=words)
                tidy.append(Run("", breaks=True) if breaks else Run(" "))
            continue
        words = _SPACES.sub(" ", run.words)
        if not tidy or tidy[-1].breaks or tidy[-1].words.endswith(" "):
            words = words.lstrip(" ")
        if words and tidy and replace(tidy[-1], words="") == replace(run, words=""):
            tidy[-1] = replace(run, words=tidy[-1].words + words)
        elif words:
            tidy.append(replace(run, words=words))
    return tuple(tidy[:-1])
