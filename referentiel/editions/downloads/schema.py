"""What the JSON of an edition is made of, said as JSON Schema, so that programs know what they may count on. Pure."""

from typing import Any

from referentiel.criteria.vocabulary import EvidenceHolder, Labelled, Level, State, Step, StructureType

FILE = "referentiel.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WORDS = {"type": "string"}
_LIST = {"type": "array", "items": _WORDS}
_DAY = {"type": "string", "format": "date"}
_MAYBE = {"type": ["string", "null"]}


def schema() -> dict[str, Any]:
    """The schema of ``referentiel.json``. An item keeps the keys of its file: those that are not named here are words
    or lists of words."""
    return {
        "$schema": DIALECT,
        "title": "Édition du référentiel partagé",
        "description": "Le texte entier d’une édition, dans l’ordre de lecture.",
        "type": "object",
        "required": [
            *("edition", "titre", "statut", "avertissement", "licence", "commit", "publication", "application"),
            *("chapitres", "pages", "glossaire", "outils", "competences"),
        ],
        "properties": {
            "edition": {"type": "string", "pattern": r"^[0-9]{4}\.[0-9]{1,3}(\.[0-9]{1,3})?$"},
            "titre": _WORDS,
            "statut": _WORDS,
            "avertissement": _WORDS,
            "licence": _WORDS,
            "commit": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
            "precedente": _MAYBE,
            "publication": _DAY,
            "application": _DAY,
            "note": _MAYBE,
            "note_de_revision": _MAYBE,
            "verification": {"type": "string", "format": "uri-reference"},
            "schema": _WORDS,
            "presentation": {"$ref": "#/$defs/item"},
            "chapitres": {"type": "array", "items": {"$ref": "#/$defs/chapitre"}},
            **{
                name: {"type": "array", "items": {"$ref": "#/$defs/autre"}}
                for name in ("pages", "glossaire", "outils", "competences")
            },
            "retires": {"type": "array", "items": {"$ref": "#/$defs/retire"}},
        },
        "additionalProperties": False,
        "$defs": {
            "rubrique": {
                "type": "object",
                "required": ["titre", "texte"],
                "properties": {"titre": _WORDS, "texte": {**_WORDS, "description": "Markdown"}},
                "additionalProperties": False,
            },
            "item": _item({}),
            "autre": _item({"cle": {"type": "string", "pattern": "^[a-z0-9-]+$"}}, "cle", "rubriques"),
            "retire": _item(
                {"genre": _WORDS, "cle": {"type": "string", "pattern": "^([A-Z]|[a-z0-9-]+)$"}},
                *("genre", "cle", "rubriques"),
            ),
            "chapitre": _item(
                {
                    "code": {"type": "string", "pattern": "^[A-Z]$"},
                    "criteres": {"type": "array", "items": {"$ref": "#/$defs/critere"}},
                },
                *("code", "criteres"),
            ),
            "critere": _item(
                {
                    "code": {"type": "string", "pattern": "^[A-Z][0-9]{1,3}$"},
                    "titre": _WORDS,
                    "chapitre": _WORDS,
                    "niveau": _one_of(Level),
                    "etape": _one_of(Step),
                    "structures": {"type": "array", "items": _one_of(StructureType)},
                    "preuve_detenue_par": {"type": "array", "items": _one_of(EvidenceHolder)},
                    "etat": _one_of(State),
                },
                *("code", "titre", "rubriques"),
            ),
        },
    }


def _item(more: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**more, "rubriques": {"type": "array", "items": {"$ref": "#/$defs/rubrique"}}},
        "additionalProperties": {"anyOf": [_WORDS, _LIST]},
    }


def _one_of(closed_list: type[Labelled]) -> dict[str, Any]:
    return {"enum": [member.value for member in closed_list]}
