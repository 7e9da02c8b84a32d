"""The one door through which a proposal changes state: the table is asked, one line is written, one audit line, one
message in the outbox. Inside the caller's ``writing()``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from referentiel.database import session
from referentiel.dates import PARIS, day
from referentiel.journal import actions as journal
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals.conditions import Case, Given
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Decision, DecisionState, Draft, Proposal, StepLine
from referentiel.proposals.states import State, Step
from referentiel.proposals.workflow import target


@dataclass(frozen=True, slots=True)
class Hand:
    """Who took a step, when only the number and the college are known: what an operation keeps."""

    id: int
    college: str


CLOSING = "proposal_closing"
"""The kind, in the outbox, of a discussion that ends soon"""
CLOSING_NOTICE = timedelta(days=3)
UNDER_WAY = (DecisionState.PENDING, DecisionState.WRITING)


def under_way(proposal: Proposal) -> Decision | None:
    """The decision that waits for its second signature, if any. One SQL query, and only when there may be one."""
    if proposal.state is not State.IN_DECISION:
        return None
    return session.scalars(
        select(Decision).where(Decision.proposal_id == proposal.id, Decision.state.in_(UNDER_WAY))
    ).one_or_none()


def case_of(
    proposal: Proposal,
    *,
    at: datetime,
    delays: Delays,
    decision: Decision | None = None,
    silent: frozenset[College] = frozenset(),
) -> Case:
    """The proposal as the table sees it on the day of ``at``. ``decision`` is the one under way."""
    declared = proposal.declared_inadmissible_at
    authors = proposal.author_ids
    return Case(
        state=proposal.state,
        today=day(at),
        author_ids=authors,
        credited_ids=proposal.credited_ids,
        authors_gone=not authors,
        declared_inadmissible_by_id=proposal.declared_inadmissible_by_id,
        declared_inadmissible_on=day(declared) if declared else None,
        appealed=proposal.appealed_at is not None,
        window_ends=proposal.window_ends,
        first_signatory_id=decision.first_signatory_id if decision else None,
        first_signatory_college=decision.first_signatory_college if decision else None,
        outcome=decision.outcome if decision else None,
        digest=decision.digest if decision else None,
        signed_twice=decision is not None and decision.state is DecisionState.WRITING,
        amended_on=day(decision.amended_at) if decision and decision.amended_at else None,
        amendment_answered=decision is not None and decision.author_answered_at is not None,
        resume_on=proposal.resume_on,
        silent=silent,
        delays=delays,
    )


def draft_case(draft: Draft, *, at: datetime, delays: Delays) -> Case:
    return Case(state=State.DRAFT, today=day(at), author_ids=draft.author_ids, delays=delays)


def step(
    proposal: Proposal,
    taken: Step,
    case: Case,
    given: Given,
    *,
    by: Person | None,
    at: datetime,
    decision_id: int | None = None,
    revision_id: int | None = None,
    sets: Mapping[str, object] | None = None,
) -> StepLine:
    """Take a step. Raises what :func:`workflow.target` raises, and then nothing has changed.

    ``sets`` are the columns that change with the state (a date, a number): the database looks at the row as a whole.
    """
    to = target(case, taken, by, given)
    window = proposal.window_ends
    proposal.state = to
    for name, value in (sets or {}).items():
        setattr(proposal, name, value)
    if proposal.window_ends is not None and proposal.window_ends != window:
        _announce_end(proposal, proposal.window_ends, at=at)
    return log(
        proposal,
        taken,
        case.state,
        to,
        given,
        by=by,
        at=at,
        decision_id=decision_id,
        revision_id=revision_id,
    )


def _announce_end(proposal: Proposal, ends: date, *, at: datetime) -> None:
    """A message some days before the discussion ends. Whoever reads it sees whether it was prolonged since."""
    before = datetime.combine(ends - CLOSING_NOTICE, time(), PARIS).astimezone(UTC)
    about = {"proposal": proposal.id, "window_ends": ends.isoformat()}
    journal.post(CLOSING, about, at=at, not_before=max(at, before))


def log(
    proposal: Proposal | None,
    taken: Step,
    source: State,
    to: State,
    given: Given,
    *,
    by: Person | Hand | None,
    at: datetime,
    decision_id: int | None = None,
    revision_id: int | None = None,
    draft_id: int | None = None,
) -> StepLine:
    """Write what happened: the line of the proposal, that of the audit, and the message to whoever must be told."""
    number = proposal.id if proposal is not None else None
    line = StepLine(
        proposal_id=number,
        draft_id=draft_id,
        step=taken,
        from_state=source,
        to_state=to,
        by_id=by.id if by else None,
        college=College(by.college) if by else None,
        at=at,
        reason=given.reason,
        plain_reason=given.plain_reason,
        decision_id=decision_id,
        revision_id=revision_id,
    )
    session.add(line)
    subject = f"proposal:{number}" if number is not None else f"draft:{draft_id}"
    details = {"from": source.value, "to": to.value, "decision": decision_id, "revision": revision_id}
    journal.audit(f"proposal.{taken.value}", subject, by_id=by.id if by else None, at=at, details=details)
    if number is not None:
        journal.post("proposal", {"proposal": number, "step": taken.value, "line": line.id}, at=at)
    return line
