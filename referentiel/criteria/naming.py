"""The codes that new items get, written where the front matter names them. The words of the sections are nobody's."""

from collections.abc import Mapping

from referentiel.criteria.document import Document


def with_names(document: Document, names: Mapping[str, str]) -> Document:
    """The same file with each of these values replaced in its front matter: ``nouveau-42`` → ``E7``."""
    for key in document.keys:
        old = document.values(key)
        new = [names.get(value, value) for value in old]
        if list(old) != new:
            plain = document.value(key) == old[0] if len(old) == 1 else False
            document = document.with_value(key, new[0] if plain else new)
    return document
