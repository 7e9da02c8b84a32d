"""The description of the API, OpenAPI 3.1, made from the table that its views read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from referentiel.web.api.resources import PREFIX, PROBLEM, Parameter, Resource
from referentiel.web.api.shapes import Json, all_shapes
from referentiel.web.problems import TYPE as PROBLEM_TYPE

VERSION = "1.0.0"
"""Of the API: a member more is a new second number; one that goes or changes is another ``/api/v…``"""

HEADERS: Mapping[str, Json] = {
    "ETag": {
        "description": "Renvoyez-le dans `If-None-Match` : la réponse est 304 tant que rien n’a changé.",
        "schema": {"type": "string"},
    },
    "Link": {"description": "Les adresses autour de cette réponse (RFC 8288).", "schema": {"type": "string"}},
}
REFUSALS: Mapping[str, str] = {
    "404": "Rien ne se trouve à cette adresse.",
    "422": "Un paramètre n’existe pas, ou n’a pas la forme attendue.",
    "429": "Trop de demandes à la suite : `Retry-After` dit combien de secondes attendre.",
    "default": "Le site n’a pas pu répondre.",
}


def described(resources: Sequence[Resource], families: Mapping[str, str], *, site: str) -> dict[str, Any]:
    """The whole document. ``families`` are the groups of addresses, with what they are about."""
    shapes = all_shapes([PROBLEM, *(resource.whole for resource in resources)])
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Référentiel partagé",
            "version": VERSION,
            "summary": "Lire le référentiel, ses éditions, ses propositions et ses décisions.",
            "description": _introduction(site),
            "license": {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"},
        },
        "servers": [{"url": f"{site}{PREFIX}"}],
        "tags": [{"name": name, "description": means} for name, means in families.items()],
        "paths": {resource.path: {"get": _operation(resource)} for resource in resources},
        "components": {
            "schemas": {name: shape.definition for name, shape in shapes.items()},
            "responses": {f"Refus{code}": _refusal(means) for code, means in REFUSALS.items()},
            "headers": HEADERS,
        },
    }


def _introduction(site: str) -> str:
    return (
        "Tout se lit sans compte et sans clé. Rien ne s’écrit par ici. "
        "Le référentiel n’est ni une règle de droit, ni un contrôle. "
        "Aucune réponse ne contient le nom d’une personne, ni les mots des contributions. "
        f"Mode d’emploi : {site}/api/"
    )


def _operation(resource: Resource) -> Json:
    return {
        "operationId": resource.name,
        "tags": [resource.family],
        "summary": resource.title,
        "description": resource.means,
        "parameters": [*_parameters(resource.inside, "path"), *_parameters(resource.query, "query")],
        "responses": {
            "200": {
                "description": resource.answer.means,
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
                "content": {"application/json": {"schema": resource.whole.schema}},
            },
            "304": {"description": "Rien n’a changé depuis la réponse dont vous donnez l’ETag."},
            **{code: {"$ref": f"#/components/responses/Refus{code}"} for code in REFUSALS},
        },
    }


def _parameters(parameters: Iterable[Parameter], where: str) -> list[Json]:
    return [
        {
            "name": one.name,
            "in": where,
            "required": where == "path",
            "description": one.means,
            "schema": one.schema,
            "example": one.read(one.example),
        }
        for one in parameters
    ]


def _refusal(means: str) -> Json:
    return {"description": means, "content": {PROBLEM_TYPE: {"schema": PROBLEM.schema}}}
