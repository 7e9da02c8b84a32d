"""The state of the text at one commit, read tree by tree; and the trees of the next state, made without an index."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from referentiel.library.cache import Cache
from referentiel.library.failures import Damaged, Missing
from referentiel.library.long_trees import LongTree
from referentiel.library.loose import Made, made
from referentiel.library.objects import Commit, Entry, read_commit, read_tree, tree_content
from referentiel.library.repositories import Repositories

LONG = 32_000
"""Bytes from which a folder is kept as they are: about a thousand files."""
ENTRY = 250
"""Bytes of memory that a file takes in a shorter folder, about."""

Tree = dict[str, Entry] | LongTree


def weight(tree: Tree) -> int:
    """Bytes of memory, about."""
    return len(tree.content) + 4 * len(tree) if isinstance(tree, LongTree) else ENTRY * (len(tree) + 1)


class Snapshots:
    """Commits, trees and texts by id, cached for ever: about 0.1 ms each the first time, 1 µs then."""

    def __init__(self, repositories: Repositories) -> None:
        self.repositories = repositories
        self._commits: Cache[str, Commit] = Cache(200)
        self._trees: Cache[str, Tree] = Cache(1_200_000, weight)
        self._texts: Cache[str, str] = Cache(200_000, lambda text: len(text) + 100)
        self._files: Cache[str, Files] = Cache(16)

    def clear(self) -> None:
        """Forget what was read, after a repair."""
        for cache in (self._commits, self._trees, self._texts, self._files):
            cache.clear()

    def remember(self, objects: Mapping[str, Made]) -> None:
        """Objects that were just stored, and read back: nobody needs to read them again."""
        for name, item in objects.items():
            if item.kind == "blob":
                self._texts.put(name, item.content.decode())
            elif item.kind == "commit":
                self._commits.put(name, read_commit(item.content))

    def remember_tree(self, name: str, tree: Tree) -> None:
        """A folder made here: its name says its content, stored or not."""
        self._trees.put(name, tree)

    def commit(self, name: str) -> Commit:
        """Raises ``Missing`` when there is no such commit, ``Damaged`` when it cannot be read."""
        return self._commits.get(name, self._read_commit)

    def tree(self, name: str) -> Tree:
        """A folder. Raises ``Damaged``."""
        return self._trees.get(name, self._read_tree)

    def text(self, name: str) -> str:
        """A file's text. Raises ``Missing``, or ``Damaged`` when it is not valid UTF-8."""
        return self._texts.get(name, self._read_text)

    def files(self, commit: str) -> "Files":
        """Path → blob id at a commit."""
        return self._files.get(commit, lambda name: Files(self, self.commit(name).tree))

    def chain(self, commit: str) -> Iterator[tuple[str, Commit]]:
        """A commit, its first parent, and so on to the root."""
        name: str | None = commit
        while name:
            read = self.commit(name)
            yield name, read
            name = read.parent

    def _read(self, name: str, kind: str) -> bytes:
        found, content = self.repositories.read(name)
        if found != kind:
            raise Missing(name)
        return content

    def _read_commit(self, name: str) -> Commit:
        return read_commit(self._read(name, "commit"))

    def _read_tree(self, name: str) -> Tree:
        try:
            content = self._read(name, "tree")
            return LongTree(content) if len(content) > LONG else read_tree(content)
        except (Missing, ValueError) as error:
            raise Damaged(name) from error

    def _read_text(self, name: str) -> str:
        try:
            return self._read(name, "blob").decode()
        except UnicodeDecodeError as error:
            raise Damaged(name) from error


class Change(NamedTuple):
    """One file of a commit: its blob before (None: new) and after (None: gone)."""

    path: str
    before: str | None
    after: str | None


class Files(Mapping[str, str]):
    """Path → blob id. A look-up reads only the folders on its way; iterating reads them all, in Git's order."""

    def __init__(self, snapshots: Snapshots, tree: str) -> None:
        self._snapshots, self._tree = snapshots, tree
        self._length: int | None = None

    def __getitem__(self, path: str) -> str:
        *folders, name = path.split("/")
        tree = self._snapshots.tree(self._tree)
        for folder in folders:
            entry = tree.get(folder)
            if entry is None or not entry.folder:
                raise KeyError(path)
            tree = self._snapshots.tree(entry.id)
        found = tree.get(name)
        if found is None or found.folder:
            raise KeyError(path)
        return found.id

    def __iter__(self) -> Iterator[str]:
        return (path for path, _ in self._walk(self._tree, ""))

    def __len__(self) -> int:
        if self._length is None:
            self._length = sum(1 for _ in self)
        return self._length

    def under(self, folder: str) -> Iterator[str]:
        """The paths of one folder (``criteres``), without reading the others."""
        return (path for path, _ in self.items_under(folder))

    def items_under(self, folder: str) -> Iterator[tuple[str, str]]:
        """Path and blob id of the files of one folder."""
        tree_id = self._tree
        for part in folder.split("/"):
            entry = self._snapshots.tree(tree_id).get(part)
            if entry is None or not entry.folder:
                return iter(())
            tree_id = entry.id
        return self._walk(tree_id, f"{folder}/")

    def outside(self, *folders: str) -> dict[str, str]:
        """Path and blob id of the files of all folders but these, which are not read."""
        root = self._snapshots.tree(self._tree)
        kept = {name: entry for name, entry in root.items() if name not in folders}
        found = {name: entry.id for name, entry in kept.items() if not entry.folder}
        for name, entry in kept.items():
            if entry.folder:
                found |= self._walk(entry.id, f"{name}/")
        return found

    def at_root(self) -> Iterator[str]:
        """The names of the files and folders at the root."""
        return iter(self._snapshots.tree(self._tree))

    def changes_from(self, older: "Files | None", *, outside: Collection[str] = ()) -> list[Change]:
        """What differs from an older state, sorted by path. Folders that are the same are not read, nor those of the
        root that ``outside`` names."""
        return sorted(self._changes(None if older is None else older._tree, self._tree, "", outside))

    def _changes(
        self, old: str | None, new: str | None, prefix: str, outside: Collection[str] = ()
    ) -> Iterator[Change]:
        before = self._snapshots.tree(old) if old else {}
        after = self._snapshots.tree(new) if new else {}
        for name in _differing(before, after).difference(outside):
            was, now = before.get(name), after.get(name)
            folders = [entry.id if entry and entry.folder else None for entry in (was, now)]
            files = [entry.id if entry and not entry.folder else None for entry in (was, now)]
            if any(folders):
                yield from self._changes(folders[0], folders[1], f"{prefix}{name}/")
            if any(files):
                yield Change(prefix + name, files[0], files[1])

    def _walk(self, tree: str, prefix: str) -> Iterator[tuple[str, str]]:
        for name, entry in self._snapshots.tree(tree).items():
            if entry.folder:
                yield from self._walk(entry.id, f"{prefix}{name}/")
            else:
                yield prefix + name, entry.id


def _differing(before: Tree, after: Tree) -> set[str]:
    if isinstance(before, LongTree) and isinstance(after, LongTree):
        return before.differing(after)
    return {name for name, _ in before.items() ^ after.items()}


def write_trees(snapshots: Snapshots, root: str | None, changes: Mapping[str, str], batch: dict[str, Made]) -> str:
    """Add to the batch the folders that these files (path → blob id) change; gives the new root's id."""
    tree: Tree = snapshots.tree(root) if root else {}
    mine: dict[str, Entry] = {}
    inside: dict[str, dict[str, str]] = {}
    for path, blob in changes.items():
        first, slash, rest = path.partition("/")
        if slash:
            inside.setdefault(first, {})[rest] = blob
        else:
            mine[first] = Entry(False, blob)
    for folder, files in inside.items():
        old = tree.get(folder)
        mine[folder] = Entry(True, write_trees(snapshots, old.id if old and old.folder else None, files, batch))
    if isinstance(tree, LongTree):
        content = tree.with_entries(mine)
        tree = LongTree(content)
    else:
        tree = {**tree, **mine}
        content = tree_content(tree)
    name = made("tree", content, batch)
    snapshots.remember_tree(name, tree)
    return name
