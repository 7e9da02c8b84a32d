"""Many texts read together: by one process of Git, where one by one each would wait for its answer."""

from collections.abc import Iterable

from referentiel.criteria.document import Document
from referentiel.library.library import Library
from referentiel.library.streams import blob_texts

FEW = 30
"""So many are read one by one: a process takes as long to start"""


class Reading:
    """Documents by blob, kept as long as this lives: for one piece of work, never for the next.

    ``blobs`` are those known to be needed, None among them for what does not exist. Costs about 20 µs each, then 40 µs
    to read it as a document. Raises ``Damaged``.
    """

    def __init__(self, library: Library, blobs: Iterable[str | None]) -> None:
        wanted = [blob for blob in dict.fromkeys(blobs) if blob]
        together = wanted if len(wanted) > FEW else []
        self._library = library
        self._texts = dict(zip(together, blob_texts(library.repositories, together), strict=True))
        self._documents: dict[str, Document] = {}

    def document(self, blob: str | None) -> Document | None:
        """The document of a blob, foreseen or not; None for None. Raises what reading a text raises."""
        if blob is None:
            return None
        if blob not in self._documents:
            text = self._texts.get(blob)
            self._documents[blob] = Document.read(self._library.text(blob) if text is None else text)
        return self._documents[blob]
