"""The whole text of one commit as a mapping: what rules that look at every item are given."""

from collections.abc import Iterator, Mapping

from referentiel.library.snapshots import Files, Snapshots


class Texts(Mapping[str, str]):
    """Path → text. Read when asked for, and kept by the snapshots."""

    def __init__(self, snapshots: Snapshots, files: Files) -> None:
        self._snapshots, self._files = snapshots, files

    def __getitem__(self, path: str) -> str:
        return self._snapshots.text(self._files[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
