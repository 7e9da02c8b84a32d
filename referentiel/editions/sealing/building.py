"""What an edition is made of: every sealed file, as bytes, from one commit of the library.

The same commit and the same facts give the same bytes, whatever the process, the folder, the clock, the time zone, the
language of the machine or the order of its hashes: nothing here looks at any of them. Imported by processes that seal,
never by one that answers pages.
"""

from collections.abc import Callable

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key, tree
from referentiel.editions.downloads.making import MAKERS
from referentiel.editions.edition import Edition
from referentiel.editions.material import Material
from referentiel.editions.pages.addresses import REVISION
from referentiel.editions.pages.fragments import pages, whole
from referentiel.editions.summary import Card, Summary
from referentiel.editions.values import as_json
from referentiel.library.library import Library

Progress = Callable[[int, int], None]
"""How much is done, of how much: in steps that take about as long as each other"""

PAGES = 5
COST = {"html": 2, "pdf": 30, "docx": 18, "odt": 25, "epub": 18, "csv": 2, "xlsx": 12}
"""How long each form takes when all the pages together take ``PAGES``; 1 for the others"""


def build(library: Library, edition: Edition, *, progress: Progress | None = None) -> dict[str, bytes]:
    """Every file to seal, by its path under ``scelle/``. ``edition`` needs no manifest yet.

    Raises FileError when a file of the text cannot be read. Costs about 10 ms a criterion, and holds the whole
    edition in memory (a few megabytes).
    """
    files = {path: blob for path, blob in library.files(edition.commit).items() if _is_sealed(path)}
    texts = {path: library.text(blob) for path, blob in files.items()}
    documents = {path: Document.read(text, path) for path, text in texts.items()}
    summary = Summary.of(files, lambda path: Card.of(documents[path]))
    material = Material(edition, summary, documents, texts)
    made = pages(material)
    sealed = {path: text.encode() for path, text in texts.items()}
    if edition.revision:
        sealed[f"{REVISION}.md"] = f"{edition.revision}\n".encode()
    sealed["sommaire.json"] = as_json(summary.as_data())
    tell = progress or _tell_nobody
    costs = {name: COST.get(name, 1) * len(made) // PAGES for name in edition.formats}
    done, total = 0, len(made) + sum(costs.values())
    for path, make in made.items():
        sealed[path] = make().encode()
        done += 1
        tell(done, total)
    for name in edition.formats:
        sealed |= whole(material) if name == "html" else MAKERS[name](material)
        done += costs[name]
        tell(done, total)
    return dict(sorted(sealed.items()))


def _tell_nobody(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def _is_sealed(path: str) -> bool:
    """The text and the decisions that made it; errata belong to what comes after an edition."""
    inner = tree(path)[1]
    try:
        return kind_and_key(inner)[0] is not Kind.ERRATUM
    except ValueError:
        return False
