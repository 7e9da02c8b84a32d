"""The door of the demonstration: become one of the cast, as often as one likes. No other instance has it."""

import json
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, redirect, render_template
from flask.typing import ResponseReturnValue

from referentiel.config import Settings
from referentiel.errors import N_, NotAllowed, Refused, Unknown
from referentiel.people.doors import linking
from referentiel.web import clock, identity
from referentiel.web.guard import public
from referentiel.web.safe_url import safe_url
from referentiel.web.sessions import browser
from referentiel.web.stores import secret, settings

MARKER = "demonstration.json"

blueprint = Blueprint("demo_links", __name__, url_prefix="/demonstration")


@dataclass(frozen=True)
class Player:
    """One of the cast: who, what they can do here, and the token of the link that opens their session."""

    name: str
    role: str
    token: str


def is_demonstration(folder: Path) -> bool:
    """True for an instance folder that ``referentiel demo`` made."""
    return (folder / MARKER).is_file()


def players(folder: Path) -> tuple[Player, ...]:
    """The cast of a demonstration, in the order of the story. Empty while it is being lived."""
    kept = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    return tuple(Player(**player) for player in kept.get("players", ()))


def install(app: Flask, settings: Settings) -> None:
    """Open this door. Raises :class:`NotAllowed` in production, and on an instance that is not a demonstration."""
    if settings.production or not is_demonstration(settings.instance):
        raise NotAllowed(N_("Cette porte n’existe que dans une démonstration."))
    app.register_blueprint(blueprint)


@blueprint.get("/")
@public
def cast() -> ResponseReturnValue:
    """Everybody who can be played."""
    return render_template("demo_links/cast.html", players=players(settings().instance), who=None)


@blueprint.get("/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """One of the cast, and a button to become that person. Opening the page changes nothing."""
    everybody = players(settings().instance)
    who = next((player for player in everybody if player.token == token), None)
    if who is None:
        raise Unknown(N_("Ce lien n’est pas celui d’une personne de la démonstration."))
    return render_template("demo_links/cast.html", players=everybody, who=who)


@blueprint.post("/<token>")
@public
def become(token: str) -> ResponseReturnValue:
    """Open the person's session in this browser, second factor proven; the session that it had ends."""
    done = linking.open_link(
        token,
        browser=identity.browser_key(),
        secret=secret(),
        at=clock.now(),
        life=settings().session_life,
        demonstration=True,
        instead_of=browser().token,
    )
    if isinstance(done, linking.Elsewhere):
        raise Refused(N_("Ce lien n’est pas celui d’une personne de la démonstration."))
    identity.carry(done.token)
    return redirect(safe_url(done.next_url), 303)
