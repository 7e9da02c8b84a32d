"""Read words before everybody, or once more: publish or not, with a reason; what is signalled; the public register.

Whoever cannot read something here is told the same thing whatever the reason: it is done, or it is for somebody else.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf

from referentiel.blueprints.talk_parts import address
from referentiel.comments import actions, queries, readings, reported, reporting
from referentiel.comments import register as public_register
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule, State
from referentiel.comments.reporting import NOTHING_WAITS
from referentiel.errors import N_, Invalid, Unknown
from referentiel.permissions import Action, may
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import page_number
from referentiel.web.stores import settings
from referentiel.web.titles import titles_in_force

blueprint = Blueprint("moderating", __name__)

ON_A_PAGE = 20
RESTORE, CONFIRM = "publier", "ne-pas-publier"


class PublishForm(Form):
    """One button."""


class RefuseForm(Form):
    regle = RadioField(
        lazy("Pourquoi ne pas publier ?"),
        choices=choices([(rule.value, lazy(rule.label)) for rule in Rule]),
        validators=[AnyOf(tuple(Rule), lazy("Choisissez une raison : la personne doit pouvoir la comprendre."))],
        validate_choice=False,
    )
    precision = TextAreaField(lazy("Un mot à la personne"))


class ReportForm(Form):
    regle = RadioField(
        lazy("Pourquoi la relire ?"),
        choices=choices([(rule.value, lazy(rule.label)) for rule in Rule]),
        validators=[AnyOf(tuple(Rule), lazy("Choisissez une raison : elle guide la personne qui relit."))],
        validate_choice=False,
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
        reports=reported.waiting(signed_in(), at=now(), working_days=days),
        appeals=readings.appeals(signed_in(), at=now(), working_days=days),
        number=number,
        count=count,
        titles=titles_in_force(),
        form=PublishForm(),
        days=days,
    )


@blueprint.post("/moderation/<int:number>/publier")
@requires(Action.MODERATE)
def publish(number: int) -> ResponseReturnValue:
    """Pressed again once it is published, it is published: whoever presses, wherever the words come from."""
    spoken = _there(number)
    if spoken.state is not State.PUBLISHED:
        _check(spoken)
        actions.publish(spoken, by=signed_in(), at=now())
    flash(_("La contribution est publiée."), "good")
    return redirect(url_for("moderating.queue"), 303)


@blueprint.get("/moderation/<int:number>/ne-pas-publier")
@requires(Action.MODERATE)
def refuse(number: int) -> ResponseReturnValue:
    spoken = _there(number)
    _check(spoken)
    return _refuse_page(spoken, RefuseForm())


@blueprint.post("/moderation/<int:number>/ne-pas-publier")
@requires(Action.MODERATE)
def remove(number: int) -> ResponseReturnValue:
    spoken, form = _there(number), RefuseForm()
    if spoken.state is State.REMOVED:
        return redirect(url_for("moderating.queue"), 303)
    _check(spoken)
    if form.validate_on_submit() and not form.asks():
        act = reporting.take_down if spoken.state is State.PUBLISHED else actions.remove
        try:
            act(spoken, Rule(form.regle.data), form.precision.data or "", by=signed_in(), at=now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("La contribution n’est pas publiée. La personne lira la raison quand elle reviendra."), "good")
            return redirect(url_for("moderating.queue"), 303)
    return _refuse_page(spoken, form), 422


@blueprint.post("/moderation/<int:number>/laisser")
@requires(Action.REPORT)
def leave(number: int) -> ResponseReturnValue:
    spoken = _there(number)
    if spoken.state is not State.PUBLISHED:
        raise Unknown(NOTHING_WAITS)
    _check(spoken)
    reporting.leave(spoken, by=signed_in(), at=now())
    flash(_("La contribution reste publiée."), "good")
    return redirect(url_for("moderating.queue"), 303)


def _refuse_page(spoken: Comment, form: RefuseForm) -> str:
    return render_template(
        "moderating/refuse.html", spoken=spoken, form=form, published=spoken.state is State.PUBLISHED
    )


@blueprint.get("/moderation/<int:number>/signaler")
@requires(Action.REPORT)
def ask_again(number: int) -> ResponseReturnValue:
    return _report_page(_published(number), ReportForm())


@blueprint.post("/moderation/<int:number>/signaler")
@requires(Action.REPORT)
def report(number: int) -> ResponseReturnValue:
    """The answer is the same for all words: it must not tell where they come from."""
    spoken, form = _published(number), ReportForm()
    if form.validate_on_submit():
        reporting.report(spoken, Rule(form.regle.data), by=signed_in(), at=now())
        flash(_("Votre demande est notée. Une autre personne relira cette contribution."), "good")
        return redirect(address(spoken), 303)
    return _report_page(spoken, form), 422


def _report_page(spoken: Comment, form: ReportForm) -> str:
    return render_template("moderating/report.html", spoken=spoken, form=form, back=address(spoken))


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


def _published(number: int) -> Comment:
    """Words that everybody can read. Raises Unknown."""
    spoken = queries.comment(number)
    if not spoken.shown:
        raise Unknown(N_("Cette contribution n’est plus publiée : il n’y a rien à relire."))
    return spoken


def _there(number: int) -> Comment:
    """Words that nobody took back. Raises Unknown."""
    spoken = queries.comment_or_none(number)
    if spoken is None or not spoken.text or spoken.closed_at is not None:
        raise Unknown(NOTHING_WAITS)
    return spoken


def _check(spoken: Comment) -> None:
    """That these words wait for this person: held, or signalled by somebody else. Raises Unknown."""
    if spoken.state is State.PUBLISHED:
        again = reported.reported(spoken.id, at=now(), working_days=settings().moderation_days)
        waits = again is not None and reported.decides(signed_in(), again)
    else:
        waits = spoken.state is State.HELD and bool(may(signed_in(), Action.MODERATE, spoken))
    if not waits:
        raise Unknown(NOTHING_WAITS)
