"""What is published: the list of the editions, sealed pages in their frame, sealed files. Files, and nothing else."""

import logging
from contextlib import suppress

from flask import Blueprint, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from referentiel.database import session
from referentiel.dates import day
from referentiel.editions.errata import errata_of
from referentiel.editions.lifetimes import lifetime
from referentiel.editions.models import EditionPlan
from referentiel.editions.pages.addresses import REVISION
from referentiel.editions.queries import open_plan
from referentiel.editions.shelf import Shelf
from referentiel.errors import N_, Unknown
from referentiel.web import frames
from referentiel.web.clock import now
from referentiel.web.downloads import downloads
from referentiel.web.frame_parts import marks
from referentiel.web.guard import public
from referentiel.web.qr import drawn
from referentiel.web.sealed import A_WHILE, File, as_frame, framed_page, sealed_file
from referentiel.web.stores import library, settings

blueprint = Blueprint("published", __name__)

log = logging.getLogger(__name__)

MISSING = N_("Ce fichier manque. Nous allons le remettre\u00a0: revenez un peu plus tard.")


@blueprint.get("/editions/")
@public
def editions() -> ResponseReturnValue:
    """Every edition, newest first, and the one to come."""
    published, today = _shelf().editions(), day(now())
    plan, lost = _plan()
    return render_template(
        "published/editions.html",
        editions=[(one, lifetime(published, one, today)) for one in reversed(published)],
        downloads=downloads,
        plan=plan,
        lost=lost,
    )


def _plan() -> tuple[EditionPlan | None, bool]:
    """The edition to come, and whether the database was lost: the page is then drawn for nobody in particular."""
    try:
        return open_plan(), False
    except SQLAlchemyError as error:
        log.warning("the editions are listed without the database", extra={"kind": type(error).__name__})
        session.rollback()
        g.current_session = None
        return None, True


@blueprint.get("/editions/<number>/")
@public
def edition(number: str) -> ResponseReturnValue:
    return _frame(number, "sommaire")


@blueprint.get("/editions/<number>/<any(criteres, chapitres, pages, outils, competences):kind>/<key>")
@public
def page(number: str, kind: str, key: str) -> ResponseReturnValue:
    return _frame(number, f"{kind}/{key}")


@blueprint.get("/editions/<number>/<any(glossaire, outils, competences):kind>/")
@public
def listed(number: str, kind: str) -> ResponseReturnValue:
    return _frame(number, kind)


@blueprint.get("/editions/<number>/note-de-revision/")
@public
def revision_note(number: str) -> ResponseReturnValue:
    """What this edition changes, when its publisher wrote it."""
    return _frame(number, REVISION)


@blueprint.get("/editions/<number>/scelle/<path:path>")
@public
def sealed(number: str, path: str) -> ResponseReturnValue:
    """One file of the manifest: the same bytes for ever."""
    try:
        return _response(sealed_file(_shelf(), number, path))
    except FileNotFoundError:
        raise Unknown(MISSING) from None


@blueprint.get("/editions/<number>/manifeste.txt")
@public
def manifest(number: str) -> ResponseReturnValue:
    """The words of the tag, so that anybody compares what they downloaded: ``sha256sum`` reads its lines."""
    answer = Response(_shelf().seal(number), mimetype="text/plain")
    answer.headers["Cache-Control"] = A_WHILE
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/editions/<number>/verifier.svg")
@public
def square(number: str) -> ResponseReturnValue:
    """The QR of the address that says how to verify an edition, for what is printed."""
    edition = _shelf().edition(number)
    answer = Response(drawn(f"{settings().base_url}/editions/{edition.number}/verifier"), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = A_WHILE
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/editions/<number>/errata.css")
@public
def marks_of_errata(number: str) -> ResponseReturnValue:
    """What marks the corrected passages in the frames of an edition."""
    edition = _shelf().edition(number)
    answer = Response(marks(errata_of(library(), str(edition.number))), mimetype="text/css")
    answer.headers["Cache-Control"] = A_WHILE
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/editions/<number>/referentiel.<format>")
@public
def download(number: str, format: str) -> ResponseReturnValue:
    """Each format has one short address; the file itself is among the sealed ones."""
    name = f"referentiel.{format}"
    _shelf().sealed(number, name)
    return redirect(f"/editions/{number}/scelle/{name}", 302)


def _shelf() -> Shelf:
    return Shelf(settings().editions_path)


def _frame(number: str, page: str) -> ResponseReturnValue:
    """A frame as it stands on the disk; one that is missing is made, and stays unless the disk refuses."""
    shelf = _shelf()
    with suppress(OSError):
        return _response(framed_page(shelf, number, page))
    try:
        made = frames.make_one(shelf, number, page, day(now()))
    except OSError:
        raise Unknown(MISSING) from None
    with suppress(OSError):
        return _response(framed_page(shelf, number, page))
    return _response(as_frame(made))


def _response(file: File) -> ResponseReturnValue:
    response = Response(file.data)
    response.headers.update(file.headers)
    response.set_etag(file.tag)
    return response.make_conditional(request)
