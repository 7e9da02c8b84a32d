"""Where a part of a file stands, and how people call it. Pure."""

from referentiel.criteria.document import Document
from referentiel.criteria.merging import COMMENTS, KEY, SECTION
from referentiel.criteria.vocabulary import key_label


def line_of(document: Document, part: str) -> int:
    """Where a part stands in its file."""
    if part.startswith(KEY):
        return document.line_of(part.removeprefix(KEY))
    if part.startswith(SECTION):
        return document.line_of_section(part.removeprefix(SECTION))
    if part == COMMENTS:
        return next((number for number, line in enumerate(document.front, 2) if not line.key and line.raw.strip()), 1)
    return 1


def named(part: str) -> str:
    """A part in the words of the screen."""
    if part.startswith(KEY):
        return f"« {key_label(part.removeprefix(KEY))} »"
    if part.startswith(SECTION):
        return f"rubrique « {part.removeprefix(SECTION)} »" if part != SECTION else "texte avant la première rubrique"
    return "notes de l’en-tête" if part == COMMENTS else "ordre des rubriques"
