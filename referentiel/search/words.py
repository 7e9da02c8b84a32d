"""Words as the index knows them: without accents or plurals, the same for what is written and for what is asked."""

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from referentiel.search.french import FrenchStemmer

# To be raised with any change of what this module makes: the index is made again when it differs.
VERSION = "2"

LONGEST_WORD = 40
MOST_WORDS = 12

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl", "ø": "o", "ł": "l", "đ": "d"})
_LITTLE = frozenset("le la les l de des du d un une et a au aux en".split())  # noqa: SIM905 - one line reads better
# Plurals that the stemmer does not bring back.
_IRREGULAR = {"travaux": "travail", "yeux": "oeil", "baux": "bail"}
_french = FrenchStemmer()
_one_at_a_time = Lock()


def fold(text: str) -> str:
    """Lower case, without accents or ligatures: ``Œuvre d'État`` → ``oeuvre d'etat``."""
    bare = unicodedata.normalize("NFD", text.lower().translate(_LIGATURES))
    return "".join(c for c in bare if not unicodedata.combining(c))


@lru_cache(maxsize=4_000)
def forms(word: str) -> frozenset[str]:
    """What a word answers to. Two words of which one form is common are the same word for the search.

    The stem is taken with its accents and without, since people type both; a code such as ``E4`` is itself alone.
    """
    bare = fold(word)
    if not bare.isalpha():
        return frozenset({bare})
    bare = _IRREGULAR.get(bare, bare)
    found = {_stem(bare), fold(_stem(word.lower()))}
    if len(bare) > 3 and bare[-1] in "sx":
        found.add(_stem(bare[:-1]))
    return frozenset(form for form in found if form)


class Typed(NamedTuple):
    """A word of a text, as it is typed without accents, and what it answers to."""

    bare: str
    forms: frozenset[str]


def _typed(word: str) -> Typed:
    return Typed(fold(word), forms(word))


@lru_cache(maxsize=2_000)
def _words_of(title: str) -> tuple[Typed, ...]:
    return tuple(_typed(word) for word in words(title))


def _stem(word: str) -> str:
    # The stemmer keeps its state in itself.
    with _one_at_a_time:
        return str(_french.stemWord(word))


def words(text: str) -> list[str]:
    """The words of a text, as they are written."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(text)]


def stems(text: str) -> str:
    """All the words of a text as the index keeps them: each as it is typed without accents, then its forms."""
    found = []
    for word in words(text):
        bare = fold(word)
        found.append(bare)
        found.extend(sorted(forms(word) - {bare}))
    return " ".join(found)


class Asked:
    """What somebody looks for: words that must all be there, the last of which may be the beginning of one.

    ``terms`` holds the forms of each word; ``prefix`` the beginning that the last one may be, or nothing; ``alone`` the
    word that is the whole question, or nothing. There is no syntax: quotes, stars and operators part words.
    """

    def __init__(self, query: str) -> None:
        typed = list(dict.fromkeys(words(query[:1_000])))[:MOST_WORDS]
        kept = [word for word in typed if fold(word) not in _LITTLE] or typed
        self.words: tuple[str, ...] = tuple(kept)
        self.terms: tuple[frozenset[str], ...] = tuple(forms(word) for word in kept)
        last = fold(kept[-1]) if kept else ""
        self.alone = kept[0].lower() if len(kept) == 1 else ""
        self._known: dict[str, bool] = {}
        self.prefix = last if len(last) >= 3 and last.isalpha() and query[-1:].isalnum() else ""

    def __bool__(self) -> bool:
        return bool(self.terms)

    def is_in(self, word: str) -> bool:
        """Whether a word of the text is one of those looked for."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._answers(_typed(word), *range(len(self.terms)))
        return known

    def all_in(self, text: str) -> bool:
        """Whether every word looked for is in a short text, such as a title."""
        there = _words_of(text)
        return all(any(self._answers(word, place) for word in there) for place in range(len(self.terms)))

    def _answers(self, word: "Typed", *places: int) -> bool:
        last = len(self.terms) - 1
        return any(
            not word.forms.isdisjoint(self.terms[place])
            or (place == last and self.prefix != "" and word.bare.startswith(self.prefix))
            for place in places
        )
