"""What changed between two versions of an item: keys, sections, paragraphs, words, and sentences in summary.

A line of a list, a row of a table and a line of easy text count as paragraphs. Values are frozen, so a comparison can
be kept under the pair of blobs it was made from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cydifflib import SequenceMatcher

from referentiel.criteria.document import Document
from referentiel.criteria.pieces import FrontLine
from referentiel.criteria.sentences import SentenceSummary, summary
from referentiel.criteria.vocabulary import PLAIN_TEXT
from referentiel.criteria.wording import Budget, Run, runs

SectionStatus = Literal["same", "added", "removed", "changed"]
ParagraphStatus = Literal["same", "added", "removed", "changed", "moved"]

# Below these shares of common words, two paragraphs are no longer two wordings of one.
_ALIKE = 0.3
_MOVED_ALIKE = 0.6
_MOVED_WORDS = 4
_PAIRS = 2_500

_LEAD = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)]|#{3,6}|>)[ \t]+")
_OWN_LINE = re.compile(r"\s*(?:[-*+][ \t]|\d{1,3}[.)][ \t]|#{1,6}|>|\|)")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A front-matter key that changed; None on the side that does not have it. A list is shown with commas."""

    key: str
    before: str | None
    after: str | None
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph: ``before`` is None when it is added, ``after`` when it is removed.

    A moved one stands at its new place only, reworded or not. ``lead`` is the list or heading mark that both sides
    share, left out of the texts.
    """

    status: ParagraphStatus
    runs: tuple[Run, ...]
    before: str | None
    after: str | None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section; the text before the first heading has an empty title. One that stays as it is holds no paragraph."""

    title: str
    status: SectionStatus
    paragraphs: tuple[ParagraphChange, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, and what does not. ``truncated``: some lines were too costly to compare by words."""

    keys: tuple[KeyChange, ...]
    sections: tuple[SectionChange, ...]
    sentences: SentenceSummary
    truncated: bool = False

    @cached_property
    def changed_sections(self) -> tuple[SectionChange, ...]:
        return tuple(section for section in self.sections if section.status != "same")

    @property
    def unchanged_count(self) -> int:
        """How many sections stay as they are."""
        return len(self.sections) - len(self.changed_sections)

    @property
    def same(self) -> bool:
        """Nothing that a reader would see differs."""
        return not self.keys and not self.changed_sections


def compare(before: Document | None, after: Document | None, budget: Budget | None = None) -> Comparison:
    """Compare two versions of one item; None stands for a version where it does not exist.

    Costs about 1 ms for a criterion much reworded, and never more than about 100 ms: past the caps, lines stand
    without words. A ``budget`` that several comparisons share caps them all together.
    """
    budget = budget or Budget()
    budget.refused = False
    old = {section.title: section.body for section in before.sections} if before else {}
    new = {section.title: section.body for section in after.sections} if after else {}
    sections = []
    changed = []
    for title in _in_order(list(old), list(new)):
        was, now = old.get(title), new.get(title)
        if was == now:
            sections.append(SectionChange(title, "same", ()))
            continue
        b_units = [] if was is None else paragraphs(title, was)
        a_units = [] if now is None else paragraphs(title, now)
        sections.append(SectionChange(title, _section_status(was, now), _compare_paragraphs(b_units, a_units, budget)))
        changed.append((title, [_split_lead(unit)[1] for unit in b_units], [_split_lead(unit)[1] for unit in a_units]))
    told = summary(changed, budget)
    return Comparison(_key_changes(before, after), tuple(sections), told, budget.refused)


def keys_differ(before: Document | None, after: Document | None) -> bool:
    """Whether :attr:`Comparison.keys` holds any, without comparing a word: 10 µs."""
    return next(_differing_lines(before, after), None) is not None


def paragraphs(title: str, body: str) -> list[str]:
    """The units of a section that are compared as wholes, in their order."""
    if title == PLAIN_TEXT:
        return [line for line in body.split("\n") if line.strip()]
    units: list[str] = []
    open_unit = False
    for line in body.split("\n"):
        if not line.strip():
            open_unit = False
        elif open_unit and not _OWN_LINE.match(line):
            units[-1] += f"\n{line}"
        else:
            units.append(line)
            open_unit = not line.lstrip().startswith(("#", "|"))
    return units


def _section_status(was: str | None, now: str | None) -> SectionStatus:
    if was is None:
        return "added"
    if now is None:
        return "removed"
    return "changed"


def _in_order(old: list[str], new: list[str]) -> list[str]:
    """The new order, each title that went standing after the one it followed."""
    order = list(new)
    kept = set(new)
    for place, title in enumerate(old):
        if title not in kept:
            previous = next((old[i] for i in range(place - 1, -1, -1) if old[i] in order), None)
            order.insert(0 if previous is None else order.index(previous) + 1, title)
    return order


def _key_changes(before: Document | None, after: Document | None) -> tuple[KeyChange, ...]:
    changes = []
    for key, was, now in _differing_lines(before, after):
        b = None if was is None else ", ".join(was.values)
        a = None if now is None else ", ".join(now.values)
        changes.append(KeyChange(key, b, a, runs(b or "", a or "")))
    return tuple(changes)


def _differing_lines(
    before: Document | None, after: Document | None
) -> Iterator[tuple[str, FrontLine | None, FrontLine | None]]:
    old = {line.key: line for line in before.front if line.key} if before else {}
    new = {line.key: line for line in after.front if line.key} if after else {}
    for key in _in_order(list(old), list(new)):
        was, now = old.get(key), new.get(key)
        if not (was and now and (was.value == now.value or was.values == now.values)):
            yield key, was, now


def _compare_paragraphs(before: list[str], after: list[str], budget: Budget) -> tuple[ParagraphChange, ...]:
    pairs = _aligned(before, after, budget)
    moved = _moves(pairs, before, after)
    changes = []
    for b, a in pairs:
        if a is None and b in moved.values():
            continue
        if a is not None and a in moved:
            changes.append(_change(before[moved[a]], after[a], budget, moved=True))
        else:
            changes.append(_change(None if b is None else before[b], None if a is None else after[a], budget))
    return tuple(changes)


Pair = tuple[int | None, int | None]


def _aligned(before: list[str], after: list[str], budget: Budget) -> list[Pair]:
    """Which paragraph answers to which, in the order of reading."""
    if budget.allows(before, after):
        opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    else:
        opcodes = [("replace", 0, len(before), 0, len(after))]
    pairs: list[Pair] = []
    for tag, b1, b2, a1, a2 in opcodes:
        if tag == "equal":
            pairs.extend(zip(range(b1, b2), range(a1, a2), strict=True))
        else:
            pairs.extend(_paired(before, after, range(b1, b2), range(a1, a2)))
    return pairs


def _paired(before: list[str], after: list[str], b_range: range, a_range: range) -> list[Pair]:
    """Within a changed stretch, pair the wordings that are alike, without crossing."""
    b_bags = [_bag(before[b]) for b in b_range]
    a_bags = [_bag(after[a]) for a in a_range]
    size = len(b_bags) * len(a_bags)
    straight = [(_alike(b, a) >= _ALIKE) for b, a in zip(b_bags, a_bags, strict=False)]
    if size > _PAIRS or (len(b_bags) == len(a_bags) and all(straight)):
        kept = [(number, number) for number, alike in enumerate(straight) if alike]
    else:
        kept = _best_pairs(b_bags, a_bags)
    pairs: list[Pair] = []
    b_next = a_next = 0
    for b, a in [*kept, (len(b_bags), len(a_bags))]:
        pairs.extend((b_range[i], None) for i in range(b_next, b))
        pairs.extend((None, a_range[j]) for j in range(a_next, a))
        if b < len(b_bags):
            pairs.append((b_range[b], a_range[a]))
        b_next, a_next = b + 1, a + 1
    return pairs


def _best_pairs(before: list[frozenset[str]], after: list[frozenset[str]]) -> list[tuple[int, int]]:
    """The pairs, never crossing, that have most in common together."""
    scores = [[alike if (alike := _alike(b, a)) >= _ALIKE else 0.0 for a in after] for b in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            take = scores[i][j] + best[i + 1][j + 1] if scores[i][j] else 0.0
            best[i][j] = max(take, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(before) and j < len(after):
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _moves(pairs: list[Pair], before: list[str], after: list[str]) -> dict[int, int]:
    """For each paragraph that came from elsewhere in the section, its former place."""
    gone = [b for b, a in pairs if a is None and b is not None]
    come = [a for b, a in pairs if b is None and a is not None]
    moved: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for b in reversed(gone):
        places.setdefault(before[b], []).append(b)
    for a in come:
        if places.get(after[a]):
            moved[a] = places[after[a]].pop()
    taken = set(moved.values())
    gone = [b for b in gone if b not in taken and len(_bag(before[b])) >= _MOVED_WORDS]
    come = [a for a in come if a not in moved and len(_bag(after[a])) >= _MOVED_WORDS]
    if len(gone) * len(come) <= _PAIRS:
        bags = {b: _bag(before[b]) for b in gone}
        for a in come:
            bag = _bag(after[a])
            score, place = max(((_alike(other, bag), b) for b, other in bags.items()), default=(0.0, 0))
            if score >= _MOVED_ALIKE:
                moved[a] = place
                del bags[place]
    return moved


def _change(was: str | None, now: str | None, budget: Budget, *, moved: bool = False) -> ParagraphChange:
    b_lead, b_text = _split_lead(was or "")
    a_lead, a_text = _split_lead(now or "")
    if was is None:
        return ParagraphChange("added", (Run("added", a_text),), None, a_text, a_lead)
    if now is None:
        return ParagraphChange("removed", (Run("removed", b_text),), b_text, None, b_lead)
    if b_lead != a_lead:
        b_lead, b_text, a_text = "", was, now
    status: ParagraphStatus = "moved" if moved else "same" if was == now else "changed"
    return ParagraphChange(status, runs(b_text, a_text, budget), b_text, a_text, b_lead)


def _split_lead(unit: str) -> tuple[str, str]:
    match = _LEAD.match(unit)
    return (match[0], unit[match.end() :]) if match else ("", unit)


def _bag(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.casefold()))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words in common, from 0 to 1."""
    size = len(one) + len(other)
    return 2 * len(one & other) / size if size else 1.0
