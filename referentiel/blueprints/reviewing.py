"""Review: the list of proposals, one proposal whole, its differences, one's position on it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from referentiel.blueprints.changed_items import changed_items, in_edition
from referentiel.blueprints.college_parts import PositionForm, matrix_of
from referentiel.blueprints.proposal_views import TONES, buttons, edition_of, impact_of, progress
from referentiel.blueprints.talk_parts import CommentForm
from referentiel.blueprints.talk_readers import reader_of_proposal
from referentiel.comments.actions import LONGEST as LONGEST_COMMENT
from referentiel.dates import day
from referentiel.errors import N_, Unknown
from referentiel.permissions import Action, College
from referentiel.proposals import actions, queries
from referentiel.proposals.delays import Delays, days_left
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import stand
from referentiel.proposals.queries.listings import GROUPS, Filters
from referentiel.proposals.queries.talks import Talk, talk
from referentiel.proposals.states import CLOSED, Stance, State
from referentiel.web.clock import now
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, signed_in
from referentiel.web.numbers import page_number, whole_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("reviewing", __name__)

THREADS_SHOWN = 20
GROUP_WORDS = {
    "ouvertes": lazy("Ouvertes"),
    "en-discussion": lazy("En discussion"),
    "en-decision": lazy("En décision"),
    "decidees": lazy("Décidées"),
    "closes": lazy("Closes"),
}


@blueprint.get("/propositions/")
@public
def listing() -> ResponseReturnValue:
    """Proposals, filtered by the address; the answers that are late say so."""
    filters = _filters()
    number = page_number(request.args.get("page"))
    page = queries.listing(filters, at=now(), page=number)
    if number > page.count:
        raise Unknown(N_("Cette page de la liste n’existe pas."))
    return render_template(
        "reviewing/list.html",
        page=page,
        filters=filters,
        groups=GROUP_WORDS,
        colleges=list(College),
        tones=TONES,
        answers=queries.standings(library(), [row.number for row in page.rows if row.left is not None]),
    )


@blueprint.get("/propositions/<int:number>")
@public
def proposal(number: int) -> ResponseReturnValue:
    """Where it is, what would change, what colleges think, what people say, and what the reader can do."""
    return _page(queries.proposal(number), PositionForm() if person() else None)


@blueprint.post("/propositions/<int:number>/avis")
@requires(Action.TAKE_POSITION)
def take_position(number: int) -> ResponseReturnValue:
    """One's position on the wording that one read."""
    found, form = queries.proposal(number), PositionForm()
    if not form.validate():
        return _page(found, form), 422
    actions.take_position(
        found,
        Stance(form.stance.data),
        revision=whole_number(form.revision.data),
        by=signed_in(),
        at=now(),
    )
    flash(_("Votre avis est compté. Vous pouvez le changer jusqu’à la décision."), "good")
    return redirect(url_for("reviewing.proposal", number=number, _anchor="avis"), 303)


@blueprint.get("/propositions/<int:number>/differences")
@public
def differences(number: int) -> ResponseReturnValue:
    """Word by word, in the text or side by side, with the text it starts from or with another wording."""
    found = queries.proposal(number)
    revision = queries.revision(found, whole_number(request.args.get("redaction")) or found.revision_number)
    against = whole_number(request.args.get("contre"))
    earlier = queries.revision(found, against) if against else None
    shown = (
        queries.difference_between(earlier.files, revision.files)
        if earlier is not None
        else queries.difference(library(), revision)
    )
    items = changed_items(found.path, shown)
    said = talk(found, revision) if earlier is None else Talk(())
    return render_template(
        "reviewing/differences.html",
        proposal=found,
        revision=revision,
        earlier=earlier,
        items=items,
        sides=changed_items(found.path, in_edition(shown) if earlier is None else shown)[0].glance.sides,
        side_by_side=request.args.get("vue") == "cote-a-cote",
        said=said,
        reader=reader_of_proposal(found, said, person()),
        open=found.state not in CLOSED,
    )


def _page(found: Proposal, form: PositionForm | None) -> str:
    """The whole page. Whoever is not signed in gets links, and no form: a form would set a cookie."""
    who, at = person(), now()
    revision = found.revision
    own = queries.own_position(found, who)
    if form is not None:
        form.revision.data = form.revision.data or str(revision.number)
        if own is not None and form.stance.data is None and own.revision_id == revision.id:
            form.stance.data = own.stance.value
    items = changed_items(found.path, in_edition(queries.difference(library(), revision)))
    case = queries.case(found, at=at, delays=_delays())
    last = queries.last_decision(found)
    pending = queries.under_way(found)
    said = talk(found, revision)
    return render_template(
        "reviewing/proposal.html",
        proposal=found,
        revision=revision,
        items=items,
        sides=items[0].glance.sides,
        side_by_side=request.args.get("vue") == "cote-a-cote",
        steps=progress(found, last, edition_of(library(), last)),
        left=days_left(found.decision_due, day(at)) if _awaits(found) else None,
        promised=max(1, (found.decision_due - day(found.submitted_at)).days),
        standing=stand(library(), revision.files) if _awaits(found) else None,
        buttons=buttons(case, found, who),
        window_left=days_left(found.window_ends, day(at)) if found.window_ends else None,
        matrix=matrix_of(found),
        own=own,
        form=form,
        comment_form=CommentForm() if who else None,
        voices=said.attached[:THREADS_SHOWN],
        voices_count=len(said.voices),
        detached=said.detached,
        places=said.places,
        reader=reader_of_proposal(found, said, who),
        credits=found.credits,
        longest_words=LONGEST_COMMENT,
        can_comment=found.state not in CLOSED,
        can_take_position=found.state is State.IN_DISCUSSION,
        story=queries.story(found),
        rivals=queries.rivals(found, at=at),
        impact=impact_of(found, leaving=("propositions",)) if _awaits(found) else (),
        decision=last,
        pending=pending,
        tone=TONES.get(found.state, ""),
        is_author=who is not None and who.id in found.author_ids,
    )


def _awaits(found: Proposal) -> bool:
    return found.state in (State.SUBMITTED, State.TO_COMPLETE, State.IN_DISCUSSION, State.IN_DECISION)


def _filters() -> Filters:
    college = request.args.get("college", "")
    group = request.args.get("etat", "")
    known = {state.value for state in State}
    return Filters(
        group=group if group in GROUPS or group in known else "",
        college=College(college) if college in [one.value for one in College] else None,
        code=request.args.get("critere", "").strip()[:32],
        words=request.args.get("q", "").replace("\0", "").strip()[:200],
        late=request.args.get("retard") == "1",
    )


def _delays() -> Delays:
    return Delays.of(settings())
