"""The material of an edition, made from the starting text without a library: what the makers of downloads are given."""

from datetime import date
from typing import Any

from referentiel.commands.init import CONTENT
from referentiel.criteria.document import Document
from referentiel.editions.edition import STARTING_STATUS, Edition
from referentiel.editions.material import Material
from referentiel.editions.numbering import Number
from referentiel.editions.summary import Card, Summary


def edition(**facts: Any) -> Edition:
    usual: dict[str, Any] = {
        "number": Number(2026, 1),
        "commit": "855d3e13e0428b730c3bc15642d2cdcbf5ebcfb4",
        "previous": "2026.0",
        "published": date(2026, 3, 2),
        "applies": date(2026, 4, 1),
        "status": STARTING_STATUS,
        "note": "",
        "audit": "0" * 64,
        "builder": "referentiel 0.1.0",
        "versions": "",
        "site": "https://referentiel.example",
    }
    return Edition(**(usual | facts))


def material(changed: dict[str, str] | None = None, **facts: Any) -> Material:
    """``changed`` maps the path of a file to what it says now; ``facts`` are the edition's."""
    texts = {str(path.relative_to(CONTENT)): path.read_text(encoding="utf-8") for path in sorted(CONTENT.rglob("*.md"))}
    texts |= changed or {}
    documents = {path: Document.read(text, path) for path, text in texts.items()}
    summary = Summary.of(dict.fromkeys(texts, "0" * 40), lambda path: Card.of(documents[path]))
    return Material(edition(**facts), summary, documents, texts)


def criterion(**sections: str) -> str:
    """The text of ``criteres/E4.md`` with these sections instead of its own, underscores standing for spaces."""
    document = Document.read((CONTENT / "criteres" / "E4.md").read_text(encoding="utf-8"))
    for title, body in sections.items():
        document = document.with_section(title.replace("_", " "), body)
    return document.text
