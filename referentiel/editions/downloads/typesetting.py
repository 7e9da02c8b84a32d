"""The book as plain values that a typesetter draws: each word is a string, none is ever read as marks. Pure.

A place of the book is named by its number in it, so that no word of the text names anything either.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from referentiel.criteria.rendering import safe_address
from referentiel.dates import long_date
from referentiel.editions.downloads import signs
from referentiel.editions.downloads.blocks import (
    Block,
    Heading,
    Items,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    Typed,
    paragraphs,
)
from referentiel.editions.downloads.book import Part, Role, facts_of, parts
from referentiel.editions.downloads.leading import leading
from referentiel.editions.downloads.manuscript import DRAFTS, OPENING, heading
from referentiel.editions.material import Material
from referentiel.editions.mentions import LICENCE, NOTICE
from referentiel.editions.pages.square import square

Values = dict[str, Any]
Resolve = Callable[[str], str | int | None]
"""From an address of the text to the number of a place of the book, to an address outside, or to nothing"""

DEEPEST_HEADING = 6
DEEPEST_BLOCK = 6
"""How far lists and quotations stand inside each other; what is deeper stands beside what holds it"""
WIDEST_TABLE = 6
"""Columns that a page can hold; the rows of a wider table are told one under the other"""
LONG_WORD = 28
"""Signs after which a word without a space may be cut, so that it stays on the paper"""

_WORD = re.compile(rf"\S{{{LONG_WORD + 1},}}")
_PIECE = re.compile(rf"[^/._?&=-]{{0,{LONG_WORD - 1}}}[/._?&=-]+|\S{{1,{LONG_WORD}}}")


def book(material: Material) -> Values:
    """Title page and parts, in reading order. Costs about 5 ms a criterion."""
    whole = list(parts(material))
    places = {part.anchor: number for number, part in reversed(list(enumerate(whole))) if part.anchor}
    lead = leading(places, material.edition.site)
    return {"front": _front(material), "parts": list(_parts(material, whole, partial(_place, lead, places)))}


def _front(material: Material) -> Values:
    edition = material.edition
    qr = square(edition.verification_address) if edition.site else None
    return {
        "title": _said(material.summary.title),
        "number": str(edition.number),
        "status": _said(edition.status),
        "applies": f"Applicable le {long_date(edition.applies)}",
        "facts": _facts(facts_of(edition)),
        "notice": NOTICE,
        "drafts": DRAFTS,
        "licence": LICENCE,
        "note": [_block(one, 1, _nowhere, 0) for one in paragraphs(edition.note.split("\n"))],
        "verification": edition.verification_address,
        "square": {"size": qr.size, "path": qr.path} if qr else None,
    }


def _parts(material: Material, whole: list[Part], place: Callable[[str, str], str | int | None]) -> Iterator[Values]:
    item, level = "texte", 1
    for part in whole:
        item = part.anchor if part.role in OPENING else item
        level = part.level or level
        line = material.summary.criterion(part.code) if part.role is Role.CRITERION else None
        yield {
            "role": part.role.value,
            "level": part.level,
            "code": _said(part.code),
            "title": _said(part.title),
            "heading": _said(heading(part)),
            "facts": _facts(part.facts),
            "blocks": _blocks(part.blocks, min(level + 1, DEEPEST_HEADING), partial(place, item), 0),
            "remark": _said(part.remark),
            "withdrawn": line is not None and line.withdrawn,
        }


def _place(lead: Callable[[str, str], str], places: dict[str, int], here: str, address: str) -> str | int | None:
    found = lead(here, address)
    return places.get(found[1:]) if found.startswith("#") else found or None


def _nowhere(address: str) -> None:
    return None


def _facts(facts: Iterable[tuple[str, str]]) -> list[Values]:
    return [
        {
            "label": _said(label),
            "words": list(_pieces(_said(words))),
            "to": safe_address(words) if words.startswith(("https://", "http://")) else None,
        }
        for label, words in facts
    ]


def _blocks(blocks: Iterable[Block], level: int, resolve: Resolve, depth: int) -> list[Values]:
    return [_block(one, level, resolve, depth) for block in blocks for one in _flat(block, depth)]


def _flat(block: Block, depth: int) -> Iterator[Block]:
    """The block, or what is in it when it stands too deep or is too wide to be drawn on the paper."""
    if isinstance(block, Table) and len(block.head) > WIDEST_TABLE:
        yield Items(tuple((Paragraph(_told(block.head, row)),) for row in block.rows or (block.head,)), airy=True)
        return
    if depth < DEEPEST_BLOCK or not isinstance(block, Quote | Items):
        yield block
        return
    for number, inner in enumerate([block.blocks] if isinstance(block, Quote) else block.items):
        start = None if isinstance(block, Quote) else "– " if block.start is None else f"{block.start + number}. "
        for first, one in enumerate(inner):
            if start and not first and isinstance(one, Paragraph):
                yield Paragraph((Run(start), *one.runs))
            else:
                yield from _flat(one, depth)


def _told(head: tuple[Runs, ...], row: tuple[Runs, ...]) -> Runs:
    """A row in words: each cell after what heads it, one a line."""
    lines = [
        (*(replace(run, strong=True) for run in above), Run("\u00a0: "), *cell) if cell != above else cell
        for above, cell in zip(head, row, strict=True)
        if cell
    ]
    return tuple(chain.from_iterable((*line, Run("", breaks=True)) for line in lines))[:-1]


def _block(block: Block, level: int, resolve: Resolve, depth: int) -> Values:
    match block:
        case Paragraph(runs):
            return {"kind": "paragraph", "runs": _runs(runs, resolve)}
        case Heading(inner, runs):
            return {
                "kind": "heading",
                "level": min(level + inner - 1, DEEPEST_HEADING),
                "runs": _runs(runs, resolve),
            }
        case Typed(words):
            return {"kind": "typed", "lines": [list(_pieces(_said(line))) for line in words.split("\n")]}
        case Rule():
            return {"kind": "rule"}
        case Quote(inside):
            return {"kind": "quote", "blocks": _blocks(inside, level, resolve, depth + 1)}
        case Items(items, start, airy):
            inner_blocks = [_blocks(item, level, resolve, depth + 1) for item in items]
            return {"kind": "items", "start": start, "airy": airy, "items": inner_blocks}
        case Table(head, rows):
            return {
                "kind": "table",
                "head": [_runs(cell, resolve) for cell in head],
                "rows": [[_runs(cell, resolve) for cell in row] for row in rows],
            }


def _runs(runs: Runs, resolve: Resolve) -> list[Values]:
    return [_run(run, resolve) for run in runs]


def _run(run: Run, resolve: Resolve) -> Values:
    if run.breaks:
        return {"breaks": True}
    looks = [name for name in ("strong", "stressed", "code") if getattr(run, name)]
    made: Values = {"words": list(_pieces(_said(run.words))), "looks": looks}
    target = resolve(run.address) if run.address else None
    return made if target is None else {**made, "to": target}


def _pieces(words: str) -> Iterator[str]:
    """The same signs in pieces between which a line may be cut; one, but for words that no line would hold."""
    piece, after = "", 0
    for long in _WORD.finditer(words):
        first, *others = _PIECE.findall(long[0])
        yield words[after : long.start()] + first if not piece else piece + words[after : long.start()] + first
        yield from others[:-1]
        piece, after = (others[-1] if others else ""), long.end()
    yield piece + words[after:]


def _said(words: str) -> str:
    return signs.printable(words)
