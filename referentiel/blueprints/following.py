"""Following: by mail for who has an address, by a feed for whoever wants one, by nothing at all for everybody else."""

import re
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from referentiel.dates import day
from referentiel.notices import following
from referentiel.people.models import Mail
from referentiel.permissions import Action
from referentiel.web.clock import now
from referentiel.web.contents import day_of
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, signed_in
from referentiel.web.stores import library

blueprint = Blueprint("following", __name__)

ACCOUNT = "compte"
_AS_WRITTEN = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})", re.ASCII)


class FollowForm(Form):
    quoi = HiddenField()
    depuis = HiddenField()


@dataclass(frozen=True, slots=True)
class Box:
    """What the box « Suivre » of a page knows of who reads it: ``mine`` is None for who is not signed in."""

    topic: str
    mine: bool | None
    by_mail: bool

    @property
    def feed(self) -> str:
        return f"/flux/{self.topic}.atom"


def box(topic: str) -> Box:
    """For the pages that can be followed. One statement for a person with an address, none for the others."""
    who = person()
    by_mail = who is not None and bool(who.email)
    mine = None if who is None else by_mail and following.follows(who, topic)
    return Box(topic, mine, by_mail)


@blueprint.app_context_processor
def boxes() -> dict[str, object]:
    return {"follow_box": box}


@blueprint.get("/suivre")
@public
def page() -> ResponseReturnValue:
    """The three ways of following, and the day since which one wants to know what changed."""
    return render_template("following/page.html", today=day(now()))


@blueprint.post("/suivre")
@requires(Action.FOLLOW)
def follow() -> ResponseReturnValue:
    topic, me = FollowForm().quoi.data or "", signed_in()
    following.follow(library(), topic, by=me, at=now())
    if me.mail == Mail.NONE.value:
        flash(
            _("C’est noté. Mais vous avez choisi de ne recevoir aucun message : changez ce choix ci-dessous."), "warn"
        )
        return redirect("/mon-compte#messages", 303)
    flash(_("Vous recevrez les nouvelles par e-mail, une fois par jour au plus."), "good")
    return _back(topic)


@blueprint.post("/suivre/arreter")
@requires(Action.FOLLOW)
def unfollow() -> ResponseReturnValue:
    topic = FollowForm().quoi.data or ""
    following.address_of(topic)
    following.unfollow(topic, by=signed_in())
    flash(_("Vous ne suivez plus cette page."), "good")
    return _back(topic)


@blueprint.get("/depuis")
@public
def since() -> ResponseReturnValue:
    """A date typed in a form, then its own address. Raises Unknown on what is no date."""
    typed = request.args.get("jour", "").strip()
    if not typed:
        return redirect("/suivre#depuis", 302)
    return redirect(f"/depuis/{day_of(_ordered(typed)).isoformat()}", 302)


def _ordered(typed: str) -> str:
    """A date as people write it, where the browser has no field of dates: 01/06/2026 is 2026-06-01."""
    found = _AS_WRITTEN.fullmatch(typed)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else typed


def _back(topic: str) -> ResponseReturnValue:
    if FollowForm().depuis.data == ACCOUNT:
        return redirect("/mon-compte#suivis", 303)
    return redirect(f"{following.address_of(topic)}#suivre", 303)
