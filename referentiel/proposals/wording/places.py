"""Places among the like: a rank between two others, and who is pushed when there is no room. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key

STEP = 10
LAST = 10_000
"""The rank of what asks for none"""


@dataclass(frozen=True, slots=True)
class Place:
    """One item among its like, in their order."""

    rank: int
    key: str
    path: str


def rank_of(document: Document) -> int:
    value = document.value("rang") or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else LAST


def like(texts: Mapping[str, str], kind: Kind, chapter: str = "", but: str = "") -> list[Place]:
    """The items of a kind in their order, those of one chapter for criteria, tombstones included. Reads each once."""
    found = []
    for path, text in texts.items():
        if path.startswith(f"{kind.value}/") and path != but:
            document = Document.read(text, path)
            key = kind_and_key(path)[1]
            if kind is not Kind.CRITERION or (document.value("chapitre") or key[:1]) == chapter:
                found.append(Place(rank_of(document), key, path))
    return sorted(found, key=lambda one: (one.rank, one.key))


def put_after(places: Sequence[Place], after: str) -> tuple[int, dict[str, int]]:
    """The rank that puts an item after the one of this key, first when it is empty; and whom it pushes, by path.

    Raises :class:`LookupError` when nobody has this key.
    """
    index = 0
    if after:
        index = next((number for number, one in enumerate(places, 1) if one.key == after), 0)
        if not index:
            raise LookupError(after)
    before = places[index - 1].rank if index else 0
    following = places[index:]
    if not following:
        return before // STEP * STEP + STEP, {}
    if following[0].rank - before > 1:
        return before + (following[0].rank - before) // 2, {}
    pushed, rank = {}, before + STEP
    mine = rank
    for one in following:
        if one.rank > rank:
            break
        rank += STEP
        pushed[one.path] = rank
    return mine, pushed


def place_of(document: Document, texts: Mapping[str, str]) -> str:
    """The key of the one that an item follows; empty when it is the first."""
    kind, key = kind_and_key(document.file)
    here = (rank_of(document), key)
    before = ""
    for one in like(texts, kind, document.value("chapitre") or "", but=document.file):
        if (one.rank, one.key) < here:
            before = one.key
    return before
