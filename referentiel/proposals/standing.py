"""Whether a wording still applies to the text as it is now, and what to offer when it does not.

Three ways: *base*, from which the wording was written; *draft*, the text as it is now; *proposed*, the wording. Kept by
the three texts, so that a page that asks again pays nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from referentiel.criteria.document import Document
from referentiel.criteria.merging import Collision, Merge, merge, touched
from referentiel.library.library import Library


class Wording(Protocol):
    """One file of a revision or of an amended decision."""

    @property
    def path(self) -> str: ...
    @property
    def before_blob(self) -> str | None: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """One file of a wording beside the text as it is now. ``draft_blob`` is none when the file has gone, or is new."""

    path: str
    before_blob: str | None
    draft_blob: str | None
    moved: frozenset[str]
    collisions: tuple[Collision, ...]
    carried: tuple[str, ...]

    @property
    def applies(self) -> bool:
        """False as soon as a part that the wording touches has moved, even to the same words."""
        return not self.moved

    @property
    def behind(self) -> bool:
        """True when the text moved since the wording was written, whether it collides or not."""
        return self.before_blob != self.draft_blob


@lru_cache(maxsize=64)
def _merged(base: str, draft: str, proposed: str) -> tuple[Merge, frozenset[str]]:
    """The merge, and the parts that both sides touch."""
    texts = Document.read(base), Document.read(draft), Document.read(proposed)
    return merge(*texts), touched(texts[0], texts[1]) & touched(texts[0], texts[2])


def standing(library: Library, wording: Wording, files: Mapping[str, str]) -> Standing:
    """Compare one file with the text as it is now, whose ``files`` map paths to blob ids.

    A new criterion always applies: its code is allotted when it is adopted.
    """
    if wording.before_blob is None:
        return Standing(wording.path, None, None, frozenset(), (), ())
    now = files.get(wording.path)
    base = library.text(wording.before_blob)
    if now is None:
        gone = Collision("file", base, "", wording.text)
        return Standing(wording.path, wording.before_blob, None, frozenset({"file"}), (gone,), ())
    if now == wording.before_blob:
        return Standing(wording.path, wording.before_blob, now, frozenset(), (), ())
    found, moved = _merged(base, library.text(now), wording.text)
    return Standing(wording.path, wording.before_blob, now, moved, found.collisions, found.carried)


def offered(library: Library, wording: Wording, files: Mapping[str, str]) -> Document | None:
    """The next wording to offer to its author: a merge, by words where a section collides.

    None when a collision has no merge by words. It is a suggestion to be read, never applied by itself.
    """
    now = files.get(wording.path)
    if wording.before_blob is None or now is None:
        return None
    base, draft = library.text(wording.before_blob), library.text(now)
    found, _ = _merged(base, draft, wording.text)
    if found.document is not None:
        return found.document
    document = reading(library, wording, files)
    for collision in found.collisions:
        words = library.merge_words(collision.base or "", collision.draft or "", collision.proposed or "")
        if words is None or not collision.part.startswith("section:"):
            return None
        document = document.with_section(collision.part.removeprefix("section:"), words)
    return document


def reading(library: Library, wording: Wording, files: Mapping[str, str]) -> Document:
    """The text as it is now with the parts that do not collide carried into it; the others as they are now."""
    if wording.before_blob is None:
        return Document.read(wording.text, wording.path)
    base = Document.read(library.text(wording.before_blob), wording.path)
    draft = Document.read(library.text(files[wording.path]), wording.path)
    proposed = Document.read(wording.text, wording.path)
    colliding = {collision.part for collision in _merged(base.text, draft.text, proposed.text)[0].collisions}
    document = draft
    for title in dict.fromkeys(section.title for section in (*base.sections, *proposed.sections)):
        if base.section(title) != proposed.section(title) and f"section:{title}" not in colliding:
            document = document.with_section(title, proposed.section(title))
    for key in dict.fromkeys((*base.keys, *proposed.keys)):
        if base.value(key) != proposed.value(key) and f"key:{key}" not in colliding:
            document = document.with_value(key, proposed.value(key))
    return document
