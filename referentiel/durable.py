"""Writing so that whoever reads finds what was there before or what is new, never half of it.

What is new is made aside, under a hidden name of the same folder, put on the disk, and takes its place by one rename.
When the disk refuses, the aside goes away and what was there stays; a process that is killed leaves an aside that
nobody reads.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECRET = 0o600
"""The mode of a file that the operator alone reads"""
_ORDINARY = 0o666
_DRAFT = ".partial-"


@contextmanager
def aside(place: Path) -> Iterator[Path]:
    """A free name beside ``place``: what is made there, file, link or folder, takes the place when all went well.

    That name is then on the disk; who makes it puts its content there (:func:`synchronise`). What failed is taken away.
    """
    draft = _beside(place)
    _remove(draft)
    try:
        yield draft
        draft.replace(place)
        synchronise(place.parent)
    finally:
        _remove(draft)


def write_durably(path: Path, content: bytes, *, mode: int = _ORDINARY) -> None:
    """Put a file in place, or another in its place: on the disk, content and name, when this returns.

    ``mode`` is for the file, less the mask of the process. Raises OSError when the disk refuses.
    """
    with aside(path) as draft:
        write_new(draft, content, mode=mode)


def write_whole(path: Path, content: bytes) -> None:
    """The same for what can be made again at any moment: whole for who reads it, and the disk is not waited for."""
    draft = _beside(path)
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_new(path: Path, content: bytes, *, mode: int = _ORDINARY) -> None:
    """A file that is not there yet, its content on the disk; its name is once its folder is synchronised.

    Raises FileExistsError, and OSError when the disk refuses: what was written of it stays.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def finished(name: str) -> str:
    """What something made aside would be called in its place; any other name is given back: for who tidies a folder."""
    return name.removeprefix(".").partition(_DRAFT)[0] if name.startswith(".") and _DRAFT in name else name


def synchronise(path: Path) -> None:
    """Put on the disk the content of a file, or the names of a folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(place: Path) -> Path:
    """A name that no other thread and no other process takes."""
    return place.with_name(f".{place.name}{_DRAFT}{os.getpid()}-{threading.get_ident()}")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
