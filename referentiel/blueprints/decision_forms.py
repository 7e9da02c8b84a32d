"""The form of a first signature: a field for each silent college, and for each section that the wording changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import RIGHT
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import is_erratum, is_new, kind_and_key, tree
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals import queries
from referentiel.proposals.actions import Verdict
from referentiel.proposals.hearing import Hearing, silent_founders
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import section_field
from referentiel.proposals.states import Outcome
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.stores import library, settings


class DecisionForm(Form):
    """The first signature; a field a silent college and a field a corrected section are added for each proposal."""

    form_id = HiddenField(default=lambda: str(uuid4()))
    revision = HiddenField()
    outcome = RadioField(
        lazy("Que décidez-vous ?"),
        [InputRequired()],
        choices=choices([(outcome.value, lazy(outcome.label)) for outcome in Outcome]),
        validate_choice=False,
    )
    resume_on = StringField(lazy("La discussion reprend le"))
    change_class = RadioField(
        lazy("Ce changement est de quelle sorte ?"),
        choices=choices([(kind.value, lazy(kind.label)) for kind in reversed(ChangeClass)]),
        validate_choice=False,
    )
    reason = TextAreaField(lazy("La raison"), [InputRequired()])
    plain_reason = TextAreaField(lazy("La même raison, en mots simples"), [InputRequired()])
    asked_college = RadioField(
        lazy("À qui demander la deuxième signature ?"), choices=choices([]), validate_choice=False
    )


@dataclass(frozen=True, slots=True)
class Corrigible:
    """One item of a wording: its place in the form, and what an editor may correct, title → proposed text.

    ``code`` is empty for an item that waits for its own.
    """

    place: int
    path: str
    code: str
    title: str
    sections: Mapping[str, str]

    def field(self, title: str) -> str:
        return section_field(title, self.place)


def decision_form(found: Proposal, by: Person, *, fresh: bool = False) -> DecisionForm:
    fields: dict[str, object] = {}
    for college in silent(found):
        question = _("Pourquoi décider sans le collège « %(college)s » ?", college=_(college.label))
        fields[f"silence_{college.value}"] = TextAreaField(question, [InputRequired()])
    items = corrigible(found)
    texts: dict[str, object] = {}
    for item in items:
        for title, text in item.sections.items():
            named = f"{title}, {item.code or item.title}" if len(items) > 1 else title
            fields[item.field(title)] = TextAreaField(named)
            texts[item.field(title)] = text
    form_class: type[DecisionForm] = type("ProposalDecisionForm", (DecisionForm,), fields)
    data: dict[str, object] = {"revision": str(found.revision_number), "change_class": found.change_class.value}
    form: DecisionForm = form_class(data=data | texts if fresh else None)
    form.asked_college.choices = choices(
        [(college.value, _(college.label)) for college in College if college != by.college]
    )
    return form


def corrigible(found: Proposal) -> tuple[Corrigible, ...]:
    """Each item of the present wording, the main one first, with the sections that the wording changes."""
    shown = {one.path: one for one in queries.difference(library(), found.revision)}
    items = []
    for place, file in enumerate(found.revision.in_order):
        after = shown[file.path].after
        changed = [section.title for section in shown[file.path].comparison.changed_sections if section.title]
        if is_erratum(file.path):
            # The passage of the edition is its author's to cite; the reason of the file follows theirs.
            changed = [RIGHT]
        texts = {title: text for title in changed if (text := after.section(title)) is not None}
        code = "" if is_new(file.path) else kind_and_key(tree(file.path)[1])[1]
        items.append(Corrigible(place, file.path, code, title_of(after), texts))
    return tuple(items)


def corrections(found: Proposal, form: DecisionForm) -> list[tuple[Corrigible, Comparison]]:
    """What was corrected in each item, against the wording; nothing of an item left as it is."""
    compared = []
    for item in corrigible(found):
        typed = {title: unix(form[item.field(title)].data) for title in item.sections}
        comparison = compare(Document.make({}, item.sections), Document.make({}, typed))
        if not comparison.same:
            compared.append((item, comparison))
    return compared


def silent(found: Proposal) -> tuple[College, ...]:
    if found.change_class is ChangeClass.TYPO:
        return ()
    return silent_founders(heard(found))


def heard(found: Proposal) -> dict[College, Hearing]:
    return dict(queries.heard(found, people=settings().heard_people, structures=settings().heard_structures))


def verdict_of(found: Proposal, form: DecisionForm) -> Verdict:
    outcome = form.outcome.data or ""
    known = [one.value for one in Outcome]
    asked = form.asked_college.data or ""
    change_class = form.change_class.data or ""
    typed = {
        item.path: {
            title: unix(form[item.field(title)].data) for title in item.sections if item.field(title) in request.form
        }
        for item in corrigible(found)
    }
    return Verdict(
        outcome=Outcome(outcome) if outcome in known else None,
        reason=unix(form.reason.data),
        plain_reason=unix(form.plain_reason.data),
        silences={
            college: unix(form[f"silence_{college.value}"].data)
            for college in College
            if f"silence_{college.value}" in form
        },
        resume_on=_day(form.resume_on.data) if outcome == Outcome.POSTPONED.value else None,
        sections=typed.pop(found.revision.main.path),
        more=typed,
        change_class=ChangeClass(change_class) if change_class in [kind.value for kind in ChangeClass] else None,
        asked_college=College(asked) if asked in [college.value for college in College] else None,
    )


def _day(typed: str | None) -> date | None:
    """A day as date fields send it, or as people write it: 2026-12-01, 1/12/2026."""
    text = (typed or "").strip()
    parts = text.split("/")
    if len(parts) == 3:
        text = "-".join((parts[2], parts[1].zfill(2), parts[0].zfill(2)))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def unix(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
