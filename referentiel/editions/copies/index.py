"""The words of an edition as a list that a browser searches by itself, without a server. Pure."""

import json

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn, title_of
from referentiel.criteria.paths import Kind, kind_and_key
from referentiel.editions.downloads.words import words
from referentiel.editions.material import Material
from referentiel.editions.pages.addresses import Relative

_FROM_THE_ROOT = Relative("", ".html")
_CODED = (Kind.CRITERION, Kind.CHAPTER)


def index(material: Material) -> list[dict[str, str]]:
    """One entry an item in force.

    ``a`` is its address from the root of the edition, ``c`` its code, ``t`` its title, ``w`` all its words.
    """
    found = ((path, material.documents[path]) for path in material.summary.blobs)
    return [_entry(path, document) for path, document in found if not is_withdrawn(document)]


def as_script(material: Material) -> bytes:
    """The index as a script: a page opened from a disk may load one, and may not fetch data."""
    return f"var REFERENTIEL = {json.dumps(index(material), ensure_ascii=False, separators=(',', ':'))};\n".encode()


def _entry(path: str, document: Document) -> dict[str, str]:
    kind, key = kind_and_key(path)
    said = [document.value("developpe") or "", *document.values("anciens_noms")]
    said += [words(section.body) for section in document.sections]
    address = f"{kind.value}.html#{key}" if kind is Kind.TERM else _FROM_THE_ROOT(kind.value, key)
    if kind is Kind.REFERENTIAL:
        address = _FROM_THE_ROOT("sommaire")
    code = key if kind in _CODED else ""
    return {"a": address, "c": code, "t": title_of(document) or key, "w": "\n".join(line for line in said if line)}
