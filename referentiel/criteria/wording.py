"""Differences word by word, cut where a reader of French would cut.

``l'emploi`` and ``rendez-vous`` are one word, ``20 000`` is one number. One or two unchanged words between a removal
and an addition are taken into the change, so that nobody reads a sentence in crumbs. Spaces stay out of the change
where both sides have them. Nothing is lost: the same and removed runs spell the text before, the same and added runs
the text after.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from cydifflib import SequenceMatcher

RunKind = Literal["same", "added", "removed"]

# Pairs of equal tokens a paragraph, and a whole comparison, may cost: about 15 ms, and 60 ms, at the very worst.
PARAGRAPH_COST = 1_000_000
COMPARISON_COST = 4_000_000

_WORD = r"[^\W_]+(?:['’‑-][^\W_]+|(?<=\d)(?:[.,/:]|[ \u00a0\u202f](?=\d{3}(?!\d)))(?=\d)[^\W_]+)*['’]?"
_TOKEN = re.compile(rf"(\s*)({_WORD}|\*+|_+|[^\w\s]|\Z)")
_ISLAND = 2
_SENTENCE_ENDS = frozenset(".!?…»")
_PAUSES = frozenset(",;:()–—")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one kind. ``lead`` and ``tail`` are its outer spaces, to be shown outside the mark."""

    kind: RunKind
    text: str

    @property
    def core(self) -> str:
        return self.text.strip()

    @property
    def lead(self) -> str:
        return self.text[: len(self.text) - len(self.text.lstrip())]

    @property
    def tail(self) -> str:
        return self.text[len(self.text.rstrip()) :] if self.core else ""


# The spaces before a word or a sign, and itself. The last token of a text is empty and carries the last spaces.
Token = tuple[str, str]


class Block(NamedTuple):
    """``before[b1:b2]`` against ``after[a1:a2]``, in tokens."""

    same: bool
    b1: int
    b2: int
    a1: int
    a2: int


class Budget:
    """What a comparison may still spend. Each paragraph asks; a refusal is remembered."""

    def __init__(self, cost: int = COMPARISON_COST) -> None:
        self.left = cost
        self.refused = False

    def allows(self, before: list[str], after: list[str], cap: int = PARAGRAPH_COST) -> bool:
        """Whether these two lists may be compared item by item; the cost is the number of equal pairs."""
        counts = Counter(after)
        cost = sum(number * counts[item] for item, number in Counter(before).items() if item in counts)
        if cost > cap or cost > self.left:
            self.refused = True
            return False
        self.left -= cost
        return True


def tokens(text: str) -> list[Token]:
    """Cut a text into words and signs; joined again they spell it."""
    return _TOKEN.findall(text)


def blocks(before: list[Token], after: list[Token], budget: Budget) -> list[Block] | None:
    """What stays and what changes, in order, without joining anything. None when it would cost too much."""
    start = 0
    shortest = min(len(before), len(after))
    while start < shortest and before[start] == after[start]:
        start += 1
    end = 0
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    b_end, a_end = len(before) - end, len(after) - end
    b_words = [word for _, word in before[start:b_end]]
    a_words = [word for _, word in after[start:a_end]]
    if not budget.allows(b_words, a_words):
        return None
    found = [Block(True, 0, start, 0, start)] if start else []
    for tag, b1, b2, a1, a2 in SequenceMatcher(None, b_words, a_words, autojunk=False).get_opcodes():
        found.append(Block(tag == "equal", start + b1, start + b2, start + a1, start + a2))
    if end:
        found.append(Block(True, b_end, len(before), a_end, len(after)))
    return _merged(found)


def runs(before: str, after: str, budget: Budget | None = None) -> tuple[Run, ...]:
    """The difference between two wordings of one paragraph. Costs about 50 µs for thirty words.

    Past the budget, and where next to nothing stays, the whole of each wording stands as one run.
    """
    if before == after:
        return (Run("same", before),) if before else ()
    b_tokens, a_tokens = tokens(before), tokens(after)
    found = blocks(b_tokens, a_tokens, budget or Budget())
    if found is None:
        return _whole(before, after)
    found = _joined(_slid(found, b_tokens, a_tokens), b_tokens)
    kept = sum(block.b2 - block.b1 for block in found if block.same)
    if kept * 4 < min(len(b_tokens), len(a_tokens)):
        return _whole(before, after)
    return _emitted(found, b_tokens, a_tokens)


def _whole(before: str, after: str) -> tuple[Run, ...]:
    sides: tuple[tuple[RunKind, str], ...] = (("removed", before), ("added", after))
    return tuple(Run(kind, text) for kind, text in sides if text)


def _words(stretch: list[Token]) -> int:
    return sum(1 for _, word in stretch if word[:1].isalnum())


def _merged(found: list[Block]) -> list[Block]:
    """Neighbours of the same nature made one, empty ones left out."""
    merged: list[Block] = []
    for block in found:
        if block.b1 == block.b2 and block.a1 == block.a2:
            continue
        if merged and merged[-1].same == block.same:
            merged[-1] = merged[-1]._replace(b2=block.b2, a2=block.a2)
        else:
            merged.append(block)
    return merged


def _slid(found: list[Block], before: list[Token], after: list[Token]) -> list[Block]:
    """Move a pure addition or removal along equal words, so that it is a whole sentence or clause if it can be."""
    slid = list(found)
    for place in range(1, len(slid) - 1):
        block = slid[place]
        if block.same or (block.b1 != block.b2 and block.a1 != block.a2):
            continue
        stretch, start, end = (after, block.a1, block.a2) if block.b1 == block.b2 else (before, block.b1, block.b2)
        room_left = slid[place - 1].b2 - slid[place - 1].b1
        room_right = slid[place + 1].b2 - slid[place + 1].b1
        shift = _best_shift(stretch, start, end, room_left, room_right)
        if shift:
            left, right = slid[place - 1], slid[place + 1]
            slid[place - 1] = left._replace(b2=left.b2 + shift, a2=left.a2 + shift)
            slid[place] = Block(False, block.b1 + shift, block.b2 + shift, block.a1 + shift, block.a2 + shift)
            slid[place + 1] = right._replace(b1=right.b1 + shift, a1=right.a1 + shift)
    return _merged(slid)


def _best_shift(stretch: list[Token], start: int, end: int, room_left: int, room_right: int) -> int:
    best, best_score = 0, _start_score(stretch, start)
    shift = 0
    while -shift < min(room_left, 60) and stretch[start + shift - 1][1] == stretch[end + shift - 1][1]:
        shift -= 1
        score = _start_score(stretch, start + shift)
        if score > best_score:
            best, best_score = shift, score
    shift = 0
    while shift < min(room_right, 60) and end + shift < len(stretch) - 1:
        if stretch[start + shift][1] != stretch[end + shift][1]:
            break
        shift += 1
        score = _start_score(stretch, start + shift)
        if score > best_score:
            best, best_score = shift, score
    return best


def _start_score(stretch: list[Token], start: int) -> int:
    previous = stretch[start - 1][1] if start else "."
    if previous in _SENTENCE_ENDS or "\n" in stretch[start][0]:
        return 2
    return 1 if previous in _PAUSES else 0


def _joined(found: list[Block], before: list[Token]) -> list[Block]:
    """Take small islands into the change around them.

    Between two additions, or two removals, an island stays: nothing there is both taken out and put back.
    """
    joined = list(found)
    for place in range(1, len(joined) - 1):
        block = joined[place]
        size = block.b2 - block.b1
        if not block.same or size > _ISLAND * 4 or _words(before[block.b1 : block.b2]) > _ISLAND:
            continue
        around = (joined[place - 1], joined[place + 1])
        removes = any(side.b1 != side.b2 for side in around)
        adds = any(side.a1 != side.a2 for side in around)
        if removes and adds:
            joined[place] = block._replace(same=False)
    return _merged(joined)


def _emitted(found: list[Block], before: list[Token], after: list[Token]) -> tuple[Run, ...]:
    pen = _Pen()
    for block in found:
        was, now = before[block.b1 : block.b2], after[block.a1 : block.a2]
        if not block.same:
            pen.changed(_spelt(was), _spelt(now))
        elif was == now:
            pen.same(_spelt(was))
        else:
            for (b_gap, word), (a_gap, _) in zip(was, now, strict=True):
                pen.changed(b_gap, a_gap)
                pen.same(word)
    return pen.finished()


def _spelt(stretch: list[Token]) -> str:
    return "".join(chain.from_iterable(stretch))


class _Pen:
    """Writes runs, and keeps the spaces that both sides share out of the change."""

    def __init__(self) -> None:
        self._runs: list[tuple[RunKind, list[str]]] = []
        self._removed = ""
        self._added = ""

    def same(self, text: str) -> None:
        if text:
            self._settle()
            self._write("same", text)

    def changed(self, removed: str, added: str) -> None:
        self._removed += removed
        self._added += added

    def finished(self) -> tuple[Run, ...]:
        self._settle()
        return tuple(Run(kind, "".join(parts)) for kind, parts in self._runs)

    def _settle(self) -> None:
        removed, added, self._removed, self._added = self._removed, self._added, "", ""
        if not (removed or added):
            return
        lead = _shared_spaces(removed, added)
        removed, added = removed[len(lead) :], added[len(lead) :]
        tail = _shared_spaces(removed[::-1], added[::-1])[::-1]
        if tail:
            removed, added = removed[: -len(tail)], added[: -len(tail)]
        self._write("same", lead)
        self._write("removed", removed)
        self._write("added", added)
        self._write("same", tail)

    def _write(self, kind: RunKind, text: str) -> None:
        if not text:
            return
        if self._runs and self._runs[-1][0] == kind:
            self._runs[-1][1].append(text)
        else:
            self._runs.append((kind, [text]))


def _shared_spaces(one: str, other: str) -> str:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b or not a.isspace():
            break
        length += 1
    return one[:length]


def changed_words(before: str, after: str, budget: Budget | None = None) -> tuple[list[str], list[str]] | None:
    """The words taken out and the words put in, without joining anything; None when it would cost too much."""
    b_tokens, a_tokens = tokens(before), tokens(after)
    found = blocks(b_tokens, a_tokens, budget or Budget())
    if found is None:
        return None
    changed = [block for block in found if not block.same]
    removed = [word for block in changed for _, word in b_tokens[block.b1 : block.b2]]
    added = [word for block in changed for _, word in a_tokens[block.a1 : block.a2]]
    return [word for word in removed if word[:1].isalnum()], [word for word in added if word[:1].isalnum()]
