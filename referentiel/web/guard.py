"""The door of every view. A view says ``@public`` or ``@requires(Action.X)``; one that says nothing is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for

from referentiel.errors import N_, NotAllowed, Refused
from referentiel.people.doors.keys import totp_secret
from referentiel.people.doors.second_factor import FIELD, otpauth, prove, seed_of
from referentiel.permissions import Action, could, needs_second_factor
from referentiel.web import clock, identity
from referentiel.web.kept import here, kept_fields
from referentiel.web.limits import Rate, count
from referentiel.web.qr import square
from referentiel.web.stores import secret

View = TypeVar("View", bound=Callable[..., Any])

MARK = "_referentiel_access"
PUBLIC = "public"
CODES = Rate(6, 60)
"""Second-factor codes that one person may try in a minute"""


def public(view: View) -> View:
    """Anybody may open this view; whoever is there is not even looked up."""
    return _marked(view, PUBLIC)


def requires(action: Action) -> Callable[[View], View]:
    """Only who could take this action; the action itself then checks the thing it is taken on."""
    return lambda view: _marked(view, action)


def access_of(view: Callable[..., Any]) -> Action | str | None:
    """What a view says of its door: an action, ``"public"``, or None when it says nothing."""
    return getattr(view, MARK, None)


def _marked(view: View, access: Action | str) -> View:
    if access_of(view) is not None:
        raise TypeError(f"{view.__name__} has two doors")
    setattr(view, MARK, access)
    return view


def check() -> Response | None:
    """Before each request: let through, ask to sign in, ask for the second factor, or raise :class:`NotAllowed`."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access == PUBLIC:
        return None
    if not isinstance(access, Action):
        raise NotAllowed(N_("Cette page n’est ouverte à personne."))
    who = identity.person()
    verdict = could(who, access)
    if who is None and not verdict:
        identity.refuse_if_suspended()
        return _ask_to_sign_in()
    if not verdict:
        raise NotAllowed(verdict.reason)
    if needs_second_factor(access, who):
        return ask_second_factor()
    return None


def _ask_to_sign_in() -> Response:
    if request.method in {"GET", "HEAD"}:
        return make_response(redirect(url_for("signing_in.page", suite=here()), 303))
    fields = kept_fields()
    page = render_template("signing_in/kept.html", fields=fields, action=here(), reason="sign_in")
    return make_response(page, NotAllowed.status)


def ask_second_factor() -> Response | None:
    """None once it is proven. A page asked for waits behind the code's own page; a form sent waits inside it, with
    all that was typed."""
    if identity.second_factor_proven():
        return None
    if request.method in {"GET", "HEAD"}:
        return make_response(redirect(url_for("signing_in.second_factor", suite=here()), 303))
    refusal = None
    if FIELD in request.form:
        try:
            prove_now(request.form[FIELD])
        except Refused as error:
            refusal = error
        else:
            return None
    return second_factor_page(action=here(), refusal=refusal)


def prove_now(code: str) -> None:
    """Prove the second factor of this browser's session. Raises :class:`Invalid` or :class:`TooOften`."""
    current = identity.current_session()
    if current is None:
        raise NotAllowed(N_("Connectez-vous, puis donnez votre code."))
    count("second factor", str(current.person_id), CODES)
    identity.carry(prove(current, code, secret=secret(), at=clock.now()))


def second_factor_page(*, action: str, refusal: Refused | None = None, suite: str = "") -> Response:
    """The page that asks for six digits, and carries the form that waits for them."""
    who = identity.person()
    enrolled = who is not None and who.totp_enrolled_at is not None
    seed = seed_of(who, secret()) if who is not None and not enrolled else None
    page = render_template(
        "signing_in/second_factor.html",
        fields=() if suite else kept_fields(),
        action=action,
        refusal=refusal,
        qr=square(otpauth(seed, who.shown_name, secret())) if seed and who else None,
        key=totp_secret(secret(), seed) if seed else None,
        suite=suite,
    )
    return make_response(page, refusal.status if refusal else (200 if suite else NotAllowed.status))


def install(app: Flask) -> None:
    app.before_request(check)
