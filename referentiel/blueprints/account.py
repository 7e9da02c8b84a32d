"""One's own account: name, open sessions, second factor, return words."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Optional

from referentiel.errors import Refused
from referentiel.people import queries
from referentiel.people.accounts import administering, settling
from referentiel.people.doors import second_factor, sessions
from referentiel.people.doors.inviting import NAME_LIMIT
from referentiel.people.models import MAIL_LABELS, Mail
from referentiel.permissions import SECOND_FACTOR_ROLES, Action, could
from referentiel.web import clock, followed, guard, identity
from referentiel.web.choices import choices
from referentiel.web.forms import Form, cleaned
from referentiel.web.guard import requires
from referentiel.web.stores import library

blueprint = Blueprint("account", __name__, url_prefix="/mon-compte")


class NameForm(Form):
    name = StringField(lazy("Votre nom"), [Optional(), cleaned(limit=NAME_LIMIT, lines=False)])


class MailForm(Form):
    mail = RadioField(
        lazy("Ce que vous voulez recevoir"),
        [InputRequired(lazy("Choisissez une des réponses proposées."))],
        choices=choices([(choice.value, lazy(MAIL_LABELS[choice])) for choice in Mail]),
    )


@blueprint.get("")
@requires(Action.MANAGE_ACCOUNT)
def page() -> ResponseReturnValue:
    return _page(NameForm(name=identity.signed_in().name))


@blueprint.post("/nom")
@requires(Action.MANAGE_ACCOUNT)
def rename() -> ResponseReturnValue:
    form = NameForm()
    if form.validate():
        try:
            administering.rename(form.name.data or "", by=identity.signed_in())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Votre nom est enregistré."), "good")
            return redirect(url_for("account.page"), 303)
    return _page(form), 422


@blueprint.post("/messages")
@requires(Action.MANAGE_ACCOUNT)
def choose_mail() -> ResponseReturnValue:
    form = MailForm()
    if form.validate():
        settling.choose_mail(Mail(form.mail.data), by=identity.signed_in())
        flash(_("Votre choix est enregistré."), "good")
        return redirect(url_for("account.page"), 303)
    return _page(NameForm(formdata=None, name=identity.signed_in().name), form), 422


@blueprint.post("/connexions/<int:session_id>/fermer")
@requires(Action.MANAGE_ACCOUNT)
def end_one(session_id: int) -> ResponseReturnValue:
    current = identity.current_session()
    if current is not None and current.id == session_id:
        if current.person.email is None:
            # Only words open this account again: that is said before it is left.
            return redirect(url_for("signing_in.leaving"), 303)
        identity.sign_out()
        return redirect("/", 303)
    sessions.end_one_of_mine(session_id, by=identity.signed_in())
    flash(_("Cette connexion est fermée."), "good")
    return redirect(url_for("account.page"), 303)


@blueprint.post("/connexions/fermer-les-autres")
@requires(Action.MANAGE_ACCOUNT)
def end_others() -> ResponseReturnValue:
    current = identity.current_session()
    sessions.end_all_of_mine(by=identity.signed_in(), but=current.id if current else None)
    flash(_("Vos autres connexions sont fermées."), "good")
    return redirect(url_for("account.page"), 303)


@blueprint.post("/codes-de-secours")
@requires(Action.MANAGE_ACCOUNT)
def recovery_codes() -> ResponseReturnValue:
    """Eight codes in this answer alone. Who could make some without the second factor would not need it any more."""
    waiting = guard.ask_second_factor()
    if waiting is not None:
        return waiting
    codes = second_factor.make_recovery_codes(by=identity.signed_in(), at=clock.now())
    return render_template("account/recovery_codes.html", codes=codes)


def _page(form: NameForm, mail: MailForm | None = None) -> str:
    me = identity.signed_in()
    return render_template(
        "account/page.html",
        form=form,
        mail=mail or MailForm(formdata=None, mail=me.mail),
        wish=settling.wish_of(me) if me.email else None,
        followed=followed.named(library(), me) if me.email else (),
        me=me,
        sessions=queries.sessions_of(me, at=clock.now()),
        current=identity.current_session(),
        needs_second_factor=not SECOND_FACTOR_ROLES.isdisjoint(me.roles),
        can_administer=bool(could(me, Action.ADMINISTER)),
        can_hold=bool(could(me, Action.SEE_WORKSHOPS)),
        recovery_codes_left=queries.recovery_codes_left(me),
    )
