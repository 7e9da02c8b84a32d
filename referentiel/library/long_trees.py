"""A folder of thousands of files, kept as the bytes that Git keeps: 39 bytes a file, where a dictionary takes 300.

Decisions are never removed: their folder grows for ever, and each adoption makes another version of it. A name is found
by halves, a change is spliced in, and two versions are compared from both ends: none of these looks at every file.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from referentiel.library.objects import FOLDER, Entry, entry_line

_ENTRY = re.compile(rb"(?:40000|100644) ([^\0/]+)\0.{20}", re.DOTALL)


class LongTree(Mapping[str, Entry]):
    """The entries of a folder by name, in Git's order."""

    __slots__ = ("_starts", "content")

    def __init__(self, content: bytes) -> None:
        """Raises ``ValueError`` on a tree that holds anything but files and folders with UTF-8 names. 0.6 µs a file."""
        self.content = content
        self._starts = array("I")
        end = 0
        for entry in _ENTRY.finditer(content):
            if entry.start() != end:
                break
            entry[1].decode()
            self._starts.append(end)
            end = entry.end()
        if end != len(content):
            raise ValueError(f"unexpected entry in a tree, at byte {end}")

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[str]:
        return (self._key(place).rstrip(b"/").decode() for place in range(len(self)))

    def __getitem__(self, name: str) -> Entry:
        for key in _keys(name):
            place = self._place(key)
            if self._holds(place, key):
                return Entry(key.endswith(b"/"), self.content[self._edge(place + 1) - 20 : self._edge(place + 1)].hex())
        raise KeyError(name)

    def with_entries(self, changes: Mapping[str, Entry]) -> bytes:
        """The bytes of the folder with these entries added or replaced. About 20 µs each."""
        edits = []
        for name, entry in changes.items():
            for key in _keys(name):
                place, wanted = self._place(key), key.endswith(b"/") == entry.folder
                held = self._holds(place, key)
                if held or wanted:
                    line = entry_line(name.encode(), entry) if wanted else b""
                    edits.append((self._edge(place), key, self._edge(place + held), line))
        pieces, done = [], 0
        for start, _key, end, line in sorted(edits):
            pieces += [self.content[done:start], line]
            done = end
        return b"".join((*pieces, self.content[done:]))

    def differing(self, other: "LongTree") -> set[str]:
        """The names whose entries are not the same in both."""
        first = self._common(other, from_end=False)
        last = min(self._common(other, from_end=True), len(self) - first, len(other) - first)
        near = {name for tree in (self, other) for name in tree._names(first, len(tree) - last)}
        return {name for name in near if self.get(name) != other.get(name)}

    def _common(self, other: "LongTree", *, from_end: bool) -> int:
        """How many entries are the same at the beginning, or at the end, of both."""
        low, high = 0, min(len(self), len(other))
        while low < high:
            middle = (low + high + 1) // 2
            same = (
                other.content.endswith(self.content[self._edge(len(self) - middle) :])
                if from_end
                else other.content.startswith(self.content[: self._edge(middle)])
            )
            low, high = (middle, high) if same else (low, middle - 1)
        return low

    def _names(self, first: int, last: int) -> Iterator[str]:
        return (self._key(place).rstrip(b"/").decode() for place in range(first, last))

    def _edge(self, place: int) -> int:
        """Where an entry begins; the length of the whole past the last."""
        return self._starts[place] if place < len(self._starts) else len(self.content)

    def _key(self, place: int) -> bytes:
        """What Git sorts an entry by: a folder's name ends with a slash."""
        start = self._starts[place]
        folder = self.content.startswith(FOLDER, start)
        name = self.content[start + (6 if folder else 7) : self._edge(place + 1) - 21]
        return name + b"/" if folder else name

    def _place(self, key: bytes) -> int:
        """Where an entry of this key stands, or would."""
        return bisect_left(range(len(self._starts)), key, key=self._key)

    def _holds(self, place: int, key: bytes) -> bool:
        return place < len(self._starts) and self._key(place) == key


def _keys(name: str) -> tuple[bytes, bytes]:
    """The keys that a name has as a file and as a folder."""
    return name.encode(), name.encode() + b"/"
