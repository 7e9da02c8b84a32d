"""Read words before everybody: the queue, oldest first; publish, or not with a reason; the public register."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf

from referentiel.comments import actions, queries
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule, State
from referentiel.editions.queries import in_force, summary_of
from referentiel.errors import N_, Invalid, Unknown
from referentiel.permissions import Action, require
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import signed_in
from referentiel.web.stores import library, settings

blueprint = Blueprint("moderating", __name__)

ON_A_PAGE = 20


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


@blueprint.get("/moderation/")
@requires(Action.MODERATE)
def queue() -> ResponseReturnValue:
    """What waits, oldest first."""
    asked = request.args.get("page", "1")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    waiting = queries.held(
        signed_in(),
        at=now(),
        working_days=settings().moderation_days,
        limit=ON_A_PAGE,
        offset=(number - 1) * ON_A_PAGE,
    )
    count = max(1, -(-waiting.total // ON_A_PAGE))
    if number > count:
        return redirect(url_for("moderating.queue"), 303)
    edition = in_force(library(), now())
    lines = summary_of(library(), edition).criteria if edition else ()
    return render_template(
        "moderating/queue.html",
        waiting=waiting,
        number=number,
        count=count,
        titles={line.code: line.title for line in lines},
        form=PublishForm(),
        days=settings().moderation_days,
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
    if form.validate_on_submit():
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


@blueprint.get("/moderation/registre")
@public
def register() -> ResponseReturnValue:
    """What moderation did: rule, day, role, delay. Never the words."""
    return render_template(
        "moderating/register.html",
        months=queries.register_by_month(),
        lines=queries.register(),
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
