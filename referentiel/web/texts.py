"""The text as pages show it: which state of it is read, and each item ready to print, kept by blob for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.pieces import FrontLine
from referentiel.criteria.rendering import plain_lines, render
from referentiel.criteria.vocabulary import PLAIN_TEXT, QUESTION, STATEMENT, WITHDRAWAL, anchor
from referentiel.editions import queries
from referentiel.editions.edition import Edition
from referentiel.editions.summary import Summary
from referentiel.errors import N_, Unknown
from referentiel.library.cache import Cache
from referentiel.library.library import Library

# What has its own place on the page of a criterion; the other sections follow each other under their names.
APART = (STATEMENT, PLAIN_TEXT, QUESTION, WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Rubric:
    """A section ready to print. The title is empty for the words that come before the first heading."""

    title: str
    anchor: str
    html: str


@dataclass(frozen=True, slots=True)
class ItemText:
    """An item ready to print: its front matter, its sections in the order of the file, its plain text line by line."""

    library: Library = field(repr=False)
    path: str
    blob: str
    front: Mapping[str, FrontLine]
    rubrics: tuple[Rubric, ...]
    plain: tuple[str, ...]
    question: str

    def rubric(self, title: str) -> Rubric | None:
        return next((rubric for rubric in self.rubrics if rubric.title == title), None)

    @property
    def body(self) -> tuple[Rubric, ...]:
        """The sections without those that have their own place."""
        return tuple(rubric for rubric in self.rubrics if rubric.title not in APART)

    def value(self, key: str) -> str:
        """A front-matter value, empty when absent."""
        return self.front[key].value if key in self.front else ""

    def values(self, key: str) -> tuple[str, ...]:
        return self.front[key].values if key in self.front else ()

    @property
    def document(self) -> Document:
        """The file itself, read again: what is printed is kept, what it was made from is not. About 60 µs."""
        return Document.read(self.library.text(self.blob), self.path)

    @property
    def weight(self) -> int:
        """Bytes of memory, about."""
        return 3_000 + 2 * sum(len(rubric.html) for rubric in self.rubrics)


_texts: Cache[tuple[Library, str], ItemText] = Cache(400_000, lambda text: text.weight)


def item_text(library: Library, blob: str, path: str) -> ItemText:
    """The item of this blob. Rendered once: about 1 ms the first time, 1 µs then. Raises FileError, Unknown."""
    return _texts.get((library, blob), lambda _: _render(library, blob, path))


def _render(library: Library, blob: str, path: str) -> ItemText:
    document = Document.read(library.text(blob), path)
    rubrics = tuple(
        Rubric(section.title, anchor(section.title), render(section.body))
        for section in document.sections
        if section.body
    )
    return ItemText(
        library=library,
        path=path,
        blob=blob,
        front={line.key: FrontLine("", line.key, line.value) for line in document.front if line.key},
        rubrics=rubrics,
        plain=tuple(plain_lines(document.section(PLAIN_TEXT) or "")),
        question=document.section(QUESTION) or "",
    )


@dataclass(frozen=True, slots=True)
class State:
    """One state of the text: an edition, or the draft when ``edition`` is None.

    ``asked`` is the day of ``?le=``; ``ahead`` when it has not come, and another edition may still be published.
    """

    library: Library
    commit: str
    summary: Summary
    edition: Edition | None = None
    asked: date | None = None
    ahead: bool = False

    @property
    def is_draft(self) -> bool:
        return self.edition is None

    @property
    def start(self) -> str:
        """How the addresses of this state begin, before the kind of item."""
        return "/travail" if self.is_draft else ""

    @property
    def end(self) -> str:
        """How they end: the day that was asked for."""
        return f"?le={self.asked.isoformat()}" if self.asked else ""

    def address(self, kind: str, key: str = "") -> str:
        """Where an item of this state is read: ``/criteres/E4``, ``/travail/criteres/E4``, ``/criteres/E4?le=…``."""
        return f"{self.start}/{kind}/{key}{self.end}" if kind else f"{self.start or '/referentiel'}/{self.end}"

    def blob(self, kind: Kind, key: str) -> str:
        """The blob of an item in this state. Raises Unknown."""
        try:
            return self.library.files(self.commit)[path_of(kind, key)]
        except (KeyError, ValueError):
            raise Unknown(N_("Cette page n’est pas dans le référentiel.")) from None

    def holds(self, kind: Kind, key: str) -> bool:
        """Whether this state has an item of this name."""
        try:
            return path_of(kind, key) in self.library.files(self.commit)
        except ValueError:
            return False

    def item(self, kind: Kind, key: str) -> ItemText:
        """An item of this state, ready to print. Raises Unknown."""
        return item_text(self.library, self.blob(kind, key), path_of(kind, key))


def edition_state(library: Library, edition: Edition, *, asked: date | None = None, ahead: bool = False) -> State:
    """The text of a published edition."""
    return State(library, edition.commit, queries.summary_of(library, edition), edition, asked, ahead)


def draft_state(library: Library) -> State:
    """The adopted text that the next edition will publish."""
    head = library.head()
    return State(library, head, queries.summary_at(library, head))
