"""Which sections and which keys a form lets people write, for each kind of item and each verb."""

from collections.abc import Mapping

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import PLAIN_TEXT, SECTIONS, WITHDRAWAL, SectionKind, anchor
from referentiel.proposals.states import ItemVerb


def _section(title: str, required: bool = False) -> SectionKind:
    return SectionKind(title, anchor(title), required)


KNOWN: Mapping[Kind, tuple[SectionKind, ...]] = {
    Kind.REFERENTIAL: (_section("Présentation", True), _section(PLAIN_TEXT, True)),
    Kind.CRITERION: SECTIONS,
    Kind.CHAPTER: (_section("Présentation", True),),
    Kind.PAGE: (),
    Kind.TERM: (_section("Définition", True),),
    Kind.TOOL: (_section("À quoi il sert", True), _section("Qui l'ouvre"), _section(PLAIN_TEXT)),
    Kind.SKILL: (_section("Description", True), _section(PLAIN_TEXT)),
}
NEW_PAGE = (_section("En bref", True), _section("Le texte"), _section(PLAIN_TEXT))
NAMES: Mapping[Kind, str] = {
    Kind.REFERENTIAL: "titre",
    Kind.CRITERION: "titre",
    Kind.CHAPTER: "titre",
    Kind.PAGE: "titre",
    Kind.TERM: "terme",
    Kind.TOOL: "nom",
    Kind.SKILL: "nom",
}
"""The key under which an item of each kind has its name"""
KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.REFERENTIAL: ("titre", "statut"),
    Kind.CRITERION: (
        "titre",
        "niveau",
        "etape",
        "structures",
        "outils",
        "competences",
        "preuve_detenue_par",
        "voir_aussi",
    ),
    Kind.CHAPTER: ("titre", "titre_facile"),
    Kind.PAGE: ("titre",),
    Kind.TERM: ("terme", "developpe", "anciens_noms", "valable_depuis", "certitude"),
    Kind.TOOL: ("nom", "ouvert_par", "anciens_noms", "valable_depuis", "valable_jusqu", "certitude"),
    Kind.SKILL: ("nom", "rome", "certitude"),
}
REQUIRED = frozenset({"titre", "terme", "nom", "niveau", "etape", "structures", "certitude"})
LISTS = frozenset(
    {"structures", "outils", "competences", "preuve_detenue_par", "voir_aussi", "anciens_noms", "remplace_par"}
)
"""Keys that hold several values"""
CHAPTER, AFTER = "chapitre", "apres"
"""Where an item goes: its chapter, and the one that it follows. The second is no key of the text: it gives the rank."""
RANKED = frozenset({Kind.CRITERION, Kind.CHAPTER, Kind.PAGE})
"""The kinds that have an order of their own; the others follow the alphabet"""
VERBS: Mapping[Kind, tuple[ItemVerb, ...]] = {
    kind: tuple(verb for verb in ItemVerb if verb is not ItemVerb.MOVE or kind in RANKED) for kind in KNOWN
} | {Kind.REFERENTIAL: (ItemVerb.MODIFY,)}
"""The text has one presentation: it can only be changed"""
CREATED = tuple(kind for kind, verbs in VERBS.items() if ItemVerb.CREATE in verbs)
"""The kinds of which there may be one more"""


def sections_of(verb: ItemVerb, kind: Kind, base: Document | None) -> tuple[SectionKind, ...]:
    """The sections that a form shows: those of every item of the kind, then those of this file alone, in its order."""
    if verb is ItemVerb.WITHDRAW:
        return (_section(WITHDRAWAL, True),)
    if verb is ItemVerb.MOVE:
        return ()
    if base is None:
        return KNOWN[kind] or NEW_PAGE
    known = {section.title for section in KNOWN[kind]}
    own = (section.title for section in base.sections)
    more = (_section(title) for title in own if title and title not in known and title != WITHDRAWAL)
    return (*KNOWN[kind], *more)


def keys_of(verb: ItemVerb, kind: Kind) -> tuple[str, ...]:
    """The keys that a form shows, and where the item goes when it is new or moved."""
    if verb is ItemVerb.WITHDRAW:
        return ("remplace_par",)
    if verb is ItemVerb.MOVE:
        return (CHAPTER, AFTER) if kind is Kind.CRITERION else (AFTER,)
    if verb is ItemVerb.CREATE and kind is Kind.CRITERION:
        return (CHAPTER, AFTER, *KEYS[kind])
    return KEYS[kind]
