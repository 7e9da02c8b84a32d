"""Errata: those of an edition, for everybody; and the form that asks for one, which lives as any proposal does."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.blueprints import erratum_forms as forms
from referentiel.blueprints.erratum_forms import Corrected
from referentiel.blueprints.proposal_sheets import SheetForm, refuse, words_of
from referentiel.criteria.erratum import SECTION
from referentiel.editions.discussed import discussed
from referentiel.editions.errata import every_erratum, holding
from referentiel.editions.queries import edition as published
from referentiel.editions.queries import shelf_of, summary_of
from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.permissions import Action
from referentiel.proposals import actions, queries
from referentiel.proposals.actions.writing_up import write_first
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import Delays
from referentiel.proposals.errata import sealed_commit
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ProposalKind, State
from referentiel.web.clock import now
from referentiel.web.guard import public, requires
from referentiel.web.identity import signed_in
from referentiel.web.language import say
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("errata", __name__)

A_WHILE = "public, max-age=300"


@blueprint.get("/editions/<number>/errata")
@public
def listing(number: str) -> ResponseReturnValue:
    """The errata of an edition, those that another replaced included, and what is asked for. No session, no query."""
    edition = published(library(), number)
    known = every_erratum(library(), str(edition.number))
    kept = {one.name for one in holding(known)}
    told = discussed(shelf_of(library()), str(edition.number))
    asked = [one for one in told if f"{one.kind.value}/{one.key}.html" in edition.manifest]
    answer = Response(
        render_template(
            "errata/list.html",
            frame=True,
            edition=edition,
            errata=known,
            holding=kept,
            replacing={name: one for one in known for name in one.replaces},
            titles={path: _title(number, path) for path in {one.path for one in known} | {one.path for one in asked}},
            asked=asked,
            place_words=forms.place_words,
        )
    )
    answer.headers["Cache-Control"] = A_WHILE
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/editions/<number>/signaler")
@requires(Action.SUBMIT)
def report(number: str) -> ResponseReturnValue:
    """Which text of the edition, then the form on it. ``rubrique`` is the anchor of the section that was read."""
    text = request.args.get("texte", "")
    if not text:
        edition = published(library(), number)
        return render_template("errata/choose.html", edition=edition, summary=summary_of(library(), edition))
    of = Corrected.of(forms.path_asked(number, text))
    where = forms.where_asked(of, request.args.get("rubrique", ""))
    return forms.page(of, forms.form_of(of, Sheet(keys={SECTION: where})))


@blueprint.post("/editions/<number>/signaler")
@requires(Action.SUBMIT)
def send(number: str) -> ResponseReturnValue:
    """Send, keep as a draft or look at the difference, by the button pressed. All that was typed comes back."""
    return _answer(_sent(number), request.form.get("action", "envoyer"))


@blueprint.post("/editions/<number>/signaler/brouillon")
@requires(Action.SAVE_DRAFT)
def save(number: str) -> ResponseReturnValue:
    """Keep a draft, every ten seconds, by script."""
    return _answer(_sent(number), "brouillon")


@blueprint.get("/propositions/<int:number>/erratum")
@requires(Action.REVISE)
def next_wording(number: int) -> ResponseReturnValue:
    """The next wording of the erratum that one asked for."""
    proposal = _own(number)
    if proposal.state not in (State.IN_DISCUSSION, State.TO_COMPLETE):
        raise NotNow(
            N_("La proposition est « %(state)s » : elle n’attend pas de nouvelle rédaction."),
            way_out=N_("Ouvrez la proposition : elle dit où elle en est et ce qui peut être fait."),
            state=proposal.state.label,
        )
    of = Corrected.of(proposal.path, proposal)
    return forms.page(of, forms.form_of(of, forms.sheet_as_proposed(proposal), proposition=str(number)))


@blueprint.post("/propositions/<int:number>/erratum")
@requires(Action.REVISE)
def send_next_wording(number: int) -> ResponseReturnValue:
    proposal = _own(number)
    return _answer(Corrected.of(proposal.path, proposal), request.form.get("action", "envoyer"))


def _sent(number: str) -> Corrected:
    """What the form that was sent corrects."""
    again = whole_number(request.form.get("proposition"))
    if again is not None:
        proposal = _own(again)
        return Corrected.of(proposal.path, proposal)
    return Corrected.of(forms.path_asked(number, request.form.get("texte", "")))


def _own(number: int) -> Proposal:
    """One's own erratum. That of somebody else is not shown here."""
    found = queries.proposal(number)
    if found.kind is not ProposalKind.ERRATUM or signed_in().id not in found.author_ids:
        raise Unknown(N_("Cette page n’existe pas."))
    return found


def _answer(of: Corrected, button: str) -> ResponseReturnValue:
    form = forms.form_of(of)
    sheet = forms.sheet_of(form, of)
    if button == "brouillon":
        return _keep(of, form, sheet)
    if button == "apercu":
        looked = sheet if sheet.reason.strip() else Sheet.of_json({**sheet.as_json(), "reason": "-"})
        written = write_first(library(), ProposalKind.ERRATUM, of.path, looked, None).written
        return forms.page(of, form, written=written, previewed=True)
    if form.asks(known=of.sealed.text + (words_of(of.proposal) if of.proposal is not None else "")):
        return forms.page(of, form), Invalid.status
    try:
        proposal = _send(of, form, sheet)
    except Invalid as error:
        refuse(form, error)
        return forms.page(of, form), error.status
    return redirect(url_for("reviewing.proposal", number=proposal.id), 303)


def _send(of: Corrected, form: SheetForm, sheet: Sheet) -> Proposal:
    delays = Delays.of(settings())
    if of.proposal is None:
        made = actions.submit(
            library(),
            sheet,
            kind=ProposalKind.ERRATUM,
            path=of.path,
            form_id=form.form_id.data,
            by=signed_in(),
            at=now(),
            delays=delays,
        )
        flash(_("Votre proposition est envoyée. Une personne la vérifie, puis la discussion s’ouvre."), "good")
        return made
    completed = of.proposal.state is State.TO_COMPLETE
    verb = actions.resubmit if completed else actions.revise
    verb(library(), of.proposal, sheet, by=signed_in(), at=now(), delays=delays)
    if completed:
        flash(_("Votre proposition est complétée. Une personne la vérifie, puis la discussion s’ouvre."), "good")
    else:
        flash(_("Votre nouvelle rédaction est publiée. Chacun est invité à redire son avis."), "good")
    return of.proposal


def _keep(of: Corrected, form: SheetForm, sheet: Sheet) -> ResponseReturnValue:
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        kept = actions.save_draft(
            sheet,
            kind=ProposalKind.ERRATUM,
            path=of.path,
            base=sealed_commit(library(), of.path),
            form_id=form.form_id.data or "",
            proposal_id=of.proposal.id if of.proposal is not None else None,
            by=signed_in(),
            at=now(),
        )
    except Refused as error:
        if by_script:
            answer = jsonify({"message": say(error)})
            answer.status_code = error.status
            return answer
        if not isinstance(error, Invalid):
            raise
        refuse(form, error)
        return forms.page(of, form), error.status
    if by_script:
        return jsonify({"id": kept.id})
    flash(_("Votre brouillon est enregistré. Vous pouvez fermer cette page et revenir plus tard."), "good")
    return redirect(url_for("proposing.draft", number=kept.id), 303)


def _title(number: str, path: str) -> str:
    """The title of a sealed item."""
    return Corrected.of(forms.path_asked(number, path.removesuffix(".md"))).title
