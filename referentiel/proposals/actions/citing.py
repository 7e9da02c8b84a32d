"""What a wording would leave behind: a link to an item that was withdrawn since it was written."""

from collections.abc import Sequence

from referentiel.criteria.document import Document
from referentiel.criteria.links import unsettled
from referentiel.criteria.paths import kind_and_key
from referentiel.errors import N_
from referentiel.library.library import Library
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.standing import FileText, standing


def require_links(library: Library, files: Sequence[FileText]) -> None:
    """Raises :class:`NotNow`, naming what is withdrawn: the library would refuse it once two people have signed.

    A wording that leaves aside what others changed in its files is looked at when it is written, with their changes.
    """
    head = library.head()
    now = library.files(head)
    if any(standing(library, file, now).behind for file in files):
        return
    left = unsettled(library.texts(head), {file.path: Document.read(file.text, file.path) for file in files})
    if left:
        raise NotNow(
            N_(
                "Cette rédaction laisserait un renvoi vers « %(key)s », qui est retiré : elle ne peut pas être adoptée."
            ),
            way_out=N_("L’auteur peut écrire une nouvelle rédaction à partir du texte actuel."),
            key=kind_and_key(left[0].target)[1],
        )
