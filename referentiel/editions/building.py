"""What an edition is made of: every sealed file, as bytes, from one commit of the library.

The same commit and the same facts give the same bytes, whatever the process, the folder, the clock, the time zone, the
language of the machine or the order of its hashes: nothing here looks at any of them. Imported by processes that seal,
never by one that answers pages.
"""

from collections.abc import Callable

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key, tree
from referentiel.editions import exports
from referentiel.editions.downloads.making import MAKERS
from referentiel.editions.edition import Edition
from referentiel.editions.fragments import pages, whole
from referentiel.editions.material import Material
from referentiel.editions.summary import Card, Summary
from referentiel.library.library import Library

Progress = Callable[[int, int], None]


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
    sealed["sommaire.json"] = exports.as_json(summary.as_data())
    steps = len(made) + len(edition.formats)
    for done, (path, make) in enumerate(made.items(), 1):
        sealed[path] = make().encode()
        if progress:
            progress(done, steps)
    for done, name in enumerate(edition.formats, len(made) + 1):
        sealed |= whole(material) if name == "html" else MAKERS[name](material)
        if progress:
            progress(done, steps)
    return dict(sorted(sealed.items()))


def _is_sealed(path: str) -> bool:
    """The text and the decisions that made it; errata belong to what comes after an edition."""
    inner = tree(path)[1]
    try:
        return kind_and_key(inner)[0] is not Kind.ERRATUM
    except ValueError:
        return False
