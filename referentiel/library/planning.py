"""What an order gives on top of a head: which files, which code for a new criterion, which commit. Nothing is written.

A pure function of the order and of the head's content, so that replaying on the same head gives the same hash.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from referentiel.criteria.document import Document
from referentiel.criteria.merging import merge, touched
from referentiel.errors import N_, TextMoved
from referentiel.journal.changes import NEW, FileChange, Order
from referentiel.journal.messages import with_operation
from referentiel.library.environment import IDENTITY
from referentiel.library.failures import Missing
from referentiel.library.loose import Made, made
from referentiel.library.objects import Commit
from referentiel.library.snapshots import Files, Snapshots, write_trees

_CODE = re.compile(r"(?:annexes/[^/]+/)?criteres/([A-Z])([0-9]{1,3})\.md")


@dataclass(frozen=True)
class Landed:
    """One file of a commit: the path asked for, the path it has, its blob before (None: new) and after."""

    asked: str
    path: str
    before: str | None
    blob: str


@dataclass(frozen=True)
class Plan:
    """A commit ready to be stored: its id, its parent, all its new objects, its files."""

    commit: str
    parent: str
    objects: dict[str, Made]
    files: tuple[Landed, ...]

    @property
    def paths(self) -> dict[str, str]:
        """Path asked for → path in the library."""
        return {file.asked: file.path for file in self.files}


def plan(snapshots: Snapshots, order: Order, head: str) -> Plan:
    """Make the commit that this order gives on this head. Raises ``TextMoved`` when a part that it touches moved."""
    files = snapshots.files(head)
    codes = allot(files, order.changes)
    batch: dict[str, Made] = {}
    landed = []
    for change in order.changes:
        path = _rename(change.path, codes)
        before = files.get(path)
        text = _with_codes(_carried_over(snapshots, change, before), path, codes)
        landed.append(Landed(change.path, path, before, made("blob", text.encode(), batch)))
    root = write_trees(snapshots, snapshots.commit(head).tree, {file.path: file.blob for file in landed}, batch)
    message = with_operation(_replace(order.message, codes), order.id)
    commit = Commit(root, head, order.author.name, order.author.email, int(order.time.timestamp()), message)
    name = made("commit", commit.content(IDENTITY), batch)
    return Plan(name, head, batch, tuple(landed))


def allot(files: Files, changes: Iterable[FileChange]) -> dict[str, str]:
    """``nouveau-42`` → ``E7``: one more than the highest number ever given in the chapter, wherever it is now.

    A withdrawn criterion keeps its file, so its number counts; annexes draw from the same series.
    """
    wanted = [(match[2], change.new_criterion_chapter) for change in changes if (match := NEW.fullmatch(change.path))]
    if not wanted:
        return {}
    highest: dict[str, int] = {}
    for path in (*files.under("criteres"), *files.under("annexes")):
        if match := _CODE.fullmatch(path):
            highest[match[1]] = max(highest.get(match[1], 0), int(match[2]))
    codes = {}
    for name, chapter in wanted:
        letter = chapter or ""
        highest[letter] = highest.get(letter, 0) + 1
        codes[name] = f"{letter}{highest[letter]}"
    return codes


def _carried_over(snapshots: Snapshots, change: FileChange, current: str | None) -> str:
    """The text of the file after the change, with what others changed meanwhile in its other parts."""
    if current == change.before:
        return change.text
    if current is None or change.before is None:
        raise _moved(change.path, ())
    proposed = Document.read(change.text, change.path)
    try:
        base = Document.read(snapshots.text(change.before), change.path)
    except Missing:
        # The version that the author started from is not in this library: nothing can be told apart.
        raise _moved(change.path, ()) from None
    draft = Document.read(snapshots.text(current), change.path)
    both = touched(base, draft) & (change.parts | touched(base, proposed))
    if both:
        raise _moved(change.path, both)
    document = merge(base, draft, proposed).document
    if document is None:
        raise _moved(change.path, ())
    return document.text


def _moved(path: str, parts: Iterable[str]) -> TextMoved:
    names = ", ".join(sorted(part.partition(":")[2] or part for part in parts))
    key = path.rpartition("/")[2].removesuffix(".md")
    message = (
        N_("Le texte a changé entre-temps (%(key)s : %(names)s). Rien n’a été écrit.")
        if names
        else N_("Le texte a changé entre-temps (%(key)s). Rien n’a été écrit.")
    )
    return TextMoved(message, key=key, names=names)


def _rename(path: str, codes: dict[str, str]) -> str:
    match = NEW.fullmatch(path)
    return path.replace(match[2], codes[match[2]]) if match else path


def _with_codes(text: str, path: str, codes: dict[str, str]) -> str:
    """Write the allotted codes where the front matter names them. The words of the sections are nobody's to change."""
    if not any(name in text for name in codes):
        return text
    document = Document.read(text, path)
    for key in document.keys:
        old = document.values(key)
        new = [codes.get(value, value) for value in old]
        if list(old) != new:
            plain = document.value(key) == old[0] if len(old) == 1 else False
            document = document.with_value(key, new[0] if plain else new)
    return document.text


def _replace(message: str, codes: dict[str, str]) -> str:
    for name, code in codes.items():
        message = re.sub(rf"\b{re.escape(name)}\b", code, message)
    return message
