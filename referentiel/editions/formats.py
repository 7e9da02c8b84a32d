"""The forms in which an edition can be taken away. Pure: pages list them, and never import what makes them."""

from dataclasses import dataclass

from referentiel.criteria.vocabulary import StructureType
from referentiel.errors import N_

STEM = "referentiel"
FIRST_MADE: tuple[str, ...] = ("html", "json", "zip")
"""What an edition holds whose seal does not say: it was sealed before seals said so."""


@dataclass(frozen=True, slots=True)
class Format:
    """One form. ``name`` is the end of its file; ``label`` is what people read before they choose."""

    name: str
    label: str

    @property
    def file(self) -> str:
        return f"{STEM}.{self.name}"


FORMATS: tuple[Format, ...] = (
    Format("html", N_("Page web")),
    Format("pdf", N_("Document à imprimer (PDF)")),
    Format("docx", N_("Document Word (DOCX)")),
    Format("odt", N_("Document LibreOffice (ODT)")),
    Format("epub", N_("Livre pour liseuse (EPUB)")),
    Format("json", N_("Données (JSON)")),
    Format("csv", N_("Grille d’auto-évaluation (CSV)")),
    Format("xlsx", N_("Grille d’auto-évaluation (tableur)")),
    Format("zip", N_("Textes d’origine (Markdown)")),
)
"""The same, in the same order, as the setting knows (``config.FORMATS``)"""

GRIDS: tuple[tuple[StructureType, str], ...] = tuple((kind, f"{STEM}-{kind.value}.xlsx") for kind in StructureType)
"""The grids of one type of structure, made with the whole one, and their files"""
