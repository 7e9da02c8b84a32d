"""What machines ask of a site: which pages there are, who to write to, whether it is well."""

from flask import Blueprint, Response, json, redirect, request
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from referentiel.criteria.paths import Kind
from referentiel.database import session
from referentiel.editions.queries import all_editions, in_force, summary_of
from referentiel.errors import N_, Refused, Unknown
from referentiel.proposals import queries as proposals
from referentiel.web import security_txt, sitemaps
from referentiel.web.clock import now
from referentiel.web.guard import public
from referentiel.web.sitemaps import Place
from referentiel.web.stores import library, settings

blueprint = Blueprint("machines", __name__)

A_WHILE = "public, max-age=300"


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Answer:
    """What a search engine may read: everything that is public and in force, and what was decided."""
    return _kept(sitemaps.whole(settings().base_url, _places()), "application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
@public
def part_of_sitemap(number: int) -> Answer:
    """One of the files that the other lists, once the pages are too many for one."""
    files = sitemaps.parts(_places())
    if not 0 < number <= len(files):
        raise Unknown(N_("Le plan du site n’a pas cette partie."))
    return _kept(sitemaps.part(settings().base_url, files[number - 1]), "application/xml")


@blueprint.get("/robots.txt")
@public
def robots() -> Answer:
    return _kept(sitemaps.robots(settings().base_url), "text/plain")


@blueprint.get("/.well-known/security.txt")
@public
def security() -> Answer:
    return _kept(security_txt.text(settings(), at=now()), "text/plain")


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    content = {
        "name": _("Référentiel partagé, qualité de l’accompagnement"),
        "short_name": _("Référentiel"),
        "lang": "fr",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#00525c",
        "icons": [{"src": "/static/marque.svg", "type": "image/svg+xml", "sizes": "any"}],
    }
    return Response(json.dumps(content), mimetype="application/manifest+json")


@blueprint.get("/favicon.ico")
@public
def icon() -> Answer:
    """What a browser asks for beside a page that names no icon: a file opened alone, a feed."""
    return redirect("/static/marque.svg", 301)


@blueprint.get("/sante")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/sante/pret")
@public
def ready() -> Response:
    """The process can read its database and its library: 200, or 503 with the name of what is missing."""
    missing = []
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        missing.append("database")
    try:
        library().head()
    except (Refused, OSError, ValueError):
        missing.append("library")
    body = json.dumps({"ready": not missing, "missing": missing})
    return Response(body, status=503 if missing else 200, mimetype="application/json")


def _places() -> list[Place]:
    """Every page, in an order that stays. Two statements."""
    found = [Place(path) for path in sitemaps.ALWAYS]
    found += [Place(f"/editions/{one.number}/", one.published) for one in all_editions(library())]
    edition = in_force(library(), now())
    if edition is not None:
        summary = summary_of(library(), edition)
        keys = [(Kind.CHAPTER, one.code) for one in summary.chapters if one.blob]
        keys += [(Kind.CRITERION, one.code) for one in summary.criteria]
        uncoded = (Kind.REFERENTIAL, Kind.PAGE, Kind.TOOL, Kind.SKILL)
        keys += [(kind, one.key) for kind in uncoded for one in summary.items(kind)]
        found += [Place(f"/{kind.value}/{key}", edition.applies) for kind, key in keys]
    found += [Place(f"/decisions/{number}", on) for number, on in proposals.days_of_decisions()]
    return found + [Place(f"/propositions/{number}") for number in proposals.all_numbers()]


def _kept(body: str, kind: str) -> Answer:
    response = Response(body, mimetype=kind)
    response.headers["Cache-Control"] = A_WHILE
    response.add_etag()
    return response.make_conditional(request)
