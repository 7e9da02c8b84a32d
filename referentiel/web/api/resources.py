"""A line of the table of the API: an address, what is asked there, what it answers. Views and description read it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from referentiel.editions.mentions import LICENCE, NOTICE
from referentiel.web.api.shapes import ADDRESS, TEXT, WHOLE, Field, Json, Said, Shape, many, maybe, through
from referentiel.web.numbers import whole_number

PREFIX = "/api/v1"
MOST, USUAL = 100, 50
"""Rows of a page: the most that may be asked for, and those given to who asks for nothing"""

Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One thing that may be asked. ``read`` gives its value or raises ``ValueError``; ``usual`` without it."""

    name: str
    means: str
    schema: Json
    example: str
    usual: Any = None

    def read(self, raw: str) -> Any:
        if self.schema["type"] == "integer":
            return self._number(raw)
        if "enum" in self.schema and raw not in self.schema["enum"]:
            raise ValueError(self.name)
        if "pattern" in self.schema and not re.fullmatch(self.schema["pattern"], raw, re.ASCII):
            raise ValueError(self.name)
        return raw

    def _number(self, raw: str) -> int:
        number = whole_number(raw)
        if number is None or str(number) != raw:
            raise ValueError(self.name)
        if not self.schema.get("minimum", 0) <= number <= self.schema["maximum"]:
            raise ValueError(self.name)
        return number


@dataclass(frozen=True)
class Page:
    """Some rows of a list. ``after`` names the last one when others follow; ``fixed`` is what the address of the next
    page must say so that it goes on in the same state of the text."""

    rows: Sequence[Any]
    total: int
    after: str = ""
    about: Any = None
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """An address of the API. ``find`` does the work; ``settled`` says whether what it found holds for a while."""

    name: str
    path: str
    family: str
    title: str
    means: str
    answer: Shape
    find: Callable[[Asked], Any]
    inside: tuple[Parameter, ...] = ()
    """What the path itself holds"""
    query: tuple[Parameter, ...] = ()
    settled: Callable[[Any], bool] = lambda found: False
    page: Callable[[Asked, Any], str] | None = None
    """Where the same thing is read on the site"""

    @cached_property
    def whole(self) -> Shape:
        """The shape of its answer, with what stands around."""
        return _whole(self.answer)

    @property
    def rule(self) -> str:
        """The address as Flask writes it."""
        numbers = {one.name for one in self.inside if one.schema["type"] == "integer"}
        return re.sub(r"\{(\w+)\}", lambda m: f"<{'int:' if m[1] in numbers else ''}{m[1]}>", self.path)


HOW_MANY = Parameter(
    "nombre",
    "Combien de résultats, au plus, sur cette page.",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    "20",
    USUAL,
)


def listed(name: str, means: str, row: Said, about: tuple[Field, ...] = ()) -> Shape:
    """A page of a list: what it is about, how many rows in all, the rows, where the others are."""
    return Shape(
        name,
        means,
        (
            *through(about, lambda page: page.about),
            Field("total", WHOLE, "Combien de résultats en tout, toutes pages réunies.", lambda page: page.total),
            Field("resultats", many(row), "Ceux de cette page.", lambda page: page.rows),
        ),
    )


@dataclass(frozen=True)
class Told:
    """What a whole answer is made from: what was found, and the addresses around it by their relation."""

    found: Any
    links: Mapping[str, str]


LINKS = Shape(
    "Liens",
    "Où aller ensuite. Les mêmes adresses sont dans l’en-tête `Link`.",
    (
        Field("ici", ADDRESS, "L’adresse de cette réponse.", lambda links: links["self"]),
        Field("premier", maybe(ADDRESS), "La première page de la liste.", lambda links: links.get("first")),
        Field("suivant", maybe(ADDRESS), "La page suivante ; `null` à la dernière.", lambda links: links.get("next")),
        Field("page", maybe(ADDRESS), "La même chose sur le site, à lire.", lambda links: links.get("alternate")),
        Field("licence", ADDRESS, "Le texte de la licence.", lambda links: links["license"]),
        Field("description", ADDRESS, "La description de l’API (OpenAPI).", lambda links: links["service-desc"]),
    ),
)

AROUND = (
    Field("avertissement", TEXT, "Ce que le référentiel n’est pas.", lambda told: NOTICE),
    Field("licence", TEXT, "La licence sous laquelle tout ceci est donné.", lambda told: LICENCE),
    Field("liens", LINKS, "Les adresses autour de cette réponse.", lambda told: told.links),
)
"""What every answer says besides what was asked for"""


def _whole(answer: Shape) -> Shape:
    """The shape of a whole answer: what was found, then what stands around it."""
    before = answer.before
    return Shape(
        answer.name,
        answer.means,
        (*through(answer.fields, lambda told: told.found), *AROUND),
        (lambda told: before(told.found)) if before else None,
        answer.known,
    )


PROBLEM = Shape(
    "Probleme",
    "Un refus, comme l’écrit la RFC 9457.",
    (
        Field("type", ADDRESS, "Quelle sorte de refus : une adresse qui l’explique.", lambda said: said["type"]),
        Field("title", TEXT, "Le refus en quelques mots.", lambda said: said["title"]),
        Field("status", WHOLE, "Le code HTTP.", lambda said: said["status"]),
        Field("detail", TEXT, "Ce qui ne va pas, en français.", lambda said: said["detail"]),
        Field("conseil", maybe(TEXT), "Ce que vous pouvez faire.", lambda said: said["conseil"]),
        Field("parametre", maybe(TEXT), "Le paramètre qui ne va pas.", lambda said: said["parametre"]),
        Field("demande", TEXT, "Le numéro de votre demande, à donner si vous nous écrivez.", lambda s: s["demande"]),
    ),
)
