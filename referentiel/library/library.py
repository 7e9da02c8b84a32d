"""Every version of the adopted text: a bare Git repository, read without a lock and written one commit at a time."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from git.exc import GitCommandError, GitError

from referentiel.errors import N_, Refused, Unknown
from referentiel.journal.changes import Order
from referentiel.journal.messages import OPERATION, trailers
from referentiel.library.editions import Editions, EditionTag
from referentiel.library.failures import (
    Damaged,
    Failpoints,
    Missing,
    busy,
    disk_refuses,
    no_failpoint,
    unknown_revision,
)
from referentiel.library.guards import checked_plan
from referentiel.library.lock import attended, writer_lock
from referentiel.library.loose import Made, store
from referentiel.library.objects import NO_OBJECT, blob_id
from referentiel.library.planning import Plan, plan
from referentiel.library.references import ID, MAIN, Moved, move_reference, read_reference
from referentiel.library.repositories import Repositories
from referentiel.library.seeding import seed
from referentiel.library.snapshots import Files, Snapshots
from referentiel.library.texts import Texts
from referentiel.library.upstream import Upstream
from referentiel.library.words import Readings, merge_words

log = logging.getLogger(__name__)
TRIES = 3


@dataclass(frozen=True)
class Text:
    """A file at a commit."""

    path: str
    blob: str
    text: str


@dataclass(frozen=True)
class Applied:
    """An order that ``main`` holds: its commit, the commit before, and where each file landed.

    ``paths`` gives the path in the library for each path asked: they differ for a new item alone. ``found`` says
    that an earlier try had written it.
    """

    commit: str
    parent: str
    paths: Mapping[str, str]
    found: bool = False


class Library:
    """One library, shared by all threads of a process. It survives a fork."""

    def __init__(
        self, path: Path, *, upstream: str = "", failpoints: Failpoints = no_failpoint, patience: float = 5.0
    ) -> None:
        self.path = path
        self.repositories = Repositories(path)
        self.snapshots = Snapshots(self.repositories)
        self._editions = Editions(self.repositories, self.snapshots)
        self._upstream = Upstream(self.repositories, upstream) if upstream else None
        self.failpoints = failpoints
        self.patience = patience
        self._reachable: set[str] = set()

    @classmethod
    def open(cls, path: Path, *, upstream: str = "", failpoints: Failpoints = no_failpoint) -> "Library":
        """Raises ``Unknown`` when there is no library there. Reads nothing yet."""
        if not (path / "objects").is_dir():
            raise Unknown(N_("Il n’y a pas de bibliothèque dans %(path)s : lancez « referentiel init »."), path=path)
        return cls(path, upstream=upstream, failpoints=failpoints)

    @classmethod
    def create(cls, path: Path, content: Path, *, at: datetime) -> "Library":
        """Make a library whose root commit holds the files of ``content``. All or nothing.

        Raises ``FileError`` naming every malformed file, its line and what to do, and ``Refused`` when ``path`` exists.
        """
        seed(path, content, at)
        return cls.open(path)

    def close(self) -> None:
        """End this thread's processes."""
        self.repositories.drop()

    # Reading

    def head(self) -> str:
        """The commit of the draft. About 60 µs; raises ``Damaged`` when the reference cannot be read."""
        name = read_reference(self.repositories, MAIN)
        if name == NO_OBJECT:
            raise Damaged(MAIN)
        return name

    def resolve(self, revision: str) -> str:
        """``main``, an edition's number or the 40 digits of a commit of ``main`` → commit. Raises ``Unknown``."""
        if revision == "main":
            return self.head()
        if ID.match(revision):
            return self._on_main(revision)
        found = self._editions.find(revision)
        if found is None:
            raise unknown_revision()
        return found.commit

    def _on_main(self, commit: str) -> str:
        """Only what was adopted may be named: a commit that lost a race exists, but is no version of the text."""
        if commit not in self._reachable:
            try:
                self.snapshots.commit(commit)
                adopted = self.repositories.succeeds("merge-base", "--is-ancestor", "--end-of-options", commit, MAIN)
            except (Missing, GitCommandError):
                adopted = False
            if not adopted:
                raise unknown_revision()
            self._reachable.add(commit)
        return commit

    def files(self, commit: str) -> Files:
        """Path → blob id at a commit. A look-up reads only the folders on its way. Raises ``Unknown``."""
        try:
            return self.snapshots.files(commit)
        except Missing:
            raise unknown_revision() from None

    def text(self, blob: str) -> str:
        """The text of a blob id. Raises ``Unknown``, ``Damaged``."""
        if not ID.match(blob):
            raise unknown_revision()
        try:
            return self.snapshots.text(blob)
        except Missing:
            raise unknown_revision() from None

    def read(self, path: str, commit: str | None = None) -> Text:
        """A file at a commit, at the head by default. Raises ``Unknown`` when it has no such file, ``Damaged``."""
        blob = self.files(commit or self.head()).get(path)
        if blob is None:
            raise Unknown(N_("Ce texte n’existe pas dans cette version."))
        try:
            return Text(path, blob, self.snapshots.text(blob))
        except Missing as error:
            raise Damaged(blob) from error

    def texts(self, commit: str) -> Mapping[str, str]:
        """Path → text at a commit, read when asked for. Raises ``Unknown``."""
        return Texts(self.snapshots, self.files(commit))

    def blob_id(self, text: str) -> str:
        """The id that a text would have. Nothing is stored."""
        return blob_id(text)

    def merge_words(self, readings: Sequence[Readings]) -> list[str | None]:
        """For each passage a wording that holds both changes, when Git finds one: to be offered to a person who reads
        it, never applied by itself."""
        return merge_words(self.repositories, readings)

    # Writing

    def apply(self, order: Order) -> Applied:
        """Write one commit on ``main``, durable when this returns; the same order again gives the same answer.

        Raises ``TextMoved`` when a part that it touches has moved, ``Busy`` when the lock or the disk is not to be had;
        nothing is written then. Any other error leaves it unknown. Call it with no SQL transaction open.
        """
        with self.writing() as lock:
            return self.apply_holding(order, lock)

    @contextmanager
    def writing(self) -> Iterator[int]:
        """Hold the writer lock; gives its descriptor. Raises ``Busy``."""
        self.failpoints("lock awaited")
        with writer_lock(self.path, patience=self.patience) as lock:
            self.failpoints("lock taken")
            yield lock

    def apply_holding(self, order: Order, lock: int) -> Applied:
        """:meth:`apply` for who already holds the lock."""
        if self.is_fenced(order.id):
            raise Refused(N_("Cette opération a été refusée entre-temps."))
        if self._upstream:
            self._upstream.follow(lock)
        for _ in range(TRIES):
            head = self.head()
            found = self.find(order, head)  # an earlier try, or recovery, may have written it already
            if found is not None:
                return found
            ready = checked_plan(self.snapshots, order, head, step=self.failpoints)
            self.store(ready.objects)
            self.failpoints("verified")
            try:
                self._publish(ready, lock, f"operation {order.id}")
            except Moved:
                log.warning("main moved without the lock; trying again")
                continue
            self.snapshots.remember(ready.objects)
            self.failpoints("published")
            self._reachable.add(ready.commit)
            return Applied(ready.commit, head, ready.paths)
        raise busy()

    def _publish(self, ready: Plan, lock: int, why: str) -> None:
        if self._upstream:
            self._upstream.push(ready.commit, ready.parent, lock)
            self.failpoints("pushed")
        move_reference(self.repositories, MAIN, new=ready.commit, old=ready.parent, lock=lock, why=why)

    def store(self, objects: dict[str, Made]) -> None:
        """Write objects and read each back through Git. Raises ``Busy`` when the disk refuses or lies."""
        try:
            store(self.path / "objects", objects, step=self.failpoints)
            wrong = {name: item for name, item in objects.items() if not self._holds(name, item)}
            if wrong:
                # An object of that name was there, and is damaged: we have its content, so it is written anew.
                store(self.path / "objects", wrong, step=self.failpoints, again=True)
        except OSError as error:
            log.exception("the disk refuses")
            raise disk_refuses() from error
        if not all(self._holds(name, item) for name, item in wrong.items()):
            log.error("objects read back differ from what was written")
            raise disk_refuses()

    def _holds(self, name: str, item: Made) -> bool:
        try:
            return self.repositories.read(name) == (item.kind, item.content)
        except (Missing, Damaged, GitError):
            return False

    def find(self, order: Order, head: str) -> Applied | None:
        """The commit of ``main`` since the order's base that carries its trailer, None when there is none."""
        for name, commit in self.snapshots.chain(head):
            if name == order.base:
                return None
            if order.id in trailers(commit.message).get(OPERATION, ()):
                parent = commit.parent or NO_OBJECT
                return Applied(name, parent, plan(self.snapshots, order, parent).paths, found=True)
        return None

    # Orders under way, and orders given up

    def attended(self, operation: str, *, patience: float | None = None) -> AbstractContextManager[None]:
        """Be alone at an operation, until this ends or the process does. Raises ``Elsewhere``, ``Busy``.

        To be entered before the transaction that begins the operation is committed: recovery takes one that it sees
        open, and that nobody is at, for one that a crash left.
        """
        wait = self.patience if patience is None else patience
        return attended(self.path, _checked_operation(operation), patience=wait)

    def fence(self, operation: str) -> None:
        """Under the lock: whoever still holds this order, a paused process say, can no longer apply it."""
        folder = self.path / "refused-operations"
        folder.mkdir(exist_ok=True)
        (folder / _checked_operation(operation)).touch()

    def is_fenced(self, operation: str) -> bool:
        """Whether an order was given up by recovery."""
        return (self.path / "refused-operations" / _checked_operation(operation)).exists()

    # Editions

    def editions(self) -> tuple[EditionTag, ...]:
        """The tags of the editions, in the order of their numbers. Read again only when a tag was added."""
        return self._editions.all()

    def edition(self, number: str) -> EditionTag:
        """The tag of this number. Raises ``Unknown``, ``Damaged``."""
        name = self._editions.id_of(number)
        if name == NO_OBJECT:
            raise unknown_revision()
        return self._editions.read(number, name)

    def tag_edition(self, number: str, commit: str, message: str, *, at: datetime) -> EditionTag:
        """Seal a number on a commit of ``main``: an annotated tag, durable. The same again gives the same tag.

        Raises ``Refused`` when the number already names something else, ``Busy``, ``Unknown``.
        """
        with self.writing() as lock:
            return self.tag_edition_holding(number, commit, message, lock, at=at)

    def tag_edition_holding(self, number: str, commit: str, message: str, lock: int, *, at: datetime) -> EditionTag:
        """:meth:`tag_edition` for who already holds the lock."""
        name, content = self._editions.make(number, self._on_main(commit), message, at)
        old = self._editions.id_of(number)
        if old not in (NO_OBJECT, name):
            raise Refused(N_("L’édition %(number)s est déjà scellée, avec un autre contenu."), number=number)
        if old != name:
            self.store({name: Made("tag", content)})
            self.failpoints("tag stored")
            if self._upstream:
                self._upstream.push_tag(number, name, lock)
            move_reference(
                self.repositories,
                self._editions.reference(number),
                new=name,
                old=NO_OBJECT,
                lock=lock,
                why=f"edition {number}",
            )
        return self._editions.read(number, name)


def _checked_operation(operation: str) -> str:
    if not re.fullmatch(r"[0-9a-f-]{36}", operation):
        raise ValueError(f"not an operation id: {operation!r}")
    return operation
