"""Any copy of the public repository, read as the library that it copies: a clone, a bundle cloned, the mirror."""

from pathlib import Path

from referentiel.errors import N_, Refused
from referentiel.library.library import Library


def library_of_clone(folder: Path) -> Library:
    """The library in a clone, with its work tree or without. Raises Refused when there is none, or no edition in it."""
    bare = folder / ".git" if (folder / ".git" / "objects").is_dir() else folder
    if not (bare / "objects").is_dir() or not (bare / "HEAD").is_file():
        raise Refused(N_("« %(folder)s » n’est pas un clone du référentiel."), folder=folder)
    library = Library.open(bare)
    if not library.editions():
        raise Refused(
            N_("Ce clone n’a aucune étiquette d’édition : prenez-les avec « git fetch --tags »."), folder=folder
        )
    return library
