"""One page of a comparison: each change whole, word by word, with its reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _

from referentiel.blueprints.comparing_asked import Asked, Changes
from referentiel.criteria.comparison import Comparison, KeyChange, SectionChange
from referentiel.criteria.comparison import compare as compare_words
from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.rendering import plain_lines
from referentiel.criteria.vocabulary import (
    KEY_LABELS,
    PLAIN_TEXT,
    EvidenceHolder,
    Labelled,
    Level,
    State,
    Step,
    key_label,
)
from referentiel.criteria.wording import Budget
from referentiel.editions.comparing.concerns import Role, enters, leaves
from referentiel.editions.comparing.decided import decisions
from referentiel.editions.comparing.differences import ItemChange, reasons
from referentiel.editions.comparing.fates import Fate
from referentiel.library.library import Library
from referentiel.library.reading import Reading
from referentiel.proposals.act import Written
from referentiel.web.contents import label_of

PER_PAGE = 30
TICKS = 12
"""How many decisions the summary in plain French tells; the list below has them all"""
CLOSED: Mapping[str, type[Labelled]] = {
    "niveau": Level,
    "etape": Step,
    "etat": State,
    "preuve_detenue_par": EvidenceHolder,
}
FOLDERS: Mapping[str, Kind] = {"outils": Kind.TOOL, "competences": Kind.SKILL}
TOLD_APART = frozenset({"rang", "chapitre", "code"})
"""Keys of which the page says something better than their values"""


@dataclass(frozen=True)
class KeyLine:
    """One line of the sheet that changes, in French: what it says no more, what it says now."""

    label: str
    removed: str
    added: str


@dataclass(frozen=True)
class Shown:
    """One change as the page shows it. ``plain`` are the lines of the easy text, before and after.

    ``enters`` and ``leaves``: it begins, or ceases, to bind the type of structure that asks.
    """

    item: ItemChange
    comparison: Comparison
    keys: tuple[KeyLine, ...]
    reasons: tuple[Written, ...]
    plain: tuple[tuple[str, ...], tuple[str, ...]]
    enters: bool = False
    leaves: bool = False

    @property
    def sections(self) -> tuple[SectionChange, ...]:
        return self.comparison.changed_sections

    @property
    def plain_change(self) -> SectionChange | None:
        """What changes in the easy text, when it does."""
        return next((section for section in self.sections if section.title == PLAIN_TEXT), None)


@dataclass(frozen=True)
class Tick:
    """One decision in plain French, and the criteria of this page that it changed."""

    words: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One page of the list. ``groups`` are (fate, how many on all pages, those of this page)."""

    ticks: tuple[Tick, ...]
    groups: tuple[tuple[Fate, int, tuple[Shown, ...]], ...]
    others: tuple[Shown, ...]


@dataclass(frozen=True)
class _Told:
    """What all changes of a page share: the commit that names things, what comparing may still cost,
    the texts, the decisions behind each."""

    commit: str
    budget: Budget
    reading: Reading
    behind: Mapping[str, Sequence[int]]
    known: Mapping[int, Written]


def shown(library: Library, asked: Asked, changes: Changes) -> Sheet:
    """One page of what concerns who asks, compared word by word. About 1 ms an item the first time it is asked for."""
    start = (asked.page - 1) * PER_PAGE
    here = changes.shown[start : start + PER_PAGE]
    others = changes.others if asked.page == 1 and asked.role is not Role.EMPLOYEE else ()
    reading = Reading(library, (blob for one in (*here, *others) for blob in one.blobs))
    behind = {one.path: reasons(reading, one) for one in (*here, *others)}
    known = decisions(library, asked.after.commit, (number for numbers in behind.values() for number in numbers))
    told = _Told(asked.after.commit, Budget(), reading, behind, known)
    made = [_shown(library, one, asked.role, told) for one in here]
    groups = tuple(
        (fate, changes.counts[fate], tuple(one for one in made if one.item.fate is fate))
        for fate in Fate
        if any(one.item.fate is fate for one in made)
    )
    rest = tuple(_shown(library, one, None, told) for one in others)
    return Sheet(tuple(_ticks(made))[:TICKS] if asked.page == 1 else (), groups, rest)


def _shown(library: Library, item: ItemChange, role: Role | None, told: _Told) -> Shown:
    before, after = told.reading.document(item.before), told.reading.document(item.after)
    comparison = compare_words(before, after, told.budget)
    return Shown(
        item=item,
        comparison=comparison,
        keys=tuple(_key_line(library, told.commit, one) for one in comparison.keys if one.key not in TOLD_APART),
        reasons=tuple(told.known[number] for number in told.behind[item.path] if number in told.known),
        plain=(_easy(before), _easy(after)),
        enters=role is not None and enters(role, item),
        leaves=role is not None and leaves(role, item),
    )


def _easy(document: Document | None) -> tuple[str, ...]:
    return tuple(plain_lines(document.section(PLAIN_TEXT) or "")) if document else ()


def _key_line(library: Library, commit: str, change: KeyChange) -> KeyLine:
    """Of a list, only what comes and what goes."""
    was, now = (tuple(value.split(", ")) if value else () for value in (change.before, change.after))
    named = partial(_value, library, commit, change.key)
    gone, come = ([named(one) for one in some if one not in others] for some, others in ((was, now), (now, was)))
    label = _(key_label(change.key)) if change.key in KEY_LABELS else _("Autre précision (%(key)s)", key=change.key)
    return KeyLine(label, ", ".join(gone), ", ".join(come))


def _value(library: Library, commit: str, key: str, value: str) -> str:
    """A value as the screen says it: the word of a closed list, the name of a tool or of a skill."""
    if key in CLOSED:
        return label_of(CLOSED[key], value)
    folder = FOLDERS.get(key)
    try:
        blob = library.files(commit).get(path_of(folder, value)) if folder else None
    except ValueError:
        blob = None
    return title_of(Document.read(library.text(blob))) or value if blob else value


def _ticks(made: Sequence[Shown]) -> Iterator[Tick]:
    """Each decision once, in the order of the list; what only corrects or moves has nothing to tell here."""
    codes: dict[int, list[str]] = {}
    words: dict[int, str] = {}
    for one in made:
        if one.item.fate in (Fate.TYPO, Fate.MOVED):
            continue
        for written in one.reasons:
            if written.plain_reason:
                codes.setdefault(written.number, []).append(one.item.key)
                words[written.number] = written.plain_reason
    for number, plain in words.items():
        yield Tick(plain, tuple(codes[number]))
