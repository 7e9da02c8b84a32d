"""Files compressed beforehand, for servers that give them as they are: ``.br`` and ``.gz`` beside each text."""

import gzip
from collections.abc import Iterator
from pathlib import PurePosixPath

import brotli

TEXTS = frozenset({".html", ".css", ".js", ".json", ".md", ".txt", ".csv", ".svg", ".xml", ""})
"""Ends of names of what compresses well; the seal has none"""
SMALLEST = 512
THOROUGH = 9
"""The last level of brotli, 11, takes twenty times longer for some percent."""


def compressed(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The same file in each form that is worth it; nothing for what is small or compressed already.

    The bytes depend on the data alone. About 0.1 s a megabyte.
    """
    if PurePosixPath(path).suffix not in TEXTS or len(data) < SMALLEST:
        return
    yield f"{path}.br", brotli.compress(data, quality=THOROUGH)
    yield f"{path}.gz", gzip.compress(data, compresslevel=THOROUGH, mtime=0)
