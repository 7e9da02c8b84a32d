"""How the API tells the text: a line of a list, a whole file. Members bear the names of the files themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from referentiel.blueprints.api_errata import ERRATUM
from referentiel.blueprints.api_states import STANDING, name_of, place
from referentiel.criteria.erratum import Erratum
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.vocabulary import KEY_LABELS
from referentiel.criteria.vocabulary import State as ItemState
from referentiel.editions.errata import errata_of
from referentiel.editions.summary import ChapterLine, CriterionLine, ItemLine
from referentiel.web.api.shapes import ADDRESS, COMMIT, TEXT, Field, Shape, choice, many, maybe, through
from referentiel.web.texts import State


@dataclass(frozen=True, slots=True)
class Item:
    """One file in one state of the text; ``data`` is what it says, as plain values."""

    state: State
    kind: Kind
    key: str
    blob: str
    data: Mapping[str, Any]

    @property
    def errata(self) -> tuple[Erratum, ...]:
        """Those that hold; the draft has none."""
        if self.state.edition is None:
            return ()
        path, number = path_of(self.kind, self.key), str(self.state.edition.number)
        return tuple(one for one in errata_of(self.state.library, number) if one.path == path)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the contents, with the state in which it stands."""

    state: State
    kind: Kind
    line: CriterionLine | ChapterLine | ItemLine
    withdrawn: bool = False

    @property
    def key(self) -> str:
        return self.line.key if isinstance(self.line, ItemLine) else self.line.code


STATES = choice({state.value: state.label.lower() for state in ItemState})
_STATE = Field("etat", STATES, "Son état :", lambda row: _state_word(row.withdrawn))
_TITLE = Field("titre", TEXT, "Son titre.", lambda row: row.line.title)
_BLOB = Field("blob", maybe(COMMIT), "L’empreinte exacte de son fichier.", lambda row: row.line.blob or None)
_LINK = Field("lien", ADDRESS, "Son adresse dans l’API.", lambda row: link(row.state, row.kind, row.key))
_READ = (
    *through(STANDING, lambda item: item.state),
    Field("blob", COMMIT, "L’empreinte exacte de son fichier.", lambda item: item.blob),
)

CRITERION_LINE = Shape(
    "CritereDeListe",
    "Un critère, sans son texte.",
    (
        Field("code", TEXT, "Son code, jamais réemployé.", lambda row: row.line.code),
        _TITLE,
        Field("chapitre", TEXT, "Le code de son chapitre.", lambda row: row.line.chapter),
        Field("niveau", TEXT, "Son niveau.", lambda row: row.line.level),
        Field("etape", TEXT, "L’étape du parcours.", lambda row: row.line.step),
        Field("structures", many(TEXT), "Les types de structure concernés.", lambda row: row.line.structures),
        _STATE,
        _BLOB,
        _LINK,
    ),
)
CHAPTER_LINE = Shape(
    "ChapitreDeListe",
    "Un chapitre, sans son texte.",
    (
        Field("code", TEXT, "Son code.", lambda row: row.line.code),
        _TITLE,
        Field("titre_facile", TEXT, "Son titre facile à lire.", lambda row: row.line.easy_title),
        _STATE,
        _BLOB,
        Field(
            "criteres",
            many(TEXT),
            "Les codes de ses critères, dans l’ordre de lecture, les retirés compris.",
            lambda row: [line.code for line in row.line.criteria],
        ),
        _LINK,
    ),
)
ITEM_LINE = Shape(
    "ElementDeListe",
    "Une page, un mot, un outil ou une compétence, sans son texte.",
    (
        Field("cle", TEXT, "Sa clé.", lambda row: row.line.key),
        _TITLE,
        Field("certitude", TEXT, "Ce qui est sûr, ou reste à vérifier.", lambda row: row.line.certainty),
        _STATE,
        _BLOB,
        _LINK,
    ),
)
SECTION = Shape(
    "Rubrique",
    "Une rubrique d’un texte.",
    (
        Field("titre", TEXT, "Son titre ; vide pour les mots d’avant le premier titre.", lambda one: one["titre"]),
        Field("texte", TEXT, "Son texte, en Markdown.", lambda one: one["texte"]),
    ),
)


def item_shape(name: str, means: str, *more: Field) -> Shape:
    """A file: each line of its front matter under its own name, its sections, then the state in which it is read."""
    sections = Field("rubriques", many(SECTION), "Ses rubriques, dans leur ordre.", lambda item: item.data["rubriques"])
    errata = Field(
        "errata", many(ERRATUM), "Les corrections de cette édition qui valent aujourd’hui.", lambda item: item.errata
    )
    return Shape(name, means, (sections, errata, *more, *_READ), lambda item: item.data, KEY_LABELS)


def link(state: State, kind: Kind, key: str) -> str:
    """Where an item of this state is in the API."""
    return place(f"/{kind.value}/{key}?edition={name_of(state)}")


def _state_word(withdrawn: bool) -> str:
    return (ItemState.WITHDRAWN if withdrawn else ItemState.IN_FORCE).value
