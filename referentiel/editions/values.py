"""A text as plain values, and plain values as JSON: the same in the API and in the file to download."""

import json
from collections.abc import Mapping
from typing import Any

from referentiel.criteria.document import Document


def as_json(data: Mapping[str, Any]) -> bytes:
    """Readable JSON in UTF-8, keys in the order given."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def item_data(document: Document) -> dict[str, Any]:
    """One file as plain values: each key of its front matter, then its sections under ``rubriques``."""
    front: dict[str, Any] = {}
    for line in document.front:
        if line.key:
            front[line.key] = list(line.values) if line.value.startswith("[") else line.value
    sections = [{"titre": section.title, "texte": section.body} for section in document.sections]
    return {**front, "rubriques": sections}
