"""The open API: read-only, for everybody, from any site. Each address is a line of one table, which its views and its
description both read; what an answer holds is told by its shape alone.
"""

from collections.abc import Callable
from functools import lru_cache

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.blueprints import api_comparing, api_decisions, api_editions, api_errata, api_proposals, api_texts
from referentiel.blueprints.api_states import place
from referentiel.editions.queries import in_force
from referentiel.editions.values import as_json
from referentiel.errors import N_
from referentiel.web.api import answers, asking
from referentiel.web.api.answers import DESCRIPTION
from referentiel.web.api.openapi import VERSION, described
from referentiel.web.api.resources import MOST, PREFIX, USUAL, Asked, Resource
from referentiel.web.api.shapes import ADDRESS, TEXT, Field, Shape, many
from referentiel.web.clock import now
from referentiel.web.guard import public
from referentiel.web.limits import Rate, count
from referentiel.web.stores import library, settings

blueprint = Blueprint("api", __name__)

EACH, COMPARING = Rate(1_200, 60), Rate(120, 60)
"""From one address: of any answer, and of those that may cost a comparison of two whole texts"""
COSTLY = frozenset({"comparer"})

ENTRY = N_("L’entrée")
FAMILIES = {
    ENTRY: N_("Ce que l’API sait dire."),
    api_editions.FAMILY: N_("Les éditions publiées et scellées\u00a0: elles ne changent plus."),
    api_texts.FAMILY: N_("Le texte d’une édition, ou celui de la version de travail."),
    api_comparing.FAMILY: N_("Ce qui change d’une édition à une autre, et pourquoi."),
    api_proposals.FAMILY: N_("Ce qui est proposé, et ce que chaque collège en dit."),
    api_decisions.FAMILY: N_("Ce qui est décidé, et pourquoi."),
}


@blueprint.get("/api/")
@public
def guide() -> ResponseReturnValue:
    """How to use it, in plain French, for people."""
    return render_template(
        "api/page.html",
        site=settings().base_url,
        prefix=PREFIX,
        families=FAMILIES,
        table=TABLE,
        most=MOST,
        usual=USUAL,
        rates=(EACH, COMPARING),
        edition=in_force(library(), now()),
    )


@blueprint.get(f"{PREFIX}/{DESCRIPTION}")
@public
def description() -> ResponseReturnValue:
    return answers.sent(_description(settings().base_url), answers.A_WHILE)


@lru_cache(maxsize=4)
def _description(site: str) -> bytes:
    return as_json(described(TABLE, FAMILIES, site=site))


_LINE = Shape(
    "Ressource",
    "Une adresse de l’API.",
    (
        Field("titre", TEXT, "Ce qu’elle donne.", lambda one: one.title),
        Field("adresse", ADDRESS, "Où elle est.", lambda one: place(one.path)),
    ),
)
_ENTRY = Shape(
    "Entree",
    "Ce que l’API sait dire.",
    (
        Field("version", TEXT, "La version de l’API.", lambda found: VERSION),
        Field("ressources", many(_LINE), "Les listes par où commencer.", lambda found: found),
    ),
)


def _entry(asked: Asked) -> list[Resource]:
    return [one for one in TABLE if not one.inside and one.path != "/"]


TABLE = (
    Resource(
        "entree",
        "/",
        ENTRY,
        ENTRY,
        "Les listes par où commencer.",
        _ENTRY,
        _entry,
        page=lambda asked, found: "/api/",
    ),
    *api_editions.RESOURCES,
    *api_errata.RESOURCES,
    *api_texts.RESOURCES,
    *api_comparing.RESOURCES,
    *api_proposals.RESOURCES,
    *api_decisions.RESOURCES,
)


def _view(resource: Resource) -> Callable[..., ResponseReturnValue]:
    """Read what is asked, find it, answer."""

    def view(**path: object) -> ResponseReturnValue:
        _not_too_often(resource)
        asked = asking.read(resource, path, request.args)
        return answers.answer(resource, asked, resource.find(asked))

    view.__name__, view.__doc__ = resource.name, resource.means
    return view


def _not_too_often(resource: Resource) -> None:
    """Raises :class:`TooOften`."""
    whose = request.remote_addr or ""
    count("api", whose, EACH)
    if resource.name in COSTLY:
        count(f"api {resource.name}", whose, COMPARING)


for _resource in TABLE:
    blueprint.add_url_rule(PREFIX + _resource.rule, _resource.name, public(_view(_resource)), methods=["GET"])
