"""Three ways, by section and by key: what the draft changed elsewhere carries over, what both changed is a collision.

Words are never merged here: a word merge can give, without conflict, a sentence that nobody wrote.

The parts of a file are ``section:<title>`` (``section:`` for the text before the first heading), ``key:<name>``,
``comments`` (of the front matter) and ``order`` (of the sections). ``file`` is the whole, when it appears or goes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from referentiel.criteria.document import Document
from referentiel.criteria.pieces import FrontLine, Section

FILE = "file"
COMMENTS = "comments"
ORDER = "order"
KEY = "key:"
SECTION = "section:"


@dataclass(frozen=True, slots=True)
class Collision:
    """A part that both sides changed, differently. Each side is its text; None where it does not have the part."""

    part: str
    base: str | None
    draft: str | None
    proposed: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """What comes out. ``document`` is None when there is a collision, or when the file goes.

    ``carried`` names the parts that the draft changed and that the proposal left alone.
    """

    document: Document | None
    carried: tuple[str, ...] = ()
    collisions: tuple[Collision, ...] = ()


def touched(base: Document | None, proposed: Document | None) -> frozenset[str]:
    """The parts that differ between two versions; ``{"file"}`` when one of them does not exist."""
    if base is None or proposed is None:
        return frozenset() if base is proposed else frozenset({FILE})
    old, new = _parts(base), _parts(proposed)
    return frozenset(part for part in old.keys() | new.keys() if old.get(part) != new.get(part)) | (
        frozenset({ORDER}) if _order(base, proposed) != _order(proposed, base) else frozenset()
    )


def merge(base: Document | None, draft: Document | None, proposed: Document | None) -> Merge:
    """Apply what ``proposed`` changed since ``base`` to the ``draft``. None stands for a file that does not exist.

    Exchanging draft and proposal gives the same parts; only blank lines that nobody changed may differ.
    """
    if draft in (base, proposed):
        return Merge(proposed)
    if proposed == base:
        return Merge(draft, tuple(sorted(touched(base, draft))))
    if base is None or draft is None or proposed is None:
        texts = [None if document is None else document.text for document in (base, draft, proposed)]
        return Merge(None, (), (Collision(FILE, *texts),))
    by_draft, by_proposal = touched(base, draft), touched(base, proposed)
    collisions = _collisions(base, draft, proposed, sorted(by_draft & by_proposal))
    carried = tuple(sorted(by_draft - by_proposal))
    if collisions:
        return Merge(None, carried, collisions)
    front = _front(proposed, draft, by_draft) if COMMENTS in by_proposal else _front(draft, proposed, by_proposal)
    body = _body(proposed, draft, by_draft) if ORDER in by_proposal else _body(draft, proposed, by_proposal)
    return Merge(draft.assembled(front, body), carried)


def settle(base: Document, draft: Document, proposed: Document, readings: Mapping[str, str | None]) -> Document | None:
    """The merge once a person has said what each part that collides must say; None takes the part away.

    What nobody can be asked about, the order of the sections and the notes of the front matter, stays as the draft has
    it. None when another part still collides.
    """
    for part, text in readings.items():
        draft, proposed = _said(draft, part, text), _said(proposed, part, text)
    found = merge(base, draft, proposed)
    collisions = {collision.part for collision in found.collisions}
    if not collisions or collisions - {ORDER, COMMENTS}:
        return found.document
    for part in touched(base, proposed) - {ORDER, COMMENTS}:
        draft = _said(draft, part, _text(proposed, part))
    return draft


def _text(document: Document, part: str) -> str | None:
    if part.startswith(KEY):
        return document.value(part.removeprefix(KEY))
    return document.section(part.removeprefix(SECTION))


def _said(document: Document, part: str, text: str | None) -> Document:
    if part.startswith(KEY):
        return document.with_value(part.removeprefix(KEY), text)
    if part.startswith(SECTION):
        return document.with_section(part.removeprefix(SECTION), text)
    raise ValueError(f"nobody says what {part!r} must say")


@lru_cache(maxsize=16)
def _parts(document: Document) -> Mapping[str, str]:
    """Each part and its text, written so that two spellings of one list are equal. Asked several times in a row."""
    parts = {f"{SECTION}{section.title}": section.body for section in document.sections}
    for line in document.front:
        if line.key:
            is_list = line.value.startswith("[") and line.value.endswith("]")
            parts[f"{KEY}{line.key}"] = f"[{', '.join(line.values)}]" if is_list else line.value
    comments = "\n".join(line.raw for line in document.front if not line.key and line.raw.strip())
    if comments:
        parts[COMMENTS] = comments
    return parts


def _order(document: Document, other: Document) -> tuple[str, ...]:
    """The order of the sections that both have."""
    shared = {section.title for section in other.sections}
    return tuple(section.title for section in document.sections if section.title in shared)


def _collisions(base: Document, draft: Document, proposed: Document, parts: list[str]) -> tuple[Collision, ...]:
    sides = [_with_order(document) for document in (base, draft, proposed)]
    found = []
    for part in parts:
        if part == ORDER:
            clash = _order(draft, proposed) != _order(proposed, draft)
        else:
            clash = sides[1].get(part) != sides[2].get(part)
        if clash:
            found.append(Collision(part, *(side.get(part) for side in sides)))
    return tuple(found)


def _with_order(document: Document) -> Mapping[str, str]:
    return {**_parts(document), ORDER: "\n".join(section.title for section in document.sections)}


def _front(skeleton: Document, other: Document, changed: frozenset[str]) -> tuple[FrontLine, ...]:
    """The skeleton's front matter with the keys that the other side changed."""
    result = skeleton
    for key in _named(KEY, changed, other.keys):
        result = result.with_value(key, other.value(key))
    return result.front


def _body(skeleton: Document, other: Document, changed: frozenset[str]) -> tuple[Section, ...]:
    """The skeleton's sections with those that the other side changed; a new one follows the one it followed there."""
    result = skeleton
    titles = [section.title for section in other.sections]
    for title in _named(SECTION, changed, titles):
        after = titles[titles.index(title) - 1] if title in titles[1:] else None
        result = result.with_section(title, other.section(title), after=after)
    return result.pieces


def _named(prefix: str, parts: frozenset[str], order: Sequence[str]) -> list[str]:
    """The names of one sort of part, in the order given, those that are not in it first."""
    names = [part.removeprefix(prefix) for part in parts if part.startswith(prefix)]
    return sorted(names, key=lambda name: (order.index(name) if name in order else -1, name))
