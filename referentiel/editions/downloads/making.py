"""Which module makes each form. Imported by the process that seals, never by the one that answers pages."""

from collections.abc import Callable, Mapping

from referentiel.editions.downloads import documents, exports, pdf, schema, sheets
from referentiel.editions.material import Material
from referentiel.editions.values import as_json

Maker = Callable[[Material], Mapping[str, bytes]]
"""From the material of an edition to its files, by their path under ``scelle/``"""

MAKERS: Mapping[str, Maker] = {
    "pdf": pdf.as_pdf,
    "docx": documents.as_docx,
    "odt": documents.as_odt,
    "epub": documents.as_epub,
    "json": lambda material: {
        "referentiel.json": as_json(exports.data(material)),
        schema.FILE: as_json(schema.schema()),
    },
    "csv": sheets.as_csv,
    "xlsx": sheets.as_xlsx,
    "zip": lambda material: {"referentiel.zip": exports.as_zip(material.edition, material.texts)},
}
"""By the name of the form. ``html`` is missing: it is made with the pages, by the same templates."""
