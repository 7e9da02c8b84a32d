"""« Je voudrais que… »: say a wish in a few taps, read them all, open one, make a proposal of it."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from wtforms import TextAreaField

from referentiel.blueprints.talk_parts import CommentForm, Subject, is_employee, sent, subject_of
from referentiel.blueprints.talk_readers import reader_of_item
from referentiel.comments import queries, wishing
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.voices import Voice, voice_of
from referentiel.errors import N_, Invalid, Unknown
from referentiel.people.models import Person
from referentiel.people.queries import has_return_words
from referentiel.permissions import Action
from referentiel.proposals.queries.talks import credited
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, return_words, signed_in
from referentiel.web.numbers import page_number
from referentiel.web.stores import settings
from referentiel.web.titles import titles_in_force

blueprint = Blueprint("wishing", __name__)

ON_A_PAGE = 20


class WishForm(CommentForm):
    texte = TextAreaField(lazy("Je voudrais que…"))


@blueprint.get("/souhaits/")
@public
def wishes() -> ResponseReturnValue:
    """Every published wish, the newest month first."""
    number = page_number(request.args.get("page"))
    shown = wishing.shown_wishes(ON_A_PAGE, (number - 1) * ON_A_PAGE)
    count = max(1, -(-shown.total // ON_A_PAGE))
    if number > count:
        raise Unknown(N_("Cette page de la liste n’existe pas."))
    return render_template(
        "wishing/list.html",
        wishes=shown.voices,
        total=shown.total,
        taken=credited([voice.id for voice in shown.voices]),
        titles=titles_in_force(),
        number=number,
        count=count,
        employee=person() is None or is_employee(person()),
    )


@blueprint.get("/souhaits/<int:number>")
@public
def wish(number: int) -> ResponseReturnValue:
    """One wish: what it asks, which proposals took it up, and the way to make one of it."""
    found = wishing.shown_wish(number)
    voice = _thread(found)
    return render_template(
        "wishing/wish.html",
        wish=voice,
        code=found.key,
        title=titles_in_force().get(found.key, ""),
        taken=credited([found.id]).get(found.id, ()),
        reader=reader_of_item([voice], found.kind, found.key, person()),
        employee=is_employee(person()),
    )


@blueprint.get("/souhaits/nouveau")
@requires(Action.COMMENT)
def ask() -> ResponseReturnValue:
    """The form of a wish on the whole text, or on the criterion that the address names."""
    return _page(_subject(), WishForm(), signed_in())


@blueprint.post("/souhaits/nouveau")
@requires(Action.COMMENT)
def send() -> ResponseReturnValue:
    subject, form = _subject(), WishForm()
    if form.validate_on_submit() and not form.asks():
        on = replace(subject.on) if subject else Anchor(Target.REFERENTIAL, "")
        try:
            said = wishing.wish(on, form.texte.data or "", **sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect(url_for("wishing.thanks", number=said.id), 303)
    return _page(subject, form, signed_in()), 422


@blueprint.get("/souhaits/<int:number>/merci")
@requires(Action.SEE_OWN_CONTRIBUTIONS)
def thanks(number: int) -> ResponseReturnValue:
    """What was received, and what happens next: to its author alone."""
    said = queries.comment(number)
    if said.author_id != signed_in().id or not said.wish or said.closed_at is not None:
        raise Unknown(N_("Ce souhait n’existe pas, ou n’est plus là."))
    return render_template(
        "wishing/thanks.html",
        said=said,
        promised=queries.promised(said, settings().moderation_days),
        words=(words := return_words()),
        has_words=words is None and has_return_words(signed_in()),
    )


def _page(subject: Subject | None, form: WishForm, who: Person) -> str:
    return render_template("wishing/ask.html", subject=subject, form=form, employee=is_employee(who))


def _subject() -> Subject | None:
    code = request.args.get("critere", "")
    return subject_of(code) if code else None


def _thread(found: Comment) -> Voice:
    """The wish with its replies."""
    threads = queries.threads(found.kind, found.key)
    return next((voice for voice in threads if voice.id == found.id), voice_of(found))
