"""Two proposals on one text: what each would make of the text of today, section by section."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from referentiel.criteria.comparison import Comparison, KeyChange, SectionChange, compare, paragraphs
from referentiel.criteria.document import Document
from referentiel.criteria.merging import COMMENTS, FILE, KEY, ORDER, SECTION, touched
from referentiel.errors import Unknown
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.proposals.models import Revision, RevisionFile


@dataclass(frozen=True)
class Reading:
    """What one wording makes of the text of today: only the parts that its author changed differ.

    ``moved`` names the sections among them that the text has changed too since they were written.
    """

    comparison: Comparison
    moved: frozenset[str]

    @cached_property
    def sections(self) -> dict[str, SectionChange]:
        return {section.title: section for section in self.comparison.changed_sections}

    @cached_property
    def keys(self) -> dict[str, KeyChange]:
        return {change.key: change for change in self.comparison.keys}


@dataclass(frozen=True)
class Rivalry:
    """One file that two wordings touch, beside the text of today."""

    path: str
    draft: Document
    readings: tuple[Reading, Reading]

    @property
    def titles(self) -> list[str]:
        """The sections that either changes, in the order of reading."""
        first, second = self.readings
        order = [section.title for section in self.draft.sections]
        found = {**dict.fromkeys(first.sections), **dict.fromkeys(second.sections)}
        return sorted(found, key=lambda title: order.index(title) if title in order else len(order))

    def lines(self, title: str) -> list[str] | None:
        """The paragraphs of a section today; none when the text has no such section."""
        body = self.draft.section(title)
        return None if body is None else paragraphs(title, body)

    @property
    def keys(self) -> list[str]:
        """The keys of the front matter that either changes."""
        first, second = self.readings
        return list({**dict.fromkeys(first.keys), **dict.fromkeys(second.keys)})


_readings: Cache[tuple[str, str, str], Reading] = Cache(50)
"""By the blobs of the text of today, of the start and of the wording"""


def rivalry(library: Library, one: Revision, other: Revision) -> tuple[list[Rivalry], list[str]]:
    """The files that both touch, then the paths of those that one of them touches alone. No SQL beyond their files.

    The main item of the first comes first. Each difference costs what it does elsewhere, the first time only.
    """
    files = library.files(library.head())
    mine, theirs = ({file.path: file for file in revision.files} for revision in (one, other))
    common = [path for path in mine if path in theirs and path in files]
    common.sort(key=lambda path: (path != one.main.path, path))
    found = []
    for path in common:
        draft = Document.read(library.text(files[path]), path)
        both = (_reading(library, files[path], draft, file) for file in (mine[path], theirs[path]))
        found.append(Rivalry(path, draft, (next(both), next(both))))
    return found, sorted((mine.keys() | theirs.keys()) - set(common))


def _reading(library: Library, now: str, draft: Document, file: RevisionFile) -> Reading:
    return _readings.get((now, file.before_blob or "", file.blob), lambda _key: _read(library, now, draft, file))


def _read(library: Library, now: str, draft: Document, file: RevisionFile) -> Reading:
    proposed = Document.read(file.text, file.path)
    base = draft if file.before_blob in (now, None) else _base(library, file) or draft
    parts = touched(base, proposed)
    moved = parts & touched(base, draft)
    return Reading(
        compare(draft, _with(draft, proposed, sorted(parts))),
        frozenset(part.removeprefix(SECTION) for part in moved if part.startswith(SECTION)),
    )


def _base(library: Library, file: RevisionFile) -> Document | None:
    """What the wording starts from; none when the library was restored without it."""
    try:
        return Document.read(library.text(file.before_blob or ""), file.path)
    except Unknown:
        return None


def _with(draft: Document, proposed: Document, parts: Sequence[str]) -> Document:
    """The text of today with these parts as they are proposed."""
    titles = [section.title for section in proposed.sections]
    for part in parts:
        if part.startswith(KEY):
            key = part.removeprefix(KEY)
            draft = draft.with_value(key, proposed.value(key))
        elif part not in (ORDER, COMMENTS, FILE):
            title = part.removeprefix(SECTION)
            after = titles[titles.index(title) - 1] if title in titles[1:] else None
            draft = draft.with_section(title, proposed.section(title), after=after)
    return draft
