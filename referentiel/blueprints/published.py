"""What is published: the list of the editions, sealed pages in their frame, sealed files. Files, and nothing else."""

import base64
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.editions.edition import in_force
from referentiel.editions.queries import open_plan
from referentiel.editions.shelf import Shelf
from referentiel.errors import N_, Unknown
from referentiel.proposals.delays import day
from referentiel.web import frames
from referentiel.web.clock import now
from referentiel.web.guard import public
from referentiel.web.headers import CONTENT_SECURITY_POLICY
from referentiel.web.language import LANGUAGE
from referentiel.web.stores import settings

blueprint = Blueprint("published", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
WHOLE = "referentiel.html"


@blueprint.get("/editions/")
@public
def editions() -> ResponseReturnValue:
    """Every edition, newest first, and the one to come."""
    published = _shelf().editions()
    return render_template(
        "published/editions.html",
        editions=published[::-1],
        current=in_force(published, day(now())),
        today=day(now()),
        plan=open_plan(),
    )


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


@blueprint.get("/editions/<number>/scelle/<path:path>")
@public
def sealed(number: str, path: str) -> ResponseReturnValue:
    """One file of the manifest: the same bytes for ever."""
    shelf = _shelf()
    place = shelf.sealed(number, path)
    response = Response(_bytes(place), content_type=_type(path))
    response.headers["Cache-Control"] = FOR_EVER
    if path == WHOLE:
        response.headers["Content-Security-Policy"] = _own_style_policy(str(place))
    response.set_etag(shelf.edition(number).manifest[path])
    return response.make_conditional(request)


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
    shelf = _shelf()
    place = shelf.frame(number, LANGUAGE, page)
    try:
        found = place.stat()
    except FileNotFoundError:
        found = frames.make_one(shelf, number, page, day(now())).stat()
    tag = f"{found.st_mtime_ns:x}-{found.st_size:x}"
    response = Response(_bytes(place), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = A_WHILE
    response.set_etag(tag)
    return response.make_conditional(request)


def _bytes(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        raise Unknown(N_("Ce fichier manque. Nous allons le remettre : revenez un peu plus tard.")) from None


def _type(path: str) -> str:
    """Fragments and texts are shown as they are written: only the whole page is a page."""
    if path == WHOLE:
        return "text/html; charset=utf-8"
    if path.endswith((".md", ".html")):
        return "text/plain; charset=utf-8"
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


@lru_cache(maxsize=64)
def _own_style_policy(place: str) -> str:
    """The policy of the single page: its own style by its digest, no script, nothing from elsewhere."""
    text = Path(place).read_text(encoding="utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'sha256-{digest}'")
