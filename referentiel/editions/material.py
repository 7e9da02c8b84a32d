"""What every form of an edition is made from: its facts, its contents, its texts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.editions.edition import Edition
from referentiel.editions.summary import Summary


@dataclass(frozen=True, slots=True)
class Material:
    """One state of the text, whole. ``documents`` and ``texts`` map the path of a file to what it says."""

    edition: Edition
    summary: Summary
    documents: Mapping[str, Document]
    texts: Mapping[str, str]

    def document(self, kind: Kind, key: str) -> Document | None:
        return self.documents.get(path_of(kind, key))
