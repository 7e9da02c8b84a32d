"""The door of employees: a card opens it once, four words open it again. No name, no e-mail, no telephone."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from referentiel.errors import Refused
from referentiel.people import actions, queries
from referentiel.permissions import Action
from referentiel.web import clock, identity
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.safe_url import safe_url
from referentiel.web.sessions import browser
from referentiel.web.stores import secret, settings

blueprint = Blueprint("joining", __name__)

NEXT = "/questions"


class CodeForm(Form):
    code = StringField(lazy("Mon code ou mes mots"), [InputRequired(lazy("Écrivez le code de votre carte."))])
    suite = HiddenField()


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
        try:
            entered = actions.enter(
                form.code.data or "",
                secret=secret(),
                at=clock.now(),
                life=settings().session_life,
                instead_of=browser().token,
                browser=identity.browser_key(),
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
    identity.keep_return_words(actions.make_return_words(by=who, at=clock.now(), secret=secret()))
    return redirect(url_for("joining.words"), 303)


@blueprint.get("/rejoindre/<square>")
@public
def by_square(square: str) -> str:
    """What the QR opens. The page writes nothing: a preview of the address uses no card up."""
    identity.browser_key()
    return render_template("joining/square.html", square=square, suite=safe_url(request.args.get("suite"), ""))


@blueprint.post("/rejoindre/<square>")
@public
def enter_by_square(square: str) -> ResponseReturnValue:
    entered = actions.enter_by_square(
        square,
        secret=secret(),
        at=clock.now(),
        life=settings().session_life,
        instead_of=browser().token,
        browser=identity.browser_key(),
    )
    return _entered(entered, request.form.get("suite"))


def _entered(entered: actions.Entered, suite: str | None) -> ResponseReturnValue:
    identity.carry(entered.token)
    if entered.return_words:
        identity.keep_return_words(entered.return_words)
    session.pop("_flashes", None)
    return redirect(safe_url(suite, NEXT), 303)
