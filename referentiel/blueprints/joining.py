"""The door of employees: a card opens it once, four words open it again. No name, no e-mail, no telephone."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from referentiel.errors import Refused
from referentiel.people import queries
from referentiel.people.cards import issuing, visits
from referentiel.people.workshops import codes as workshop_codes
from referentiel.people.workshops import entering
from referentiel.permissions import Action
from referentiel.web import clock, identity
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.questions import first_address
from referentiel.web.safe_url import safe_url
from referentiel.web.sessions import browser
from referentiel.web.stores import secret, settings

blueprint = Blueprint("joining", __name__)


LEAVES = "quitter"
"""What a form carries once the person was told that they leave their account"""


class CodeForm(Form):
    code = StringField(lazy("Mon code ou mes mots"), [InputRequired(lazy("Écrivez le code de votre carte."))])
    suite = HiddenField()
    envoi = HiddenField(default=lambda: str(uuid4()))


@blueprint.get("/rejoindre")
@public
def page() -> ResponseReturnValue:
    identity.browser_key()
    who = identity.person()
    if who is not None and who.email is not None:
        # A professional has no use for a card: the same door leads to the questions.
        return redirect(url_for("commenting.questions"), 303)
    form = CodeForm(suite=safe_url(request.args.get("suite"), ""))
    return render_template("joining/page.html", form=form, who=who)


@blueprint.post("/rejoindre")
@public
def enter() -> ResponseReturnValue:
    form = CodeForm()
    retry_after = None
    status = 422
    if form.validate():
        who = identity.person()
        if who is not None and issuing.are_words_of(who, form.code.data or "", secret=secret()):
            flash(_("Vous êtes déjà entré·e."), "good")
            return redirect(safe_url(form.suite.data, first_address(who)), 303)
        if _must_be_told():
            return _leaving_page(url_for("joining.enter"), form), 409
        try:
            entered = entering.enter(
                form.code.data or "",
                secret=secret(),
                at=clock.now(),
                life=settings().session_life,
                instead_of=browser().token,
                browser=identity.browser_key(),
                form=form.envoi.data or "",
            )
        except Refused as error:
            form.refuse(error)
            status, retry_after = error.status, getattr(error, "retry_after", None)
        else:
            return _entered(entered, form.suite.data)
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return render_template("joining/page.html", form=form, who=None), status, headers


@blueprint.get("/rejoindre/sans-carte")
@public
def without_card() -> str:
    return render_template("joining/without_card.html")


@blueprint.get("/rejoindre/mes-mots")
@requires(Action.SEE_OWN_CONTRIBUTIONS)
def words() -> ResponseReturnValue:
    """The return words, while the visit that opened the account lasts; later, a way to make others."""
    who = identity.person()
    if who is None or who.email is not None:
        return redirect(url_for("account.page"), 303)
    return render_template("joining/words.html", words=identity.return_words(), had_some=queries.has_return_words(who))


@blueprint.post("/rejoindre/mes-mots")
@requires(Action.SEE_OWN_CONTRIBUTIONS)
def make_words() -> ResponseReturnValue:
    who = identity.signed_in()
    identity.keep_return_words(issuing.make_return_words(by=who, at=clock.now(), secret=secret()))
    return redirect(url_for("joining.words"), 303)


@blueprint.get("/rejoindre/<square>")
@public
def by_square(square: str) -> str:
    """What the QR opens. The page writes nothing: a preview of the address uses no card up."""
    identity.browser_key()
    if workshop_codes.read(square) is not None:
        form = CodeForm(code=square, suite=safe_url(request.args.get("suite"), ""))
        return render_template("joining/page.html", form=form, who=identity.person())
    suite = safe_url(request.args.get("suite"), "")
    if identity.person() is not None:
        return _leaving_page(url_for("joining.enter_by_square", square=square), CodeForm(suite=suite))
    return render_template("joining/square.html", square=square, suite=suite)


@blueprint.post("/rejoindre/<square>")
@public
def enter_by_square(square: str) -> ResponseReturnValue:
    if _must_be_told():
        return _leaving_page(url_for("joining.enter_by_square", square=square), CodeForm()), 409
    entered = issuing.enter_by_square(
        square,
        secret=secret(),
        at=clock.now(),
        life=settings().session_life,
        instead_of=browser().token,
        browser=identity.browser_key(),
    )
    return _entered(entered, request.form.get("suite"))


def _must_be_told() -> bool:
    """Somebody is signed in here and has not been told that another card leaves their account for a new one."""
    return identity.person() is not None and LEAVES not in request.form


def _leaving_page(address: str, form: CodeForm) -> str:
    return render_template(
        "joining/another.html",
        address=address,
        form=form,
        told=LEAVES,
        who=identity.person(),
        words=identity.return_words(),
    )


def _entered(entered: visits.Entered, suite: str | None) -> ResponseReturnValue:
    identity.carry(entered.token)
    if entered.return_words:
        identity.keep_return_words(entered.return_words)
    session.pop("_flashes", None)
    return redirect(safe_url(suite, first_address(identity.person())), 303)
