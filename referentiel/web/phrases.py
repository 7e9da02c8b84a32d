"""Why this sentence: the paragraphs of the draft one by one, each with the change that gave it its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from referentiel.criteria.comparison import KeyChange, ParagraphChange
from referentiel.criteria.document import Document
from referentiel.criteria.vocabulary import anchor
from referentiel.editions.edition import Edition
from referentiel.library.blame import split
from referentiel.library.library import Library
from referentiel.library.models import ParagraphOrigin, Version
from referentiel.library.queries import origins
from referentiel.web.origins import compared, first_editions
from referentiel.web.texts import ItemText

UNTOLD_KEYS = frozenset(
    {
        *("code", "rang", "axes", "ancrage", "rome", "chapitre", "etape", "outils", "competences", "voir_aussi"),
        *("preuve_detenue_par", "etat", "remplace_par", "anciens_noms", "certitude", "chapitres", "licence"),
    }
)
"""What places an item, or names others by their keys: no sentence of it"""
SAME_SENTENCE = 0.5
"""The least likeness of a sentence with itself before its typing was corrected"""
_MARKS = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)]|#{3,6}|>)\s+", re.MULTILINE)


@dataclass(frozen=True)
class Phrase:
    """One paragraph of the draft, or one line of its sheet (``key``), and the version that gave it its wording.

    The origin is None for what is not recorded yet.
    """

    section: str
    key: str
    anchor: str
    words: str
    raw: str
    origin: ParagraphOrigin | None
    edition: Edition | None

    @property
    def version(self) -> Version | None:
        return self.origin.version if self.origin else None


def phrases(library: Library, path: str, text: ItemText) -> list[Phrase]:
    """The paragraphs of the draft's wording, in order, then its sheet; each with where it comes from. Two queries."""
    known = origins(path)
    since = first_editions(library)
    found = []
    for section, key, name, paragraphs in _parts(text.document):
        sources = known.get(f"section:{section}" if not key else f"key:{key}", [])
        for place, raw in enumerate(paragraphs):
            origin = sources[place] if place < len(sources) else None
            found.append(
                Phrase(
                    section=section,
                    key=key,
                    anchor=f"{name}-{place + 1}",
                    words=raw if key else bare(raw),
                    raw=raw,
                    origin=origin,
                    edition=since.of(origin.version) if origin else None,
                )
            )
    return found


def replaced(library: Library, phrase: Phrase) -> ParagraphChange | KeyChange | None:
    """What a paragraph replaced when it got its wording; None when it was new, or came with the first text."""
    version = phrase.version
    if version is None or version.before_blob is None:
        return None
    comparison = compared(library, version)
    if phrase.key:
        return next((change for change in comparison.keys if change.key == phrase.key and change.before), None)
    changes = [
        (section.title == phrase.section, change)
        for section in comparison.changed_sections
        for change in section.paragraphs
        if change.status in ("changed", "moved") and change.before != change.after
    ]
    same = [(here, change) for here, change in changes if bare(change.after or "") == phrase.words]
    if same:
        return max(same, key=lambda one: one[0])[1]
    # Its typing was corrected since, or the paragraph holds several lines that are compared one by one.
    near = [(_alike(bare(change.after or ""), phrase), change) for here, change in changes if here]
    likeness, nearest = max(near, key=lambda one: one[0], default=(0.0, None))
    return nearest if likeness >= SAME_SENTENCE else None


def bare(paragraph: str) -> str:
    """A paragraph's words without the marks of Markdown."""
    return " ".join(_MARKS.sub("", paragraph).replace("**", "").replace("__", "").split())


def _parts(document: Document) -> Iterator[tuple[str, str, str, list[str]]]:
    """(section, key, anchor, paragraphs) of each part that has words."""
    for section in document.sections:
        yield section.title, "", anchor(section.title), split(section.body)
    for line in document.front:
        if line.key and line.key not in UNTOLD_KEYS and any(line.values):
            yield "", line.key, f"fiche-{anchor(line.key)}", [", ".join(line.values)]


def _alike(words: str, phrase: Phrase) -> float:
    if words and words in phrase.words:
        return 1.0
    return SequenceMatcher(None, words.split(), phrase.words.split(), autojunk=False).ratio()
