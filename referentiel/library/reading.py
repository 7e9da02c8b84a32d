"""Many texts read together: by one process of Git, where one by one each would wait for its answer."""

from collections.abc import Iterable

from referentiel.criteria.document import Document
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.library.streams import blob_texts

FEW = 30
"""So many are read one by one: a process takes as long to start"""
AT_HAND = 16
"""Documents kept, the last ones: one weighs three times its text, which is read again in 40 µs"""


class Reading:
    """Documents by blob, for one piece of work, never for the next: their texts are kept as long as this lives.

    ``blobs`` are those known to be needed, None among them for what does not exist. Costs about 20 µs each, then 40 µs
    to read it as a document. Raises ``Damaged``.
    """

    def __init__(self, library: Library, blobs: Iterable[str | None]) -> None:
        self._library = library
        self._texts: dict[str, str] = {}
        self._documents: Cache[str, Document] = Cache(AT_HAND)
        self.foresee(blobs)

    def foresee(self, blobs: Iterable[str | None]) -> None:
        """Read together what is known by now to be needed too. Raises ``Damaged``."""
        wanted = [blob for blob in dict.fromkeys(blobs) if blob and blob not in self._texts]
        if len(wanted) > FEW:
            self._texts.update(zip(wanted, blob_texts(self._library.repositories, wanted), strict=True))

    def document(self, blob: str | None) -> Document | None:
        """The document of a blob, foreseen or not; None for None. Raises what reading a text raises."""
        return None if blob is None else self._documents.get(blob, self._read)

    def _read(self, blob: str) -> Document:
        text = self._texts.get(blob)
        return Document.read(self._library.text(blob) if text is None else text)
