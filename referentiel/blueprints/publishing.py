"""Prepare the next edition: announce its closing date, carry over what waits, prepare, confirm. The worker seals."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from referentiel.dates import day, long_date
from referentiel.editions import queries
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.preparing import actions
from referentiel.editions.preparing.queries import inside, lacks, revision_note_to_edit
from referentiel.editions.sealing import advance, signing
from referentiel.editions.sealing.tidying import is_sealing
from referentiel.errors import N_, Refused, Unknown
from referentiel.permissions import Action, may
from referentiel.proposals.queries import proposal as proposal_of
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.stores import library, settings

blueprint = Blueprint("publishing", __name__)

LONGEST_REASON = 5_000
AT_HAND = (PlanState.ANNOUNCED, PlanState.PREPARED, PlanState.FAILED)


class AnnounceForm(Form):
    closing = DateField(lazy("Dernier jour pour proposer"), [InputRequired()])


class PrepareForm(Form):
    applies = DateField(lazy("Applicable à partir du"), [InputRequired()])
    note = TextAreaField(lazy("Note de l’édition"), [Length(max=actions.NOTE_LIMIT)])
    revision_note = TextAreaField(lazy("Note de révision"), [Length(max=actions.REVISION_NOTE_LIMIT)])


class ConfirmForm(Form):
    """Which preparation was read on the page: another one is not confirmed in its place."""

    preparee = HiddenField()


class CarryOverForm(Form):
    reason = TextAreaField(lazy("La raison"), [InputRequired()])
    plain_reason = TextAreaField(lazy("La même raison, en mots simples"), [InputRequired()])


@blueprint.get("/editions/preparation")
@requires(Action.SEE_DESK)
def overview() -> ResponseReturnValue:
    return _page()


@blueprint.post("/editions/preparation/annonce")
@requires(Action.ANNOUNCE_EDITION)
def announce() -> ResponseReturnValue:
    form = AnnounceForm()
    if form.validate() and form.closing.data:
        try:
            plan = actions.announce(
                closing=form.closing.data, by=signed_in(), at=now(), notice_days=settings().closing_notice_days
            )
        except Refused as error:
            form.refuse(error)
            return _page(announce_form=form), error.status
        else:
            flash(_("C’est annoncé : on peut proposer jusqu’au %(day)s.", day=long_date(plan.closing)), "good")
            return redirect(url_for("publishing.overview"), 303)
    return _page(announce_form=form), 422


@blueprint.route("/editions/preparation/reports/<int:number>", methods=["GET", "POST"])
@requires(Action.CARRY_OVER)
def carry_over(number: int) -> ResponseReturnValue:
    """Leave one proposal to the next edition, and say why."""
    plan, found, form = _plan(), proposal_of(number), CarryOverForm()
    if form.is_submitted() and form.validate() and not form.asks():
        try:
            actions.carry_over(
                plan,
                found,
                reason=form.reason.data or "",
                plain_reason=form.plain_reason.data or "",
                by=signed_in(),
                at=now(),
            )
        except Refused as error:
            form.refuse(error)
            return _page(prepare_form=form), error.status
        else:
            flash(
                _("La proposition %(number)s attend la prochaine édition. Ses auteurs le liront.", number=number),
                "good",
            )
            return redirect(url_for("publishing.overview"), 303)
    page = render_template("publishing/carry_over.html", plan=plan, proposal=found, form=form, longest=LONGEST_REASON)
    return page, 422 if form.errors else 200


@blueprint.post("/editions/preparation/edition")
@requires(Action.PREPARE_EDITION)
def prepare() -> ResponseReturnValue:
    form = PrepareForm()
    if form.validate() and form.applies.data and not form.asks():
        try:
            plan = actions.prepare(
                library(),
                _plan(),
                applies=form.applies.data,
                note=form.note.data or "",
                revision_note=form.revision_note.data or "",
                by=signed_in(),
                at=now(),
            )
        except Refused as error:
            form.refuse(error)
            return _page(prepare_form=form), error.status
        else:
            flash(
                _(
                    "L’édition %(number)s est préparée. Une personne d’un autre collège doit la confirmer.",
                    number=plan.number,
                ),
                "good",
            )
            return redirect(url_for("publishing.overview"), 303)
    return _page(prepare_form=form), 422


@blueprint.post("/editions/preparation/confirmation")
@requires(Action.CONFIRM_EDITION)
def confirm() -> ResponseReturnValue:
    form = ConfirmForm()
    try:
        plan = actions.confirm(library(), _plan(), by=signed_in(), at=now(), seen=form.preparee.data or "")
    except Refused as error:
        form.refuse(error)
        return _page(confirm_form=form), error.status
    flash(_("L’édition %(number)s est confirmée. Elle sera scellée dans un instant.", number=plan.number), "good")
    return redirect(url_for("publishing.overview"), 303)


def _page(
    *,
    announce_form: AnnounceForm | None = None,
    prepare_form: PrepareForm | None = None,
    confirm_form: ConfirmForm | None = None,
) -> str:
    """Where the next edition is, and the one thing to do now."""
    plan, me, today = queries.open_plan(), signed_in(), day(now())
    soonest = today + timedelta(days=settings().closing_notice_days)
    at_hand = plan is not None and plan.state in AT_HAND
    shelf = queries.shelf_of(library())
    coming = inside(library(), at=now()) if at_hand else None
    return render_template(
        "publishing/overview.html",
        plan=plan,
        today=today,
        soonest=soonest,
        last=queries.latest(library()),
        waiting=queries.unanswered(plan) if plan else (),
        later=queries.later(plan) if plan else (),
        coming=coming,
        number=coming.number if coming else None,
        moved=plan is not None and plan.state is PlanState.PREPARED and plan.commit != library().head(),
        lacking=[(gap, len(found)) for gap, found in lacks(library()).items() if found] if coming else [],
        closed=plan is not None and today > plan.closing,
        may_announce=may(me, Action.ANNOUNCE_EDITION),
        may_carry=may(me, Action.CARRY_OVER, plan),
        may_prepare=may(me, Action.PREPARE_EDITION, plan),
        may_confirm=may(me, Action.CONFIRM_EDITION, plan) if plan and plan.state is PlanState.PREPARED else None,
        announce_form=announce_form or AnnounceForm(closing=soonest),
        prepare_form=prepare_form or _prepare_form(plan, today, to_write=coming is not None),
        confirm_form=confirm_form or ConfirmForm(),
        note_limit=actions.NOTE_LIMIT,
        revision_note_limit=actions.REVISION_NOTE_LIMIT,
        sealing=advance.read(shelf.path),
        under_way=is_sealing(shelf.path),
        unsigned=signing.impossible(shelf) if settings().signing_key else "",
    )


def _prepare_form(plan: EditionPlan | None, today: date, *, to_write: bool) -> PrepareForm:
    """What was prepared already, else what can be proposed: today, and a note of revision to edit."""
    if plan is None:
        return PrepareForm(applies=today)
    note = plan.revision_note or (revision_note_to_edit(library()) if to_write else "")
    return PrepareForm(applies=plan.applies or today, note=plan.note, revision_note=note)


def _plan() -> EditionPlan:
    plan = queries.open_plan()
    if plan is None:
        raise Unknown(N_("Aucune édition n’est annoncée."))
    return plan
