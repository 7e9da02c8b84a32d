"""The files that an edition seals, each with its digest, as its seal lists them. Pure."""

from abc import abstractmethod
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import takewhile

DIGEST, GAP = 64, 2


def beginning(manifest: Mapping[str, str], start: str) -> list[str]:
    """The paths that begin so, in their order. In a seal, found by halves: the others are not looked at."""
    return (
        manifest.beginning(start) if isinstance(manifest, Lines) else [one for one in manifest if one.startswith(start)]
    )


class Lines(Mapping[str, str]):
    """Path → SHA-256, in the order of the paths."""

    __slots__ = ()

    @abstractmethod
    def beginning(self, start: str) -> list[str]:
        """The paths that begin so."""


class Manifest(Lines):
    """Path → SHA-256, kept as the lines of the seal: a dictionary would take three times their place."""

    __slots__ = ("_lines", "_starts")

    def __init__(self, lines: str) -> None:
        """Raises ``ValueError`` unless each line is a digest, two spaces and a path, in the order of the paths."""
        self._lines = lines
        self._starts = array("I")
        start, before = 0, ""
        while start < len(lines):
            self._starts.append(start)
            end = lines.index("\n", start)
            gap, path = lines[start + DIGEST : start + DIGEST + GAP], lines[start + DIGEST + GAP : end]
            if gap != " " * GAP or path <= before:
                raise ValueError(f"not a line of a seal, or not in its place: {lines[start:end]!r}")
            start, before = end + 1, path

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[str]:
        return (self._path(place) for place in range(len(self)))

    def __getitem__(self, path: str) -> str:
        place = bisect_left(range(len(self)), path, key=self._path)
        if place == len(self) or self._path(place) != path:
            raise KeyError(path)
        return self._lines[self._starts[place] : self._starts[place] + DIGEST]

    def beginning(self, start: str) -> list[str]:
        first = bisect_left(range(len(self)), start, key=self._path)
        return list(takewhile(lambda path: path.startswith(start), map(self._path, range(first, len(self)))))

    def _path(self, place: int) -> str:
        start = self._starts[place] + DIGEST + GAP
        return self._lines[start : self._lines.index("\n", start)]
