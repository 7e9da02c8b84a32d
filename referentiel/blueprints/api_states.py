"""What the resources of the API share: which state of the text is asked for, and lists cut in pages by their keys."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from referentiel.editions import queries
from referentiel.errors import N_, Unknown
from referentiel.web.api.resources import PREFIX, Asked, Page, Parameter
from referentiel.web.api.shapes import COMMIT, TEXT, Field
from referentiel.web.clock import now
from referentiel.web.stores import library, settings
from referentiel.web.texts import State, draft_state, edition_state

Line = TypeVar("Line")

DRAFT = "travail"
DRAFT_STATUS = "version de travail, pas encore publiée"

EDITION = Parameter(
    "edition",
    "Le numéro d’une édition, ou `travail` pour la version de travail. Sans lui, l’édition en vigueur.",
    {"type": "string", "pattern": r"^(travail|[0-9]{4}(\.[0-9]{1,3}){1,2})$"},
    "2026.0",
)
AFTER_KEY = Parameter(
    "apres",
    "La suite d’une liste : ce qui vient après cette clé. L’adresse `suivant` le contient déjà.",
    {"type": "string", "pattern": r"^[A-Za-z0-9./-]{1,200}$"},
    "E4",
)
AFTER_NUMBER = Parameter(
    "apres",
    "La suite d’une liste : ce qui vient après ce numéro. L’adresse `suivant` le contient déjà.",
    {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    "42",
)
STANDING = (
    Field("edition", TEXT, "L’édition lue, ou `travail`.", lambda state: name_of(state)),
    Field("statut", TEXT, "Son statut.", lambda state: state.edition.status if state.edition else DRAFT_STATUS),
    Field("commit", COMMIT, "L’état exact du texte dans la bibliothèque.", lambda state: state.commit),
)
"""What each answer made from the text says of the state in which it reads it"""


def state_of(asked: Asked) -> State:
    """The state that is asked for; the edition in force when none is. Raises :class:`Unknown`."""
    return state_named(asked[EDITION.name])


def state_named(name: str | None) -> State:
    """An edition by its number, the draft, or without any name the edition in force. Raises :class:`Unknown`."""
    if name == DRAFT:
        return draft_state(library())
    if name is not None:
        return edition_state(library(), queries.edition(library(), name))
    edition = queries.in_force(library(), now())
    if edition is None:
        raise Unknown(N_("Aucune édition n’est en vigueur."))
    return edition_state(library(), edition)


def name_of(state: State) -> str:
    return str(state.edition.number) if state.edition else DRAFT


def place(path: str) -> str:
    """The whole address of something of the API."""
    return f"{settings().base_url}{PREFIX}{path}"


def on_site(state: State, path: str) -> str:
    """Where something of this state is read: sealed pages for an edition."""
    return f"/editions/{state.edition.number}{path}" if state.edition else f"/{DRAFT}{path}"


def paged(lines: Sequence[Line], key: Callable[[Line], str], asked: Asked, state: State) -> Page:
    """The page that is asked for of a list of this state. Raises :class:`Unknown`."""
    return cut(lines, key, asked, about=state, fixed={EDITION.name: name_of(state)})


def cut(
    lines: Sequence[Line], key: Callable[[Line], str], asked: Asked, *, about: object, fixed: Mapping[str, str]
) -> Page:
    """The page that is asked for. Raises :class:`Unknown` when nothing bears the key after which it begins."""
    start = 0
    if asked[AFTER_KEY.name] is not None:
        start = 1 + next((place for place, line in enumerate(lines) if key(line) == asked[AFTER_KEY.name]), -1)
        if start == 0:
            raise Unknown(N_("Cette suite n’existe pas\u00a0: reprenez la liste à son début."))
    shown = lines[start : start + asked["nombre"]]
    more = start + len(shown) < len(lines)
    return Page(shown, len(lines), key(shown[-1]) if more else "", about=about, fixed=fixed)


def stays(found: object) -> bool:
    """A sealed text does not move; the draft and what is said of it do."""
    state = found.about if isinstance(found, Page) else getattr(found, "state", None)
    return isinstance(state, State) and state.edition is not None
