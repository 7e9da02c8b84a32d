"""Propose a change: write, look at the difference, keep a draft, send; then the next wording. Choosing is beside."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.blueprints import erratum_forms
from referentiel.blueprints.proposal_pages import choice_page, wording_page
from referentiel.blueprints.proposal_parts import changed_parts, first_sheet, next_sheet
from referentiel.blueprints.proposal_sheets import SheetForm, form_for, refuse, sheet_of_form, words_of
from referentiel.blueprints.proposal_subjects import Subject, asked, of_draft, of_proposal, sent
from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.permissions import Action
from referentiel.proposals import actions, queries
from referentiel.proposals.actions.writing_up import write_again, write_first
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ItemVerb, ProposalKind, State
from referentiel.proposals.wording import Written
from referentiel.web.clock import now
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.language import say
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("proposing", __name__)


@blueprint.get("/propositions/nouvelle")
@requires(Action.SUBMIT)
def new() -> ResponseReturnValue:
    """The form on an item, on a new one, or the choice of a verb and of what it is said."""
    subject = asked()
    wish = whole_number(request.args.get("souhait"))
    if subject is None:
        return choice_page(None)
    sheet = first_sheet(subject)
    if sheet is None:
        return choice_page(subject)
    subject = subject.of(sheet)
    sheet = replace(sheet, wish=wish)
    return wording_page(subject, form_for(subject.layouts, subject.summary, sheet, base=subject.commit))


@blueprint.post("/propositions/nouvelle")
@requires(Action.SUBMIT)
def send() -> ResponseReturnValue:
    """Send, keep as a draft or look at the difference, by the button pressed. All that was typed comes back."""
    return _answer(request.form.get("action", "envoyer"))


@blueprint.post("/propositions/apercu")
@requires(Action.SUBMIT)
def preview() -> ResponseReturnValue:
    """The difference alone, before sending. Nothing is kept."""
    return _answer("apercu")


@blueprint.post("/propositions/brouillons")
@requires(Action.SAVE_DRAFT)
def save() -> ResponseReturnValue:
    """Keep a draft: by the button, or every ten seconds by script, which asks for JSON."""
    return _answer("brouillon")


@blueprint.get("/propositions/brouillons/<int:number>")
@requires(Action.SAVE_DRAFT)
def draft(number: int) -> ResponseReturnValue:
    """One's own draft, in its form. That of somebody else does not exist."""
    kept = queries.draft(number, by=signed_in())
    sheet = Sheet.of_json(kept.content)
    if kept.kind is ProposalKind.ERRATUM:
        return erratum_forms.draft_page(kept, sheet)
    subject = of_draft(kept, sheet)
    form = form_for(subject.layouts, subject.summary, sheet, base=subject.commit, form_id=kept.form_id)
    return wording_page(subject, form, kept=kept)


@blueprint.get("/propositions/brouillons/<int:number>/supprimer")
@requires(Action.SAVE_DRAFT)
def confirm_discard(number: int) -> ResponseReturnValue:
    return render_template("proposing/discard.html", draft=queries.draft(number, by=signed_in()))


@blueprint.post("/propositions/brouillons/<int:number>/supprimer")
@requires(Action.WITHDRAW)
def discard(number: int) -> ResponseReturnValue:
    actions.discard_draft(queries.draft(number, by=signed_in()), by=signed_in(), at=now())
    flash(_("Votre brouillon est supprimé."), "good")
    return redirect(url_for("proposing.new"), 303)


@blueprint.get("/propositions/<int:number>/modifier")
@requires(Action.REVISE)
def next_wording(number: int) -> ResponseReturnValue:
    """The next wording of one's own proposal, starting from the text as it is now."""
    if queries.proposal(number).kind is ProposalKind.ERRATUM:
        return redirect(url_for("errata.next_wording", number=number), 302)
    subject = of_proposal(number)
    proposal = subject.proposal
    if proposal is None:
        raise Unknown(N_("Cette proposition n’existe pas."))
    if proposal.state not in (State.IN_DISCUSSION, State.TO_COMPLETE):
        raise NotNow(
            N_("La proposition est « %(state)s » : elle n’attend pas de nouvelle rédaction."),
            way_out=N_("Ouvrez la proposition : elle dit où elle en est et ce qui peut être fait."),
            state=proposal.state.label,
        )
    sheet, moved = next_sheet(subject, proposal)
    form = form_for(subject.layouts, subject.summary, sheet, base=subject.commit)
    return wording_page(subject, form, moved=moved)


@blueprint.post("/propositions/<int:number>/modifier")
@requires(Action.REVISE)
def send_next_wording(number: int) -> ResponseReturnValue:
    return _answer(request.form.get("action", "envoyer"), number)


def _answer(button: str, number: int | None = None) -> ResponseReturnValue:
    subject = sent(number)
    form = form_for(subject.layouts, subject.summary)
    sheet = sheet_of_form(form, subject.layouts, _split_verb(subject))
    if button == "brouillon":
        return _keep(subject, form, sheet)
    if button == "apercu":
        return wording_page(subject, form, written=_write(subject, _text_alone(subject.kind, sheet)), sheet=sheet)
    if button.partition(":")[0] in ("ajouter", "neuf", "oter"):
        return _with_other_items(subject, form, sheet, button)
    if form.asks(known=_known(subject)):
        return wording_page(subject, form, sheet=sheet), Invalid.status
    try:
        proposal = _send(subject, form, sheet)
    except Invalid as error:
        refuse(form, error)
        return wording_page(subject, form, sheet=sheet), error.status
    return redirect(url_for("reviewing.proposal", number=proposal.id), 303)


def _split_verb(subject: Subject) -> ItemVerb | None:
    return subject.verb if subject.kind is ProposalKind.SPLIT else None


def _with_other_items(subject: Subject, form: SheetForm, sheet: Sheet, button: str) -> ResponseReturnValue:
    """The same form with one item more, or one less. Nothing is kept yet, and nothing that was typed is lost."""
    try:
        changed = changed_parts(subject, sheet, button)
    except Refused as error:
        form.form_errors.append(say(error))
        return wording_page(subject, form, sheet=sheet), Invalid.status
    grown = subject.of(changed)
    shown = form_for(
        grown.layouts,
        grown.summary,
        changed,
        anew=True,
        base=subject.commit,
        form_id=form.form_id.data or "",
    )
    added = len(grown.items) if len(grown.items) > len(subject.items) else 0
    return wording_page(grown, shown, sheet=changed, added=added)


def _known(subject: Subject) -> str:
    """What stands in the texts already, or in the wording that is written again: its author was asked, or nobody is."""
    base = "\n".join(base.text for base in subject.bases if base is not None)
    return base + (words_of(subject.proposal) if subject.proposal is not None else "")


def _keep(subject: Subject, form: SheetForm, sheet: Sheet) -> ResponseReturnValue:
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        kept = actions.save_draft(
            sheet,
            kind=subject.kind,
            path=subject.path,
            base=subject.commit,
            form_id=form.form_id.data or "",
            proposal_id=subject.proposal.id if subject.proposal else None,
            by=signed_in(),
            at=now(),
        )
    except Refused as error:
        if by_script:
            return _json({"message": _(error.message, **error.values)}, error.status)
        if not isinstance(error, Invalid):
            raise
        refuse(form, error)
        return wording_page(subject, form, sheet=sheet), error.status
    if by_script:
        return _json({"id": kept.id}, 200)
    flash(_("Votre brouillon est enregistré. Vous pouvez fermer cette page et revenir plus tard."), "good")
    return redirect(url_for("proposing.draft", number=kept.id), 303)


def _send(subject: Subject, form: SheetForm, sheet: Sheet) -> Proposal:
    common: dict[str, Any] = {
        "base": subject.commit,
        "by": signed_in(),
        "at": now(),
        "delays": Delays.of(settings()),
    }
    if subject.proposal is None:
        form_id = form.form_id.data
        made = actions.submit(library(), sheet, kind=subject.kind, path=subject.path, form_id=form_id, **common)
        flash(_("Votre proposition est envoyée. Une personne la vérifie, puis la discussion s’ouvre."), "good")
        return made
    completed = subject.proposal.state is State.TO_COMPLETE
    verb = actions.resubmit if completed else actions.revise
    verb(library(), subject.proposal, sheet, **common)
    if completed:
        flash(_("Votre proposition est complétée. Une personne la vérifie, puis la discussion s’ouvre."), "good")
    else:
        flash(_("Votre nouvelle rédaction est publiée. Chacun est invité à redire son avis."), "good")
    return subject.proposal


def _write(subject: Subject, sheet: Sheet) -> Written:
    if subject.proposal is not None:
        return write_again(library(), subject.proposal, sheet, subject.commit).written
    return write_first(library(), subject.kind, subject.path, sheet, subject.commit).written


def _text_alone(kind: ProposalKind, sheet: Sheet) -> Sheet:
    """What a preview looks at: people see what they change before they say why. A withdrawal is made of its reason."""
    reason = sheet.reason if sheet.reason.strip() or kind is ProposalKind.WITHDRAW else "-"
    return replace(sheet, title=sheet.title if sheet.title.strip() else "-", reason=reason)


def _json(body: dict[str, Any], status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer
