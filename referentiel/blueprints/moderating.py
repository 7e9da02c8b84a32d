"""Read words before everybody: the queue, oldest first; publish, or not with a reason; appeals; the public register."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, InputRequired

from referentiel.comments import actions, appealing, queries, readings
from referentiel.comments import register as public_register
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule, State
from referentiel.editions.queries import in_force, summary_of
from referentiel.errors import N_, Invalid, Unknown
from referentiel.permissions import Action, require
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import page_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("moderating", __name__)

ON_A_PAGE = 20
RESTORE, CONFIRM = "publier", "ne-pas-publier"


class PublishForm(Form):
    """One button."""


class RefuseForm(Form):
    regle = RadioField(
        lazy("Pourquoi ne pas publier ?"),
        choices=[(rule.value, lazy(rule.label)) for rule in Rule],
        validators=[AnyOf(tuple(Rule), lazy("Choisissez une raison : la personne doit pouvoir la comprendre."))],
        validate_choice=False,
    )
    precision = TextAreaField(lazy("Un mot à la personne"))


class JudgeForm(Form):
    decision = RadioField(
        lazy("Que décidez-vous ?"),
        choices=[(RESTORE, lazy("Publier la contribution")), (CONFIRM, lazy("Ne pas la publier"))],
        validators=[AnyOf((RESTORE, CONFIRM), lazy("Choisissez une des deux réponses."))],
        validate_choice=False,
    )
    precision = TextAreaField(
        lazy("Votre raison, à la personne"), [InputRequired(lazy("Écrivez à la personne pourquoi vous décidez ainsi."))]
    )


@blueprint.get("/moderation/")
@requires(Action.MODERATE)
def queue() -> ResponseReturnValue:
    """What waits, oldest first."""
    number = page_number(request.args.get("page"))
    days = settings().moderation_days
    waiting = readings.held(signed_in(), at=now(), working_days=days, limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)
    count = max(1, -(-waiting.total // ON_A_PAGE))
    if number > count:
        return redirect(url_for("moderating.queue"), 303)
    return render_template(
        "moderating/queue.html",
        waiting=waiting,
        appeals=readings.appeals(signed_in(), at=now(), working_days=days),
        number=number,
        count=count,
        titles=_titles(),
        form=PublishForm(),
        days=days,
    )


@blueprint.post("/moderation/<int:number>/publier")
@requires(Action.MODERATE)
def publish(number: int) -> ResponseReturnValue:
    actions.publish(_spoken(number), by=signed_in(), at=now())
    flash(_("La contribution est publiée."), "good")
    return redirect(url_for("moderating.queue"), 303)


@blueprint.get("/moderation/<int:number>/ne-pas-publier")
@requires(Action.MODERATE)
def refuse(number: int) -> ResponseReturnValue:
    return _refuse_page(_spoken(number), RefuseForm())


@blueprint.post("/moderation/<int:number>/ne-pas-publier")
@requires(Action.MODERATE)
def remove(number: int) -> ResponseReturnValue:
    spoken, form = _spoken(number), RefuseForm()
    if form.validate_on_submit() and not form.asks():
        try:
            actions.remove(spoken, Rule(form.regle.data), form.precision.data or "", by=signed_in(), at=now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("La contribution n’est pas publiée. La personne lira la raison quand elle reviendra."), "good")
            return redirect(url_for("moderating.queue"), 303)
    return _refuse_page(spoken, form), 422


def _refuse_page(spoken: Comment, form: RefuseForm) -> str:
    return render_template(
        "moderating/refuse.html", spoken=spoken, form=form, published=spoken.state is State.PUBLISHED
    )


@blueprint.get("/moderation/recours/")
@requires(Action.JUDGE_REMOVAL)
def appeals() -> ResponseReturnValue:
    """Words not published whose author asks for a second reading, oldest first."""
    days = settings().moderation_days
    waiting = readings.appeals(signed_in(), at=now(), working_days=days)
    return render_template("moderating/appeals.html", appeals=waiting, titles=_titles(), days=days)


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
            return redirect(url_for("moderating.appeals"), 303)
    return _appeal_page(reading, form), 422


def _appeal_page(reading: readings.SecondReading, form: JudgeForm) -> str:
    return render_template("moderating/appeal.html", reading=reading, form=form, titles=_titles())


@blueprint.get("/moderation/registre")
@public
def register() -> ResponseReturnValue:
    """What moderation did: rule, month, role, delay, appeals. Never the words."""
    return render_template(
        "moderating/register.html",
        months=public_register.months(),
        lines=public_register.removals(),
        rules=tuple(Rule),
        days=settings().moderation_days,
    )


def _spoken(number: int) -> Comment:
    """Words that this person may read for everybody. Raises Unknown, NotAllowed."""
    spoken = queries.comment(number)
    if not spoken.text or spoken.closed_at is not None:
        raise Unknown(N_("Cette contribution n’est plus là : il n’y a rien à relire."))
    require(signed_in(), Action.MODERATE, spoken)
    return spoken


def _second_reading(number: int) -> readings.SecondReading:
    """An appeal that this person may judge. Raises Unknown, NotAllowed."""
    reading = readings.second_reading(number, at=now(), working_days=settings().moderation_days)
    require(signed_in(), Action.JUDGE_REMOVAL, reading)
    return reading


def _titles() -> dict[str, str]:
    """The title of each criterion in force, by code."""
    edition = in_force(library(), now())
    return {line.code: line.title for line in summary_of(library(), edition).criteria} if edition else {}
