"""Blocks written as CommonMark that says exactly them: each mark that somebody typed is escaped, none is left to guess.

What reads it needs lists, tables and attributes alone; the marks that Python-Markdown and CommonMark read differently
are gone before, since blocks come from the page that the site shows. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from referentiel.editions.downloads.blocks import Block, Heading, Items, Paragraph, Quote, Rule, Run, Runs, Table, Typed

Resolve = Callable[[str], str]
"""From an address of the text to the one to write; ``""`` keeps the words alone"""

DEEPEST = 6
JOINT = "[]{.j}"
"""An empty span: it parts two marks that would be read as one, or a mark from the letter that would hide it"""

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
_NOT_FOR_XML = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_IN_ADDRESS = re.compile(r"[\\<>&]")
_TICKS = re.compile(r"`+")
_SPLIT_PIPE = re.compile(r"(?<=\\)(?=\|)")


def escaped(words: str) -> str:
    """Words that CommonMark reads as they are; on one line."""
    return _MARKS.sub(r"\\\g<0>", _NOT_FOR_XML.sub("", words).replace("\n", " "))


def written(blocks: Iterable[Block], level: int, resolve: Resolve) -> str:
    """These blocks, one blank line apart. ``level`` is that of the first heading inside; six is the deepest."""
    return "\n\n".join(_apart(blocks, level, resolve))


def inline(runs: Runs, resolve: Resolve, *, row: bool = False) -> str:
    """Words with their marks, on one line but for the breaks. ``row``: they stand in a cell of a table."""
    line = ""
    for address, group in groupby(runs, key=lambda run: run.address):
        leads_to = resolve(address) if address else ""
        if leads_to:
            target = _IN_ADDRESS.sub(r"\\\g<0>", _NOT_FOR_XML.sub("", leads_to))
            shown = _marked(list(group), "[", "]", row)
            line += f"[{shown}](<{target.replace('|', '%7C') if row else target}>)"
        else:
            line += _marked(list(group), line[-1:] or " ", " ", row, after_code=line.endswith("`"))
    return line


def _apart(blocks: Iterable[Block], level: int, resolve: Resolve) -> Iterator[str]:
    before: Items | None = None
    other_mark = False
    for block in blocks:
        if isinstance(block, Items):
            # Two lists of a kind that follow each other would be one: the second has another mark.
            follows = before is not None and (before.start is None) == (block.start is None)
            other_mark = follows and not other_mark
            before = block
            yield _items(block, level, resolve, other_mark)
        else:
            before, other_mark = None, False
            yield _block(block, level, resolve)


def _block(block: Paragraph | Heading | Typed | Rule | Quote | Table, level: int, resolve: Resolve) -> str:
    match block:
        case Paragraph(runs):
            return inline(runs, resolve)
        case Heading(depth, runs):
            return f"{'#' * min(level + depth - 1, DEEPEST)} {inline(runs, resolve)}"
        case Typed(words):
            fence = "`" * max(3, _longest_run(words) + 1)
            return f"{fence}\n{_NOT_FOR_XML.sub('', words)}\n{fence}"
        case Rule():
            return "___"
        case Quote(inner):
            return _prefixed(written(inner, level, resolve), "> ", "> ") or ">"
        case Table(head, rows):
            lines = [_row(head, resolve), "|" + " --- |" * len(head), *(_row(row, resolve) for row in rows)]
            return "\n".join(lines)


def _items(block: Items, level: int, resolve: Resolve, other_mark: bool) -> str:
    lines = []
    for number, item in enumerate(block.items, block.start or 0):
        mark = ("+" if other_mark else "-") if block.start is None else f"{number}{')' if other_mark else '.'}"
        inner = list(_apart(item, level, resolve))
        glued = not block.airy and all(_may_follow_closely(one) for one in item[1:])
        body = ("\n" if glued else "\n\n").join(inner)
        lines.append(_prefixed(body, f"{mark} ", " " * (len(mark) + 1)) or mark)
    return ("\n\n" if block.airy else "\n").join(lines)


def _may_follow_closely(block: Block) -> bool:
    """Whether a block is read as one when no blank line parts it from a paragraph above."""
    return isinstance(block, Items) and bool(block.items) and bool(block.items[0]) and block.start in (None, 1)


def _prefixed(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join((others if number else first) + line for number, line in enumerate(lines)) if text else ""


def _row(cells: tuple[Runs, ...], resolve: Resolve) -> str:
    return "|" + "".join(f" {inline(cell, resolve, row=True)} |" for cell in cells)


def _longest_run(words: str) -> int:
    return max(map(len, _TICKS.findall(words)), default=0)


@dataclass(frozen=True, slots=True)
class _Mark:
    sign: str
    opens: bool


def _marked(runs: list[Run], before: str, after: str, row: bool, after_code: bool = False) -> str:
    """Words and their stars; ``before`` and ``after`` are the signs that stand around."""
    atoms = [atom for atom in _atoms(runs, row, after_code) if atom]
    line = ""
    for number, atom in enumerate(atoms):
        if isinstance(atom, str):
            line += atom
            continue
        left = line[-1:] or before
        following = atoms[number + 1] if number + 1 < len(atoms) else after
        right = following if isinstance(following, _Mark) else following[:1]
        if isinstance(right, _Mark):
            line += _opened(atom, left) + atom.sign + JOINT
        elif atom.opens:
            line += _opened(atom, left, right) + atom.sign
        else:
            line += atom.sign + ("" if _shuts(left, right) else JOINT)
    return line


def _opened(mark: _Mark, left: str, right: str = "[") -> str:
    """What must stand before an opening mark to have it read as one."""
    shut = _is_space(right) or not (_is_word(right) or _is_space(left) or _is_sign(left))
    return JOINT if mark.opens and shut else ""


def _shuts(left: str, right: str) -> bool:
    return not _is_space(left) and (_is_word(left) or _is_space(right) or _is_sign(right))


def _atoms(runs: list[Run], row: bool, after_code: bool) -> Iterator[str | _Mark]:
    """Words and marks in their order. Marks are nested, and stand against words: spaces and breaks are outside."""
    pieces = list(_pieces(runs, row))
    open_marks: list[str] = []
    spaces = ""
    for number, (run, words) in enumerate(pieces):
        if _is_blank(run, words):
            spaces += words
            continue
        kept = next((n for n, mark in enumerate(open_marks) if not _bears(run, mark)), len(open_marks))
        yield from (_Mark(mark, opens=False) for mark in reversed(open_marks[kept:]))
        yield spaces
        after_code, spaces = after_code and not spaces and kept == len(open_marks), ""
        missing = [mark for mark in ("**", "*") if _bears(run, mark) and mark not in open_marks[:kept]]
        missing.sort(key=lambda mark: _lasts(mark, pieces[number:]), reverse=True)
        open_marks[kept:] = missing
        yield from (_Mark(mark, opens=True) for mark in missing)
        if run.code:
            yield (JOINT if after_code else "") + words
        else:
            yield words
        after_code = run.code
    yield from (_Mark(mark, opens=False) for mark in reversed(open_marks))
    yield spaces


def _pieces(runs: list[Run], row: bool) -> Iterator[tuple[Run, str]]:
    """Each run as it is written; the spaces at its ends are pieces of their own."""
    for run in runs:
        if run.breaks:
            yield run, " " if row else "\\\n"
        elif run.code:
            yield run, _code(run.words, row)
        else:
            core = run.words.strip()
            for words in run.words.partition(core) if core else (run.words,):
                yield run, escaped(words)


def _bears(run: Run, mark: str) -> bool:
    return run.strong if mark == "**" else run.stressed


def _lasts(mark: str, pieces: list[tuple[Run, str]]) -> int:
    """How many pieces from here bear the mark without a gap."""
    unlike = (n for n, (run, words) in enumerate(pieces) if not _is_blank(run, words) and not _bears(run, mark))
    return next(unlike, len(pieces))


def _is_blank(run: Run, words: str) -> bool:
    return run.breaks or not words.strip()


def _code(words: str, row: bool) -> str:
    words = _NOT_FOR_XML.sub("", words)
    if row:
        # A cell reads "\|" as a bar wherever it stands: a backslash before a bar ends its span.
        return JOINT.join(_span(piece).replace("|", r"\|") for piece in _SPLIT_PIPE.split(words))
    return _span(words)


def _span(words: str) -> str:
    fence = "`" * (_longest_run(words) + 1)
    pad = " " if words[:1] in ("`", " ") or words[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _is_space(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign).startswith("Z")


def _is_sign(sign: str) -> bool:
    return bool(_MARKS.match(sign)) or unicodedata.category(sign).startswith("P")


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM" and not _MARKS.match(sign)
