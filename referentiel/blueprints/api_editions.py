"""Editions, as the API gives them: from their seals alone, without SQL."""

from dataclasses import dataclass

from referentiel.blueprints.api_states import AFTER_KEY, cut, place
from referentiel.dates import day
from referentiel.editions import edition as editions
from referentiel.editions.edition import Edition
from referentiel.editions.queries import all_editions
from referentiel.errors import N_, Unknown
from referentiel.web.api.resources import HOW_MANY, Asked, Page, Parameter, Resource, listed
from referentiel.web.api.shapes import ADDRESS, COMMIT, DAY, DIGEST, TEXT, YES_NO, Field, Shape, many, maybe
from referentiel.web.clock import now
from referentiel.web.stores import library, settings

FAMILY = N_("Les éditions")
STEM = "referentiel"


@dataclass(frozen=True, slots=True)
class Placed:
    """An edition among the others."""

    edition: Edition
    current: bool
    following: Edition | None

    @property
    def files(self) -> list[tuple["Edition", str]]:
        """What can be taken away: the whole of it in each form that was made."""
        whole = (path for path in self.edition.manifest if path.startswith(STEM) and "/" not in path)
        return [(self.edition, path) for path in whole if not path.endswith(".md")]


FILE = Shape(
    "Fichier",
    "Une forme à télécharger. Ses octets ne changent jamais.",
    (
        Field("nom", TEXT, "Le nom du fichier.", lambda one: one[1]),
        Field(
            "adresse",
            ADDRESS,
            "Où le télécharger.",
            lambda one: f"{settings().base_url}/editions/{one[0].number}/scelle/{one[1]}",
        ),
        Field("sha256", DIGEST, "Son empreinte, telle qu’elle est scellée.", lambda one: one[0].manifest[one[1]]),
    ),
)

_FACTS = (
    Field("edition", TEXT, "Son numéro.", lambda one: str(one.edition.number)),
    Field("statut", TEXT, "Qui l’a signée, ou ce qu’elle est.", lambda one: one.edition.status),
    Field("commit", COMMIT, "Le texte exact dans la bibliothèque.", lambda one: one.edition.commit),
    Field("precedente", maybe(TEXT), "L’édition d’avant.", lambda one: one.edition.previous or None),
    Field(
        "suivante",
        maybe(TEXT),
        "L’édition d’après, si elle est publiée.",
        lambda one: str(one.following.number) if one.following else None,
    ),
    Field("publication", DAY, "Le jour de sa publication, à Paris.", lambda one: one.edition.published),
    Field("application", DAY, "Le jour à partir duquel elle s’applique.", lambda one: one.edition.applies),
    Field("en_vigueur", YES_NO, "Vrai pour celle qui s’applique aujourd’hui.", lambda one: one.current),
    Field("note", maybe(TEXT), "Le mot qui l’accompagne.", lambda one: one.edition.note or None),
    Field("lien", ADDRESS, "Son adresse dans l’API.", lambda one: place(f"/editions/{one.edition.number}")),
)
EDITION_LINE = Shape("EditionDeListe", "Une édition publiée.", _FACTS)
EDITION_SHAPE = Shape(
    "Edition",
    "Une édition publiée, et ce que l’on peut en télécharger.",
    (
        *_FACTS,
        Field(
            "sceau",
            ADDRESS,
            "Les mots du sceau : l’empreinte de chaque fichier.",
            lambda one: f"{settings().base_url}/editions/{one.edition.number}/manifeste.txt",
        ),
        Field(
            "verification",
            TEXT,
            "Où lire comment la vérifier.",
            lambda one: one.edition.verification_address,
        ),
        Field("fichiers", many(FILE), "Les formes à télécharger.", lambda one: one.files),
    ),
)


def _all() -> list[Placed]:
    """Newest first."""
    published = all_editions(library())
    current = editions.in_force(published, day(now()))
    following = [*published[1:], None]
    return [Placed(one, one == current, after) for one, after in zip(published, following, strict=True)][::-1]


def _listed(asked: Asked) -> Page:
    return cut(_all(), lambda one: str(one.edition.number), asked, about=None, fixed={})


def _one(asked: Asked) -> Placed:
    found = next((one for one in _all() if str(one.edition.number) == asked["edition"]), None)
    if found is None:
        raise Unknown(N_("Cette édition n’existe pas."))
    return found


RESOURCES = (
    Resource(
        "editions_liste",
        "/editions/",
        FAMILY,
        N_("Les éditions"),
        "Les éditions publiées, la plus récente d’abord.",
        listed("ListeEditions", "Les éditions publiées.", EDITION_LINE),
        _listed,
        query=(HOW_MANY, AFTER_KEY),
        page=lambda asked, found: "/editions/",
    ),
    Resource(
        "edition",
        "/editions/{edition}",
        FAMILY,
        N_("Une édition"),
        "Une édition publiée : ses dates, son statut, ce que l’on peut en télécharger.",
        EDITION_SHAPE,
        _one,
        inside=(
            Parameter(
                "edition", "Son numéro.", {"type": "string", "pattern": r"^[0-9]{4}(\.[0-9]{1,3}){1,2}$"}, "2026.0"
            ),
        ),
        page=lambda asked, found: f"/editions/{found.edition.number}/",
    ),
)
