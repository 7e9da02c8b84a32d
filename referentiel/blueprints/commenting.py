"""Say something: answer a criterion's question, comment on a section or a passage, reply."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.core import Label
from wtforms.validators import AnyOf

from referentiel.comments import actions, queries
from referentiel.comments.anchors import Anchor, Place, Target, Wording, find, quote
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face
from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import QUESTION, anchor
from referentiel.criteria.vocabulary import State as TextState
from referentiel.errors import N_, Invalid, NotAllowed, Unknown
from referentiel.people.models import Person
from referentiel.people.queries import has_return_words
from referentiel.permissions import Action, College, could
from referentiel.proposals.queries import proposal as proposal_of
from referentiel.proposals.states import CLOSED
from referentiel.web import questions as asking
from referentiel.web import tablets
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.filters import date_long
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, return_words, signed_in
from referentiel.web.numbers import page_number
from referentiel.web.stores import library, settings
from referentiel.web.texts import ItemText, draft_state

blueprint = Blueprint("commenting", __name__)

THREADS = 50
"""Threads on one page"""

ENDS = "fini"
"""What a form carries once the person has said that their turn is over"""


class AnswerForm(Form):
    envoi = HiddenField(default=lambda: str(uuid4()))
    visage = RadioField(
        choices=choices([(face.value, lazy(face.label)) for face in Face]),
        validators=[AnyOf(tuple(Face), lazy("Choisissez un visage. Si vous ne savez pas, passez la question."))],
        validate_choice=False,
    )
    texte = TextAreaField(lazy("Voulez-vous dire plus ?"))


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


@blueprint.get("/questions")
@public
def questions() -> ResponseReturnValue:
    """Every question, chapter by chapter, with those already answered ticked."""
    who = person()
    done = queries.answered(who) if who else frozenset[str]()
    state = asking.today()
    own = asking.of_workshop(who)
    left = [line for line in (*own, *state.summary.in_force) if line.code not in done]
    return render_template(
        "commenting/questions.html",
        chapters=state.summary.chapters,
        state=state,
        done=done,
        own=own,
        first=left[0] if left else None,
        employee=_is_employee(who),
    )


@blueprint.get("/criteres/<code>/avis")
@public
def question(code: str) -> ResponseReturnValue:
    """The question, three faces, and room for words. Whoever is not signed in reads how to come in."""
    subject = _subject(code)
    who = person()
    if who is None or subject.withdrawn:
        return render_template("commenting/doors.html", subject=subject, code=subject.code)
    if not _is_employee(who):
        flash(
            _("Cette question s’adresse aux salariés en insertion. Ici, vous pouvez écrire une contribution."), "warn"
        )
        return redirect(url_for("commenting.contributions", code=subject.code, _anchor="ecrire"), 303)
    given = queries.own_answer(subject.code, who)
    form = AnswerForm(visage=given.face.value if given and given.face else None, texte=given.text if given else "")
    return _question_page(subject, form, who, given=given)


@blueprint.post("/criteres/<code>/avis")
@requires(Action.COMMENT)
def answer(code: str) -> ResponseReturnValue:
    subject = _subject(code)
    who, form = signed_in(), AnswerForm()
    if subject.withdrawn:
        raise Unknown(N_("Ce critère est retiré : sa question ne se pose plus."))
    if form.validate_on_submit() and not form.asks():
        try:
            actions.answer_question(
                replace(subject.on, section=QUESTION),
                Face(form.visage.data),
                form.texte.data or "",
                by=who,
                at=now(),
                form=_sending(form),
                working_days=settings().moderation_days,
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return _answered(subject, who)
    return _question_page(subject, form, who), 422


def _answered(subject: Subject, who: Person) -> ResponseReturnValue:
    """In a workshop the next question comes by itself; the thanks come after the last one.

    Whoever had pressed "J’ai fini" before sending goes on to the end of their turn.
    """
    if ENDS in request.form and tablets.turn():
        flash(_("Votre avis est envoyé."), "good")
        return redirect(url_for("tablets.end"), 303)
    line = asking.left_in_workshop(who, after=subject.code) if asking.step(subject.code, who) else None
    if line is None:
        return redirect(url_for("commenting.thanks", code=subject.code), 303)
    flash(_("Votre avis est envoyé. Voici la question suivante."), "good")
    return redirect(url_for("commenting.question", code=line.code), 303)


def _question_page(subject: Subject, form: AnswerForm, who: Person, *, given: Comment | None = None) -> str:
    form.visage.label = Label(form.visage.id, subject.question)
    return render_template(
        "commenting/question.html",
        subject=subject,
        form=form,
        given=given,
        step=asking.step(subject.code, who),
        skipping=asking.after_skipping(subject.code, who, inside=tablets.turn()),
        end=asking.end_address(who, inside=tablets.turn()),
    )


@blueprint.get("/criteres/<code>/avis/merci")
@requires(Action.SEE_OWN_CONTRIBUTIONS)
def thanks(code: str) -> ResponseReturnValue:
    """What was received, and what happens next."""
    subject, who = _subject(code), signed_in()
    given = queries.own_answer(subject.code, who)
    if given is None:
        return redirect(url_for("commenting.question", code=subject.code), 303)
    return render_template(
        "commenting/thanks.html",
        subject=subject,
        given=given,
        promised=queries.promised(given, settings().moderation_days),
        answered=len(queries.answered(who)),
        following=asking.following(subject.code, who, inside=tablets.turn()),
        words=(words := return_words()),
        has_words=words is None and has_return_words(who),
    )


@blueprint.get("/criteres/<code>/contributions")
@public
def contributions(code: str) -> ResponseReturnValue:
    """What people say of a criterion; words whose passage has gone stand apart."""
    given = {name: request.args.get(name, "") for name in ("rubrique", "citation")}
    return _contributions_page(_subject(code), QuotingForm(**given) if person() else None)


@blueprint.post("/criteres/<code>/contributions")
@requires(Action.COMMENT)
def contribute(code: str) -> ResponseReturnValue:
    subject, form = _subject(code), QuotingForm()
    if form.validate_on_submit() and not form.asks(known=subject.text.document.text):
        try:
            on = _place(subject, form.rubrique.data or "", form.citation.data or "")
            said = actions.comment(on, form.texte.data or "", **_sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            _thank(said)
            return redirect(url_for("commenting.contributions", code=subject.code), 303)
    return _contributions_page(subject, form), 422


def _contributions_page(subject: Subject, form: QuotingForm | None) -> str:
    """``form`` is none for a passer-by: no form, no cookie."""
    if form is not None:
        form.rubrique.choices = choices(
            [("", _("Tout le critère"))]
            + [(rubric.anchor, rubric.title.replace("'", "’")) for rubric in subject.text.rubrics if rubric.title]
        )
    threads = queries.on_item(subject.code)
    found: dict[int, Place | None] = {
        voice.id: find(voice.anchor, subject.wording) for voice in threads if voice.anchor.section
    }
    attached = [voice for voice in threads if found.get(voice.id, True) is not None]
    number, count = _page(len(attached))
    return render_template(
        "commenting/contributions.html",
        subject=subject,
        form=form,
        voices=attached[(number - 1) * THREADS : number * THREADS],
        detached=[voice for voice in threads if found.get(voice.id, True) is None],
        total=sum(bool(voice.text) + len(voice.replies) for voice in threads),
        found=found,
        moderator=bool(could(person(), Action.MODERATE)),
        number=number,
        count=count,
        asked=person() is None or _is_employee(person()),
        faces=queries.faces(subject.code, at=now(), smallest=settings().small_group),
        smallest=settings().small_group,
    )


@blueprint.get("/contributions/<int:number>/repondre")
@requires(Action.REPLY)
def reply(number: int) -> ResponseReturnValue:
    return _reply_page(_open_thread(number), CommentForm())


@blueprint.post("/contributions/<int:number>/repondre")
@requires(Action.REPLY)
def send_reply(number: int) -> ResponseReturnValue:
    parent, form = _open_thread(number), CommentForm()
    if form.validate_on_submit() and not form.asks():
        try:
            said = actions.reply(parent, form.texte.data or "", **_sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            _thank(said)
            return redirect(address(parent), 303)
    return _reply_page(parent, form), 422


def _reply_page(parent: Comment, form: CommentForm) -> str:
    return render_template(
        "commenting/reply.html", voice=queries.voice(parent), form=form, number=parent.id, back=address(parent)
    )


@blueprint.get("/propositions/<int:number>/contributions")
@public
def on_proposal(number: int) -> ResponseReturnValue:
    return _proposal_page(number, CommentForm() if person() else None)


@blueprint.post("/propositions/<int:number>/contributions")
@requires(Action.COMMENT)
def contribute_to_proposal(number: int) -> ResponseReturnValue:
    form = CommentForm()
    if proposal_of(number).state in CLOSED:
        raise NotAllowed(N_("La discussion de cette proposition est finie : la décision est publiée."))
    if form.validate_on_submit() and not form.asks():
        on = Anchor(Target.PROPOSAL, str(number))
        try:
            said = actions.comment(on, form.texte.data or "", **_sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            _thank(said)
            return redirect(f"/propositions/{number}#contributions", 303)
    return _proposal_page(number, form), 422


def _proposal_page(number: int, form: CommentForm | None) -> str:
    proposal = proposal_of(number)
    threads = queries.on_proposal(number)
    current, count = _page(len(threads))
    return render_template(
        "commenting/proposal.html",
        proposal=proposal,
        form=form,
        open=proposal.state not in CLOSED,
        moderator=bool(could(person(), Action.MODERATE)),
        voices=threads[(current - 1) * THREADS : current * THREADS],
        total=sum(bool(voice.text) + len(voice.replies) for voice in threads),
        number=current,
        count=count,
    )


def _is_employee(who: Person | None) -> bool:
    return who is not None and who.college == College.EMPLOYEES


def _subject(code: str) -> Subject:
    """The criterion in force; failing that, in the draft. Raises Unknown."""
    state = asking.today()
    if state.summary.criterion(code) is None:
        state = draft_state(library())
    text = state.item(Kind.CRITERION, code)
    return Subject(code, text.value("titre"), text, state.address(Kind.CRITERION, code))


def _place(subject: Subject, rubric: str, passage: str) -> Anchor:
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


def _open_thread(number: int) -> Comment:
    """A contribution that everybody can read and reply to. Raises Unknown."""
    found = queries.comment(number)
    if not found.shown or found.is_reply:
        raise Unknown(N_("Cette contribution n’est plus là : vous ne pouvez pas y répondre."))
    return found


def address(said: Comment) -> str:
    """Where these words are read, or would be."""
    top = said.parent_id or said.id
    if said.kind is Target.PROPOSAL:
        return f"/propositions/{said.key}#contribution-{top}"
    return url_for("commenting.contributions", code=said.key, _anchor=f"contribution-{top}")


def _thank(said: Comment) -> None:
    promised = date_long(queries.promised(said, settings().moderation_days))
    flash(_("Votre contribution est arrivée. Une personne la relit, au plus tard le %(day)s.", day=promised), "good")


def _sent(form: CommentForm) -> dict[str, Any]:
    """Who sends what, when, and what is promised to them."""
    return {"by": signed_in(), "at": now(), "form": _sending(form), "working_days": settings().moderation_days}


def _sending(form: AnswerForm | CommentForm) -> str:
    return (form.envoi.data or "")[:64]


def _page(rows: int) -> tuple[int, int]:
    """The page asked for, and how many there are; anything that is not one of them is the first."""
    count = max(1, -(-rows // THREADS))
    number = page_number(request.args.get("page"))
    return (number if number <= count else 1), count
