"""The whole editions that can be taken away: what to call each, and where it is."""

from dataclasses import dataclass

from flask_babel import gettext as _

from referentiel.editions.edition import Edition
from referentiel.editions.formats import FORMATS, GRIDS


@dataclass(frozen=True, slots=True)
class Download:
    words: str
    address: str


def downloads(edition: Edition) -> tuple[Download, ...]:
    """What was sealed of an edition in one file, in the order of the forms; the grids of one type of structure last."""
    start = f"/editions/{edition.number}"
    whole = (Download(_(form.label), f"{start}/{form.file}") for form in FORMATS if form.file in edition.manifest)
    by_type = (
        Download(_("Grille pour %(kind)s (tableur)", kind=kind.value), f"{start}/scelle/{file}")
        for kind, file in GRIDS
        if file in edition.manifest
    )
    return (*whole, *by_type)
