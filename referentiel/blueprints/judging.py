"""Second readings: words that were not published, whose author asks that somebody else read them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, InputRequired

from referentiel.comments import appealing, readings
from referentiel.comments.reporting import NOTHING_WAITS
from referentiel.errors import Invalid, Unknown
from referentiel.permissions import Action, may
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.stores import settings
from referentiel.web.titles import titles_in_force

blueprint = Blueprint("judging", __name__)

RESTORE, CONFIRM = "publier", "ne-pas-publier"


class JudgeForm(Form):
    decision = RadioField(
        lazy("Que décidez-vous ?"),
        choices=choices([(RESTORE, lazy("Publier la contribution")), (CONFIRM, lazy("Ne pas la publier"))]),
        validators=[AnyOf((RESTORE, CONFIRM), lazy("Choisissez une des deux réponses."))],
        validate_choice=False,
    )
    precision = TextAreaField(
        lazy("Votre raison, à la personne"), [InputRequired(lazy("Écrivez à la personne pourquoi vous décidez ainsi."))]
    )


@blueprint.get("/moderation/recours/")
@requires(Action.JUDGE_REMOVAL)
def appeals() -> ResponseReturnValue:
    """Words not published whose author asks for a second reading, oldest first."""
    days = settings().moderation_days
    waiting = readings.appeals(signed_in(), at=now(), working_days=days)
    return render_template("moderating/appeals.html", appeals=waiting, titles=titles_in_force(), days=days)


@blueprint.get("/moderation/recours/<int:number>")
@requires(Action.JUDGE_REMOVAL)
def appeal(number: int) -> ResponseReturnValue:
    return _appeal_page(_second_reading(number), JudgeForm())


@blueprint.post("/moderation/recours/<int:number>")
@requires(Action.JUDGE_REMOVAL)
def judge(number: int) -> ResponseReturnValue:
    reading, form = _second_reading(number), JudgeForm()
    if form.validate_on_submit() and not form.asks():
        restored = form.decision.data == RESTORE
        try:
            appealing.judge(reading.comment, form.precision.data or "", upheld=restored, by=signed_in(), at=now())
        except Invalid as error:
            form.refuse(error)
        else:
            said = _("La contribution est publiée.") if restored else _("La contribution n’est pas publiée.")
            flash(f"{said} {_('La personne lira votre raison quand elle reviendra.')}", "good")
            return redirect(url_for("judging.appeals"), 303)
    return _appeal_page(reading, form), 422


def _appeal_page(reading: readings.SecondReading, form: JudgeForm) -> str:
    return render_template("moderating/appeal.html", reading=reading, form=form, titles=titles_in_force())


def _second_reading(number: int) -> readings.SecondReading:
    """An appeal that this person may judge. Raises Unknown, the same for each reason that somebody else has to."""
    reading = readings.second_reading_or_none(number, at=now(), working_days=settings().moderation_days)
    if reading is None or not may(signed_in(), Action.JUDGE_REMOVAL, reading):
        raise Unknown(NOTHING_WAITS)
    return reading
