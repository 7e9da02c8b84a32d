"""The fields of the front matter in a form: how each key is asked, and among what it is chosen."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import Certainty, EvidenceHolder, Labelled, Level, Step, StructureType, key_label
from referentiel.editions.summary import Summary
from referentiel.proposals.sheets import Sheet, Value
from referentiel.proposals.states import ItemVerb
from referentiel.proposals.wording.layouts import AFTER, CHAPTER, LISTS, REQUIRED
from referentiel.web.choices import choices

SPLIT_BY_COMMAS = frozenset({"voir_aussi", "anciens_noms"})
"""Lists typed on one line: codes and names are short, their lists may be long"""
_ONE_OF: Mapping[str, type[Labelled]] = {"niveau": Level, "etape": Step, "certitude": Certainty}
_SOME_OF: Mapping[str, type[Labelled]] = {"structures": StructureType, "preuve_detenue_par": EvidenceHolder}
_LISTED: Mapping[str, Kind] = {"outils": Kind.TOOL, "competences": Kind.SKILL}
_LABELS: Mapping[str, str] = {
    "voir_aussi": lazy("Voir aussi : codes de critères, séparés par des virgules"),
    "anciens_noms": lazy("Anciens noms, séparés par des virgules"),
    "remplace_par": lazy("Qu’est-ce qui le remplace ?"),
    "etape": lazy("Étape du parcours"),
    CHAPTER: lazy("Chapitre"),
    AFTER: lazy("Sa nouvelle place"),
}


class Shown(Protocol):
    """What a field needs to know of its item."""

    @property
    def verb(self) -> ItemVerb: ...
    @property
    def path(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def key(self) -> str: ...
    @property
    def place(self) -> int: ...
    @property
    def cited(self) -> tuple[str, ...]: ...


def field_of(key: str, layout: Shown) -> Field:
    """How a key is asked."""
    label = _LABELS.get(key) or lazy(key_label(key))
    required = [InputRequired()] if key in REQUIRED or key == CHAPTER else []
    if key in _ONE_OF:
        first = Certainty.TO_CHECK.value if key == "certitude" else None
        return RadioField(label, required, choices=_labelled(_ONE_OF[key]), default=first)
    if key in _SOME_OF:
        return SelectMultipleField(label, required, choices=_labelled(_SOME_OF[key]))
    if key in _LISTED or (key == "remplace_par" and layout.kind is Kind.CRITERION):
        return SelectMultipleField(label, validate_choice=False)
    if key == CHAPTER:
        return RadioField(label, required, validate_choice=False)
    if key == AFTER and layout.verb is ItemVerb.CREATE:
        return HiddenField()
    if key in (AFTER, "remplace_par"):
        return SelectField(label, validate_choice=False)
    return StringField(label, required)


def typed_in(key: str, typed: object) -> Value:
    """What a field holds, as a sheet keeps it."""
    if key in SPLIT_BY_COMMAS:
        return tuple(filter(None, (word.strip() for word in re.split(r"[,;]", str(typed or "")))))
    if key in LISTS:
        return tuple(filter(None, (typed,) if isinstance(typed, str) else tuple(map(str, _several(typed)))))
    return str(typed or "")


def _several(typed: object) -> Sequence[object]:
    return typed if isinstance(typed, list | tuple) else ()


def chosen_in(
    key: str, layout: Shown, summary: Summary, layouts: Sequence[Shown], sheet: Sheet | None
) -> list[SelectChoice] | None:
    """Among what a key is chosen; None when its field says it by itself."""
    if key in _LISTED:
        items = [(item.key, item.title) for item in summary.items(_LISTED[key])]
        gone = [(one.line.key, one.line.title) for one in summary.tombstones if one.kind is _LISTED[key]]
        return choices(items + [pair for pair in gone if pair[0] in layout.cited])
    if key == CHAPTER and layout.verb is ItemVerb.CREATE:
        chapters = [(c.code, f"{c.code}. {c.title}") for c in summary.chapters if not c.withdrawn]
        return choices(chapters + _new(Kind.CHAPTER, layouts, _("Le nouveau chapitre de cette proposition")))
    if key == AFTER and layout.verb is ItemVerb.MOVE:
        return _places(layout, summary)
    if key == "remplace_par":
        return _successors(layout, summary, layouts)
    return None


def _successors(layout: Shown, summary: Summary, layouts: Sequence[Shown]) -> list[SelectChoice]:
    new = _new(layout.kind, layouts, _("Le nouveau texte de cette proposition"))
    if layout.kind is Kind.CRITERION:
        return choices([(c.code, f"{c.code}. {c.title}") for c in summary.in_force if c.code != layout.key] + new)
    nothing = [("", _("Rien ne le remplace"))]
    if layout.kind is Kind.CHAPTER:
        codes = [c for c in summary.chapters if not c.withdrawn and c.code != layout.key]
        return choices(nothing + [(c.code, f"{c.code}. {c.title}") for c in codes] + new)
    items = [(item.key, item.title) for item in summary.items(layout.kind) if item.key != layout.key]
    return choices(nothing + items + new)


def _new(kind: Kind, layouts: Sequence[Shown], words: str) -> list[tuple[str, str]]:
    """The items of a kind that the same proposal makes."""
    return [
        (one.key, f"{words} ({one.place + 1})") for one in layouts if one.kind is kind and one.verb is ItemVerb.CREATE
    ]


def _places(layout: Shown, summary: Summary) -> list[SelectChoice]:
    """« En premier », « Après E3 »: for a criterion under the heading of each chapter."""
    first = _("En premier")
    if layout.kind is Kind.CHAPTER:
        codes = [c for c in summary.chapters if c.code != layout.key]
        return choices([("", first)] + [(c.code, _("Après %(name)s", name=f"{c.code}. {c.title}")) for c in codes])
    if layout.kind is Kind.PAGE:
        pages = [page for page in summary.pages if page.key != layout.key]
        return choices([("", first)] + [(p.key, _("Après %(name)s", name=p.title)) for p in pages])
    offered = {}
    for chapter in summary.chapters:
        if not chapter.withdrawn:
            offered[f"{chapter.code}. {chapter.title}"] = [
                (f"{chapter.code}:", _("En premier du chapitre %(code)s", code=chapter.code)),
                *(
                    (f"{chapter.code}:{line.code}", _("Après %(name)s", name=f"{line.code}. {line.title}"))
                    for line in chapter.criteria
                    if line.code != layout.key
                ),
            ]
    return choices(offered)


def _labelled(closed_list: type[Labelled]) -> list[SelectChoice]:
    return choices([(member.value, lazy(member.label)) for member in closed_list])
