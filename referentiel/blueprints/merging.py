"""Two accounts of one professional become one: which one stays, what forbids it, what becomes of the other."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.errors import Invalid
from referentiel.people import queries
from referentiel.people.models import Person
from referentiel.people.structures import directory
from referentiel.people.structures.directory import WantedPeople
from referentiel.permissions import Action
from referentiel.privacy import merging
from referentiel.web import clock, identity
from referentiel.web.guard import requires
from referentiel.web.language import say
from referentiel.web.listing import A_PAGE, word_asked
from referentiel.web.numbers import whole_number

blueprint = Blueprint("merging", __name__, url_prefix="/administration/personnes")


@blueprint.get("/<int:person_id>/reunir")
@requires(Action.ADMINISTER)
def choose(person_id: int) -> ResponseReturnValue:
    """Which account to keep, found by its name or its address; then the consequence, or why it cannot be."""
    return _page(queries.professional(person_id), _asked(request.args.get("avec", "")))


def _page(other: Person, into: Person | None, refused: str = "") -> str:
    words = word_asked("q")
    found = directory.find_professionals(WantedPeople(words), limit=A_PAGE)[0] if words else ()
    chosen = into is not None and into.id != other.id
    return render_template(
        "merging/page.html",
        other=other,
        into=into if chosen else None,
        sides=[(one, merging.holdings(one)) for one in (other, into)] if into is not None and chosen else (),
        doubts=[_(one) for one in merging.doubts(other, into)] if into is not None and chosen else (),
        refused=refused,
        obstacles=[say(one) for one in merging.obstacles(other, into)] if into is not None and chosen else (),
        myself=identity.signed_in().id in {other.id, into.id if into else 0},
        words=words,
        found=[row for row in found if row.id != other.id],
    )


@blueprint.post("/<int:person_id>/reunir")
@requires(Action.ADMINISTER)
def merge(person_id: int) -> ResponseReturnValue:
    into = _asked(request.form.get("avec", "")) or queries.professional(0)
    other, sure = queries.professional(person_id), request.form.get("sur") == "1"
    try:
        merging.merge_accounts(other, into=into, by=identity.signed_in(), at=clock.now(), sure=sure)
    except Invalid as error:
        return _page(other, into, say(error)), 422
    flash(_("Les deux comptes sont réunis. L’autre est fermé, sans nom et sans adresse."), "good")
    return redirect(url_for("administration.person", person_id=into.id), 303)


def _asked(number: str) -> Person | None:
    """The account of a number that was sent; None when nothing was."""
    if not number:
        return None
    return queries.professional(whole_number(number) or 0)
