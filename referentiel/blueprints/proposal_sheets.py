"""The form in which a wording is written: for each item its sections and the keys that people choose; then reasons.

Nothing is validated here: the domain finds every fault of a sheet, and the form shows each beside its field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.blueprints.proposal_keys import SPLIT_BY_COMMAS, chosen_in, field_of, typed_in
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key
from referentiel.criteria.placed import Placed
from referentiel.criteria.vocabulary import PLAIN_TEXT, QUESTION, STATEMENT, WITHDRAWAL, SectionKind
from referentiel.editions.summary import Summary
from referentiel.errors import Refused
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import Incomplete, Part, Sheet, Value, key_field, section_field
from referentiel.proposals.states import ItemVerb
from referentiel.proposals.wording import keys_of, sections_of
from referentiel.proposals.wording.layouts import AFTER, CHAPTER
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.numbers import whole_number

HINTS: Mapping[str, str] = {
    STATEMENT: lazy("Une phrase, si possible. Changez seulement ce qui doit changer."),
    PLAIN_TEXT: lazy("Une phrase par ligne. 12 mots au plus. Parlez à la personne : « vous »."),
    QUESTION: lazy("Une question dont la bonne réponse est « oui »."),
    WITHDRAWAL: lazy("Elle restera à la place du texte. Si vous laissez vide, votre raison sera reprise."),
}
LABELS: Mapping[str, str] = {
    STATEMENT: lazy("Ce que la structure s’engage à faire"),
    PLAIN_TEXT: lazy("Le même texte, en mots simples"),
}
ROWS: Mapping[str, int] = {STATEMENT: 5, PLAIN_TEXT: 6, QUESTION: 2, WITHDRAWAL: 4}


class SheetForm(Form):
    """What every proposal asks, whatever its verb."""

    form_id = HiddenField(default=lambda: str(uuid4()))
    base = HiddenField()
    souhait = HiddenField()
    title = StringField(lazy("Votre proposition, en une ligne"), [InputRequired()])
    reason = TextAreaField(lazy("Pourquoi ce changement ?"), [InputRequired()])
    plain_change = TextAreaField(lazy("Ce que ça change pour moi"))
    change_class = RadioField(
        lazy("Quelle sorte de changement est-ce ?"),
        [InputRequired()],
        choices=choices([(kind.value, lazy(kind.label)) for kind in reversed(ChangeClass)]),
        default=ChangeClass.SUBSTANCE.value,
    )
    licence = BooleanField(
        lazy("J’accepte que mon texte soit publié sous Licence Ouverte 2.0 : chacun pourra le reprendre."),
        [InputRequired()],
    )


@dataclass(frozen=True, slots=True)
class Layout(Placed):
    """Which fields a form shows for one item: its sections, and the keys that it lets people choose."""

    place: int
    verb: ItemVerb
    path: str
    sections: tuple[SectionKind, ...]
    keys: tuple[str, ...]
    cited: tuple[str, ...] = ()
    """The tools and the skills that its file cites today, in force or not"""

    @classmethod
    def of(cls, place: int, verb: ItemVerb, path: str, base: Document | None) -> "Layout":
        kind = kind_and_key(path)[0]
        cited = (*base.values("outils"), *base.values("competences")) if base is not None else ()
        return cls(place, verb, path, sections_of(verb, kind, base), keys_of(verb, kind), cited)

    def section_field(self, title: str) -> str:
        return section_field(title, self.place)

    def key_field(self, key: str) -> str:
        return key_field(key, self.place)


def form_for(
    layouts: Sequence[Layout], summary: Summary, sheet: Sheet | None = None, *, anew: bool = False, **kept: str
) -> SheetForm:
    """The form of these items: filled from the request when there is one, else from ``sheet``.

    ``anew``: from the sheet in any case, because the items of the form are no longer those of the request.
    """
    data = _data(layouts, sheet) | kept if sheet is not None else kept or None
    made = _form_class(tuple(layouts))
    form: SheetForm = made(formdata=None, data=data) if anew else made(data=data)
    for layout in layouts:
        for key in layout.keys:
            offered = chosen_in(key, layout, summary, layouts, sheet)
            if offered is not None:
                form[layout.key_field(key)].choices = offered
    return form


def sheet_of_form(form: SheetForm, layouts: Sequence[Layout], verb: ItemVerb | None = None) -> Sheet:
    """What was typed, with the newlines of Unix."""
    parts = [_part_of_form(form, layout) for layout in layouts]
    return Sheet(
        title=form.title.data or "",
        reason=_unix(form.reason.data),
        plain_change=_unix(form.plain_change.data),
        change_class=form.change_class.data or "",
        sections=parts[0].sections,
        keys=parts[0].keys,
        licence=bool(form.licence.data),
        wish=whole_number(form.souhait.data),
        more=tuple(parts[1:]),
        verb=verb,
    )


def _part_of_form(form: SheetForm, layout: Layout) -> Part:
    sections = {section.title: _unix(form[layout.section_field(section.title)].data) for section in layout.sections}
    keys: dict[str, Value] = {}
    for key in layout.keys:
        if key == CHAPTER and layout.verb is ItemVerb.MOVE:
            continue
        typed = form[layout.key_field(key)].data
        if key == AFTER and layout.kind is Kind.CRITERION and layout.verb is ItemVerb.MOVE:
            keys[CHAPTER], _, keys[AFTER] = str(typed or "").partition(":")
        else:
            keys[key] = typed_in(key, typed)
    return Part(layout.verb, layout.path, sections, keys)


def refuse(form: Form, error: Refused) -> None:
    """Show each fault beside its field, all of them at once."""
    for problem in error.problems if isinstance(error, Incomplete) else (error,):
        form.refuse(problem)


def words_of(proposal: Proposal) -> str:
    """All that its present wording says, in one text."""
    revision = proposal.revision
    return "\n".join((proposal.title, revision.reason, revision.plain_change, *(file.text for file in revision.files)))


def _data(layouts: Sequence[Layout], sheet: Sheet) -> dict[str, object]:
    data: dict[str, object] = {
        "title": sheet.title,
        "reason": sheet.reason,
        "plain_change": sheet.plain_change,
        "change_class": sheet.change_class or ChangeClass.SUBSTANCE.value,
        "souhait": str(sheet.wish or ""),
        "licence": sheet.licence,
    }
    for layout, part in zip(layouts, sheet.parts, strict=True):
        data |= {layout.section_field(title): text for title, text in part.sections.items()}
        for key, value in part.keys.items():
            shown: object = value if isinstance(value, str) else list(value)
            if key in SPLIT_BY_COMMAS and not isinstance(value, str):
                shown = ", ".join(value)
            elif key == "remplace_par" and layout.kind is not Kind.CRITERION:
                shown = value if isinstance(value, str) else "".join(value[:1])
            elif key == AFTER and layout.kind is Kind.CRITERION and layout.verb is ItemVerb.MOVE:
                shown = f"{part.keys.get(CHAPTER, '')}:{value}"
            data[layout.key_field(key)] = shown
    return data


def _unix(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


@lru_cache(maxsize=64)
def _form_class(layouts: tuple[Layout, ...]) -> type[SheetForm]:
    fields: dict[str, object] = {}
    for layout in layouts:
        for section in layout.sections:
            required = [InputRequired()] if section.required and layout.verb is not ItemVerb.WITHDRAW else []
            label = LABELS.get(section.title, section.title)
            fields[layout.section_field(section.title)] = TextAreaField(label, required)
        for key in layout.keys:
            if not (key == CHAPTER and layout.verb is ItemVerb.MOVE):
                fields[layout.key_field(key)] = field_of(key, layout)
    return type("WordingForm", (SheetForm,), fields)
