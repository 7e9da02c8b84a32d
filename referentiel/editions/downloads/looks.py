"""How the paragraphs of DOCX and ODT look: one table, which both forms write in their own words. Pure.

A sans-serif that every machine has or replaces, large enough, never justified, never in italics.
"""

from dataclasses import dataclass

FONT = "Arial"
TYPED_FONT = "Courier New"
INK = "14262b"
ACCENT = "00525c"
PAPER = "f6f3ec"
SOFT = "52595b"
LINE = "6b675c"
BODY_SIZE = 11.0
BODY_LINE = 1.3


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes and spaces are in points; ``outline`` is the level of a heading, ``bar`` stands at the left of the words.

    ``docx`` and ``odt`` are the names by which pandoc knows the style; ``shown`` is what people read in their list.
    """

    docx: str
    odt: str
    shown: str
    size: float = BODY_SIZE
    line: float = BODY_LINE
    before: float = 0
    after: float = 6
    bold: bool = False
    color: str = INK
    paper: str = ""
    bar: bool = False
    outline: int = 0
    opens_page: bool = False
    font: str = FONT


def _heading(level: int, size: float, before: float, opens_page: bool = False) -> Look:
    color = ACCENT if level <= 2 else INK
    shown = f"heading {level}"
    return Look(
        f"Heading{level}",
        f"Heading_20_{level}",
        shown,
        size=size,
        line=1.15,
        before=before,
        bold=True,
        color=color,
        outline=level,
        opens_page=opens_page,
    )


LOOKS: tuple[Look, ...] = (
    Look("BodyText", "Text_20_body", "Body Text"),
    Look("FirstParagraph", "First_20_paragraph", "First Paragraph", before=4),
    Look("Compact", "Compact", "Compact", after=2),
    Look("Title", "Title", "Title", size=26, line=1.15, before=120, after=12, bold=True, color=ACCENT),
    Look("Subtitle", "Subtitle", "Subtitle", size=14, after=18, color=SOFT),
    _heading(1, 20, 0, opens_page=True),
    _heading(2, 16, 20),
    _heading(3, 13, 12),
    _heading(4, 12, 10),
    _heading(5, 11, 8),
    _heading(6, 11, 8),
    Look("Enonce", "Énoncé", "Énoncé", size=13, before=4, bar=True),
    Look("Facile", "Facile", "Facile", size=12, line=1.5, after=0, paper=PAPER),
    Look("Reperes", "Repères", "Repères", size=10, after=2),
    Look("Remarque", "Remarque", "Remarque", size=9.5, before=4, after=8, color=SOFT),
    Look("Sommaire", "Sommaire", "Sommaire", after=2),
    Look("BlockText", "Quotations", "Block Text", bar=True),
    Look("SourceCode", "Preformatted_20_Text", "Source Code", size=10, after=0, paper=PAPER, font=TYPED_FONT),
    Look("Footer", "Footer", "footer", size=9, color=SOFT),
)
