"""The bodies of each territory, under their names of yesterday and today; each line says how sure it is."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.dates import day
from referentiel.people.structures.bodies import BodyLevel, bodies
from referentiel.people.structures.territories import official
from referentiel.web import clock
from referentiel.web.guard import public
from referentiel.web.listing import word_asked
from referentiel.web.places import by_region

blueprint = Blueprint("territories", __name__)


@blueprint.get("/territoires/")
@public
def page() -> ResponseReturnValue:
    words, place, on = word_asked("q"), word_asked("territoire"), _day_asked()
    known, then = official(), on or day(clock.now())
    found = bodies().search(words)
    if place in known:
        found = found.within(place, known)
    return render_template(
        "territories/page.html",
        former=found.former(then),
        levels=[
            (level, [(body, body.name_on(then), found.successors(body, then)) for body in found.at(level)])
            for level in BodyLevel
        ],
        sources=bodies().sources,
        words=words,
        place=known.of(place) if place in known else None,
        places=by_region(known),
        on=on,
    )


def _day_asked() -> date | None:
    """The day of ``?le=``; today for anything that is not one."""
    try:
        return date.fromisoformat(request.args.get("le", "")[:10])
    except ValueError:
        return None
