"""What leads from an item to others: tools, skills, words explained, neighbours, other versions."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import EvidenceHolder, anchor
from referentiel.editions import queries
from referentiel.editions.summary import CriterionLine, ItemLine
from referentiel.library.library import Library
from referentiel.web.texts import ItemText, State

MOST_WORDS = 6
LISTED_UNDER = {Kind.TOOL: "outils", Kind.SKILL: "competences"}


class Link(NamedTuple):
    """Words that lead somewhere; ``code`` is empty for what has none. No address: the target is not in this text."""

    words: str
    address: str
    code: str = ""


@dataclass(frozen=True)
class Related:
    """What to read with a criterion. Each list may be empty."""

    tools: tuple[Link, ...]
    skills: tuple[Link, ...]
    see_also: tuple[Link, ...]
    held_by: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.tools or self.skills or self.see_also or self.held_by)


@dataclass(frozen=True)
class Word:
    """A term of the glossary, with its definition ready to print. ``former`` are the names it had."""

    key: str
    term: str
    expansion: str
    html: str
    former: tuple[str, ...]
    valid_from: str
    certainty: str

    @property
    def letter(self) -> str:
        """Under which letter of the alphabet it stands."""
        return anchor(self.term)[0].upper()


def related(state: State, text: ItemText) -> Related:
    """What the front matter of a criterion leads to."""
    holders = {holder.value: holder.label for holder in EvidenceHolder}
    return Related(
        tools=tuple(_item_link(state, Kind.TOOL, key) for key in text.values("outils")),
        skills=tuple(_item_link(state, Kind.SKILL, key) for key in text.values("competences")),
        see_also=tuple(_criterion_link(state, code) for code in text.values("voir_aussi")),
        held_by=tuple(_(holders.get(value, value)) for value in text.values("preuve_detenue_par")),
    )


def terms(state: State) -> tuple[Word, ...]:
    """The whole glossary, in the order of the alphabet."""
    return tuple(_word(state, line) for line in state.summary.terms)


def words_explained(state: State, text: ItemText) -> tuple[Word, ...]:
    """The terms of the glossary that a plain text uses, at most six, in the order in which it uses them."""
    said = "\n".join(text.plain)
    found = []
    for line in state.summary.terms:
        match = re.search(rf"(?<!\w){re.escape(line.title)}(?:s|x)?(?!\w)", said, re.IGNORECASE)
        if match:
            found.append((match.start(), line))
    return tuple(_word(state, line) for _place, line in sorted(found, key=lambda pair: pair[0])[:MOST_WORDS])


def cited_by(state: State, kind: Kind, key: str) -> tuple[CriterionLine, ...]:
    """The criteria in force that lead to a tool or a skill. Reads every criterion, from the cache."""
    name = LISTED_UNDER.get(kind)
    if name is None:
        return ()
    return tuple(line for line in state.summary.in_force if key in state.item(Kind.CRITERION, line.code).values(name))


def neighbours(state: State, kind: Kind, key: str) -> tuple[ItemLine | None, ItemLine | None]:
    """The items before and after this one, of the same kind."""
    lines = state.summary.items(kind)
    place = next((i for i, line in enumerate(lines) if line.key == key), None)
    if place is None:
        return None, None
    return (lines[place - 1] if place else None), (lines[place + 1] if place + 1 < len(lines) else None)


def version_links(library: Library, state: State, code: str) -> list[tuple[str, str, str | None]]:
    """(words, address, pictogram) to the same criterion elsewhere: sealed, in the draft, compared."""
    published = {str(edition.number): edition for edition in queries.all_editions(library)}
    if state.edition is None:
        last = max(published.values(), key=lambda e: e.number, default=None)
        links: list[tuple[str, str, str | None]] = []
        if last and queries.summary_of(library, last).criterion(code):
            links.append((_("Lire le texte en vigueur"), f"/criteres/{code}", None))
        return [*links, (_("Comparer avec la dernière édition"), f"/comparer?a=travail#{code}", "comparer")]
    number = str(state.edition.number)
    links = [
        (_("Le texte scellé de l’édition %(number)s", number=number), f"/editions/{number}/criteres/{code}", "sceau"),
        (_("Lire la version de travail"), f"/travail/criteres/{code}", None),
    ]
    if state.edition.previous in published:
        before = state.edition.previous
        links.append(
            (_("Comparer avec %(number)s", number=before), f"/comparer?de={before}&a={number}#{code}", "comparer")
        )
    return links


def _item_link(state: State, kind: Kind, key: str) -> Link:
    line = state.summary.item(kind, key)
    return Link(line.title, state.address(kind.value, key)) if line else Link(key, "")


def _criterion_link(state: State, code: str) -> Link:
    line = state.summary.criterion(code)
    return Link(line.title, state.address(Kind.CRITERION.value, code), code) if line else Link("", "", code)


def _word(state: State, line: ItemLine) -> Word:
    text = state.item(Kind.TERM, line.key)
    return Word(
        key=line.key,
        term=line.title,
        expansion=text.value("developpe"),
        html=text.rubrics[0].html if text.rubrics else "",
        former=text.values("anciens_noms"),
        valid_from=text.value("valable_depuis"),
        certainty=line.certainty,
    )
