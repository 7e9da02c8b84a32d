"""An item of the draft as the pages about it name it: its kind, its title, where it is read."""

from dataclasses import dataclass

from referentiel.criteria.links import ITEMS
from referentiel.criteria.paths import Kind, path_of
from referentiel.errors import N_, Unknown
from referentiel.library.library import Library
from referentiel.web.texts import ItemText, State, draft_state

KINDS = {kind.value: kind for kind in (Kind.REFERENTIAL, *ITEMS)}


@dataclass(frozen=True, slots=True)
class Subject:
    """``code`` is the key of what has a short one, a criterion or a chapter; empty for the rest."""

    state: State
    kind: Kind
    key: str
    title: str

    @property
    def path(self) -> str:
        return path_of(self.kind, self.key)

    @property
    def code(self) -> str:
        return self.key if self.kind in (Kind.CRITERION, Kind.CHAPTER) else ""

    @property
    def address(self) -> str:
        """Where it is read; a term stands in the one page of the glossary."""
        return f"/glossaire/#{self.key}" if self.kind is Kind.TERM else f"/{self.kind.value}/{self.key}"

    @property
    def root(self) -> str:
        """What the addresses of its history begin with."""
        return f"/{self.kind.value}/{self.key}"

    @property
    def proposing(self) -> str:
        """Where a change to it is proposed."""
        asked = f"critere={self.key}" if self.kind is Kind.CRITERION else f"texte={self.kind.value}/{self.key}"
        return f"/propositions/nouvelle?{asked}"

    @property
    def text(self) -> ItemText:
        return self.state.item(self.kind, self.key)

    def in_edition(self, number: object) -> str:
        """Where the same item is read in a sealed edition, whose first page has the presentation of the text."""
        if self.kind is Kind.REFERENTIAL:
            return f"/editions/{number}/"
        return f"/editions/{number}/glossaire/" if self.kind is Kind.TERM else f"/editions/{number}{self.root}"


def subject(library: Library, kind: str, key: str) -> Subject:
    """An item of the draft: its history goes up to there. Raises Unknown."""
    state, known = draft_state(library), KINDS[kind]
    title = _title(state, known, key)
    if title is None or not state.holds(known, key):
        raise Unknown(N_("Cette page n’est pas dans le référentiel."))
    return Subject(state, known, key, title)


def _title(state: State, kind: Kind, key: str) -> str | None:
    if kind is Kind.CRITERION:
        line = state.summary.criterion(key)
        return line.title if line else None
    if kind is Kind.CHAPTER:
        chapter = state.summary.chapter(key)
        return chapter.title if chapter else None
    item = state.summary.item(kind, key)
    return item.title if item else None
