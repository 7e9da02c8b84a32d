"""Somebody who came back from the identity provider, has no account, and is invited: remembered while they accept."""

from datetime import datetime, timedelta

from flask import render_template, session
from flask_babel import lazy_gettext as lazy
from wtforms import StringField
from wtforms.validators import Optional

from referentiel.errors import N_, Expired
from referentiel.people.doors import openid
from referentiel.people.doors.inviting import NAME_LIMIT
from referentiel.people.doors.openid import Introduction
from referentiel.permissions import SECOND_FACTOR_ROLES, College, Role
from referentiel.web import clock
from referentiel.web.forms import Form, cleaned

GUEST = "openid_guest"
GUEST_LIFE = timedelta(minutes=10)
MOST_IN_COOKIE = 1500
"""Characters of an identity token, and of where its person was going, that a browser may carry meanwhile"""


class GuestForm(Form):
    name = StringField(lazy("Votre nom"), [Optional(), cleaned(limit=NAME_LIMIT, lines=False)])


def remember(who: Introduction, invitation_id: int, next_url: str, at: datetime) -> None:
    """Let this browser alone say for ten minutes who came back: in its signed memo, never in SQL."""
    carried = len(who.id_token or "") + len(next_url) <= MOST_IN_COOKIE
    session[GUEST] = {
        "invitation": invitation_id,
        "next": next_url,
        "until": (at + GUEST_LIFE).isoformat(),
        "who": vars(who) | ({} if carried else {"id_token": None}),
    }


def remembered() -> tuple[Introduction, int, str]:
    """Who came back from the provider in this browser, a moment ago, and is invited. Raises :class:`Expired`."""
    kept = session.get(GUEST)
    if kept is None or datetime.fromisoformat(kept["until"]) <= clock.now():
        session.pop(GUEST, None)
        raise Expired(
            N_("Cette page est restée ouverte plus de dix minutes."),
            way_out=N_("Recommencez depuis la page de connexion : votre invitation vous attend."),
        )
    return Introduction(**kept["who"]), kept["invitation"], kept["next"]


def page(form: GuestForm, provider: str) -> str:
    """The invitation, and what accepting it needs."""
    who, invitation_id, _next = remembered()
    invited = openid.invitation_of(who, invitation_id, at=clock.now())
    roles = [Role(role) for role in invited.roles]
    return render_template(
        "openid/invitation.html",
        form=form,
        provider=provider,
        college=College(invited.college),
        roles=roles,
        needs_code=not who.second_factor and not SECOND_FACTOR_ROLES.isdisjoint(roles),
        email=invited.email,
    )
