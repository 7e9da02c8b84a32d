"""What the pages of a proposal share: where it is, its clock, its buttons, what it touches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from referentiel.criteria.paths import corrected_by
from referentiel.dates import day
from referentiel.editions.edition import Edition
from referentiel.editions.queries import all_editions, edition, open_plan
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals import act
from referentiel.proposals.conditions import Case
from referentiel.proposals.impact import Group, Touched, impact
from referentiel.proposals.models import Decision, DecisionState, Proposal
from referentiel.proposals.states import DECIDED, ProposalKind, State, Step
from referentiel.proposals.workflow import Button, steps_for
from referentiel.web.filters import date_long
from referentiel.web.stores import library

PAGES: Mapping[Step, str] = {
    Step.ADMIT: "examining.admit",
    Step.ASK_COMPLETION: "examining.ask_completion",
    Step.DECLARE_INADMISSIBLE: "examining.declare_inadmissible",
    Step.APPEAL: "examining.appeal",
    Step.MERGE_INTO: "examining.merge",
    Step.WITHDRAW: "examining.withdraw",
    Step.RESUBMIT: "proposing.next_wording",
    Step.REVISE: "proposing.next_wording",
    Step.PROPOSE_DECISION: "deciding.prepare",
    Step.SIGN: "deciding.signature",
    Step.SEND_BACK: "deciding.send_back",
}
SIGNS: Mapping[Step, str] = {
    Step.ADMIT: "ok",
    Step.ASK_COMPLETION: "proposer",
    Step.DECLARE_INADMISSIBLE: "croix",
    Step.APPEAL: "retour",
    Step.MERGE_INTO: "fusionner",
    Step.WITHDRAW: "retirer",
    Step.RESUBMIT: "suite",
    Step.REVISE: "proposer",
    Step.PROPOSE_DECISION: "signature",
    Step.SIGN: "signature",
    Step.SEND_BACK: "retour",
}
TONES: Mapping[State, str] = {
    State.TO_COMPLETE: "warn",
    State.INADMISSIBLE: "bad",
    State.IN_DISCUSSION: "now",
    State.ADOPTED: "good",
    State.ADOPTED_WITH_CHANGES: "good",
    State.REFUSED: "bad",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A button as a page shows it: a link when it is allowed, else the reason beside it."""

    words: str
    sign: str
    href: str
    allowed: bool
    reason: str


def buttons(case: Case, proposal: Proposal, person: Person | None) -> list[Shown]:
    """The steps of a person on a proposal, in the order of the table."""
    return [_shown(button, proposal) for button in steps_for(case, person)]


def _shown(button: Button, proposal: Proposal) -> Shown:
    return Shown(
        words=_(button.step.label),
        sign=SIGNS[button.step],
        href=url_for(_page_of(button.step, proposal), number=proposal.id),
        allowed=button.allowed,
        reason=_(button.reason, **button.values) if button.reason else "",
    )


def _page_of(step: Step, proposal: Proposal) -> str:
    writes = step in (Step.RESUBMIT, Step.REVISE)
    return "errata.next_wording" if writes and proposal.kind is ProposalKind.ERRATUM else PAGES[step]


def progress(proposal: Proposal, decision: Decision | None, edition: Edition | None) -> list[dict[str, object]]:
    """The five steps of a proposal, done, present and to come, each with its day."""
    state = proposal.state
    place = _place(state)
    decided = day(proposal.decided_at) if proposal.decided_at else None
    words = [
        (_("Déposée"), date_long(proposal.submitted_at)),
        (_("Vérifiée"), date_long(proposal.admitted_at)),
        (_("En discussion"), _window(proposal)),
        (_("Décision"), date_long(decided) if decided and state in DECIDED else _before(proposal.decision_due)),
        (_("À côté de l’édition"), corrected_by(proposal.path)[0])
        if proposal.kind is ProposalKind.ERRATUM
        else (_("Dans l’édition"), _in_edition(proposal, edition)),
    ]
    steps: list[dict[str, object]] = [
        {"text": text, "when": when, "state": "done" if n < place else "now" if n == place else "next"}
        for n, (text, when) in enumerate(words)
    ]
    if state is State.SUBMITTED:
        steps[1] |= {"text": _("En vérification"), "when": _("une personne la lit")}
    elif state in (State.TO_COMPLETE, State.INADMISSIBLE):
        steps[1] |= {"text": _(state.label), "when": ""}
    elif state in (State.WITHDRAWN, State.MERGED_INTO):
        return [*steps[:1], {"text": _(state.label), "when": "", "state": "now"}]
    elif state is State.IN_DECISION:
        steps[3]["when"] = _("il manque une signature")
    elif state in DECIDED:
        steps[3] |= {"text": _(state.label), "state": "now" if state is State.POSTPONED else "done"}
    if state is State.POSTPONED or state is State.REFUSED or state is State.INADMISSIBLE:
        return steps[: 4 if state is not State.INADMISSIBLE else 2]
    if edition is not None:
        steps[4]["state"] = "done"
    return steps


def _place(state: State) -> int:
    """Which of the five steps is the present one."""
    if state in (State.SUBMITTED, State.TO_COMPLETE, State.INADMISSIBLE):
        return 1
    return {State.IN_DISCUSSION: 2, State.IN_DECISION: 3}.get(state, 4 if state in DECIDED else 1)


def _window(proposal: Proposal) -> str:
    if proposal.admitted_at is None:
        return ""
    if proposal.window_ends is None:
        return str(_("sans délai : c’est une correction"))
    return str(_("jusqu’au %(date)s", date=date_long(proposal.window_ends)))


def _before(due: date) -> str:
    return str(_("avant le %(date)s", date=date_long(due)))


def _in_edition(proposal: Proposal, edition: Edition | None) -> str:
    if edition is not None:
        return str(edition.number)
    plan = open_plan()
    if plan is None:
        return str(_("la prochaine, si elle est adoptée") if proposal.state not in DECIDED else _("la prochaine"))
    if day(proposal.submitted_at) > plan.closing:
        return str(_("une suivante, si elle est adoptée") if proposal.state not in DECIDED else _("une suivante"))
    return str(_("propositions reçues jusqu’au %(date)s", date=date_long(plan.closing)))


def edition_of(library: Library, decision: Decision | None) -> Edition | None:
    """The first edition that holds a decision, or the one that it corrects. Looks at the decisions of each; no SQL."""
    if decision is None or decision.number is None or decision.state is not DecisionState.EFFECTIVE:
        return None
    if not decision.outcome.adopts:
        return None
    if decision.proposal.kind is ProposalKind.ERRATUM:
        return edition(library, corrected_by(decision.proposal.path)[0])
    path = act.path(decision.number)
    return next((edition for edition in all_editions(library) if path in library.files(edition.commit)), None)


def impact_of(proposal: Proposal, *, leaving: Collection[str] = ()) -> Sequence[Group]:
    """What cites the texts that a proposal changes, in its present wording."""
    paths = frozenset(file.path for file in proposal.revision.files)
    return impact(library(), Touched(paths, proposal.id), leaving=leaving)
