"""Talk about a proposal: on the whole of it, on a section of its difference; suggest other words, and take them up."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import TextAreaField

from referentiel.blueprints.talk_parts import THREADS, CommentForm, current_page, sent, thank
from referentiel.blueprints.talk_readers import reader_of_proposal
from referentiel.comments import actions
from referentiel.comments.anchors import Anchor, Target, Wording, quote
from referentiel.comments.models import Comment
from referentiel.comments.suggesting import suggest
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Invalid, NotAllowed, Unknown
from referentiel.permissions import Action, could
from referentiel.proposals.actions import apply_suggestion
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Proposal, RevisionFile
from referentiel.proposals.queries import difference
from referentiel.proposals.queries import proposal as proposal_of
from referentiel.proposals.queries.talks import talk, wording
from referentiel.proposals.states import CLOSED
from referentiel.web.clock import now
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, signed_in
from referentiel.web.stores import library, settings

blueprint = Blueprint("talking", __name__)

OVER = N_("La discussion de cette proposition est finie : la décision est publiée.")


class SuggestingForm(CommentForm):
    citation = TextAreaField(lazy("De quels mots parlez-vous ?"))
    remplacement = TextAreaField(lazy("Quels mots proposez-vous à la place ?"))


@dataclass(frozen=True, slots=True)
class Spot:
    """A section of one file of the present wording; an empty ``section`` is the whole file."""

    proposal: Proposal
    file: RevisionFile
    wording: Wording
    section: str

    @property
    def on(self) -> Anchor:
        return Anchor(Target.PROPOSAL, str(self.proposal.id), self.section, self.file.blob, path=self.file.path)

    @property
    def body(self) -> str:
        return self.wording.sections.get(self.section, "")

    @property
    def address(self) -> str:
        return url_for(
            "talking.section",
            number=self.proposal.id,
            fichier=self.file.path,
            rubrique=anchor(self.section) if self.section else None,
        )


@blueprint.get("/propositions/<int:number>/contributions")
@public
def on_proposal(number: int) -> ResponseReturnValue:
    """All that is said about a proposal; words whose passage has gone stand apart, to be attached again."""
    return _proposal_page(number, CommentForm() if person() else None)


@blueprint.post("/propositions/<int:number>/contributions")
@requires(Action.COMMENT)
def contribute(number: int) -> ResponseReturnValue:
    form = CommentForm()
    if proposal_of(number).state in CLOSED:
        raise NotAllowed(OVER)
    if form.validate_on_submit() and not form.asks():
        on = Anchor(Target.PROPOSAL, str(number))
        try:
            said = actions.comment(on, form.texte.data or "", **sent(form))
        except Invalid as error:
            form.refuse(error)
        else:
            thank(said)
            return redirect(f"/propositions/{number}#contributions", 303)
    return _proposal_page(number, form), 422


@blueprint.get("/propositions/<int:number>/contributions/rubrique")
@public
def section(number: int) -> ResponseReturnValue:
    """One section of the difference with what is said of it, and the form to comment or to suggest other words."""
    return _section_page(_spot(number), SuggestingForm() if person() else None)


@blueprint.post("/propositions/<int:number>/contributions/rubrique")
@requires(Action.COMMENT)
def contribute_to_section(number: int) -> ResponseReturnValue:
    spot, form = _spot(number), SuggestingForm()
    if spot.proposal.state in CLOSED:
        raise NotAllowed(OVER)
    if form.validate_on_submit() and not form.asks(known=spot.file.text):
        try:
            said = _say(spot, form)
        except Invalid as error:
            form.refuse(error)
        else:
            thank(said)
            return redirect(spot.address, 303)
    return _section_page(spot, form), 422


@blueprint.post("/propositions/<int:number>/suggestions/<int:contribution>/appliquer")
@requires(Action.APPLY_SUGGESTION)
def apply(number: int, contribution: int) -> ResponseReturnValue:
    """The author takes a suggestion up: one click, one new wording."""
    found = proposal_of(number)
    revision = apply_suggestion(library(), found, contribution, by=signed_in(), at=now(), delays=Delays.of(settings()))
    flash(
        _("La rédaction %(number)s reprend ces mots. La personne est créditée et prévenue.", number=revision.number),
        "good",
    )
    address = url_for("reviewing.differences", number=number, redaction=revision.number, contre=revision.number - 1)
    return redirect(address, 303)


def _proposal_page(number: int, form: CommentForm | None) -> str:
    proposal = proposal_of(number)
    said = talk(proposal, proposal.revision)
    current, count = current_page(len(said.attached))
    return render_template(
        "commenting/proposal.html",
        proposal=proposal,
        form=form,
        open=proposal.state not in CLOSED,
        moderator=bool(could(person(), Action.MODERATE)),
        voices=said.attached[(current - 1) * THREADS : current * THREADS],
        detached=said.detached,
        found=said.places,
        reader=reader_of_proposal(proposal, said, person()),
        total=sum(bool(voice.text) + len(voice.replies) for voice in said.voices),
        number=current,
        count=count,
    )


def _spot(number: int) -> Spot:
    """The section that the address names, in the present wording. Raises Unknown."""
    proposal = proposal_of(number)
    path, rubric = request.args.get("fichier", ""), request.args.get("rubrique", "")
    file = next((file for file in proposal.revision.files if file.path == path), None)
    if file is None:
        raise Unknown(N_("Cette proposition ne touche pas ce texte."))
    there = wording(proposal.id, file)
    title = next((title for title in there.sections if anchor(title) == rubric), "")
    if rubric and not title:
        raise Unknown(N_("Cette rubrique n’est pas dans la rédaction."))
    return Spot(proposal, file, there, title)


def _say(spot: Spot, form: SuggestingForm) -> Comment:
    """A comment on the section, on a passage of it, or a suggestion for that passage. Raises Invalid."""
    on, passage, other = spot.on, form.citation.data or "", form.remplacement.data or ""
    if (passage.strip() or other.strip()) and not spot.section:
        raise Invalid(N_("Ouvrez la rubrique où sont ces mots : c’est là qu’on les cite."), field="citation")
    if passage.strip():
        on = quote(on, spot.body, passage)
    if other.strip():
        return suggest(on, form.texte.data or "", other, **sent(form))
    return actions.comment(on, form.texte.data or "", **sent(form))


def _section_page(spot: Spot, form: SuggestingForm | None) -> str:
    proposal = spot.proposal
    said = talk(proposal, proposal.revision)
    shown = next(one for one in difference(library(), proposal.revision) if one.path == spot.file.path)
    return render_template(
        "talking/section.html",
        spot=spot,
        proposal=proposal,
        change=next((one for one in shown.comparison.changed_sections if one.title == spot.section), None),
        beside=said.on(spot.file.path, spot.section),
        found=said.places,
        reader=reader_of_proposal(proposal, said, person()),
        moderator=bool(could(person(), Action.MODERATE)),
        open=proposal.state not in CLOSED,
        form=form,
    )
