"""What the doors of contributions share: forms, the criterion spoken of, where words are read, what is said back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, SelectField, TextAreaField

from referentiel.comments import queries
from referentiel.comments.anchors import Anchor, Target, Wording, find, quote
from referentiel.comments.models import Comment
from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import QUESTION, anchor
from referentiel.criteria.vocabulary import State as TextState
from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.queries import proposal as proposal_of
from referentiel.proposals.queries.talks import wording, wordings_spoken_of
from referentiel.web import questions as asking
from referentiel.web.clock import now
from referentiel.web.filters import date_long
from referentiel.web.forms import Form
from referentiel.web.identity import signed_in
from referentiel.web.numbers import page_number, whole_number
from referentiel.web.stores import library, settings
from referentiel.web.texts import ItemText, draft_state

THREADS = 50
"""Threads on one page"""


class CommentForm(Form):
    envoi = HiddenField(default=lambda: str(uuid4()))
    texte = TextAreaField(lazy("Votre contribution"))


class QuotingForm(CommentForm):
    rubrique = SelectField(lazy("De quelle rubrique parlez-vous ?"), validate_choice=False)
    citation = TextAreaField(lazy("De quels mots parlez-vous ?"))


@dataclass(frozen=True)
class Subject:
    """A criterion as people read it today: in force, or in the draft when no edition has it yet."""

    code: str
    title: str
    text: ItemText
    address: str

    @property
    def withdrawn(self) -> bool:
        return self.text.value("etat") == TextState.WITHDRAWN

    @property
    def question(self) -> str:
        return self.text.question or str(_("Est-ce que cela se passe ainsi pour vous ?"))

    @property
    def on(self) -> Anchor:
        return Anchor(Target.CRITERION, self.code, blob=self.text.blob)

    @property
    def wording(self) -> Wording:
        sections = {section.title: section.body for section in self.text.document.sections if section.title}
        return Wording(Target.CRITERION, self.code, sections)


def is_employee(who: Person | None) -> bool:
    """True for whom questions and wishes are for."""
    return who is not None and who.college == College.EMPLOYEES


def subject_of(code: str) -> Subject:
    """The criterion in force; failing that, in the draft. Raises Unknown."""
    state = asking.today()
    if state.summary.criterion(code) is None:
        state = draft_state(library())
    text = state.item(Kind.CRITERION, code)
    return Subject(code, text.value("titre"), text, state.address(Kind.CRITERION, code))


def place_on(subject: Subject, rubric: str, passage: str) -> Anchor:
    """The anchor that the form describes: the whole, a section, or a passage of it."""
    titles = {anchor(title): title for title in subject.wording.sections}
    if rubric and rubric not in titles:
        raise Invalid(N_("Choisissez une rubrique de la liste."), field="rubrique")
    chosen = [titles[rubric]] if rubric else list(titles.values())
    if not passage.strip():
        return replace(subject.on, section=chosen[0] if rubric else "")
    places = []
    for title in chosen:
        try:
            places.append(quote(replace(subject.on, section=title), subject.wording.sections[title], passage))
        except Invalid:
            if rubric:
                raise
    if not places:
        raise Invalid(N_("Ces mots ne sont pas dans le critère. Copiez-les tels qu’ils y sont."), field="citation")
    if len(places) > 1:
        raise Invalid(N_("Ces mots sont dans plusieurs rubriques. Choisissez la rubrique."), field="rubrique")
    return places[0]


def address(said: Comment) -> str:
    """Where these words are read, or would be."""
    top = said.parent_id or said.id
    if said.kind is Target.PROPOSAL:
        return f"/propositions/{said.key}#contribution-{top}"
    if said.kind is Target.REFERENTIAL:
        return url_for("wishing.wish", number=top)
    return url_for("commenting.contributions", code=said.key, _anchor=f"contribution-{top}")


def thank(said: Comment) -> None:
    """Say that words arrived, and by when they are read."""
    promised = date_long(queries.promised(said, settings().moderation_days))
    flash(_("Votre contribution est arrivée. Une personne la relit, au plus tard le %(day)s.", day=promised), "good")


def sent(form: Form) -> dict[str, Any]:
    """Who sends what, when, and what is promised to them."""
    return {"by": signed_in(), "at": now(), "form": sending(form), "working_days": settings().moderation_days}


def sending(form: Form) -> str:
    """The form's own number: the same form sent twice is one sending."""
    return (form["envoi"].data or "")[:64]


def current_page(rows: int) -> tuple[int, int]:
    """The page asked for, and how many there are; anything that is not one of them is the first."""
    count = max(1, -(-rows // THREADS))
    number = page_number(request.args.get("page"))
    return (number if number <= count else 1), count


def text_now(said: Comment) -> tuple[Wording, str]:
    """The item that these words speak of, as it is now, with its blob. Raises Unknown when it has gone."""
    if said.kind is Target.CRITERION:
        subject = subject_of(said.key)
        return subject.wording, subject.text.blob
    if said.kind is not Target.PROPOSAL or not said.path:
        raise Unknown(N_("Cette contribution parle de tout un texte : elle reste à sa place."))
    proposal = proposal_of(whole_number(said.key) or 0)
    file = next((file for file in proposal.revision.files if file.path == said.path), None)
    if file is None:
        raise Refused(
            N_("La proposition ne touche plus ce texte : il n’y a plus de passage où rattacher ces mots."),
            way_out=N_("La contribution reste lisible avec celles de la proposition."),
        )
    return wording(proposal.id, file), file.blob


def lost_words(said: Iterable[Comment]) -> frozenset[int]:
    """Of these contributions, by number, those that spoke of a section or a passage that is not in the text any more:
    they can be attached again. One statement when some are on proposals, and about 1 ms each.
    """
    placed = [one for one in said if one.section and one.section != QUESTION and not one.is_reply]
    there = wordings_spoken_of(placed)
    return frozenset(one.id for one in placed if (now := _now(one, there)) and find(one.anchor, now) is None)


def _now(said: Comment, there: Mapping[tuple[str, str], Wording]) -> Wording | None:
    if said.kind is not Target.CRITERION:
        return there.get((said.key, said.path))
    try:
        return subject_of(said.key).wording
    except Unknown:
        return None
