"""More seats for a session: who opened it asks, the second person answers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from referentiel.errors import Invalid
from referentiel.people.models import MOST_SEATS
from referentiel.people.workshops import queries, seating
from referentiel.permissions import Action, require
from referentiel.web import clock
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number

blueprint = Blueprint("workshop_seats", __name__, url_prefix="/seances")


class SeatsForm(Form):
    seats = IntegerField(
        lazy("Combien de places en tout ?"),
        [
            InputRequired(lazy("Écrivez un nombre.")),
            NumberRange(1, MOST_SEATS, lazy("Écrivez un nombre entre 1 et 300.")),
        ],
    )


@blueprint.route("/<int:number>/places", methods=["GET", "POST"])
@requires(Action.RAISE_SEATS)
def more(number: int) -> ResponseReturnValue:
    who, at, form = signed_in(), clock.now(), SeatsForm()
    workshop = queries.workshop_for(number, who, at=at)
    require(who, Action.RAISE_SEATS, workshop)
    if form.is_submitted() and form.validate():
        try:
            seating.raise_seats(workshop, form.seats.data or 0, by=who, at=at)
        except Invalid as error:
            form.refuse(error)
        else:
            if workshop.seats_asked is None:
                flash(_("C’est fait : la séance a %(n)s places.", n=workshop.seats), "good")
            else:
                flash(_("La demande est faite. La deuxième personne doit l’accepter."), "warn")
            return redirect(url_for("workshops.page", number=number), 303)
    page = render_template(
        "workshops/seats.html", workshop=workshop, form=form, waits=seating.needs_second(workshop), most=MOST_SEATS
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<int:number>/places/reponse")
@requires(Action.AGREE_TO_SEATS)
def answer(number: int) -> ResponseReturnValue:
    """The number that was read comes with the button, so that nobody agrees to another one."""
    who, at = signed_in(), clock.now()
    workshop = queries.workshop_for(number, who, at=at)
    agreed = request.form.get("reponse") == "oui"
    read = whole_number(request.form.get("places", "")) or 0
    seating.answer_seats(workshop, agreed, seats=read, by=who, at=at)
    flash(_("C’est noté : la séance a %(n)s places.", n=workshop.seats), "good")
    return redirect(url_for("workshops.page", number=number), 303)
