"""A referential kept elsewhere: folders and archives made for the tests, as people and as attackers make them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from referentiel.library.library import Library

Content = str | bytes


def folder_of(library: Library, place: Path, *, commit: str | None = None) -> Path:
    """The text as somebody took it home: every file but the acts."""
    for path, text in library.texts(commit or library.head()).items():
        write(place, {path: text})
    return place


def write(place: Path, files: Mapping[str, Content]) -> Path:
    for path, content in files.items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def edit(place: Path, path: str, *pairs: tuple[str, str]) -> None:
    """Change words of one file; each stands there once."""
    text = (place / path).read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, (path, old, text)
        text = text.replace(old, new)
    (place / path).write_text(text, encoding="utf-8")


def zipped(file: Path, entries: Mapping[str, Content] | list[tuple[str | zipfile.ZipInfo, Content]]) -> Path:
    """An archive of these entries; a list may hold the same name twice."""
    pairs = list(entries.items()) if isinstance(entries, Mapping) else entries
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return file
