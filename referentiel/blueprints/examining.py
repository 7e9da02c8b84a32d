"""The steps of a proposal before its decision, each with its page: admitted, completed, refused, merged, withdrawn."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.blueprints.proposal_sheets import refuse
from referentiel.errors import N_, Invalid
from referentiel.permissions import Action
from referentiel.proposals import actions, queries
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import LONGEST_PLAIN, LONGEST_REASON
from referentiel.proposals.states import ProposalKind, Step
from referentiel.proposals.workflow import check
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number
from referentiel.web.stores import settings

blueprint = Blueprint("examining", __name__)


class StepForm(Form):
    """The reasons of a step, said twice."""

    reason = TextAreaField(lazy("La raison"), [InputRequired()])
    plain_reason = TextAreaField(lazy("La même raison, en mots simples"), [InputRequired()])
    target = SelectField(lazy("Avec quelle proposition ?"), validate_choice=False)


@blueprint.route("/propositions/<int:number>/admettre", methods=["GET", "POST"])
@requires(Action.ADMIT)
def admit(number: int) -> ResponseReturnValue:
    def act(found: Proposal, form: StepForm) -> str:
        actions.admit(found, by=signed_in(), at=now(), delays=_delays())
        return str(_("La discussion est ouverte. Chacun peut donner son avis."))

    return _step(number, Step.ADMIT, act)


@blueprint.route("/propositions/<int:number>/faire-completer", methods=["GET", "POST"])
@requires(Action.ASK_COMPLETION)
def ask_completion(number: int) -> ResponseReturnValue:
    def act(found: Proposal, form: StepForm) -> str:
        actions.ask_completion(found, by=signed_in(), at=now(), delays=_delays(), **_reasons(form))
        return str(_("La proposition est rendue à son auteur, avec votre raison."))

    return _step(number, Step.ASK_COMPLETION, act)


@blueprint.route("/propositions/<int:number>/irrecevable", methods=["GET", "POST"])
@requires(Action.DECLARE_INADMISSIBLE)
def declare_inadmissible(number: int) -> ResponseReturnValue:
    def act(found: Proposal, form: StepForm) -> str:
        actions.declare_inadmissible(found, by=signed_in(), at=now(), delays=_delays(), **_reasons(form))
        return str(_("La proposition est déclarée irrecevable. Son auteur peut demander un second regard."))

    return _step(number, Step.DECLARE_INADMISSIBLE, act)


@blueprint.route("/propositions/<int:number>/second-regard", methods=["GET", "POST"])
@requires(Action.APPEAL)
def appeal(number: int) -> ResponseReturnValue:
    def act(found: Proposal, form: StepForm) -> str:
        actions.appeal(found, reason=form.reason.data or "", by=signed_in(), at=now(), delays=_delays())
        return str(_("Une autre personne va lire votre proposition."))

    return _step(number, Step.APPEAL, act)


@blueprint.route("/propositions/<int:number>/reunir", methods=["GET", "POST"])
@requires(Action.MERGE_INTO)
def merge(number: int) -> ResponseReturnValue:
    def act(found: Proposal, form: StepForm) -> str:
        chosen = whole_number(form.target.data)
        if chosen is None:
            raise Invalid(N_("Choisissez une proposition encore ouverte."), field="target")
        target = queries.proposal(chosen)
        actions.merge_into(found, target, by=signed_in(), at=now(), delays=_delays(), **_reasons(form))
        return str(_("Les deux propositions sont réunies. Leurs auteurs sont prévenus."))

    return _step(number, Step.MERGE_INTO, act)


@blueprint.route("/propositions/<int:number>/retirer", methods=["GET", "POST"])
@requires(Action.WITHDRAW)
def withdraw(number: int) -> ResponseReturnValue:
    def act(found: Proposal, form: StepForm) -> str:
        actions.withdraw(found, reason=form.reason.data or "", by=signed_in(), at=now(), delays=_delays())
        return str(_("Votre proposition est retirée. Sa page reste, avec ce qui en a été dit."))

    return _step(number, Step.WITHDRAW, act)


def _on_the_same(found: Proposal) -> Sequence[queries.Row]:
    """The open proposals that another may join: those on its item, those on the same text of the same edition."""
    errata = found.kind is ProposalKind.ERRATUM
    return queries.rivals(found, at=now()) if errata else queries.on_item(found.path, at=now())


def _step(number: int, step: Step, act: Callable[[Proposal, StepForm], str]) -> ResponseReturnValue:
    """The page of one step, or the step itself. What the form lacks is said in the form; all else is a refusal."""
    found, form = queries.proposal(number), StepForm()
    form.target.choices = choices(
        [("", _("Choisissez"))]
        + [
            (str(row.number), f"{row.number}. {row.title}")
            for row in (_on_the_same(found) if step is Step.MERGE_INTO else ())
            if row.number != found.id
        ]
    )
    check(queries.case(found, at=now(), delays=_delays()), step, signed_in())
    if request.method == "POST" and not form.asks():
        try:
            flash(act(found, form), "good")
        except Invalid as error:
            refuse(form, error)
        else:
            return redirect(url_for("reviewing.proposal", number=number), 303)
    page = render_template(
        "reviewing/step.html",
        proposal=found,
        step=step,
        form=form,
        limits={"reason": LONGEST_REASON, "plain": LONGEST_PLAIN},
        settings=settings(),
    )
    return page, 422 if form.errors else 200


def _reasons(form: StepForm) -> dict[str, Any]:
    return {"reason": form.reason.data or "", "plain_reason": form.plain_reason.data or ""}


def _delays() -> Delays:
    return Delays.of(settings())
