"""The form in which a wording is written: one field a section, the keys that people choose, reasons, class, licence.

Nothing is validated here: the domain finds every fault of a sheet, and the form shows each beside its field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind as ItemKind
from referentiel.criteria.vocabulary import PLAIN_TEXT, QUESTION, STATEMENT, Level, SectionKind, Step, StructureType
from referentiel.editions.summary import Summary
from referentiel.errors import Refused
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import Incomplete, Sheet, Value, key_field, section_field
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording import sections_of
from referentiel.proposals.wording.sheets_of import FIRST_VERB
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.numbers import whole_number

HINTS: Mapping[str, str] = {
    STATEMENT: lazy("Une phrase, si possible. Changez seulement ce qui doit changer."),
    PLAIN_TEXT: lazy("Une phrase par ligne. 12 mots au plus. Parlez à la personne : « vous »."),
    QUESTION: lazy("Une question dont la bonne réponse est « oui »."),
}
LABELS: Mapping[str, str] = {
    STATEMENT: lazy("Ce que la structure s’engage à faire"),
    PLAIN_TEXT: lazy("Le même texte, en mots simples"),
}
ROWS: Mapping[str, int] = {STATEMENT: 5, PLAIN_TEXT: 6, QUESTION: 2}


class SheetForm(Form):
    """What every proposal asks, whatever its kind."""

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
class Layout:
    """Which fields a form shows: its sections, and the keys that it lets people choose."""

    kind: ProposalKind
    sections: tuple[SectionKind, ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, kind: ProposalKind, base: Document | None) -> "Layout":
        keys = {
            ProposalKind.MODIFY: ("titre", "niveau", "etape", "structures"),
            ProposalKind.CREATE: ("chapitre", "titre", "niveau", "etape", "structures"),
            ProposalKind.WITHDRAW: ("remplace_par",),
        }[kind]
        return cls(kind, sections_of(FIRST_VERB.get(kind, ItemVerb.MODIFY), ItemKind.CRITERION, base), keys)


def form_for(layout: Layout, summary: Summary, sheet: Sheet | None = None, **kept: str) -> SheetForm:
    """The form of a layout: filled from the request when there is one, else from ``sheet``."""
    form: SheetForm = _form_class(layout)(data=_data(sheet) | kept if sheet is not None else kept or None)
    if "chapitre" in layout.keys:
        form[key_field("chapitre")].choices = choices([(c.code, f"{c.code}. {c.title}") for c in summary.chapters])
    if "remplace_par" in layout.keys:
        form[key_field("remplace_par")].choices = choices([(c.code, f"{c.code}. {c.title}") for c in summary.in_force])
    return form


def sheet_of_form(form: SheetForm, layout: Layout) -> Sheet:
    """What was typed, with the newlines of Unix."""
    sections = {section.title: _unix(form[section_field(section.title)].data) for section in layout.sections}
    keys: dict[str, Value] = {}
    for key in layout.keys:
        typed = form[key_field(key)].data
        keys[key] = tuple(typed or ()) if key in ("structures", "remplace_par") else (typed or "")
    return Sheet(
        title=form.title.data or "",
        reason=_unix(form.reason.data),
        plain_change=_unix(form.plain_change.data),
        change_class=form.change_class.data or "",
        sections=sections,
        keys=keys,
        licence=bool(form.licence.data),
        wish=whole_number(form.souhait.data),
    )


def refuse(form: Form, error: Refused) -> None:
    """Show each fault beside its field, all of them at once."""
    for problem in error.problems if isinstance(error, Incomplete) else (error,):
        form.refuse(problem)


def _data(sheet: Sheet) -> dict[str, object]:
    data: dict[str, object] = {
        "title": sheet.title,
        "reason": sheet.reason,
        "plain_change": sheet.plain_change,
        "change_class": sheet.change_class or ChangeClass.SUBSTANCE.value,
        "souhait": str(sheet.wish or ""),
    }
    data |= {section_field(title): text for title, text in sheet.sections.items()}
    data |= {key_field(key): value if isinstance(value, str) else list(value) for key, value in sheet.keys.items()}
    return data


def _unix(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


@lru_cache(maxsize=64)
def _form_class(layout: Layout) -> type[SheetForm]:
    fields: dict[str, object] = {}
    for section in layout.sections:
        required = [InputRequired()] if section.required and layout.kind is not ProposalKind.WITHDRAW else []
        fields[section_field(section.title)] = TextAreaField(LABELS.get(section.title, section.title), required)
    makers: Mapping[str, object] = {
        "titre": StringField(lazy("Titre du critère"), [InputRequired()]),
        "chapitre": RadioField(lazy("Chapitre"), [InputRequired()], validate_choice=False),
        "niveau": RadioField(
            lazy("Niveau"), [InputRequired()], choices=choices([(level.value, lazy(level.label)) for level in Level])
        ),
        "etape": RadioField(
            lazy("Étape du parcours"),
            [InputRequired()],
            choices=choices([(step.value, lazy(step.label)) for step in Step]),
        ),
        "structures": SelectMultipleField(
            lazy("Structures concernées"),
            [InputRequired()],
            choices=choices([(kind.value, lazy(kind.label)) for kind in StructureType]),
        ),
        "remplace_par": SelectMultipleField(lazy("Quel critère le remplace ?"), validate_choice=False),
    }
    fields |= {key_field(key): makers[key] for key in layout.keys}
    return type("WordingForm", (SheetForm,), fields)


def words_of(proposal: Proposal) -> str:
    """All that its present wording says, in one text."""
    revision = proposal.revision
    return "\n".join((proposal.title, revision.reason, revision.plain_change, *(file.text for file in revision.files)))
