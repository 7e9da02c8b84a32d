"""Near wordings: which texts say almost the same, by the words that they share. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Generic, TypeVar

from referentiel.search.words import fold

T = TypeVar("T")
MOST = 5
ENOUGH = 0.45
"""The share of the shorter text's words, the rare ones weighing more, from which two texts are near"""
LEAST_SHARED = 3
_WORD = re.compile(r"[a-z0-9]{3,}")
_MEANS_LITTLE = (
    "aux avec ces cette chaque dans des elle elles est etre ils les leur leurs mais nous par pas plus pour que qui"
    " sans ses son sont sur tout tous toute toutes une vous votre vos"
)
_LITTLE = frozenset(_MEANS_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Near(Generic[T]):
    """A text that says almost the same; ``share`` goes up to 1."""

    thing: T
    share: float


@lru_cache(maxsize=4_000)
def words_of(text: str) -> frozenset[str]:
    """The words that carry the sense, without accents, and without the mark of most plurals."""
    return frozenset(
        word[:-1] if len(word) > 4 and word[-1] in "sx" else word
        for word in _WORD.findall(fold(text))
        if word not in _LITTLE
    )


def near(text: str, known: Iterable[tuple[T, str]], *, most: int = MOST) -> list[Near[T]]:
    """The nearest of these texts, the nearest first; a word that they all have weighs next to nothing."""
    mine = words_of(text)
    candidates = [(thing, words_of(other)) for thing, other in known]
    seen = Counter(word for _thing, words in candidates for word in words)
    total = len(candidates)

    def weight(words: Iterable[str]) -> float:
        return sum(log(1 + (total + 1) / (1 + seen[word])) for word in words)

    found = []
    for thing, words in candidates:
        shared = mine & words
        if len(shared) >= min(LEAST_SHARED, len(mine), len(words)) and shared:
            smaller = min(mine, words, key=len)
            found.append(Near(thing, weight(shared) / weight(smaller)))
    kept = [one for one in found if one.share >= ENOUGH]
    return sorted(kept, key=lambda one: -one.share)[:most]
