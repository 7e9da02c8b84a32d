"""The edition as documents that people write in or carry with them: DOCX, ODT, EPUB. Same facts, same bytes.

Pandoc makes them; what it leaves to chance in an archive (the order of its files, their hours) is settled here.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from referentiel.dates import long_date
from referentiel.editions.downloads import model_docx, model_odt
from referentiel.editions.downloads.archives import MIMETYPE, zipped
from referentiel.editions.downloads.looks import LINE
from referentiel.editions.downloads.manuscript import manuscript
from referentiel.editions.downloads.pandoc import converted
from referentiel.editions.edition import Edition
from referentiel.editions.formats import STEM
from referentiel.editions.material import Material
from referentiel.editions.mentions import LICENCE, NOTICE

LANGUAGE = "fr-FR"
IDENTIFIERS = UUID("5d7c0e2a-6a0f-5c56-9c55-1f3c2d3c8a11")
"""The name space in which an edition has its identifier, the same for ever"""
STYLE = "style.css"
STYLE_FILE = Path(__file__).parents[2] / "templates" / "published" / "sealed" / "epub.css"
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_NO_LINES = re.compile(rb'<style:table-cell-properties fo:border="none" */>')
ACCESSIBILITY = (
    "Texte seul, sans image ni son. Titres, listes et tableaux sont balisés ; l’ordre de lecture est celui du texte ; "
    "la table mène à chaque chapitre et à chaque critère."
)
FEATURES: Mapping[str, tuple[str, ...]] = {
    "accessModes": ("textual",),
    "accessModeSufficient": ("textual",),
    "accessibilityFeatures": ("structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"),
    "accessibilityHazards": ("none",),
}


def as_docx(material: Material) -> Mapping[str, bytes]:
    day = material.edition.published
    model = model_docx.model(_footer(material), day)
    made = _word_processed(material, "docx", model_docx.NAME, model)
    return {f"{STEM}.docx": _settled(made, day, first=["[Content_Types].xml"])}


def as_odt(material: Material) -> Mapping[str, bytes]:
    day = material.edition.published
    model = model_odt.model(_footer(material), day)
    made = _word_processed(material, "odt", model_odt.NAME, model)
    return {f"{STEM}.odt": _settled(made, day, first=[MIMETYPE], change=_ruled)}


def as_epub(material: Material) -> Mapping[str, bytes]:
    """EPUB 3. What it says of its accessibility is what its marks hold: headings, lists, tables, one order."""
    edition = material.edition
    facts = {
        **_facts(material),
        "identifier": identifier(edition),
        "date": edition.published.isoformat(),
        "rights": LICENCE,
        "accessibilitySummary": ACCESSIBILITY,
    }
    lists = [f"--metadata={name}={value}" for name, values in FEATURES.items() for value in values]
    made = converted(
        manuscript(material, paper=False),
        "epub3",
        edition.published,
        options=[*_options(facts), *lists, f"--css={STYLE}", "--toc-depth=2", "--split-level=1"],
        files={STYLE: STYLE_FILE.read_bytes()},
    )
    return {f"{STEM}.epub": _settled(made, edition.published, first=[MIMETYPE], change=_entitled)}


def identifier(edition: Edition) -> str:
    """The name of an edition for reading devices, made from its commit and its number."""
    return uuid5(IDENTIFIERS, f"{edition.commit} {edition.number}").urn


def _word_processed(material: Material, form: str, name: str, model: bytes) -> bytes:
    options = [*_options(_facts(material)), f"--reference-doc={name}"]
    return converted(
        manuscript(material, paper=True), form, material.edition.published, options=options, files={name: model}
    )


def _footer(material: Material) -> str:
    return f"{material.summary.title}, édition {material.edition.number}. {NOTICE}"


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


def _settled(
    archive: bytes,
    day: date,
    *,
    first: Sequence[str],
    change: Callable[[str, bytes], bytes] = lambda _, content: content,
) -> bytes:
    """The same archive, in one order and of one date; ``change`` is given each file, its name first."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/")]
        return zipped({name: change(name, opened.read(name)) for name in names}, day, first=first)


def _ruled(name: str, content: bytes) -> bytes:
    """Cells of an ODT have lines around them, which no style of the model gives."""
    lines = f'<style:table-cell-properties fo:border="0.5pt solid #{LINE}" fo:padding="3pt" />'
    return _NO_LINES.sub(lines.encode(), content) if name == "content.xml" else content


def _entitled(name: str, content: bytes) -> bytes:
    """A page of an EPUB bears the name of its first heading, where pandoc writes that of its file."""
    page = content.decode() if name.endswith(".xhtml") else ""
    heading = _HEADING.search(page)
    if not heading:
        return content
    return _TITLE.sub(lambda _: f"<title>{_TAG.sub('', heading[1])}</title>", page, count=1).encode()
