"""What a search finds in a state of the text: a page of the best at a time, with the words around."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from referentiel.criteria.paths import Kind
from referentiel.errors import N_
from referentiel.search.index import LOOKED_AT, Hit, Snippet, find, snippets
from referentiel.web.contents import Filters
from referentiel.web.texts import State

A_PAGE = 20
SIGNS = {
    Kind.REFERENTIAL: "lire",
    Kind.CHAPTER: "lire",
    Kind.PAGE: "papier",
    Kind.TERM: "mot",
    Kind.TOOL: "filtrer",
    Kind.SKILL: "favorable",
}
NAMES = {
    Kind.REFERENTIAL: N_("Présentation"),
    Kind.CHAPTER: N_("Chapitre"),
    Kind.PAGE: N_("Page"),
    Kind.TERM: N_("Mot expliqué"),
    Kind.TOOL: N_("Outil"),
    Kind.SKILL: N_("Compétence"),
}


@dataclass(frozen=True)
class Other:
    """Something found that is no criterion."""

    title: str
    address: str
    kind: str
    sign: str
    snippet: Snippet


@dataclass(frozen=True)
class Found:
    """One page of what a search gives: the criteria by code with the words around, what stands elsewhere in the text.

    ``criteria`` and ``elsewhere`` count all pages; ``first`` and ``last`` are the places of what this one shows, among
    all, the best being 1. ``page`` and ``pages`` are at least 1.
    """

    snippets: Mapping[str, Snippet]
    others: tuple[Other, ...]
    criteria: int
    elsewhere: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-(self.criteria + self.elsewhere) // A_PAGE))

    @property
    def first(self) -> int:
        return (self.page - 1) * A_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.page * A_PAGE, self.criteria + self.elsewhere)


def search(filters: Filters) -> Found | None:
    """Look for the words of the address in this state of the text; None when there is none to look for.

    A page past the last is the last. Two statements.
    """
    if not filters.q:
        return None
    state = filters.state
    hits = find(filters.q, limit=LOOKED_AT, files=state.summary.blobs)
    kept = [hit for hit in hits if hit.kind in SIGNS or _kept(hit, filters)]
    page = min(filters.page, max(1, -(-len(kept) // A_PAGE)))
    shown = kept[(page - 1) * A_PAGE : page * A_PAGE]
    around = list(zip(shown, snippets(filters.q, shown), strict=True))
    criteria = sum(hit.kind is Kind.CRITERION for hit in kept)
    return Found(
        snippets={hit.key: snippet for hit, snippet in around if hit.kind is Kind.CRITERION},
        others=tuple(_other(state, hit, snippet) for hit, snippet in around if hit.kind in SIGNS),
        criteria=criteria,
        elsewhere=len(kept) - criteria,
        page=page,
    )


def _kept(hit: Hit, filters: Filters) -> bool:
    line = filters.state.summary.criterion(hit.key) if hit.kind is Kind.CRITERION else None
    return line is not None and filters.keeps(line)


def _other(state: State, hit: Hit, snippet: Snippet) -> Other:
    kind = hit.kind
    address = f"{state.address(kind.value)}#{hit.key}" if kind is Kind.TERM else state.address(kind.value, hit.key)
    return Other(hit.title, address, _(NAMES[kind]), SIGNS[kind], snippet)
