"""The edition as a PDF to print or to read: A4, tagged as PDF/UA-1 asks. Same facts, same bytes.

Typst draws it, with the letters kept here and no other, from our own template; the text reaches it as values.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from referentiel.editions.downloads.typesetting import book
from referentiel.editions.formats import STEM
from referentiel.editions.material import Material

HERE = Path(__file__).resolve().parent / "typst"


def as_pdf(material: Material) -> Mapping[str, bytes]:
    values = json.dumps(book(material), ensure_ascii=False)
    made = typst.compile(
        HERE / "book.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"book": values},
        pdf_standards="ua-1",
        timestamp=datetime.combine(material.edition.published, time(12), UTC),
    )
    return {f"{STEM}.pdf": made}
