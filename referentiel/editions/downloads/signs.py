"""Which signs the letters of the PDF can draw, and how the others are written. Pure.

A sign that no letter draws would be a hole in the page, and PDF/UA refuses it: it is written by its number instead,
``[U+1F642]``. The letters are those of ``typst/fonts``, then DejaVu Sans Mono, which Typst brings.
"""

import re

_DRAWN = (
    *("\u0020-\u007e", "\u00a0-\u00ac", "\u00ae-\u01c3"),  # Latin
    "\u0300-\u033f",  # accents that stand apart
    *("\u0386-\u038a", "\u038c", "\u038e-\u03a1", "\u03a3-\u03ce"),  # Greek
    "\u0400-\u045f",  # Cyrillic
    *("\u060c", "\u061b", "\u061f", "\u0621-\u063a", "\u0640-\u0652", "\u0660-\u066d"),  # Arabic
    *("\u1e80-\u1e85", "\u1e9e", "\u1ef2-\u1ef3"),
    *("\u2000-\u200a", "\u2010-\u2022", "\u2026", "\u202f-\u2037", "\u2039-\u203a", "\u203c-\u203f", "\u2044"),
    *("\u2070-\u2071", "\u2074-\u208e", "\u20a0-\u20b5"),  # small figures, currencies
    *("\u2113", "\u2116-\u2117", "\u2122", "\u2126", "\u212e", "\u2153-\u215e"),
    *("\u2190-\u2213", "\u2215", "\u2217-\u2220", "\u2227-\u222b", "\u2248", "\u2260", "\u2264-\u2265"),  # arrows, sums
    *("\u2500-\u2606", "\u2609-\u262f", "\u2638-\u268b", "\u26a0-\u26a1"),  # boxes, shapes
    *(
        "\u2701-\u2704",
        "\u2706-\u2709",
        "\u270c-\u2714",
        "\u2717-\u2726",
        "\u272a-\u274b",
        "\u2756",
        "\u2758-\u275e",
        "\u2761-\u2775",
    ),
    *("\u2794", "\u2798-\u27af", "\ufb01-\ufb02"),
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\ufeff]")
"""Signs that only say how others are drawn: leaving them out takes no word away"""
_OTHER = re.compile(f"[^\n\t{''.join(_DRAWN)}]")


def printable(words: str) -> str:
    """The same words; each sign that cannot be drawn is written by its number."""
    return _OTHER.sub(_number, _UNSEEN.sub("", words))


def drawn() -> str:
    """Every sign that can be drawn, once."""
    return "".join(sign for sign in map(chr, range(0x20, 0x10000)) if not _OTHER.match(sign))


def _number(sign: re.Match[str]) -> str:
    return f"[U+{ord(sign[0]):04X}]"
