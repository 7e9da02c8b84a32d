"""What is kept about oneself: read it, take it away in a file, erase it."""

import json

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField
from wtforms.validators import InputRequired

from referentiel.errors import Refused
from referentiel.people.accounts.erasing import refusal
from referentiel.people.keeping import BACKUPS
from referentiel.permissions import SECOND_FACTOR_ROLES, Action
from referentiel.privacy import actions, queries
from referentiel.web import clock, guard, identity
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.stores import library, secret, settings

blueprint = Blueprint("own_data", __name__, url_prefix="/mon-compte")

KEEP, REMOVE = "garder", "effacer"


class EraseForm(Form):
    words = RadioField(
        lazy("Que faire de ce que vous avez écrit ?"),
        [InputRequired(lazy("Choisissez ce que deviennent vos mots."))],
        choices=choices(
            [
                (KEEP, lazy("Garder mes mots publiés, sans lien avec moi")),
                (REMOVE, lazy("Effacer aussi mes mots publiés")),
            ]
        ),
    )


@blueprint.get("/mes-donnees")
@requires(Action.MANAGE_ACCOUNT)
def page() -> ResponseReturnValue:
    me = identity.signed_in()
    return render_template("own_data/page.html", me=me, kept=queries.as_pages(me), most=queries.SHOWN)


@blueprint.get("/mes-donnees.json")
@requires(Action.MANAGE_ACCOUNT)
def download() -> ResponseReturnValue:
    data = queries.as_data(identity.signed_in(), at=clock.now())
    answer = Response(json.dumps(data, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return answer


@blueprint.get("/effacer")
@requires(Action.MANAGE_ACCOUNT)
def confirm() -> ResponseReturnValue:
    return _page(EraseForm())


@blueprint.post("/effacer")
@requires(Action.MANAGE_ACCOUNT)
def erase() -> ResponseReturnValue:
    """Who could erase an editor's account from a browser left open would silence them: the code is asked for."""
    me, form = identity.signed_in(), EraseForm()
    if not SECOND_FACTOR_ROLES.isdisjoint(me.roles):
        waiting = guard.ask_second_factor()
        if waiting is not None:
            return waiting
    if not form.validate():
        return _page(form), 422
    try:
        actions.erase(
            me,
            words=form.words.data == REMOVE,
            by=me,
            at=clock.now(),
            settings=settings(),
            library=library(),
            secret=secret(),
        )
    except Refused as error:
        form.refuse(error)
        return _page(form), error.status
    # The session that was looked up for this request went with the account.
    g.current_session = None
    identity.sign_out()
    return redirect(url_for("own_data.gone"), 303)


@blueprint.get("/efface")
@public
def gone() -> ResponseReturnValue:
    return render_template("own_data/gone.html", title=_("Votre compte est effacé"), days=BACKUPS.days)


def _page(form: EraseForm) -> str:
    me = identity.signed_in()
    return render_template(
        "own_data/erase.html",
        me=me,
        form=form,
        refusal=refusal(me),
        days=BACKUPS.days,
        code=not SECOND_FACTOR_ROLES.isdisjoint(me.roles),
    )
