"""One edition as a site of files: the sealed pages with ways out of them, a search, the downloads, the seal.

Nothing of it needs a server, an address or the network: it is read from a disk, a USB key, nginx or a CDN.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import Erratum
from referentiel.criteria.paths import Kind
from referentiel.dates import long_date
from referentiel.editions.copies.bundling import BUNDLE
from referentiel.editions.copies.index import as_script, index
from referentiel.editions.edition import Edition, newer_than
from referentiel.editions.formats import FORMATS, GRIDS
from referentiel.editions.material import Material
from referentiel.editions.pages.addresses import ALONE, Relative
from referentiel.editions.pages.fragments import TEMPLATES, pages, plain_environment
from referentiel.editions.shelf import SEAL, SEALED, SIGNATURE, Shelf
from referentiel.editions.summary import Card, Summary

CONTENTS = "sommaire.html"
_BODY = '<body class="alone">'


@dataclass(frozen=True, slots=True)
class Copied:
    """An edition to copy, among all those of the copy; ``errata`` are those known on the ``day`` of the copy."""

    shelf: Shelf
    edition: Edition
    editions: tuple[Edition, ...]
    errata: Sequence[Erratum]
    day: date

    @property
    def newer(self) -> Edition | None:
        found = newer_than(self.editions, self.edition.number)
        return found[-1] if found else None


def front(editions: Sequence[Edition], title: str, *, site: str, day: date) -> bytes:
    """The first page of the copy."""
    page = _environment().get_template("published/copy/accueil.html")
    return page.render(editions=editions[::-1], title=title, site=site, day=day).strip().encode() + b"\n"


def files(copied: Copied) -> Iterator[tuple[str, bytes]]:
    """Every file of one edition, by its path from the root of the edition. Reads the shelf alone."""
    material = material_of(copied.shelf, copied.edition)
    env = _environment()
    values = {"edition": copied.edition, "newer": copied.newer, "day": copied.day}
    yield from _sealed(copied)
    for path, page in _pages(copied, material):
        shown = _with_ways_out(env, path, page, copied)
        yield path, shown
        if path == CONTENTS:
            yield "index.html", shown
    titles = [(entry["c"], entry["t"], entry["a"]) for entry in index(material)]
    yield "recherche.html", _render(env, "recherche", titles=titles, **values)
    yield "recherche/mots.js", as_script(material)
    yield "recherche/chercher.js", (TEMPLATES / "published" / "copy" / "chercher.js").read_bytes()
    folder = copied.shelf.path / str(copied.edition.number)
    seal = [name for name in (SEAL, SIGNATURE, BUNDLE) if (folder / name).exists()]
    given = {"files": _downloads(copied.edition), "seal": seal, "header_lines": copied.edition.header.count("\n")}
    yield "telecharger.html", _render(env, "telecharger", **given, **values)


def material_of(shelf: Shelf, edition: Edition) -> Material:
    """The material of a published edition, from its sealed texts: no library is needed."""
    folder = shelf.path / str(edition.number) / SEALED
    texts = {path: (folder / path).read_text(encoding="utf-8") for path in edition.manifest if _is_text(path)}
    documents = {path: Document.read(text, path) for path, text in texts.items()}
    summary = Summary.of(dict.fromkeys(texts, ""), lambda path: Card.of(documents[path]))
    return Material(edition, summary, documents, texts)


def _is_text(path: str) -> bool:
    return path.endswith(".md") and path.partition("/")[0] not in {Kind.DECISION.value, "note-de-revision.md"}


def _sealed(copied: Copied) -> Iterator[tuple[str, bytes]]:
    """The sealed files as they are, and the seal that promises them."""
    folder = copied.shelf.path / str(copied.edition.number)
    for path in copied.edition.manifest:
        yield f"{SEALED}/{path}", (folder / SEALED / path).read_bytes()
    for name in (SEAL, SIGNATURE, BUNDLE):
        if (folder / name).exists():
            yield name, (folder / name).read_bytes()


def _pages(copied: Copied, material: Material) -> Iterator[tuple[str, str]]:
    """The pages that stand alone, as they were sealed; made again for an edition that was sealed without them."""
    manifest = copied.edition.manifest
    start = f"{ALONE}/"
    if any(path.startswith(start) for path in manifest):
        folder = Path(copied.shelf.path / str(copied.edition.number) / SEALED)
        for path in manifest:
            if path.startswith(start):
                yield path.removeprefix(start), (folder / path).read_text(encoding="utf-8")
        return
    for path, make in pages(material).items():
        if path.startswith(start):
            yield path.removeprefix(start), make()


def _with_ways_out(env: Environment, path: str, page: str, copied: Copied) -> bytes:
    """The sealed page, to the letter, with a bar and what is known beside it put in after its first tag."""
    up = Relative("../" if "/" in path else "").up
    about = path.removesuffix(".html")
    errata = [one for one in copied.errata if f"{about}.md" == one.path or path == CONTENTS]
    parts: Any = env.get_template("published/copy/parts.html").module
    bar, beside = parts.bar(up, copied.edition, copied.newer), parts.errata(errata, copied.day)
    style = (TEMPLATES / "published" / "copy" / "style.css").read_text(encoding="utf-8")
    page = page.replace("</style>", f"{style}</style>", 1)
    return page.replace(_BODY, f"{_BODY}\n{bar}{beside}", 1).encode()


def _downloads(edition: Edition) -> list[tuple[str, str]]:
    found = [(one.label, one.file) for one in FORMATS]
    found += [(f"Grille pour {kind.value} (tableur)", file) for kind, file in GRIDS]
    return [(label, f"{SEALED}/{name}") for label, name in found if name in edition.manifest]


def _render(env: Environment, name: str, **values: object) -> bytes:
    return env.get_template(f"published/copy/{name}.html").render(**values).strip().encode() + b"\n"


def _environment() -> Environment:
    env = plain_environment()
    folder = TEMPLATES / "published"
    style = "".join((folder / name).read_text(encoding="utf-8") for name in ("sealed/style.css", "copy/style.css"))
    env.globals |= {"long_date": long_date, "style": style}
    return env
