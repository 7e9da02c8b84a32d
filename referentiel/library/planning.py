"""What an order gives on top of a head: which files, which codes for new items, which commit. Nothing is written.

A pure function of the order and of the head's content, so that replaying on the same head gives the same hash.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import Erratum, taken
from referentiel.criteria.items import title_of
from referentiel.criteria.merging import merge, touched
from referentiel.criteria.naming import with_names
from referentiel.criteria.paths import NEW as NEW_KEY
from referentiel.criteria.paths import errata_folder, in_order
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Refused, TextMoved
from referentiel.journal.changes import NEW, NEW_ERRATUM, FileChange, Order
from referentiel.journal.messages import with_operation
from referentiel.library.environment import IDENTITY
from referentiel.library.failures import Missing
from referentiel.library.loose import Made, made
from referentiel.library.objects import Commit
from referentiel.library.snapshots import Files, Snapshots, write_trees

_CODE = re.compile(r"(?:annexes/[^/]+/)?criteres/([A-Z])([0-9]{1,3})\.md")
_LETTER = re.compile(r"(?:annexes/[^/]+/)?chapitres/([A-Z])\.md")
_NAMED = re.compile(rf"(?<![\w-]){NEW_KEY}(?![\w-])")
LONGEST_SLUG = 60


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
        _check_passage(snapshots, files, change)
        before = files.get(path)
        text = _with_codes(_carried_over(snapshots, change, before), path, codes)
        landed.append(Landed(change.path, path, before, made("blob", text.encode(), batch)))
    root = write_trees(snapshots, snapshots.commit(head).tree, {file.path: file.blob for file in landed}, batch)
    message = with_operation(_replace(order.message, codes), order.id)
    commit = Commit(root, head, order.author.name, order.author.email, int(order.time.timestamp()), message)
    name = made("commit", commit.content(IDENTITY), batch)
    return Plan(name, head, batch, tuple(landed))


def allot(files: Files, changes: Iterable[FileChange]) -> dict[str, str]:
    """``nouveau-42`` → ``E7``: what each new item is called, and what nothing was ever called before.

    A criterion takes one more than the highest number ever given in its chapter, wherever it is now; a chapter the
    first letter after all those given; any other item its own name, written as addresses are. What is withdrawn keeps
    its file, so its code counts; annexes draw from the same series.
    """
    changes = tuple(changes)
    names = _numbered_errata(files, changes)
    wanted = [(match, change) for change in changes if (match := NEW.fullmatch(change.path)) and change.before is None]
    if not wanted:
        return names
    wanted.sort(key=lambda pair: in_order(pair[0]["name"]))
    for match, change in wanted:
        if match["folder"] == "chapitres":
            names[match["name"]] = _next_letter(files, names.values())
        elif match["folder"] != "criteres":
            taken = {*files.under(f"{match['tree'] or ''}{match['folder']}"), *_landing(wanted, names)}
            names[match["name"]] = _free_slug(title_of(Document.read(change.text)), match, taken)
    highest = _highest_numbers(files) if any(match["folder"] == "criteres" for match, _ in wanted) else {}
    for match, change in wanted:
        if match["folder"] == "criteres":
            letter = names.get(change.new_criterion_chapter or "", change.new_criterion_chapter or "")
            highest[letter] = highest.get(letter, 0) + 1
            names[match["name"]] = f"{letter}{highest[letter]}"
    return names


def _numbered_errata(files: Files, changes: Iterable[FileChange]) -> dict[str, str]:
    """``2026.1/E4-nouveau-42`` → ``2026.1/E4-1``: one more than the errata that this item has in this edition."""
    names: dict[str, str] = {}
    for match in filter(None, (NEW_ERRATUM.fullmatch(change.path) for change in changes)):
        here = f"{match['edition']}/{match['code']}-"
        known = {*files.under(errata_folder(match["edition"])), *(f"errata/{name}.md" for name in names.values())}
        number = next(number for number in count(1) if f"errata/{here}{number}.md" not in known)
        names[f"{here}{match['name']}"] = f"{here}{number}"
    return names


def _check_passage(snapshots: Snapshots, files: Files, change: FileChange) -> None:
    """An erratum stands on the errata that its signatories knew. Raises ``TextMoved`` when another took its words."""
    match = NEW_ERRATUM.fullmatch(change.path)
    if match is None:
        return
    mine = Erratum.of(Document.read(change.text, change.path))
    known = [
        Erratum.of(Document.read(snapshots.text(blob), path))
        for path, blob in files.items_under(errata_folder(match["edition"]))
        if path.startswith(f"errata/{match['edition']}/{match['code']}-")
    ]
    if taken(mine, known) is not None:
        raise TextMoved(
            N_("Un autre erratum corrige ces mots depuis (%(key)s). Rien n’a été écrit."),
            key=f"{match['edition']}, {match['code']}",
        )


def _highest_numbers(files: Files) -> dict[str, int]:
    """Letter → the highest number of criterion ever given."""
    highest: dict[str, int] = {}
    for path in (*files.under("criteres"), *files.under("annexes")):
        if match := _CODE.fullmatch(path):
            highest[match[1]] = max(highest.get(match[1], 0), int(match[2]))
    return highest


def _next_letter(files: Files, given: Iterable[str]) -> str:
    """The letter after the last one of a chapter or of a criterion. Raises :class:`Refused` after Z."""
    paths = (*files.under("chapitres"), *files.under("criteres"), *files.under("annexes"))
    taken = {match[1] for path in paths if (match := _LETTER.fullmatch(path) or _CODE.fullmatch(path))}
    last = max((*taken, *(name for name in given if len(name) == 1)), default="@")
    if last >= "Z":
        raise Refused(N_("Il n’y a plus de lettre pour un nouveau chapitre : elles vont de A à Z."))
    return chr(ord(last) + 1)


def _landing(wanted: Iterable[tuple[re.Match[str], FileChange]], names: Mapping[str, str]) -> Iterator[str]:
    """Where the new items of the same order that are named already will land."""
    for match, _ in wanted:
        if match["name"] in names:
            yield f"{match['tree'] or ''}{match['folder']}/{names[match['name']]}.md"


def _free_slug(title: str, match: re.Match[str], taken: Collection[str]) -> str:
    """A name as addresses write it, that no file has or had: ``aller-vers``, ``aller-vers-2``."""
    own = anchor(title)[:LONGEST_SLUG].strip("-") or "texte"
    if re.fullmatch(NEW_KEY, own):
        own = f"le-{own}"
    for number in count(1):
        slug = own if number == 1 else f"{own}-{number}"
        if f"{match['tree'] or ''}{match['folder']}/{slug}.md" not in taken:
            return slug
    raise RuntimeError("numbers never end")


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


def _rename(path: str, codes: Mapping[str, str]) -> str:
    pending = path.removeprefix("errata/").removesuffix(".md")
    if NEW_ERRATUM.fullmatch(path) and pending in codes:
        return f"errata/{codes[pending]}.md"
    match = NEW.fullmatch(path)
    if match is None or match["name"] not in codes:
        return path
    return f"{match['tree'] or ''}{match['folder']}/{codes[match['name']]}.md"


def _with_codes(text: str, path: str, codes: Mapping[str, str]) -> str:
    """Write the allotted codes where the front matter names them. The words of the sections are nobody's to change."""
    if not any(name in text for name in codes):
        return text
    return with_names(Document.read(text, path), codes).text


def _replace(message: str, codes: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda found: codes.get(found[0], found[0]), message)
