"""The text for who uses Git: a page that says how, the public repository as plain files, each edition in one file."""

from flask import Blueprint, redirect, render_template, send_file
from flask.typing import ResponseReturnValue

from referentiel.editions.copies.bundling import bundle_of
from referentiel.editions.shelf import Shelf
from referentiel.errors import N_, Unknown
from referentiel.web.guard import public
from referentiel.web.mirrored import mirrored_file
from referentiel.web.sealed import A_WHILE
from referentiel.web.stores import settings

blueprint = Blueprint("repository", __name__)


@blueprint.get("/git/")
@public
def page() -> ResponseReturnValue:
    """How to clone, how to verify, what is not served."""
    shelf = Shelf(settings().editions_path)
    editions = shelf.editions()[::-1]
    bundled = [edition for edition in editions if bundle_of(shelf, str(edition.number)).is_file()]
    return render_template(
        "repository/page.html",
        address=f"{settings().base_url}/git/referentiel.git",
        base=settings().base_url,
        latest=editions[0] if editions else None,
        example=next((path for path in editions[0].manifest if path.endswith(".md")), "") if editions else "",
        bundled=bundled,
    )


@blueprint.get("/git/referentiel.git")
@blueprint.get("/git/referentiel.git/")
@public
def opened() -> ResponseReturnValue:
    """The address to clone, opened in a browser: the page says what it is for."""
    return redirect("/git/", 303)


@blueprint.get("/git/referentiel.git/<path:path>")
@public
def file(path: str) -> ResponseReturnValue:
    """One file of the public repository."""
    return mirrored_file(settings().instance, path)


@blueprint.get("/editions/<number>/referentiel.bundle")
@public
def bundle(number: str) -> ResponseReturnValue:
    """An edition and all that led to it, in one file that ``git clone`` opens."""
    place = bundle_of(Shelf(settings().editions_path), number)
    if not place.is_file():
        raise Unknown(N_("Ce fichier n’est pas encore prêt. Revenez dans quelques minutes."))
    answer = send_file(
        place.absolute(),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"referentiel-{number}.bundle",
        conditional=True,
    )
    answer.headers["Cache-Control"] = A_WHILE
    return answer
