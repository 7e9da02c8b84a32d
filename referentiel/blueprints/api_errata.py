"""Errata, as the API gives them: what their files say, under the names of their files. No SQL."""

from referentiel.blueprints.api_states import AFTER_KEY, cut
from referentiel.criteria.erratum import Erratum
from referentiel.editions.errata import every_erratum, holding
from referentiel.editions.queries import edition
from referentiel.errors import N_
from referentiel.web.api.resources import HOW_MANY, Asked, Page, Parameter, Resource, listed
from referentiel.web.api.shapes import DAY, TEXT, WHOLE, YES_NO, Field, Shape, many, maybe, through
from referentiel.web.stores import library

FACTS = (
    Field("nom", TEXT, "Son nom : le code du texte, puis un numéro.", lambda one: one.name),
    Field("edition", TEXT, "L’édition qu’il corrige.", lambda one: one.edition),
    Field("texte", TEXT, "Le texte qu’il corrige.", lambda one: one.path.removesuffix(".md")),
    Field("rubrique", TEXT, "La rubrique, ou `titre`.", lambda one: one.section),
    Field("au_lieu_de", TEXT, "Les mots scellés.", lambda one: one.quotation),
    Field("lire", TEXT, "Les mots à lire à leur place.", lambda one: one.corrected),
    Field("raison", TEXT, "Pourquoi.", lambda one: one.reason),
    Field("remplace", many(TEXT), "Les errata de la même édition qu’il remplace.", lambda one: one.replaces),
    Field("date", maybe(DAY), "Le jour de la deuxième signature.", lambda one: one.on),
    Field("decision", maybe(WHOLE), "Le numéro de la décision.", lambda one: one.decision),
)
ERRATUM = Shape("Erratum", "Une correction d’une édition scellée, dont les octets ne changent pas.", FACTS)
_LINE = Shape(
    "ErratumDeListe",
    "Une correction d’une édition scellée, et si elle vaut encore.",
    (
        *through(FACTS, lambda pair: pair[0]),
        Field("vaut", YES_NO, "Faux quand un autre l’a remplacé, ou qu’il est repris.", lambda pair: pair[1]),
    ),
)


def _find(asked: Asked) -> Page:
    number = str(edition(library(), asked["edition"]).number)
    every = every_erratum(library(), number)
    kept = {one.name for one in holding(every)}
    rows: list[tuple[Erratum, bool]] = [(one, one.name in kept) for one in every]
    return cut(rows, lambda pair: pair[0].name, asked, about=None, fixed={})


RESOURCES = (
    Resource(
        "errata_liste",
        "/editions/{edition}/errata",
        N_("Les éditions"),
        N_("Les errata d’une édition"),
        "Toutes les corrections d’une édition, par texte, celles qui ont été remplacées comprises.",
        listed("ListeErrata", "Les errata d’une édition.", _LINE),
        _find,
        inside=(
            Parameter(
                "edition", "Son numéro.", {"type": "string", "pattern": r"^[0-9]{4}(\.[0-9]{1,3}){1,2}$"}, "2026.0"
            ),
        ),
        query=(HOW_MANY, AFTER_KEY),
        page=lambda asked, found: f"/editions/{asked['edition']}/errata",
    ),
)
