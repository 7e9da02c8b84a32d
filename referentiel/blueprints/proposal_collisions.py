"""A proposal beside which the text moved: the merge offered to its author, and collisions, settled without script.

Nothing is applied by itself, and conflict markers are shown to nobody.
"""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from referentiel.blueprints.proposal_sheets import refuse
from referentiel.blueprints.settling import Asked, SettleForm, asked, choices_sent, left_over, settle_form, words_sent
from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.errors import N_, Invalid, TextMoved, Unknown
from referentiel.library.models import Version
from referentiel.library.queries import history
from referentiel.permissions import Action
from referentiel.proposals import queries
from referentiel.proposals.actions.rebasing import no_offer, solve, step_of, take_up_offer
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import Stand, offer, stand
from referentiel.proposals.sheets import LONGEST_SECTION
from referentiel.proposals.states import ProposalKind, State
from referentiel.proposals.workflow import check
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, signed_in
from referentiel.web.stores import library, settings

blueprint = Blueprint("collisions", __name__)

MOST_CHANGES = 5
WRITTEN_AGAIN = (State.IN_DISCUSSION, State.TO_COMPLETE)


class OfferForm(Form):
    """Nothing to fill in: the merge is read, then taken up as it is."""

    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """One file of the merge: what it changes in the author's wording, and in the text of today."""

    path: str
    from_mine: Comparison
    from_today: Comparison


@blueprint.get("/propositions/<int:number>/texte-reuni")
@requires(Action.REVISE)
def offered(number: int) -> ResponseReturnValue:
    """The merge by words, read by the author alone before it becomes anything."""
    return _offer_page(_own(number))


@blueprint.post("/propositions/<int:number>/texte-reuni")
@requires(Action.REVISE)
def take_up(number: int) -> ResponseReturnValue:
    """The merge that was read becomes the next wording."""
    found, form = _own(number), OfferForm()
    try:
        take_up_offer(library(), found, seen=form.seen.data or "", by=signed_in(), at=now(), delays=_delays())
    except NotNow:
        if stand(library(), found.revision.files).digest == form.seen.data:
            raise
        return _offer_page(found, changed=True), NotNow.status
    return _sent(number)


@blueprint.get("/propositions/<int:number>/collision")
@public
def collision(number: int) -> ResponseReturnValue:
    """The readings of what both the text and the proposal changed; for its author, the question that settles each."""
    return collision_page(queries.proposal(number))


@blueprint.post("/propositions/<int:number>/collision")
@requires(Action.REVISE)
def settle(number: int) -> ResponseReturnValue:
    """The answers make the next wording. When the text changed again meanwhile, all that was typed comes back."""
    found = _own(number)
    here = stand(library(), found.revision.files)
    form = settle_form(here.passages, found.change_class)
    if form.asks(known=_known(here)):
        return collision_page(found, here, form), Invalid.status
    try:
        solve(
            library(),
            found,
            choices_sent(),
            words_sent(),
            seen=form.seen.data or "",
            change_class=form.change_class_chosen,
            by=signed_in(),
            at=now(),
            delays=_delays(),
        )
    except Invalid as error:
        refuse(form, error)
        return collision_page(found, here, form), error.status
    except NotNow as error:
        if here.digest == form.seen.data or found.state not in WRITTEN_AGAIN:
            raise
        form.refuse(error)
        form.forget_choices()
        return collision_page(found, here, form), error.status
    return _sent(number)


def collision_page(found: Proposal, here: Stand | None = None, form: SettleForm | None = None) -> str:
    """What collides, whoever reads. ``form`` is what its author sent already.

    Raises :class:`TextMoved` for an erratum: another one took its words, and there is nothing to settle.
    """
    if found.kind is ProposalKind.ERRATUM:
        raise TextMoved(
            N_("Un autre erratum corrige ces mots depuis cette rédaction. Rien n’a été écrit."),
            way_out=N_("Ouvrez la proposition : son auteur peut la reprendre, ou la retirer."),
        )
    here = here or stand(library(), found.revision.files)
    who = person()
    writes = who is not None and who.id in found.author_ids and found.state in WRITTEN_AGAIN
    if form is None and writes and here.can_be_settled:
        form = settle_form(here.passages, found.change_class)
    if form is not None:
        form.seen.data = here.digest
    return render_template(
        "deciding/collision.html",
        proposal=found,
        here=here,
        asked=[asked(one, form, several=len(here.files) > 1) for one in here.passages],
        carried=_carried(here),
        changes=_changes(here),
        form=form if writes else None,
        kept=left_over(form),
        can_write=writes,
        limit=LONGEST_SECTION,
    )


def _offer_page(found: Proposal, *, changed: bool = False) -> str:
    check(queries.case(found, at=now(), delays=_delays()), step_of(found), signed_in())
    here = stand(library(), found.revision.files)
    documents = offer(library(), here)
    if documents is None:
        raise no_offer()
    form = OfferForm()
    form.seen.data = here.digest
    today = library().files(here.commit)
    shown = [
        OfferedFile(
            one.path,
            compare(Document.read(one.text, one.path), document),
            compare(Document.read(library().text(today[one.path]), one.path) if one.path in today else None, document),
        )
        for one, document in documents
    ]
    return render_template(
        "deciding/offer.html", proposal=found, files=shown, changes=_changes(here), form=form, changed=changed
    )


def _sent(number: int) -> ResponseReturnValue:
    flash(_("Votre nouvelle rédaction est publiée. Chacun est invité à redire son avis."), "good")
    return redirect(url_for("reviewing.proposal", number=number), 303)


def _own(number: int) -> Proposal:
    """One's own proposal. What its author alone writes does not exist for others."""
    found = queries.proposal(number)
    if signed_in().id not in found.author_ids:
        raise Unknown(N_("Cette page n’existe pas."))
    return found


def _known(here: Stand) -> str:
    """What stands in one of the texts already: nobody is asked about it again."""
    sides = ((c.base, c.draft, c.proposed) for c in (one.collision for one in here.passages))
    return "\n".join(text for side in sides for text in side if text)


def _carried(here: Stand) -> list[Asked]:
    """What the text changed elsewhere, which comes by itself."""
    several = len(here.files) > 1
    return [Asked.named(there.path, part, several=several) for _one, there in here.files for part in there.carried]


def _changes(here: Stand) -> list[Version]:
    """The decisions that changed these texts since, latest first. One query for each file that moved."""
    found: list[Version] = []
    for one, standing in here.files:
        for version in history(one.path, MOST_CHANGES) if standing.behind and one.before_blob else ():
            if version.blob == one.before_blob:
                break
            found.append(version)
    return found


def _delays() -> Delays:
    return Delays.of(settings())
