"""Decide: prepare and sign first, let the author read an amended wording, sign second."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.blueprints.changed_items import in_edition
from referentiel.blueprints.decision_forms import (
    DecisionForm,
    corrections,
    corrigible,
    decision_form,
    heard,
    silent,
    verdict_of,
)
from referentiel.blueprints.proposal_collisions import collision_page
from referentiel.blueprints.proposal_sheets import refuse, words_of
from referentiel.blueprints.proposal_views import TONES, buttons, impact_of
from referentiel.criteria.changes import ChangeClass
from referentiel.dates import day
from referentiel.errors import N_, Busy, Invalid, NotAllowed, TextMoved
from referentiel.permissions import Action, College
from referentiel.proposals import actions, queries
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import Delays, days_left
from referentiel.proposals.models import Basis, Decision, DecisionCollege, DecisionState, Proposal
from referentiel.proposals.offers import Stand, stand
from referentiel.proposals.sheets import LONGEST_PLAIN, LONGEST_REASON, LONGEST_SECTION
from referentiel.proposals.states import Outcome, ProposalKind, Step
from referentiel.proposals.workflow import check
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("deciding", __name__)

LIMITS = {"reason": LONGEST_REASON, "plain": LONGEST_PLAIN, "section": LONGEST_SECTION}
OUTCOME_HINTS = {
    Outcome.ADOPTED.value: lazy("La rédaction entre dans la version de travail, mot pour mot."),
    Outcome.ADOPTED_WITH_CHANGES.value: lazy("Vous corrigez le texte ci-dessous. Son auteur le relit."),
    Outcome.REFUSED.value: lazy("Le texte ne change pas."),
    Outcome.POSTPONED.value: lazy("Vous dites à quelle date on en reparle."),
}

ERRATUM_HINTS = {
    Outcome.ADOPTED.value: lazy("L’erratum paraît à côté de l’édition, mot pour mot. Le texte scellé ne change pas."),
    Outcome.REFUSED.value: lazy("L’édition reste sans cet erratum."),
}


class SignForm(Form):
    form_id = HiddenField(default=lambda: str(uuid4()))
    digest = HiddenField()


class BackForm(Form):
    reason = TextAreaField(lazy("La raison"), [InputRequired()])


class AnswerForm(Form):
    digest = HiddenField()
    accepts = RadioField(
        lazy("Ce texte vous convient-il ?"),
        [InputRequired()],
        choices=choices([("oui", lazy("Oui")), ("non", lazy("Non"))]),
    )
    words = TextAreaField(lazy("Voulez-vous dire plus ?"))


@blueprint.get("/propositions/<int:number>/decision")
@requires(Action.PROPOSE_DECISION)
def prepare(number: int) -> ResponseReturnValue:
    """The five parts of a decision: who spoke, the outcome, the text, the reasons, the two signatures."""
    found = _to_decide(number)
    form = decision_form(found, signed_in(), fresh=True)
    return _decision_page(found, form)


@blueprint.post("/propositions/<int:number>/decision")
@requires(Action.PROPOSE_DECISION)
def propose(number: int) -> ResponseReturnValue:
    """First signature. A double click is one decision; a text that moved is shown beside the proposal."""
    found = queries.proposal(number)
    form = decision_form(found, signed_in())
    if request.form.get("action") == "apercu":
        return _decision_page(found, form, previewed=True)
    if form.asks(known=words_of(found)):
        return _decision_page(found, form), Invalid.status
    try:
        actions.propose_decision(
            library(),
            found,
            verdict_of(found, form),
            revision=whole_number(form.revision.data),
            form_id=form.form_id.data or "",
            by=signed_in(),
            at=now(),
            delays=_delays(),
            people=settings().heard_people,
            structures=settings().heard_structures,
            smallest=settings().small_group,
        )
    except Invalid as error:
        refuse(form, error)
        return _decision_page(found, form), error.status
    except TextMoved:
        return collision_page(queries.proposal(number)), TextMoved.status
    flash(_("Votre signature est enregistrée. Une personne d’un autre collège doit signer à son tour."), "good")
    return redirect(url_for("reviewing.proposal", number=number), 303)


@blueprint.get("/propositions/<int:number>/signature")
@requires(Action.SIGN)
def signature(number: int) -> ResponseReturnValue:
    """All that the first signature bound, to be read before the second."""
    found = queries.proposal(number)
    decision = queries.under_way(found)
    if decision is None:
        raise _nothing_to_sign(found)
    return _signature_page(found, decision, SignForm(digest=decision.digest))


@blueprint.post("/propositions/<int:number>/signature")
@requires(Action.SIGN)
def sign(number: int) -> ResponseReturnValue:
    """Second signature: one commit. The same form again shows the first result."""
    found, form = queries.proposal(number), SignForm()
    decision = queries.under_way(found) or queries.last_decision(found)
    if decision is None:
        raise _nothing_to_sign(found)
    try:
        signed = actions.sign(
            library(),
            decision,
            digest=form.digest.data or "",
            form_id=form.form_id.data or "",
            by=signed_in(),
            at=now(),
            delays=_delays(),
        )
    except TextMoved:
        return collision_page(queries.proposal(number)), TextMoved.status
    except Busy as error:
        form.form_errors.append(_(error.message, **error.values))
        page = _signature_page(queries.proposal(number), queries.decision_under_way(found), form)
        return page, error.status, {"Retry-After": str(error.retry_after)}
    if signed.state is not DecisionState.EFFECTIVE or signed.number is None:
        return redirect(url_for("reviewing.proposal", number=number), 303)
    flash(
        _("La décision est signée deux fois : elle prend effet. Son auteur trouvera la réponse sur sa page."),
        "good",
    )
    return redirect(url_for("decisions.act", number=signed.number), 303)


def _nothing_to_sign(found: Proposal) -> NotNow:
    return NotNow(
        N_("La proposition est « %(state)s » : il n’y a rien à signer."),
        way_out=N_("Ouvrez la proposition : elle dit ce qui s’est passé."),
        state=found.state.label,
    )


@blueprint.route("/propositions/<int:number>/renvoyer", methods=["GET", "POST"])
@requires(Action.SEND_BACK)
def send_back(number: int) -> ResponseReturnValue:
    """Return a decision to the discussion, with a reason."""
    found, form = queries.proposal(number), BackForm()
    check(queries.case(found, at=now(), delays=_delays()), Step.SEND_BACK, signed_in())
    decision = queries.decision_under_way(found)
    if request.method == "POST" and not form.asks():
        try:
            actions.send_back(decision, reason=form.reason.data or "", by=signed_in(), at=now(), delays=_delays())
        except Invalid as error:
            refuse(form, error)
        else:
            flash(_("La décision est renvoyée en discussion. Les signatures ne comptent plus."), "good")
            return redirect(url_for("reviewing.proposal", number=number), 303)
    page = render_template("deciding/send_back.html", proposal=found, form=form, limits=LIMITS)
    return page, 422 if form.errors else 200


@blueprint.route("/propositions/<int:number>/texte-modifie", methods=["GET", "POST"])
@requires(Action.ANSWER_AMENDMENT)
def amendment(number: int) -> ResponseReturnValue:
    """The author reads what an editor changed in the wording, and answers."""
    found = queries.proposal(number)
    if signed_in().id not in found.author_ids:
        raise NotAllowed(N_("Seule la personne qui a écrit cette proposition peut répondre au texte modifié."))
    decision = queries.decision_under_way(found) if request.method == "GET" else queries.under_way(found)
    if (
        decision is None
        or decision.outcome is not Outcome.ADOPTED_WITH_CHANGES
        or decision.author_answered_at is not None
    ):
        raise NotNow(
            N_("Cette décision n’attend pas, ou plus, de réponse de votre part."),
            way_out=N_("Ouvrez la proposition : elle dit ce qui s’est passé."),
        )
    form = AnswerForm(digest=decision.digest)
    if form.is_submitted() and form.validate() and not form.asks():
        accepts = form.accepts.data == "oui"
        try:
            actions.answer_amendment(
                decision,
                digest=form.digest.data or "",
                accepts=accepts,
                words=form.words.data or "",
                by=signed_in(),
                at=now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("Votre réponse est enregistrée. La deuxième signature peut venir."), "good")
            return redirect(url_for("reviewing.proposal", number=number), 303)
    page = render_template(
        "deciding/amendment.html",
        proposal=found,
        decision=decision,
        differences=queries.difference_between(decision.revision.files, decision.files),
        form=form,
        limits=LIMITS,
        settings=settings(),
    )
    return page, 422 if form.errors else 200


def _to_decide(number: int) -> Proposal:
    """A proposal whose decision may be prepared now. Raises :class:`NotAllowed` or :class:`NotNow`."""
    found = queries.proposal(number)
    check(queries.case(found, at=now(), delays=_delays()), Step.PROPOSE_DECISION, signed_in())
    return found


def _decision_page(found: Proposal, form: DecisionForm, *, previewed: bool = False) -> str:
    hearings = heard(found)
    return render_template(
        "deciding/prepare.html",
        proposal=found,
        revision=found.revision,
        form=form,
        items=corrigible(found),
        amended=corrections(found, form) if previewed else None,
        hearings=hearings,
        silent=silent(found),
        positions={row.college: row for row in queries.positions(found, at=now(), smallest=settings().small_group)},
        left=days_left(found.decision_due, day(now())),
        promised=max(1, (found.decision_due - day(found.submitted_at)).days),
        standing=_standing(found),
        impact=impact_of(found),
        outcome_hints=OUTCOME_HINTS | (ERRATUM_HINTS if found.kind is ProposalKind.ERRATUM else {}),
        class_hints={kind.value: _(kind.explanation) for kind in ChangeClass},
        limits=LIMITS,
    )


def _signature_page(found: Proposal, decision: Decision, form: SignForm) -> str:
    mine = buttons(queries.case(found, at=now(), delays=_delays()), found, signed_in())
    return render_template(
        "deciding/sign.html",
        proposal=found,
        decision=decision,
        differences=in_edition(
            queries.difference_of_decision(library(), decision)
            if decision.outcome.adopts
            else queries.difference(library(), decision.revision)
        ),
        corrections=queries.difference_between(decision.revision.files, decision.files)
        if decision.outcome is Outcome.ADOPTED_WITH_CHANGES
        else (),
        heard=[row.college for row in _in_order(decision) if row.basis is Basis.HEARD],
        silences=_silences(decision),
        unasked=[row.college for row in _in_order(decision) if row.basis is Basis.NOT_REQUIRED],
        signing=next((b for b in mine if b.href == url_for("deciding.signature", number=found.id)), None),
        returning=next((b for b in mine if b.href == url_for("deciding.send_back", number=found.id)), None),
        standing=_standing(found) if decision.outcome.adopts else None,
        impact=impact_of(found),
        form=form,
        tone=TONES.get(decision.outcome.state, ""),
    )


def _standing(found: Proposal) -> Stand:
    return stand(library(), found.revision.files)


def _silences(decision: Decision) -> list[tuple[College, str]]:
    return [(row.college, row.justification) for row in _in_order(decision) if row.basis is Basis.SILENCE_JUSTIFIED]


def _in_order(decision: Decision) -> list[DecisionCollege]:
    order = list(College)
    return sorted(decision.colleges, key=lambda row: order.index(row.college))


def _delays() -> Delays:
    return Delays.of(settings())
