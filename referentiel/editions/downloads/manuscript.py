"""The whole book as one CommonMark text, from its title page to its last word: what pandoc makes documents from. Pure.

``custom-style`` names the style of a paragraph in DOCX and ODT, a class that of a passage in EPUB.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from referentiel.criteria.rendering import safe_address
from referentiel.editions.downloads.blocks import Run, paragraphs
from referentiel.editions.downloads.book import Part, Role, facts_of, parts
from referentiel.editions.downloads.commonmark import Resolve, escaped, inline, written
from referentiel.editions.downloads.leading import leading
from referentiel.editions.material import Material
from referentiel.editions.mentions import NOTICE

Box = Callable[[tuple[str, str], str], str]
STYLES: Mapping[Role, tuple[str, str]] = MappingProxyType(
    {Role.STATEMENT: ("enonce", "Énoncé"), Role.PLAIN_TEXT: ("facile", "Facile")}
)
"""Class and style of the passages that have a look of their own"""
FACTS = ("reperes", "Repères")
REMARK = ("remarque", "Remarque")
CONTENTS = ("sommaire", "Sommaire")
OPENING = frozenset({Role.CHAPTER, Role.CRITERION, Role.PAGE, Role.LIST, Role.ITEM})
"""What an address inside the page of an item is relative to"""
DRAFTS = "Les textes faciles à lire sont des brouillons : des personnes concernées ne les ont pas encore relus."
FRONT = "cette-edition"


def manuscript(material: Material, *, paper: bool) -> str:
    """Title page, then each part in its order.

    ``paper``: for a word processor, which wants a list of what is in and styles by their names; a reading device has
    its own list, and classes.
    """
    box = _styled if paper else _classed
    book = _named(list(parts(material)))
    anchors = {part.anchor for part in book if part.anchor}
    lead = leading(anchors, material.edition.site)
    pieces = [*_front(material, box)]
    if paper:
        pieces += _contents(book)
    item, level = "texte", 1
    for part in book:
        item = part.anchor if part.role in OPENING else item
        level = part.level or level
        pieces += _part(part, level, partial(lead, item), box)
    return "\n\n".join(pieces) + "\n"


def heading(part: Part) -> str:
    """What a part is called: its code, when it has one, then its title."""
    return f"{part.code}. {part.title}" if part.code else part.title


def _named(book: list[Part]) -> list[Part]:
    """The book, each anchor once: pandoc would lead to the first of two."""
    seen = {FRONT}
    named = []
    for part in book:
        anchor, number = part.anchor, 1
        while anchor in seen:
            number += 1
            anchor = f"{part.anchor}-{number}"
        if anchor:
            seen.add(anchor)
        named.append(replace(part, anchor=anchor))
    return named


def _front(material: Material, box: Box) -> Iterator[str]:
    if box is _classed:
        yield f"# Cette édition {{#{FRONT}}}"
    yield _facts(facts_of(material.edition), box)
    yield escaped(NOTICE)
    yield escaped(DRAFTS)
    if material.edition.note:
        yield written(paragraphs(material.edition.note.split("\n")), 2, str)


def _contents(book: list[Part]) -> Iterator[str]:
    lines = []
    for part in book:
        if part.role in (Role.CHAPTER, Role.PAGE, Role.LIST):
            lines.append(f"- [{escaped(heading(part))}](<#{part.anchor}>)")
        elif part.role is Role.CRITERION:
            lines.append(f"  - [{escaped(heading(part))}](<#{part.anchor}>)")
    yield "# Sommaire {#sommaire}"
    yield _styled(CONTENTS, "\n".join(lines))


def _part(part: Part, level: int, resolve: Resolve, box: Box) -> Iterator[str]:
    if part.level:
        yield f"{'#' * part.level} {escaped(heading(part))} {{#{part.anchor}}}"
    if part.facts:
        yield _facts(part.facts, box)
    body = written(part.blocks, min(level + 1, 6), resolve)
    if body:
        style = STYLES.get(part.role)
        yield box(style, body) if style else body
    if part.remark:
        yield box(REMARK, escaped(part.remark))


def _facts(facts: tuple[tuple[str, str], ...], box: Box) -> str:
    return box(FACTS, "\n\n".join(f"**{escaped(label)}\u00a0:** {_fact(words)}" for label, words in facts))


def _fact(words: str) -> str:
    address = (safe_address(words) or "") if words.startswith(("https://", "http://")) else ""
    return inline((Run(words, address=address),), str)


def _styled(style: tuple[str, str], body: str) -> str:
    return f'::::: {{custom-style="{style[1]}"}}\n\n{body}\n\n:::::'


def _classed(style: tuple[str, str], body: str) -> str:
    return f"::::: {{.{style[0]}}}\n\n{body}\n\n:::::"
