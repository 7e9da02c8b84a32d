"""What a change touches beyond its own words: whatever cites the items that it changes. Each domain says its part.

A domain registers one question under the names of what it may find (``criteres``, ``propositions``, later the meetings
of the concertation): the pages of a decision ask them all, and show what they answer.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from referentiel.library.library import Library


@dataclass(frozen=True, slots=True)
class Touched:
    """The items that a proposal changes, by their files, and the number of the proposal."""

    paths: frozenset[str]
    proposal: int


@dataclass(frozen=True, slots=True)
class Citing:
    """Something that cites a touched item: where addresses put it (``criteres``, ``E2``), its title, and how it cites.

    ``how`` names the keys and the sections that do, as merges name parts; empty when it is about the same item.
    """

    kind: str
    key: str
    title: str
    how: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What cites, of one kind, under its French name."""

    kind: str
    label: str
    rows: tuple[Citing, ...]


Question = Callable[[Library, Touched], Iterable[Citing]]

_domains: list[tuple[Mapping[str, str], Question]] = []


def register(labels: Mapping[str, str], question: Question) -> None:
    """Who cites in one domain: ``labels`` name each kind that ``question`` may answer, in the order of pages."""
    _domains.append((labels, question))


def impact(library: Library, touched: Touched, *, leaving: Collection[str] = ()) -> Sequence[Group]:
    """Everything that cites what a proposal changes, by kind; ``leaving`` are kinds that a page tells in its own way.

    As many statements as the domains say, whatever they find; none from a domain whose kinds are all left.
    """
    found: list[Group] = []
    for labels, question in _domains:
        if labels.keys() <= set(leaving):
            continue
        rows = list(question(library, touched))
        groups = (Group(kind, label, tuple(row for row in rows if row.kind == kind)) for kind, label in labels.items())
        found += [group for group in groups if group.rows]
    return found
