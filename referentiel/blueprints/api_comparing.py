"""Two states of the text compared, as the API gives it: what became of each item, its words, the decisions behind."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from referentiel.blueprints.api_states import AFTER_KEY, DRAFT, EDITION, STANDING, cut, name_of, place, state_named
from referentiel.blueprints.api_text_shapes import link
from referentiel.criteria.merging import KEY, SECTION
from referentiel.editions.comparing.comparisons import compared
from referentiel.editions.comparing.concerns import Role, concerns
from referentiel.editions.comparing.decided import decisions
from referentiel.editions.comparing.differences import Difference, ItemChange, reasons
from referentiel.editions.comparing.fates import COUNTED, GONE, Fate
from referentiel.editions.queries import all_editions
from referentiel.errors import N_
from referentiel.library.reading import Reading
from referentiel.proposals.act import Written
from referentiel.web.api.resources import HOW_MANY, Asked, Page, Parameter, Resource, listed
from referentiel.web.api.shapes import ADDRESS, COMMIT, TEXT, WHOLE, Field, Shape, choice, many, maybe
from referentiel.web.stores import library
from referentiel.web.texts import State

FAMILY = N_("Les comparaisons")

FATES = choice(
    {
        Fate.ADDED.value: "ajouté",
        Fate.SUBSTANCE.value: "modifié sur le fond",
        Fate.CLARITY.value: "précisé",
        Fate.TYPO.value: "corrigé",
        Fate.MOVED.value: "déplacé",
        Fate.MERGED.value: "réuni avec un autre",
        Fate.SPLIT.value: "scindé",
        Fate.REMOVED.value: "retiré",
    }
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states, the older first, and what differs: all of it, or the criteria that concern who asks."""

    older: State
    newer: State
    found: Difference
    criteria: tuple[ItemChange, ...]

    @property
    def counts(self) -> Mapping[Fate, int]:
        return Counter(one.fate for one in self.criteria)


@dataclass(frozen=True, slots=True)
class Part:
    """A line of front matter or a section, on both sides; None on the side that does not have it."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """One item that differs, with the words that differ and the decisions behind them."""

    about: Compared
    change: ItemChange
    parts: tuple[Part, ...]
    decisions: tuple[Written, ...]

    @property
    def state(self) -> State:
        """Where it is read: in the newer state, unless it is there no more."""
        there = self.change.after is not None and self.change.fate not in GONE
        return self.about.newer if there else self.about.older


_STATE = Shape("EtatDuTexte", "Un état du texte.", STANDING)


def _count(fate: Fate) -> Field:
    return Field(fate.value, WHOLE, f"Critères : {fate.value}.", lambda counts: counts.get(fate, 0))


_COUNTS = Shape("Compte", "Combien de critères ont eu chaque sort.", tuple(_count(fate) for fate in COUNTED))
_PART = Shape(
    "PartieChangee",
    "Ce qui diffère dans un texte : une ligne de son en-tête ou une rubrique.",
    (
        Field("nom", TEXT, "La clé ou le titre de la rubrique.", lambda part: part.name),
        Field("avant", maybe(TEXT), "Ce qui était écrit ; `null` si cela n’existait pas.", lambda part: part.before),
        Field("apres", maybe(TEXT), "Ce qui est écrit ; `null` si cela n’existe plus.", lambda part: part.after),
    ),
)
_WHY = Shape(
    "Pourquoi",
    "Une décision qui a fait ce changement.",
    (
        Field("decision", WHOLE, "Son numéro.", lambda said: said.number),
        Field("en_clair", TEXT, "Sa raison, en mots simples.", lambda said: said.plain_reason),
        Field("lien", ADDRESS, "Son adresse dans l’API.", lambda said: place(f"/decisions/{said.number}")),
    ),
)
CHANGED = Shape(
    "Changement",
    "Ce qu’est devenu un texte d’un état à l’autre.",
    (
        Field("genre", TEXT, "Sa sorte : `criteres`, `chapitres`, `glossaire`…", lambda one: one.change.kind.value),
        Field("cle", TEXT, "Son code ou sa clé.", lambda one: one.change.key),
        Field("titre", TEXT, "Son titre.", lambda one: one.change.title),
        Field("sort", FATES, "Ce qu’il est devenu :", lambda one: one.change.fate),
        Field("devenus", many(TEXT), "Les codes de ce qui le remplace.", lambda one: one.change.successors),
        Field("issu_de", many(TEXT), "Les codes de ce dont il est fait.", lambda one: one.change.sources),
        Field("avant", maybe(COMMIT), "L’empreinte de son fichier, avant.", lambda one: one.change.before),
        Field("apres", maybe(COMMIT), "L’empreinte de son fichier, après.", lambda one: one.change.after),
        Field(
            "parties",
            many(_PART),
            "Ce qui diffère ; rien quand le texte entier vient ou s’en va.",
            lambda one: one.parts,
        ),
        Field("pourquoi", many(_WHY), "Les dernières décisions qui l’ont fait.", lambda one: one.decisions),
        Field("lien", ADDRESS, "Son adresse dans l’API.", lambda one: _link(one)),
    ),
)
_ABOUT = (
    Field("de", _STATE, "Le plus ancien des deux.", lambda about: about.older),
    Field("a", _STATE, "Le plus récent des deux.", lambda about: about.newer),
    Field("compte", _COUNTS, "Les critères, comptés.", lambda about: about.counts),
    Field(
        "inchanges",
        WHOLE,
        "Combien de critères en vigueur sont restés les mêmes, pour tous.",
        lambda about: about.found.same,
    ),
)


def _link(one: Changed) -> str:
    return link(one.state, one.change.kind, one.change.key)


def _find(asked: Asked) -> Page:
    """One statement when it is known already, two else."""
    older, newer = _in_time(state_named(asked["de"]), state_named(asked["a"] or DRAFT))
    found = compared(library(), (older.commit, older.edition), (newer.commit, newer.edition))
    role = Role(asked["pour"]) if asked["pour"] else None
    about = Compared(older, newer, found, tuple(one for one in found.criteria if concerns(role, one)))
    page = cut(
        (*about.criteria, *found.others),
        lambda one: one.path.removesuffix(".md"),
        asked,
        about=about,
        fixed={"de": name_of(older), "a": name_of(newer)},
    )
    reading = Reading(library(), (blob for one in page.rows for blob in one.blobs))
    behind = {one.path: reasons(reading, one) for one in page.rows}
    written = decisions(library(), newer.commit, (number for numbers in behind.values() for number in numbers))
    rows = [
        Changed(
            about,
            one,
            tuple(_parts(reading, one)),
            tuple(written[number] for number in behind[one.path] if number in written),
        )
        for one in page.rows
    ]
    return Page(rows, page.total, page.after, about=about, fixed=page.fixed)


def _in_time(one: State, other: State) -> tuple[State, State]:
    """The older first, whatever the order in which they are asked for: the draft comes after every edition."""
    published = all_editions(library())
    older, newer = sorted((one, other), key=lambda s: published.index(s.edition) if s.edition else len(published))
    return older, newer


def _parts(reading: Reading, change: ItemChange) -> Iterator[Part]:
    before, after = reading.document(change.before), reading.document(change.after)
    if before is None or after is None:
        return
    for name in change.names:
        if f"{KEY}{name}" in change.parts:
            yield Part(name, before.value(name), after.value(name))
        if f"{SECTION}{name}" in change.parts:
            yield Part(name, before.section(name), after.section(name))


def _settled(page: Page) -> bool:
    return bool(page.about.older.edition and page.about.newer.edition)


def _page(asked: Asked, page: Page) -> str:
    who = f"&pour={asked['pour']}" if asked["pour"] else ""
    return f"/comparer?de={page.fixed['de']}&a={page.fixed['a']}{who}"


RESOURCES = (
    Resource(
        "comparer",
        "/comparer",
        FAMILY,
        N_("Comparer deux états du texte"),
        "Ce qui diffère d’une édition à une autre, ou à la version de travail : ce qu’est devenu chaque texte, dans "
        "quels mots, par quelles décisions. Le plus ancien d’abord, dans quelque ordre qu’on les donne.",
        listed("Comparaison", "Ce qui diffère entre deux états du texte.", CHANGED, _ABOUT),
        _find,
        query=(
            Parameter("de", "Une édition ou `travail`. Sans lui, l’édition en vigueur.", EDITION.schema, "2026.0"),
            Parameter("a", "Une édition ou `travail`. Sans lui, la version de travail.", EDITION.schema, DRAFT),
            Parameter(
                "pour",
                "Des critères, ne garder que ceux dont le changement concerne ce rôle ou ce type de structure.",
                {"type": "string", "enum": [role.value for role in Role]},
                "ACI",
            ),
            HOW_MANY,
            AFTER_KEY,
        ),
        settled=_settled,
        page=_page,
    ),
)
