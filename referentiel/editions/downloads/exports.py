"""An edition in one file: JSON for machines, a ZIP of the texts. Same facts, same bytes."""

import hashlib
from collections.abc import Mapping
from typing import Any

from referentiel.criteria.paths import Kind, path_of
from referentiel.editions.downloads.archives import zipped
from referentiel.editions.downloads.schema import FILE as SCHEMA
from referentiel.editions.edition import Edition
from referentiel.editions.material import Material
from referentiel.editions.mentions import LICENCE, NOTICE
from referentiel.editions.summary import ItemLine, Tombstone
from referentiel.editions.values import item_data

READ_ME, DIGESTS = "LISEZ-MOI.txt", "EMPREINTES.txt"
"""What the archive holds beside the texts"""


def data(material: Material) -> dict[str, Any]:
    """The whole edition as plain values: each key and each section of each item, in reading order."""
    edition, summary, documents = material.edition, material.summary, material.documents

    def item(kind: Kind, key: str) -> dict[str, Any]:
        return item_data(documents[path_of(kind, key)])

    def listed(kind: Kind, lines: tuple[ItemLine, ...]) -> list[dict[str, Any]]:
        return [{"cle": line.key, **item(kind, line.key)} for line in lines]

    def gone(one: Tombstone) -> dict[str, Any]:
        return {"genre": one.kind.value, "cle": one.line.key, **item(one.kind, one.line.key)}

    return {
        "edition": str(edition.number),
        "titre": summary.title,
        "statut": edition.status,
        "avertissement": NOTICE,
        "licence": LICENCE,
        "commit": edition.commit,
        "precedente": edition.previous or None,
        "publication": edition.published.isoformat(),
        "application": edition.applies.isoformat(),
        "note": edition.note or None,
        "note_de_revision": edition.revision or None,
        "verification": edition.verification_address,
        "schema": SCHEMA,
        "presentation": item(Kind.REFERENTIAL, ""),
        "chapitres": [
            {
                **(item(Kind.CHAPTER, chapter.code) if chapter.blob else {"code": chapter.code}),
                "criteres": [item(Kind.CRITERION, line.code) for line in chapter.criteria],
            }
            for chapter in summary.chapters
        ],
        "pages": listed(Kind.PAGE, summary.pages),
        "glossaire": listed(Kind.TERM, summary.terms),
        "outils": listed(Kind.TOOL, summary.tools),
        "competences": listed(Kind.SKILL, summary.skills),
        **({"retires": [gone(one) for one in summary.tombstones]} if summary.tombstones else {}),
    }


def as_zip(edition: Edition, texts: Mapping[str, str]) -> bytes:
    """The texts as they are in the library, under one folder, with their digests as ``sha256sum`` reads them.

    Stored, not compressed: no library changes its bytes.
    """
    inside = {path: text.encode() for path, text in texts.items()}
    digests = (f"{hashlib.sha256(inside[path]).hexdigest()}  {path}\n" for path in sorted(inside))
    inside |= {READ_ME: _read_me(edition).encode(), DIGESTS: "".join(digests).encode()}
    folder = f"referentiel-{edition.number}"
    return zipped({f"{folder}/{path}": data for path, data in inside.items()}, edition.published, stored=True)


def _read_me(edition: Edition) -> str:
    return (
        f"Référentiel partagé, édition {edition.number}\n"
        f"Statut : {edition.status}\n"
        f"Publiée le {edition.published.isoformat()}, applicable le {edition.applies.isoformat()}\n"
        f"Texte : {edition.commit}\n"
        f"{LICENCE}\n\n"
        f"{NOTICE}\n\n"
        f"Pour vérifier que rien n’a changé : sha256sum --check {DIGESTS}\n"
        f"Pour vérifier d’où vient ce texte : {edition.verification_address}\n"
    )
