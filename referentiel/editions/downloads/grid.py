"""The grid of self-assessment, as a table of plain words: one line an item, in the order of the book. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from referentiel.criteria.rendering import plain_lines
from referentiel.criteria.vocabulary import SECTION_ORDER
from referentiel.editions.downloads.book import Part, Role
from referentiel.editions.downloads.words import words

ANSWERS = ("Pas encore", "Un peu", "Souvent", "Toujours", "Ne nous concerne pas")
"""What a structure answers: the four levels that the criteria describe, and that it has nothing to answer."""

GENRES = {
    Role.FRONT: "Présentation",
    Role.CHAPTER: "Chapitre",
    Role.CRITERION: "Critère",
    Role.PAGE: "Page",
    Role.LIST: "Partie",
    Role.ITEM: "Mot, outil ou compétence",
}
TITLES: tuple[str, ...] = tuple(title.replace("'", "’") for title in SECTION_ORDER)
"""The sections that have a column of their own, as the book writes them"""

_FORMULA = frozenset("=+-@\t\r\0")


@dataclass(frozen=True, slots=True)
class Line:
    """One item. ``facts`` and ``sections`` map what a column is called to plain words; ``others`` holds the rest."""

    role: Role
    code: str
    title: str
    facts: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    others: str = ""

    @property
    def genre(self) -> str:
        return GENRES[self.role]

    @property
    def is_asked(self) -> bool:
        """Whether a structure has something to answer here: a criterion in force."""
        return self.role is Role.CRITERION and "État" not in self.facts

    def concerns(self, structure: str) -> bool:
        """Whether a structure of this type is concerned; a criterion that names no type concerns all of them."""
        types = self.facts.get("Pour", "")
        return not types or structure in types.split(", ")


def lines(parts: Iterable[Part]) -> Iterator[Line]:
    """One line for each heading that opens an item, with all that stands under it."""
    opening: Part | None = None
    under: list[Part] = []
    for part in parts:
        if part.role in GENRES:
            if opening is not None or under:
                yield _line(opening, under)
            opening, under = part, []
        else:
            under.append(part)
    if opening is not None or under:
        yield _line(opening, under)


def guarded(text: str) -> str:
    """The same words, that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{text}" if text[:1] in _FORMULA else text


def looks_like_a_formula(text: str) -> bool:
    return text[:1] in _FORMULA


def _line(opening: Part | None, under: list[Part]) -> Line:
    head = opening or Part(Role.FRONT, 1, "texte", GENRES[Role.FRONT])
    sections: dict[str, str] = {}
    others = [words(head.body)] if head.body else []
    for part in under:
        said = "\n".join(plain_lines(part.body)) if part.role is Role.PLAIN_TEXT else words(part.body)
        if part.title in TITLES and part.title not in sections:
            sections[part.title] = said
        else:
            others.append(f"{part.title}\n{said}" if part.title else said)
    if head.remark:
        others.append(head.remark)
    return Line(head.role, head.code, head.title, dict(head.facts), sections, "\n\n".join(others))
