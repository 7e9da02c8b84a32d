"""The journal of what was done to accounts, structures and texts: for the administration alone. Nothing can be done
from it."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from referentiel.permissions import Action
from referentiel.web import trail
from referentiel.web.guard import requires
from referentiel.web.listing import A_PAGE, Pages, page_asked, word_asked

blueprint = Blueprint("audit", __name__, url_prefix="/administration")


@blueprint.get("/journal")
@requires(Action.ADMINISTER)
def page() -> ResponseReturnValue:
    family = word_asked("quoi")
    number = page_asked()
    lines, count = trail.lines(family, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    pages = Pages.of(number, count, "/administration/journal", {"quoi": family})
    if number > pages.last:
        return redirect(f"{pages.address}{pages.last}", 303)
    return render_template(
        "audit/page.html",
        lines=lines,
        family=family,
        families=trail.families(),
        pages=pages,
    )
