"""The text, as the API gives it: chapters, criteria, pages, words, tools and skills, of an edition or of the draft.

Members bear the names of the files and of the sealed JSON, so that one fact has one name. No SQL.
"""

from collections.abc import Callable, Sequence

from referentiel.blueprints.api_states import (
    AFTER_KEY,
    EDITION,
    STANDING,
    on_site,
    paged,
    state_of,
    stays,
)
from referentiel.blueprints.api_text_shapes import CHAPTER_LINE, CRITERION_LINE, ITEM_LINE, Item, Row, item_shape
from referentiel.criteria.document import Document
from referentiel.criteria.paths import PRESENTATION, Kind, path_of
from referentiel.criteria.vocabulary import Level, Step, StructureType
from referentiel.editions.values import item_data
from referentiel.errors import N_
from referentiel.web.api.resources import HOW_MANY, Asked, Page, Parameter, Resource, listed
from referentiel.web.api.shapes import TEXT, Field
from referentiel.web.contents import Filters
from referentiel.web.stores import library

FAMILY = N_("Le texte")

_CODE = {"type": "string", "pattern": "^[A-Z][0-9]{0,3}$"}
_KEY = {"type": "string", "pattern": "^[a-z0-9-]{1,180}$"}
_KEY_FIELD = Field("cle", TEXT, "Sa clé.", lambda item: item.key)


def _criteria(asked: Asked) -> Page:
    state = state_of(asked)
    filters = Filters(
        state=state,
        structure=asked["structure"] or "",
        step=asked["etape"] or "",
        level=asked["niveau"] or "",
    )
    rows = [Row(state, Kind.CRITERION, one, one.withdrawn) for one in state.summary.criteria if filters.keeps(one)]
    return paged(rows, _row_key, asked, state)


def _chapters(asked: Asked) -> Page:
    state = state_of(asked)
    rows = [Row(state, Kind.CHAPTER, one, one.withdrawn) for one in state.summary.chapters]
    return paged(rows, _row_key, asked, state)


def _items(kind: Kind) -> Callable[[Asked], Page]:
    def find(asked: Asked) -> Page:
        state = state_of(asked)
        gone = [one.line for one in state.summary.tombstones if one.kind is kind]
        lines = [(line, False) for line in state.summary.items(kind)] + [(line, True) for line in gone]
        return paged([Row(state, kind, line, withdrawn) for line, withdrawn in lines], _row_key, asked, state)

    return find


def _one(kind: Kind, name: str) -> Callable[[Asked], Item]:
    def find(asked: Asked) -> Item:
        state, key = state_of(asked), asked[name]
        blob = state.blob(kind, key)
        return Item(state, kind, key, blob, item_data(Document.read(library().text(blob), path_of(kind, key))))

    return find


def _presentation(asked: Asked) -> Item:
    state, kind = state_of(asked), Kind.REFERENTIAL
    blob = state.blob(kind, PRESENTATION)
    return Item(state, kind, PRESENTATION, blob, item_data(Document.read(library().text(blob), path_of(kind))))


def _row_key(row: Row) -> str:
    return row.key


def _list_page(path: str) -> Callable[[Asked, Page], str]:
    return lambda asked, found: on_site(found.about, path)


def _item_page(asked: Asked, found: Item) -> str:
    """Where people read it; the presentation is on the first page of an edition."""
    if found.kind is Kind.REFERENTIAL and found.state.edition:
        return on_site(found.state, "/")
    path = f"/glossaire/#{found.key}" if found.kind is Kind.TERM else f"/{found.kind.value}/{found.key}"
    return on_site(found.state, path)


def _closed(name: str, means: str, values: Sequence[Level | Step | StructureType], example: str) -> Parameter:
    return Parameter(name, means, {"type": "string", "enum": [one.value for one in values]}, example)


_LIST = (EDITION, HOW_MANY, AFTER_KEY)
_FILTERS = (
    _closed("structure", "Ceux qui concernent ce type de structure.", list(StructureType), "ACI"),
    _closed("etape", "Ceux de cette étape du parcours.", list(Step), "accueil"),
    _closed("niveau", "Ceux de ce niveau.", list(Level), "imperatif"),
)


def _simple(kind: Kind, one: str, shape: str, said: str, many_said: str, example: str) -> tuple[Resource, Resource]:
    """The list and the item of a kind whose items bear a key."""
    return (
        Resource(
            f"{kind.value}_liste",
            f"/{kind.value}/",
            FAMILY,
            many_said,
            f"{many_said}, sans leur texte, dans l’ordre de lecture ; les retirés à la fin.",
            listed(f"Liste{shape}", f"{many_said}.", ITEM_LINE, STANDING),
            _items(kind),
            query=_LIST,
            settled=stays,
            page=_list_page(f"/{kind.value}/") if kind is not Kind.PAGE else None,
        ),
        Resource(
            one,
            f"/{kind.value}/{{cle}}",
            FAMILY,
            said,
            f"{said}, avec son texte entier.",
            item_shape(shape, f"{said}.", _KEY_FIELD),
            _one(kind, "cle"),
            inside=(Parameter("cle", "Sa clé.", _KEY, example),),
            query=(EDITION,),
            settled=stays,
            page=_item_page,
        ),
    )


RESOURCES = (
    Resource(
        "presentation",
        f"/{Kind.REFERENTIAL.value}/{PRESENTATION}",
        FAMILY,
        N_("La présentation"),
        "Ce que le référentiel dit de lui-même : son titre, sa présentation, l’ordre de ses chapitres.",
        item_shape("Presentation", "La présentation.", _KEY_FIELD),
        _presentation,
        query=(EDITION,),
        settled=stays,
        page=_item_page,
    ),
    Resource(
        "chapitres_liste",
        "/chapitres/",
        FAMILY,
        N_("Les chapitres"),
        "Les chapitres dans l’ordre de lecture, chacun avec les codes de ses critères.",
        listed("ListeChapitres", "Les chapitres.", CHAPTER_LINE, STANDING),
        _chapters,
        query=_LIST,
        settled=stays,
        page=_list_page("/"),
    ),
    Resource(
        "chapitre",
        "/chapitres/{code}",
        FAMILY,
        N_("Un chapitre"),
        "Un chapitre, avec son texte entier.",
        item_shape("Chapitre", "Un chapitre."),
        _one(Kind.CHAPTER, "code"),
        inside=(Parameter("code", "Le code du chapitre.", _CODE, "E"),),
        query=(EDITION,),
        settled=stays,
        page=_item_page,
    ),
    Resource(
        "criteres_liste",
        "/criteres/",
        FAMILY,
        N_("Les critères"),
        "Les critères dans l’ordre de lecture, sans leur texte. Sans filtre, les critères retirés y sont aussi.",
        listed("ListeCriteres", "Les critères.", CRITERION_LINE, STANDING),
        _criteria,
        query=(*_LIST, *_FILTERS),
        settled=stays,
        page=_list_page("/"),
    ),
    Resource(
        "critere",
        "/criteres/{code}",
        FAMILY,
        N_("Un critère"),
        "Un critère, avec son texte entier : chaque rubrique en Markdown, chaque clé de son fichier.",
        item_shape("Critere", "Un critère."),
        _one(Kind.CRITERION, "code"),
        inside=(Parameter("code", "Le code du critère.", _CODE, "E4"),),
        query=(EDITION,),
        settled=stays,
        page=_item_page,
    ),
    *_simple(Kind.TERM, "mot", "Mot", N_("Un mot expliqué"), N_("Les mots expliqués"), "cdiae"),
    *_simple(Kind.TOOL, "outil", "Outil", N_("Un outil"), N_("Les outils"), "pass-iae"),
    *_simple(Kind.SKILL, "competence", "Competence", N_("Une compétence"), N_("Les compétences"), "rendre-compte"),
    *_simple(Kind.PAGE, "page", "Page", N_("Une page"), N_("Les pages"), "methode"),
)
