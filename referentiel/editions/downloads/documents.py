"""The edition as documents that people write in or carry with them: DOCX, ODT, EPUB. Same facts, same bytes.

Pandoc makes them; what it leaves to chance in an archive (the order of its files, their hours) is settled here.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from referentiel.dates import long_date
from referentiel.editions.downloads.archives import zipped
from referentiel.editions.downloads.book import LICENCE, NOTICE
from referentiel.editions.downloads.formats import STEM
from referentiel.editions.downloads.manuscript import manuscript
from referentiel.editions.downloads.pandoc import converted
from referentiel.editions.edition import Edition
from referentiel.editions.material import Material

LANGUAGE = "fr-FR"
IDENTIFIERS = UUID("5d7c0e2a-6a0f-5c56-9c55-1f3c2d3c8a11")
"""The name space in which an edition has its identifier, the same for ever"""
STYLE = "style.css"


def as_docx(material: Material) -> Mapping[str, bytes]:
    return _word_processed(material, "docx")


def as_odt(material: Material) -> Mapping[str, bytes]:
    return _word_processed(material, "odt")


def identifier(edition: Edition) -> str:
    """The name of an edition for reading devices, made from its commit and its number."""
    return uuid5(IDENTIFIERS, f"{edition.commit} {edition.number}").urn


def _word_processed(material: Material, form: str) -> Mapping[str, bytes]:
    text = manuscript(material, paper=True)
    day = material.edition.published
    made = converted(text, form, day, options=_options(_facts(material)))
    return {f"{STEM}.{form}": _settled(made, day)}


def _facts(material: Material) -> dict[str, str]:
    edition = material.edition
    return {
        "title": material.summary.title,
        "subtitle": f"Édition {edition.number}, applicable le {long_date(edition.applies)}",
        "lang": LANGUAGE,
        "subject": f"Édition {edition.number}, {edition.status}",
        "description": f"{NOTICE} Texte {edition.commit}. {LICENCE}.",
    }


def _options(facts: Mapping[str, str]) -> list[str]:
    return [f"--metadata={name}={words}" for name, words in facts.items()]


def _settled(archive: bytes, day: date) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return zipped({name: opened.read(name) for name in opened.namelist()}, day)
