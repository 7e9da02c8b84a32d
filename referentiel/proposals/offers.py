"""The next wording of a proposal whose text moved: what is offered to its author, and what their answers give.

Nothing here is ever applied by itself: an offer is read and confirmed, a collision is settled passage by passage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from referentiel.criteria.document import Document
from referentiel.criteria.merging import FILE, KEY, SECTION, Collision, settle
from referentiel.criteria.paths import kind_and_key, tree
from referentiel.criteria.vocabulary import anchor
from referentiel.library.library import Library
from referentiel.proposals.standing import Answer, FileText, Standing, standing, together


@dataclass(frozen=True, slots=True)
class Passage:
    """A part that both the text and the proposal changed, with its merge by words when there is one."""

    name: str
    """How forms call it: the same as long as the same part of the same item collides"""
    path: str
    collision: Collision
    merged: str | None

    @property
    def can_be_written(self) -> bool:
        """False for what is chosen from a closed list: one keeps one of the two."""
        return self.collision.part.startswith(SECTION) or self.collision.part == f"{KEY}titre"


@dataclass(frozen=True, slots=True)
class Stand:
    """A whole wording beside the text as it is at ``commit``: one or several files, written together or not at all."""

    commit: str
    files: tuple[tuple[FileText, Standing], ...]

    @property
    def answer(self) -> Answer:
        return together(now.answer for _one, now in self.files)

    @property
    def behind(self) -> bool:
        return any(now.behind for _one, now in self.files)

    @property
    def closed(self) -> tuple[str, ...]:
        """The items that the text withdrew, or took back, meanwhile: there is nothing to settle passage by passage."""
        return tuple(_key(now.path) for _one, now in self.files if now.state_moved)

    @property
    def passages(self) -> tuple[Passage, ...]:
        found: dict[str, Passage] = {}
        for _one, now in self.files:
            for collision in now.collisions:
                if collision.part.startswith((SECTION, KEY)):
                    name = anchor(f"{now.path} {collision.part}")
                    while name in found:
                        name += "-autre"
                    found[name] = Passage(name, now.path, collision, now.merged.get(collision.part))
        return tuple(found.values())

    @property
    def lost(self) -> tuple[str, ...]:
        """The items that cannot be compared: they, or the version that the author started from, are not there."""
        return tuple(_key(now.path) for _one, now in self.files if FILE in now.moved)

    @property
    def can_be_settled(self) -> bool:
        return bool(self.passages) and not self.closed and not self.lost

    @property
    def digest(self) -> str:
        """What was under somebody's eyes: another one as soon as one of these texts is another."""
        ids = (f"{one.path} {one.before_blob} {now.draft_blob} {one.blob}\n" for one, now in self.files)
        return sha256("".join(ids).encode()).hexdigest()


def stand(library: Library, wordings: Sequence[FileText], commit: str | None = None) -> Stand:
    """A wording beside the text at a commit, by default as it is now."""
    commit = commit or library.head()
    files = library.files(commit)
    return Stand(commit, tuple((one, standing(library, one, files)) for one in wordings))


def offer(library: Library, found: Stand) -> list[tuple[FileText, Document]] | None:
    """Each file of the next wording to offer; None unless that is the answer. It is read before it is sent."""
    if found.answer is not Answer.OFFERED:
        return None
    return settled(library, found, {(one.path, one.collision.part): one.merged for one in found.passages})


def settled(
    library: Library, found: Stand, said: Mapping[tuple[str, str], str | None]
) -> list[tuple[FileText, Document]] | None:
    """Each file of the wording that these readings give, by path and part. None when one of them is missing."""
    documents = []
    for one, now in found.files:
        readings = {part: text for (path, part), text in said.items() if path == one.path}
        document = _document(library, one, now, readings)
        if document is None:
            return None
        documents.append((one, document))
    return documents


def offered(library: Library, wording: FileText, files: Mapping[str, str]) -> Document | None:
    """One file of the next wording to offer, None when a part of it has no merge."""
    now = standing(library, wording, files)
    if wording.before_blob is None or now.answer is Answer.COLLIDES:
        return None
    return _document(library, wording, now, now.merged)


def reading(library: Library, wording: FileText, files: Mapping[str, str]) -> Document:
    """One file of the text as it is now, with the parts that do not collide carried into it."""
    now = standing(library, wording, files)
    kept = {one.part: one.draft for one in now.collisions if one.part.startswith((SECTION, KEY))}
    document = _document(library, wording, now, kept)
    return document if document is not None else Document.read(library.text(files[wording.path]), wording.path)


def _key(path: str) -> str:
    return kind_and_key(tree(path)[1])[1]


def _document(library: Library, one: FileText, now: Standing, readings: Mapping[str, str | None]) -> Document | None:
    proposed = Document.read(one.text, one.path)
    if one.before_blob is None:
        return proposed
    if now.draft_blob is None or FILE in now.moved:
        return None
    base = Document.read(library.text(one.before_blob), one.path)
    return settle(base, Document.read(library.text(now.draft_blob), one.path), proposed, readings)
