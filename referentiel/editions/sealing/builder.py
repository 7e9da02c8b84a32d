"""What builds an edition, as its tag names it: this program, its code, and each library that shapes sealed bytes.

Who makes an edition again elsewhere, and finds other bytes, reads here which of them differs.
"""

import hashlib
import platform
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from referentiel.criteria.rendering import VERSION

PACKAGE = Path(__file__).resolve().parents[2]
SHAPES = ("criteria", "editions", "templates/published/sealed")
"""The folders of this package whose files decide what is sealed; ``dates.py`` does too"""

ALWAYS = ("jinja2", "markdown", "nh3", "segno")
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "html": (),
    "json": (),
    "zip": (),
    "csv": (),
    "pdf": ("typst",),
    "docx": ("pypandoc_binary",),
    "odt": ("pypandoc_binary",),
    "epub": ("pypandoc_binary",),
    "xlsx": ("openpyxl",),
}
"""By form, the distributions that make it, beside those of every page"""
DEFLATED = {"docx", "odt", "epub", "xlsx"}
"""The forms that are compressed archives: their bytes follow the library that compresses"""


def builder() -> str:
    """``referentiel 0.1.0, code 0123456789abcdef``: the version, and a digest of the files that shape the bytes."""
    return f"referentiel {version('referentiel-partage')}, code {_code()}"


def versions(formats: Iterable[str]) -> str:
    """The versions on which the bytes of these forms depend: ``python 3.11, jinja2 3.1.6, …, rendu 4``."""
    made = tuple(formats)
    names = sorted({*ALWAYS, *(name for form in made for name in LIBRARIES[form])})
    told = [f"python {'.'.join(platform.python_version_tuple()[:2])}"]
    told += [f"{name} {version(name)}" for name in names]
    if not DEFLATED.isdisjoint(made):
        told.append(f"zlib {zlib.ZLIB_RUNTIME_VERSION}")
    return ", ".join([*told, f"rendu {VERSION}"])


@cache
def _code() -> str:
    """Of the sources as they are installed. About 5 ms."""
    found = [PACKAGE / "dates.py", *(path for name in SHAPES for path in (PACKAGE / name).rglob("*"))]
    digest = hashlib.sha256()
    for path in sorted(found):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
