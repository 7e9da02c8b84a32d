"""A tablet for several people, one after the other: open it on a workshop, take a turn, leave nothing behind."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from referentiel.blueprints.commenting import ENDS, AnswerForm
from referentiel.comments.queries import own_answer
from referentiel.errors import N_, Refused, Unknown
from referentiel.people import queries as people
from referentiel.people.models import Workshop
from referentiel.people.workshops import tablets as actions
from referentiel.people.workshops.queries import workshop_for
from referentiel.permissions import Action, may, require
from referentiel.web import clock, identity, tablets
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.numbers import whole_number
from referentiel.web.questions import first_address
from referentiel.web.sessions import browser
from referentiel.web.stores import secret

blueprint = Blueprint("tablets", __name__, url_prefix="/seances/tablette")

BY_HAND, TYPED = "moi", "animateur"


class OpenForm(Form):
    code = StringField(lazy("Le code de la séance"), [InputRequired(lazy("Écrivez le code de la séance."))])


class HoldersForm(Form):
    """One button."""

    seance = HiddenField()


class TurnForm(Form):
    plume = RadioField(
        lazy("Qui écrit ?"),
        choices=choices([(BY_HAND, lazy("J’écris moi-même")), (TYPED, lazy("L’animateur écrit pour moi"))]),
        default=BY_HAND,
        validate_choice=False,
    )


@blueprint.get("")
@public
def page() -> ResponseReturnValue:
    """What the tablet shows between two people: one button."""
    if tablets.turn():
        return render_template("tablets/under_way.html", onward=first_address(identity.person()))
    if tablets.key() is not None and browser().token:
        # The turn of somebody who left without a word is over: what the browser still held of them goes.
        identity.sign_out()
    workshop = tablets.workshop()
    if workshop is not None:
        return _start_page(workshop, TurnForm())
    if tablets.key() is None:
        return redirect(url_for("tablets.opening"), 303)
    return tablets.take_back(make_response(render_template("tablets/over.html")))


@blueprint.post("")
@public
def begin() -> ResponseReturnValue:
    if tablets.turn():
        return redirect(url_for("tablets.page"), 303)
    entered = actions.begin_turn(
        tablets.key(),
        typed=TurnForm().plume.data == TYPED,
        secret=secret(),
        at=clock.now(),
        browser=identity.browser_key(),
        instead_of=browser().token,
    )
    identity.carry(entered.token)
    if entered.return_words:
        identity.keep_return_words(entered.return_words)
    return redirect(first_address(people.person(entered.person_id)), 303)


@blueprint.get("/ouvrir")
@public
def opening() -> ResponseReturnValue:
    """With the code of the workshop; who holds the workshop comes here from its page and needs none."""
    asked = request.args.get("seance", "")
    if asked and identity.person() is None:
        # "Back", once this device was given back: whoever held the session signs in again.
        return redirect(url_for("signing_in.page", suite=url_for("tablets.opening", seance=asked)), 303)
    if asked:
        return render_template("tablets/open_mine.html", form=HoldersForm(seance=asked), workshop=_mine(asked))
    return _opening_page(OpenForm())


@blueprint.post("/ouvrir")
@public
def open_with_code() -> ResponseReturnValue:
    form = OpenForm()
    status, headers = 422, {}
    if form.validate():
        try:
            lent = actions.open_tablet_with_code(form.code.data or "", secret=secret(), at=clock.now())
        except Refused as error:
            form.refuse(error)
            status, wait = error.status, getattr(error, "retry_after", None)
            headers = {"Retry-After": str(wait)} if wait else {}
        else:
            return _handed_over(lent)
    return _opening_page(form), status, headers


@blueprint.post("/ouvrir/la-mienne")
@requires(Action.SEE_WORKSHOPS)
def open_mine() -> ResponseReturnValue:
    workshop = _mine(request.form.get("seance", ""))
    return _handed_over(actions.open_tablet(workshop, by=identity.signed_in(), at=clock.now()))


@blueprint.get("/fin")
@public
def end() -> ResponseReturnValue:
    """Before the turn ends: the words by which this person comes back, and nobody else."""
    who = identity.person()
    if who is None or who.email is not None:
        return redirect(url_for("tablets.page"), 303)
    # The facilitator who typed still holds the tablet: the words wait until it has changed hands.
    return render_template(
        "tablets/end.html",
        words=identity.return_words(),
        had_some=people.has_return_words(who),
        who=who,
        veiled=who.typed and request.args.get("mots") != "voir",
    )


@blueprint.post("/fin/<code>")
@public
def end_with(code: str) -> ResponseReturnValue:
    """« J’ai fini », pressed above a question: what is chosen or typed there is not lost without a word."""
    who, form = identity.person(), AnswerForm()
    if who is None or who.email is not None:
        return redirect(url_for("tablets.page"), 303)
    given = own_answer(code, who)
    sent = (given.face.value if given.face else "", given.text) if given else ("", "")
    typed = (form.visage.data or "", (form.texte.data or "").replace("\r\n", "\n").strip())
    if typed in (sent, ("", "")):
        return redirect(url_for("tablets.end"), 303)
    return render_template("tablets/unsent.html", code=code, form=form, ends=ENDS)


@blueprint.post("/suivant")
@public
def next_person() -> ResponseReturnValue:
    """The turn is over: session ended, words forgotten, and every page that held them asked for again."""
    identity.sign_out()
    return redirect(url_for("tablets.page"), 303)


@blueprint.post("/encore")
@public
def still_here() -> ResponseReturnValue:
    """Somebody is writing: the turn goes on (it was made longer before this view)."""
    return "", 204


@blueprint.post("/rendre")
@public
def give_back() -> ResponseReturnValue:
    """The facilitator takes the tablet back."""
    if tablets.turn():
        return redirect(url_for("tablets.page"), 303)
    flash(_("Cet appareil n’est plus une tablette partagée."), "good")
    return tablets.take_back(make_response(redirect("/", 303)))


def _mine(asked: str) -> Workshop:
    """A workshop that this person holds, and that lets people in. Raises Unknown for any other, NotAllowed."""
    who = identity.person()
    workshop = workshop_for(whole_number(asked) or 0, who, at=clock.now()) if who is not None else None
    if workshop is None or not may(who, Action.HOLD_WORKSHOP, workshop):
        raise Unknown(N_("Cette séance n’existe pas."))
    require(who, Action.SHOW_CODE, workshop)
    return workshop


def _handed_over(lent: actions.OpenedTablet) -> ResponseReturnValue:
    return tablets.hand_over(make_response(redirect(url_for("tablets.page"), 303)), lent)


def _opening_page(form: OpenForm) -> str:
    return render_template("tablets/open.html", form=form, who=identity.person())


def _start_page(workshop: Workshop, form: TurnForm) -> str:
    identity.browser_key()
    typing = actions.may_type(workshop)
    return render_template("tablets/start.html", form=form, workshop=workshop, typing=typing)
