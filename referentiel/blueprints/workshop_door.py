"""The door of a collective session: the QR of its poster opens its first question, and an answer opens an account."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField
from wtforms.fields.core import Label

from referentiel.comments.actions import answer_question
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.moderation import Face
from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import QUESTION
from referentiel.criteria.vocabulary import State as TextState
from referentiel.errors import N_, Invalid
from referentiel.people.models import Workshop
from referentiel.people.workshops import holding
from referentiel.people.workshops.entering import same_press
from referentiel.people.workshops.holding import door, require_seat
from referentiel.web import clock, identity
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.guard import public
from referentiel.web.questions import first_address, left_in_workshop, today
from referentiel.web.sessions import browser
from referentiel.web.stores import secret, settings
from referentiel.web.texts import ItemText

blueprint = Blueprint("workshop_door", __name__)

ANSWER = "repondre"


class JoinForm(Form):
    envoi = HiddenField(default=lambda: str(uuid4()))
    geste = HiddenField()
    visage = RadioField(choices=choices([(face.value, lazy(face.label)) for face in Face]), validate_choice=False)


@blueprint.get("/rejoindre/<int:number>.<key>")
@public
def page(number: int, key: str) -> ResponseReturnValue:
    """The first question of the session. The page writes nothing: a preview of the address takes no seat."""
    identity.browser_key()
    workshop = door(number, key, secret=secret(), at=clock.now())
    if identity.person() is None:
        require_seat(workshop)
    return _page(workshop, key, JoinForm())


@blueprint.post("/rejoindre/<int:number>.<key>")
@public
def enter(number: int, key: str) -> ResponseReturnValue:
    """Come in, with an answer to the first question or without. Pressing twice comes in once."""
    at, form = clock.now(), JoinForm()
    workshop = door(number, key, secret=secret(), at=at)
    if identity.person() is not None:
        # Nobody leaves an account without having been told: the page says who is in, and how they leave.
        return _page(workshop, key, form), 409
    first = _first(workshop)
    answers = first is not None and form.geste.data == ANSWER
    if answers and form.visage.data not in tuple(Face):
        form.refuse(Invalid(N_("Choisissez un visage. Si vous ne savez pas, entrez sans répondre."), field="visage"))
        return _page(workshop, key, form), 422
    entered = holding.enter_by_key(
        number,
        key,
        secret=secret(),
        at=at,
        life=settings().session_life,
        instead_of=browser().token,
        browser=same_press(identity.browser_key(), form.envoi.data or ""),
    )
    identity.carry(entered.token)
    if entered.return_words:
        identity.keep_return_words(entered.return_words)
    session.pop("_flashes", None)
    who = identity.signed_in()
    if first is None or not answers:
        return redirect(first_address(who), 303)
    code, text = first
    # Asked before the answer is written: who they are is still at hand, and need not be read again.
    following = left_in_workshop(who, after=code)
    on = Anchor(Target.CRITERION, code, section=QUESTION, blob=text.blob)
    answer_question(on, Face(form.visage.data), "", by=who, at=at, form=(form.envoi.data or "")[:64])
    if following is None:
        return redirect(f"/criteres/{code}/avis/merci", 303)
    flash(_("Votre avis est envoyé. Voici la question suivante."), "good")
    return redirect(f"/criteres/{following.code}/avis", 303)


def _page(workshop: Workshop, key: str, form: JoinForm) -> str:
    first = _first(workshop)
    if first is not None:
        form.visage.label = Label(
            form.visage.id, first[1].question or str(_("Est-ce que cela se passe ainsi pour vous ?"))
        )
    return render_template(
        "workshops/join.html",
        workshop=workshop,
        address=f"/rejoindre/{workshop.id}.{key}",
        form=form,
        code=first[0] if first else None,
        title=first[1].value("titre") if first else "",
        who=identity.person(),
    )


def _first(workshop: Workshop) -> tuple[str, ItemText] | None:
    """The first criterion to discuss that is still in force, with its text."""
    state = today()
    for code in workshop.criteria:
        if state.holds(Kind.CRITERION, code):
            text = state.item(Kind.CRITERION, code)
            if text.value("etat") != TextState.WITHDRAWN:
                return code, text
    return None
