"""Words as the index knows them: without accents or plurals, the same for what is written and for what is asked."""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

from snowballstemmer import stemmer

# To be raised with any change of what this module makes: the index is made again when it differs.
VERSION = "1"

LONGEST_WORD = 40
MOST_WORDS = 12

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl", "ø": "o", "ł": "l", "đ": "d"})
_LITTLE = frozenset("le la les l de des du d un une et a au aux en".split())  # noqa: SIM905 - one line reads better
# Plurals that the stemmer does not bring back.
_IRREGULAR = {"travaux": "travail", "yeux": "oeil", "baux": "bail"}
_french = stemmer("french")
_one_at_a_time = Lock()


def fold(text: str) -> str:
    """Lower case, without accents or ligatures: ``Œuvre d'État`` → ``oeuvre d'etat``."""
    bare = unicodedata.normalize("NFD", text.lower().translate(_LIGATURES))
    return "".join(c for c in bare if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
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


@lru_cache(maxsize=2_000)
def _known(title: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The words of a short text: as they are typed without accents, and their forms."""
    return tuple((fold(word), forms(word)) for word in words(title))


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

    ``terms`` holds the forms of each word; ``prefix`` the beginning that the last one may be, or nothing. There is no
    syntax: quotes, stars and operators part words.
    """

    def __init__(self, query: str) -> None:
        typed = list(dict.fromkeys(words(query[:1_000])))[:MOST_WORDS]
        kept = [word for word in typed if fold(word) not in _LITTLE] or typed
        self.words: tuple[str, ...] = tuple(kept)
        self.terms: tuple[frozenset[str], ...] = tuple(forms(word) for word in kept)
        last = fold(kept[-1]) if kept else ""
        self.prefix = last if len(last) >= 3 and last.isalpha() and query[-1:].isalnum() else ""

    def __bool__(self) -> bool:
        return bool(self.terms)

    def is_in(self, word: str) -> bool:
        """Whether a word of the text is one of those looked for."""
        own = forms(word)
        return any(not own.isdisjoint(term) for term in self.terms) or self._begins(fold(word))

    def all_in(self, text: str) -> bool:
        """Whether every word looked for is in a short text, such as a title."""
        known = _known(text)
        last = len(self.terms) - 1
        return all(
            any(not own.isdisjoint(term) or (place == last and self._begins(bare)) for bare, own in known)
            for place, term in enumerate(self.terms)
        )

    def _begins(self, bare: str) -> bool:
        return bool(self.prefix) and bare.startswith(self.prefix)
