"""Each verb on one item: from the file as it was read and what was typed, the file as it would stand."""

from collections.abc import Callable, Mapping, Sequence

from referentiel.criteria.document import Document, stored
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.paths import Kind, kind_and_key
from referentiel.criteria.vocabulary import (
    WITHDRAWAL,
    Certainty,
    EvidenceHolder,
    Level,
    State,
    Step,
    StructureType,
)
from referentiel.errors import N_, Invalid
from referentiel.proposals.sheets import Part, Value, key_field, section_field
from referentiel.proposals.states import ItemVerb
from referentiel.proposals.wording.layouts import AFTER, CHAPTER, KEYS, LISTS, NAMES, REQUIRED, sections_of

CLOSED: Mapping[str, frozenset[str]] = {
    "niveau": frozenset(Level),
    "etape": frozenset(Step),
    "structures": frozenset(StructureType),
    "preuve_detenue_par": frozenset(EvidenceHolder),
    "certitude": frozenset(Certainty),
}
NEW_FRONT: Mapping[Kind, Mapping[str, str | Sequence[str]]] = {
    Kind.CRITERION: {
        "code": "",
        "titre": "",
        "chapitre": "",
        "rang": "",
        "niveau": "",
        "etape": "",
        "structures": (),
        "outils": (),
        "competences": (),
        "preuve_detenue_par": (),
        "voir_aussi": (),
        "etat": State.IN_FORCE.value,
    },
    Kind.CHAPTER: {"code": "", "titre": "", "rang": ""},
    Kind.PAGE: {"titre": "", "rang": ""},
    Kind.TERM: {"terme": "", "anciens_noms": (), "certitude": ""},
    Kind.TOOL: {"nom": "", "certitude": ""},
    Kind.SKILL: {"nom": "", "certitude": ""},
}
"""The front matter that a new item of each kind begins with"""


def write_part(part: Part, base: Document | None, place: int, problems: list[Invalid], *, reason: str) -> Document:
    """The item as it would stand, but for its place among its like. Faults go to ``problems``, by field.

    ``reason`` is that of the proposal, which a tombstone repeats when it has none of its own. Raises
    :class:`Invalid` when the verb cannot be said of this item as it is.
    """
    return _WRITERS[part.verb](part, base, place, problems, reason)


def _modify(part: Part, base: Document | None, place: int, problems: list[Invalid], reason: str) -> Document:
    document = _there(base)
    if is_withdrawn(document):
        raise Invalid(
            N_("Ce texte est retiré : il ne change plus."),
            field="changes",
            way_out=N_("Choisissez un texte en vigueur, ou proposez de rétablir celui-ci."),
        )
    return _write(part, document, place, problems)


def _create(part: Part, base: Document | None, place: int, problems: list[Invalid], reason: str) -> Document:
    kind, key = kind_and_key(part.path)
    front = dict(NEW_FRONT[kind])
    if "code" in front:
        front["code"] = key
    sections = sections_of(ItemVerb.CREATE, kind, None)
    required = {section.title: "" for section in sections if section.required}
    document = Document.make(front, required, part.path)
    if kind is Kind.CRITERION:
        document = document.with_value(CHAPTER, _text(part.keys.get(CHAPTER, "")))
    given: dict[str, Value] = {key: () if key in LISTS else "" for key in KEYS[kind] if key in REQUIRED}
    if "certitude" in given:
        given["certitude"] = Certainty.TO_CHECK.value
    typed = Part(part.verb, part.path, {**required, **part.sections}, {**given, **part.keys})
    return _write(typed, document, place, problems)


def _move(part: Part, base: Document | None, place: int, problems: list[Invalid], reason: str) -> Document:
    document = _there(base)
    if is_withdrawn(document):
        raise Invalid(N_("Ce texte est retiré : il garde sa place."), field=key_field(AFTER, place))
    chapter = _text(part.keys.get(CHAPTER, ""))
    return document.with_value(CHAPTER, chapter) if chapter else document


def _withdraw(part: Part, base: Document | None, place: int, problems: list[Invalid], reason: str) -> Document:
    document = _there(base)
    given = part.keys.get("remplace_par", ())
    successors = tuple(filter(None, (given,) if isinstance(given, str) else given))
    if is_withdrawn(document) and successors == document.values("remplace_par"):
        raise Invalid(N_("Ce texte est déjà retiré."), field="changes")
    if kind_and_key(part.path)[1] in successors:
        raise Invalid(N_("Un texte ne peut pas être remplacé par lui-même."), field=key_field("remplace_par", place))
    told = part.sections.get(WITHDRAWAL, "").strip() or document.section(WITHDRAWAL) or reason
    document = document.with_value("etat", State.WITHDRAWN.value).with_value("remplace_par", successors or None)
    return document.with_section(WITHDRAWAL, told)


def _restore(part: Part, base: Document | None, place: int, problems: list[Invalid], reason: str) -> Document:
    document = _there(base)
    if not is_withdrawn(document):
        raise Invalid(N_("Ce texte est en vigueur : il n’y a rien à rétablir."), field="changes")
    # Only criteria say that they are in force: a file of another kind comes back to what it was.
    own = kind_and_key(part.path)[0] is Kind.CRITERION
    document = document.with_value("etat", State.IN_FORCE.value if own else None).with_value("remplace_par", None)
    return _write(part, document.with_section(WITHDRAWAL, None), place, problems)


def _there(base: Document | None) -> Document:
    if base is None:
        raise Invalid(N_("Ce texte n’existe pas."), field="changes")
    return base


def _write(part: Part, document: Document, place: int, problems: list[Invalid]) -> Document:
    """The keys and the sections that were typed, the others as they are."""
    kind = kind_and_key(part.path)[0]
    for key, value in part.keys.items():
        if key in KEYS[kind]:
            document = _with_key(document, kind, key, value, place, problems)
    for section in sections_of(part.verb, kind, document):
        typed = part.sections.get(section.title)
        if typed is None:
            continue
        body, before = stored(typed), document.section(section.title)
        if not body and section.required:
            problems.append(
                Invalid(
                    N_("La rubrique « %(title)s » ne peut pas être vide."),
                    field=section_field(section.title, place),
                    title=section.title,
                )
            )
        elif body != (before or ""):
            document = document.with_section(section.title, body or None)
    return document


def _with_key(document: Document, kind: Kind, key: str, value: Value, place: int, problems: list[Invalid]) -> Document:
    name = key_field(key, place)
    chosen = tuple(filter(None, (value,) if isinstance(value, str) else value))
    if key == NAMES[kind] and not chosen:
        problems.append(Invalid(N_("Donnez-lui un nom : il manque."), field=name))
        return document
    if key in CLOSED and ((key in REQUIRED and not chosen) or not CLOSED[key].issuperset(chosen)):
        problems.append(Invalid(N_("Choisissez dans la liste."), field=name))
        return document
    if not chosen and document.value(key) is None:
        return document
    try:
        if key in LISTS:
            # A list has no order of its own: what stays keeps its place, so that nothing seems to change.
            stays = [one for one in document.values(key) if one in chosen]
            return document.with_value(key, (*stays, *(one for one in chosen if one not in stays)))
        return document.with_value(key, _text(value) or None)
    except Invalid as fault:
        problems.append(Invalid(fault.message, field=name, way_out=fault.way_out, **fault.values))
        return document


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "".join(value)


_Writer = Callable[[Part, Document | None, int, list[Invalid], str], Document]
_WRITERS: Mapping[ItemVerb, _Writer] = {
    ItemVerb.MODIFY: _modify,
    ItemVerb.CREATE: _create,
    ItemVerb.MOVE: _move,
    ItemVerb.WITHDRAW: _withdraw,
    ItemVerb.RESTORE: _restore,
}
