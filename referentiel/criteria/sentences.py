"""Cutting French into sentences, and saying which came, went or moved between two texts."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cydifflib import SequenceMatcher

from referentiel.criteria.wording import Budget

_END = re.compile(r"(?<=[.!?…»])(?<!\s[A-Z]\.)\s+(?=[«“(*]*\s?[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ0-9])")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the section it stands in; as a string, the sentence alone."""

    section: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SentenceSummary:
    """What a reader is told before the detail. A sentence reworded counts as one removed and one added."""

    added: tuple[Sentence, ...] = ()
    removed: tuple[Sentence, ...] = ()
    moved: tuple[Sentence, ...] = ()


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, spaces made single. A text without a full stop is one sentence."""
    return [_SPACES.sub(" ", part).strip() for part in _END.split(text) if part.strip()]


def summary(sections: Iterable[tuple[str, list[str], list[str]]], budget: Budget) -> SentenceSummary:
    """Compare sentences, given (title, paragraphs before, paragraphs after) of each section that changed.

    A sentence that left one place and stands in another, of the same section or not, has moved.
    """
    gone: list[Sentence] = []
    come: list[Sentence] = []
    for title, before, after in sections:
        was = [sentence for paragraph in before for sentence in sentences(paragraph)]
        now = [sentence for paragraph in after for sentence in sentences(paragraph)]
        if budget.allows(was, now):
            for tag, b1, b2, a1, a2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
                if tag != "equal":
                    gone.extend(Sentence(title, text) for text in was[b1:b2])
                    come.extend(Sentence(title, text) for text in now[a1:a2])
        else:
            kept = Counter(was) & Counter(now)
            gone.extend(Sentence(title, text) for text in _left_over(was, kept))
            come.extend(Sentence(title, text) for text in _left_over(now, kept))
    stayed = Counter(s.text for s in gone) & Counter(s.text for s in come)
    added, moved = _parted(come, stayed)
    removed, _ = _parted(gone, stayed)
    return SentenceSummary(tuple(added), tuple(removed), tuple(moved))


def _left_over(texts: list[str], kept: Counter[str]) -> list[str]:
    left = Counter(kept)
    rest = []
    for text in texts:
        if left[text] > 0:
            left[text] -= 1
        else:
            rest.append(text)
    return rest


def _parted(found: list[Sentence], stayed: Counter[str]) -> tuple[list[Sentence], list[Sentence]]:
    left = Counter(stayed)
    rest, moved = [], []
    for sentence in found:
        if left[sentence.text] > 0:
            left[sentence.text] -= 1
            moved.append(sentence)
        else:
            rest.append(sentence)
    return rest, moved
