"""Say something: answer a criterion's question, comment on a section or a passage, reply."""

from dataclasses import replace
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.core import Label
from wtforms.validators import AnyOf

from referentiel.blueprints.talk_parts import (
    THREADS,
    CommentForm,
    QuotingForm,
    Subject,
    address,
    current_page,
    is_employee,
    place_on,
    sending,
    sent,
    subject_of,
    thank,
)
from referentiel.blueprints.talk_readers import reader_of_item
from referentiel.comments import actions, queries
from referentiel.comments.anchors import Place, Target, find
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face
from referentiel.criteria.vocabulary import QUESTION
from referentiel.errors import N_, Invalid, Unknown
from referentiel.people.models import Person
from referentiel.people.queries import has_return_words
from referentiel.permissions import Action, could
from referentiel.web import questions as asking
from referentiel.web import tablets
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, return_words, signed_in
from referentiel.web.stores import settings

blueprint = Blueprint("commenting", __name__)

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
        employee=is_employee(who),
    )


@blueprint.get("/criteres/<code>/avis")
@public
def question(code: str) -> ResponseReturnValue:
    """The question, three faces, and room for words. Whoever is not signed in reads how to come in."""
    subject = subject_of(code)
    who = person()
    if who is None or subject.withdrawn:
        return render_template("commenting/doors.html", subject=subject, code=subject.code)
    if not is_employee(who):
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
    subject = subject_of(code)
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
                form=sending(form),
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
    subject, who = subject_of(code), signed_in()
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
    return _contributions_page(subject_of(code), QuotingForm(**given) if person() else None)


@blueprint.post("/criteres/<code>/contributions")
@requires(Action.COMMENT)
def contribute(code: str) -> ResponseReturnValue:
    subject, form = subject_of(code), QuotingForm()
    if form.validate_on_submit() and not form.asks(known=subject.text.document.text):
        try:
            on = place_on(subject, form.rubrique.data or "", form.citation.data or "")
            said = actions.comment(on, form.texte.data or "", **sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            thank(said)
            return redirect(url_for("commenting.contributions", code=subject.code), 303)
    return _contributions_page(subject, form), 422


def _contributions_page(subject: Subject, form: QuotingForm | None) -> str:
    """``form`` is none for a passer-by: no form, no cookie."""
    if form is not None:
        form.rubrique.choices = choices(
            [("", _("Tout le critère"))]
            + [(rubric.anchor, rubric.title.replace("'", "’")) for rubric in subject.text.rubrics if rubric.title]
        )
    who, threads = person(), queries.on_item(subject.code)
    found: dict[int, Place | None] = {
        voice.id: find(voice.anchor, subject.wording) for voice in threads if voice.anchor.section
    }
    attached = [voice for voice in threads if found.get(voice.id, True) is not None]
    number, count = current_page(len(attached))
    return render_template(
        "commenting/contributions.html",
        subject=subject,
        form=form,
        voices=attached[(number - 1) * THREADS : number * THREADS],
        detached=[voice for voice in threads if found.get(voice.id, True) is None],
        reader=reader_of_item(threads, Target.CRITERION, subject.code, who),
        total=sum(bool(voice.text) + len(voice.replies) for voice in threads),
        found=found,
        moderator=bool(could(who, Action.MODERATE)),
        number=number,
        count=count,
        asked=who is None or is_employee(who),
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
            said = actions.reply(parent, form.texte.data or "", **sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            thank(said)
            return redirect(address(parent), 303)
    return _reply_page(parent, form), 422


def _reply_page(parent: Comment, form: CommentForm) -> str:
    return render_template(
        "commenting/reply.html", voice=queries.voice(parent), form=form, number=parent.id, back=address(parent)
    )


def _open_thread(number: int) -> Comment:
    """A contribution that everybody can read and reply to. Raises Unknown."""
    found = queries.comment(number)
    if not found.shown or found.is_reply:
        raise Unknown(N_("Cette contribution n’est plus là : vous ne pouvez pas y répondre."))
    return found
