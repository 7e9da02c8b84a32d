"""The doors of professionals: invitation, sign-in link, second factor; and the way out, for everybody."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import InputRequired, Optional

from referentiel.errors import Expired, NotAllowed, Refused
from referentiel.people.doors import inviting, linking
from referentiel.people.doors.inviting import NAME_LIMIT
from referentiel.people.doors.second_factor import FIELD
from referentiel.permissions import SECOND_FACTOR_ROLES, Action, College, Role
from referentiel.web import clock, guard, identity
from referentiel.web.forms import Form, cleaned
from referentiel.web.guard import public, requires
from referentiel.web.safe_url import safe_url
from referentiel.web.sessions import browser
from referentiel.web.stores import secret, settings

blueprint = Blueprint("signing_in", __name__)

ASKED = "asked_link"


class EmailForm(Form):
    email = EmailField(lazy("Votre adresse e‑mail"), [InputRequired(lazy("Écrivez votre adresse e‑mail."))])
    suite = HiddenField()


class DigitsForm(Form):
    digits = StringField(lazy("Les six chiffres"), [InputRequired(lazy("Écrivez les six chiffres."))])


class InvitationForm(Form):
    email = EmailField(lazy("Votre adresse e‑mail"), [InputRequired(lazy("Écrivez votre adresse e‑mail."))])
    name = StringField(lazy("Votre nom"), [Optional(), cleaned(limit=NAME_LIMIT, lines=False)])


@blueprint.get("/connexion")
@public
def page() -> ResponseReturnValue:
    suite = safe_url(request.args.get("suite"), "")
    if identity.person() is not None:
        return redirect(suite or url_for("account.page"), 303)
    return _page(EmailForm(suite=suite), suite)


@blueprint.post("/connexion")
@public
def ask() -> ResponseReturnValue:
    form = EmailForm()
    suite = safe_url(form.suite.data, "/")
    if form.validate():
        try:
            session[ASKED] = linking.ask_link(
                form.email.data or "", browser=identity.browser_key(), next_url=suite, secret=secret(), at=clock.now()
            )
        except Refused as error:
            form.refuse(error)
        else:
            return redirect(url_for("signing_in.waiting"), 303)
    return _page(form, suite), 422


@blueprint.get("/connexion/attente")
@public
def waiting() -> ResponseReturnValue:
    if ASKED not in session:
        return redirect(url_for("signing_in.page"), 303)
    return _waiting_page(DigitsForm())


@blueprint.post("/connexion/attente")
@public
def digits() -> ResponseReturnValue:
    form = DigitsForm()
    status = 422
    if form.validate():
        try:
            done = linking.type_digits(
                session.get(ASKED, 0),
                form.digits.data or "",
                browser=identity.browser_key(),
                secret=secret(),
                at=clock.now(),
                life=settings().session_life,
                instead_of=browser().token,
            )
        except Expired:
            session.pop(ASKED, None)
            raise
        except Refused as error:
            form.refuse(error)
            status = error.status
        else:
            return _signed_in(done)
    return _waiting_page(form), status


@blueprint.get("/connexion/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """A mail scanner may open this page: it uses nothing up."""
    linking.link_of(token, at=clock.now())
    return render_template("signing_in/link.html", token=token)


@blueprint.post("/connexion/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    done = linking.open_link(
        token,
        browser=identity.browser_key(),
        secret=secret(),
        at=clock.now(),
        life=settings().session_life,
        instead_of=browser().token,
    )
    if isinstance(done, linking.Elsewhere):
        return render_template("signing_in/elsewhere.html", digits=done.digits)
    return _signed_in(done)


@blueprint.get("/connexion/second-facteur")
@requires(Action.MANAGE_ACCOUNT)
def second_factor() -> ResponseReturnValue:
    suite = safe_url(request.args.get("suite"), url_for("account.page"))
    if identity.second_factor_proven():
        return redirect(suite, 303)
    return guard.second_factor_page(action=url_for("signing_in.prove"), suite=suite)


@blueprint.post("/connexion/second-facteur")
@requires(Action.MANAGE_ACCOUNT)
def prove() -> ResponseReturnValue:
    suite = safe_url(request.form.get("suite"), url_for("account.page"))
    enrolled = identity.signed_in().totp_enrolled_at is not None
    try:
        guard.prove_now(request.form.get(FIELD, ""))
    except Refused as error:
        return guard.second_factor_page(action=url_for("signing_in.prove"), refusal=error, suite=suite)
    if not enrolled:
        flash(_("Votre téléphone est associé. Faites aussi des codes de secours, dans « Mon compte »."), "good")
    return redirect(suite, 303)


@blueprint.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """A mail scanner may open this page too."""
    if _already_mine(token):
        return redirect(url_for("account.page"), 303)
    return _invitation_page(token, InvitationForm())


@blueprint.post("/invitation/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    if _already_mine(token):
        return redirect(url_for("account.page"), 303)
    invited = inviting.invitation_of(token, at=clock.now())
    form = InvitationForm()
    if invited.email is not None:
        del form.email
    status = 422
    if form.validate():
        try:
            _person, raw = inviting.accept_invitation(
                token,
                by=identity.person(),
                browser=identity.browser_key(),
                at=clock.now(),
                life=settings().session_life,
                email=(form.email.data or "") if "email" in form else "",
                name=form.name.data or "",
                instead_of=browser().token,
            )
        except (Expired, NotAllowed):
            raise
        except Refused as error:
            form.refuse(error)
            status = error.status
        else:
            identity.carry(raw)
            if SECOND_FACTOR_ROLES.isdisjoint(Role(role) for role in invited.roles):
                flash(_("Votre compte est ouvert. Vous pouvez proposer et donner votre avis."), "good")
            else:
                flash(_("Votre compte est ouvert. Vos rôles demandent un code : associez votre téléphone."), "good")
            return redirect(url_for("account.page"), 303)
    return _invitation_page(token, form), status


@blueprint.get("/deconnexion")
@public
def leaving() -> ResponseReturnValue:
    if identity.person() is None:
        return redirect("/", 303)
    suite = safe_url(request.args.get("suite"))
    return render_template("signing_in/leaving.html", suite=suite, words=identity.return_words())


@blueprint.post("/deconnexion")
@public
def leave() -> ResponseReturnValue:
    next_url = safe_url(request.form.get("suite"))
    id_token = identity.sign_out()
    part = current_app.extensions.get(identity.PARTING)
    elsewhere: ResponseReturnValue | None = part(id_token, next_url) if part and id_token else None
    return elsewhere or redirect(next_url, 303)


def _page(form: EmailForm, suite: str) -> str:
    provider = settings().oidc_name if settings().openid else None
    return render_template("signing_in/page.html", form=form, suite=suite, provider=provider)


def _waiting_page(form: DigitsForm) -> str:
    """On somebody's own machine, without a mail server, the page says where the mail is."""
    here = settings()
    folder = None if here.production or here.smtp_url else here.mail_path
    return render_template("signing_in/waiting.html", form=form, mail_folder=folder)


def _signed_in(done: linking.SignedIn) -> ResponseReturnValue:
    identity.carry(done.token)
    return redirect(safe_url(done.next_url), 303)


def _already_mine(token: str) -> bool:
    who = identity.person()
    return who is not None and inviting.accepted_by(token, who)


def _invitation_page(token: str, form: InvitationForm) -> str:
    invited = inviting.invitation_of(token, at=clock.now())
    if invited.email is not None and "email" in form:
        del form.email
    who = identity.person()
    return render_template(
        "signing_in/invitation.html",
        form=form,
        token=token,
        college=College(invited.college),
        roles=[Role(role) for role in invited.roles],
        email=invited.email,
        must_sign_in=inviting.account_exists(invited) and (who is None or who.email != invited.email),
    )
