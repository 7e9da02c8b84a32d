"""The door of the identity provider: leave for it, come back from it, and the end of its session.

An optional door: :mod:`referentiel.app` loads this module by its name, when the settings of the provider are there.
"""

from datetime import datetime
from typing import Any, cast

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.blueprints import openid_guests as guests
from referentiel.blueprints.openid_provider import NotAnswering, Provider
from referentiel.errors import N_, Expired, NotAllowed, Refused
from referentiel.people.doors import openid
from referentiel.people.doors.keys import digest, token
from referentiel.people.doors.openid import CameIn, Introduction, Stranger
from referentiel.people.queries import person as person_of
from referentiel.permissions import Action
from referentiel.web import clock, guard, identity, stores
from referentiel.web.guard import public, requires
from referentiel.web.identity import PARTING
from referentiel.web.language import say
from referentiel.web.safe_url import safe_url
from referentiel.web.sessions import browser

GONE = "/connexion/fournisseur"
BACK = "/connexion/fournisseur/retour"
LEFT = "/deconnexion/retour"
EXTENSION = "referentiel.openid"
AFTER, PARTED = "openid_after", "openid_parted"

blueprint = Blueprint("openid", __name__)


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    """Each application has its own provider, and is told how a person leaves it."""
    here = cast(stores.Stores, state.app.extensions[stores.EXTENSION]).settings
    state.app.extensions[EXTENSION] = Provider(
        issuer=here.oidc_issuer,
        client_id=here.oidc_client_id,
        client_secret=here.oidc_client_secret,
        scopes=here.oidc_scopes,
        promised=here.oidc_email == "promised",
        name=here.oidc_name,
        back=here.base_url + BACK,
    )
    state.app.extensions[PARTING] = _part


def _provider() -> Provider:
    return cast(Provider, current_app.extensions[EXTENSION])


@blueprint.get(GONE)
@public
def door() -> ResponseReturnValue:
    return redirect(url_for("signing_in.page"), 303)


@blueprint.post(GONE)
@public
def go() -> ResponseReturnValue:
    """A page, and not a redirect: a form of ours leads nowhere else, and the browser is told to hold us to it."""
    provider = _provider()
    begun = openid.begin(
        browser=identity.browser_key(), next_url=safe_url(request.form.get("suite"), "/"), at=clock.now()
    )
    try:
        address = provider.door(begun, again="autre" in request.form)
    except Refused as error:
        return _refused(error)
    return render_template("openid/going.html", address=address, provider=provider.name, leaving=False)


@blueprint.get(BACK)
@public
def come_back() -> ResponseReturnValue:
    """Back from the provider, with a code or with a refusal. What left with this browser is used up before anything."""
    provider, at = _provider(), clock.now()
    try:
        tried = openid.come_back(request.args.get("state", ""), browser=identity.browser_key(), at=at)
        if not provider.came_from(request.args.get("iss")) or any(
            len(values) > 1 for _, values in request.args.lists()
        ):
            raise Expired(N_("Cette réponse ne vient pas du service de connexion choisi."))
        if "code" not in request.args:
            return _aborted(provider.name)
        who = provider.introduce(request.args["code"], tried, at=at)
        came = openid.come_in(who, at=at, life=stores.settings().session_life, instead_of=browser().token)
    except Refused as error:
        return _refused(error)
    if isinstance(came, Stranger):
        return _stranger(who, came, tried.next_url, at)
    return _welcome(came, who, safe_url(tried.next_url, "/"))


@blueprint.get(f"{GONE}/invitation")
@public
def invitation() -> ResponseReturnValue:
    return guests.page(guests.GuestForm(), _provider().name)


@blueprint.post(f"{GONE}/invitation")
@public
def accept() -> ResponseReturnValue:
    who, invitation_id, next_url = guests.remembered()
    form, status = guests.GuestForm(), 422
    if form.validate():
        try:
            came = openid.accept(
                who,
                invitation_id,
                browser=identity.browser_key(),
                name=form.name.data or "",
                at=clock.now(),
                life=stores.settings().session_life,
                instead_of=browser().token,
            )
        except (Expired, NotAllowed):
            raise
        except Refused as error:
            form.refuse(error)
            status = error.status
        else:
            flash(_("Votre compte est ouvert. Vous pouvez proposer et donner votre avis."), "good")
            return _welcome(came, who, safe_url(next_url, "/"))
    return guests.page(form, _provider().name), status


@blueprint.get(f"{GONE}/suite")
@requires(Action.MANAGE_ACCOUNT)
def after() -> ResponseReturnValue:
    """One question at most after coming in: link the account, take the new address, or confirm a structure."""
    asked = session.get(AFTER)
    if asked is None:
        return redirect(url_for("account.page"), 303)
    return render_template("openid/after.html", asked=asked, provider=_provider().name, me=identity.signed_in())


@blueprint.post(f"{GONE}/suite")
@requires(Action.MANAGE_ACCOUNT)
def answer() -> ResponseReturnValue:
    asked = session.get(AFTER)
    if asked is None:
        return redirect(url_for("account.page"), 303)
    me, at = identity.signed_in(), clock.now()
    if request.form.get("reponse") == "oui":
        if asked["what"] == "link":
            # Proving it forgets what this browser held, hence the values read above.
            waiting = guard.ask_second_factor()
            if waiting is not None:
                return waiting
            openid.link(asked["issuer"], asked["subject"], by=identity.signed_in(), at=at)
            flash(_("Votre compte est relié : la prochaine fois, un seul bouton suffit."), "good")
        elif asked["what"] == "address":
            openid.change_email(asked["email"], by=me, at=at)
            flash(_("Votre nouvelle adresse est enregistrée."), "good")
        else:
            openid.confirm_structure(asked["structure"], asked.get("siret"), by=me, at=at)
            flash(_("Votre structure est enregistrée."), "good")
    session.pop(AFTER, None)
    return redirect(safe_url(asked["next"], "/"), 303)


@blueprint.get(LEFT)
@public
def left() -> ResponseReturnValue:
    """Back from the end of the provider's session. Nothing is left to end here: a forged return changes nothing."""
    parted = session.pop(PARTED, None)
    if parted is None or parted["state"] != digest(request.args.get("state", "")):
        return redirect("/", 303)
    return redirect(safe_url(parted["next"]), 303)


def _part(id_token: str, next_url: str) -> ResponseReturnValue | None:
    """The page that leads to the end of the provider's session, once ours is over; None when it has no such page."""
    provider, state = _provider(), token()
    try:
        address = provider.way_out(id_token, state=state, back=stores.settings().base_url + LEFT)
    except Refused:
        return render_template(
            "openid/refused.html",
            title=_("Vous êtes déconnecté·e ici"),
            message=_("%(name)s ne répond pas, et vous y êtes peut-être encore connecté·e.", name=provider.name),
            way_out=_("Sur un appareil partagé, fermez aussi le navigateur."),
            home=True,
        )
    if address is None:
        return None
    session[PARTED] = {"state": digest(state), "next": next_url}
    return render_template("openid/going.html", address=address, provider=provider.name, leaving=True)


def _welcome(came: CameIn, who: Introduction, next_url: str) -> ResponseReturnValue:
    """The session is open. One thing may be left to ask, and it waits for nobody: each page of the site is open."""
    identity.carry(came.token)
    me = person_of(came.person_id)
    question: dict[str, Any] | None = None
    if not came.linked:
        question = {"what": "link", "issuer": who.issuer, "subject": who.subject}
    elif who.email is not None and who.email != me.email:
        if openid.taken(who.email, by=me):
            flash(
                _(
                    "%(name)s donne de vous une adresse qui est celle d’un autre compte. Demandez à l’administration "
                    "de réunir les deux.",
                    name=_provider().name,
                ),
                "warn",
            )
        else:
            question = {"what": "address", "email": who.email}
    elif came.first and (structure := openid.suggested_structure(who.siret, me)) is not None:
        question = {"what": "structure", "structure": structure.id, "siret": who.siret, "name": structure.name}
    if question is None:
        return redirect(next_url, 303)
    session[AFTER] = question | {"next": next_url}
    return redirect(url_for("openid.after"), 303)


def _stranger(who: Introduction, came: Stranger, next_url: str, at: datetime) -> ResponseReturnValue:
    if came.invitation_id is None:
        page = render_template("openid/stranger.html", email=who.email, provider=_provider().name)
        return page, NotAllowed.status
    guests.remember(who, came.invitation_id, next_url, at)
    return redirect(url_for("openid.invitation"), 303)


def _aborted(name: str) -> ResponseReturnValue:
    """The person changed their mind at the provider, or it refused them: nothing has happened here."""
    return render_template(
        "openid/refused.html",
        title=_("Vous n’êtes pas connecté·e"),
        message=_("Vous avez arrêté, ou %(name)s a refusé. Rien n’a été ouvert.", name=name),
    )


def _refused(error: Refused) -> ResponseReturnValue:
    page = render_template(
        "openid/refused.html",
        title=_(error.title),
        message=say(error),
        way_out=_(error.way_out) if error.way_out else None,
        down=isinstance(error, NotAnswering),
    )
    response = make_response(page, error.status)
    if isinstance(error, NotAnswering):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
