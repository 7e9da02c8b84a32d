"""What happens to a proposal outside its wording and its decision: admitted, completed, appealed, merged, withdrawn."""

from datetime import datetime

from sqlalchemy import select

from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.journal import actions as journal
from referentiel.people.models import Person
from referentiel.proposals.conditions import Given
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of, step, under_way
from referentiel.proposals.models import DecisionState, Proposal
from referentiel.proposals.sheets import LONGEST_PLAIN, LONGEST_REASON
from referentiel.proposals.states import State, Step

JOINED = "joined"
"""What the authors of the other proposal are told: no step of theirs."""


def admit(proposal: Proposal, *, by: Person, at: datetime, delays: Delays = LAW) -> None:
    """Open the discussion: the window starts today, except for a typo."""
    with writing():
        case = case_of(proposal, at=at, delays=delays)
        sets = {"admitted_at": at, "window_ends": delays.window_end(at, proposal.change_class)}
        step(proposal, Step.ADMIT, case, Given(), by=by, at=at, sets=sets)


def ask_completion(
    proposal: Proposal, *, reason: str, plain_reason: str, by: Person, at: datetime, delays: Delays = LAW
) -> None:
    """Ask the author for what is missing, with a reason said twice."""
    given = judged(reason, plain_reason)
    with writing():
        step(proposal, Step.ASK_COMPLETION, case_of(proposal, at=at, delays=delays), given, by=by, at=at)


def declare_inadmissible(
    proposal: Proposal, *, reason: str, plain_reason: str, by: Person, at: datetime, delays: Delays = LAW
) -> None:
    """Say that the proposal cannot be discussed, and why. Its author can appeal once."""
    given = judged(reason, plain_reason)
    with writing():
        case = case_of(proposal, at=at, delays=delays)
        sets = {"declared_inadmissible_at": at, "declared_inadmissible_by_id": by.id}
        step(proposal, Step.DECLARE_INADMISSIBLE, case, given, by=by, at=at, sets=sets)


def appeal(proposal: Proposal, *, reason: str = "", by: Person, at: datetime, delays: Delays = LAW) -> None:
    """Ask another editor to look again, once."""
    given = Given(reason=tidy(reason, "reason", LONGEST_REASON))
    with writing():
        case = case_of(proposal, at=at, delays=delays)
        step(proposal, Step.APPEAL, case, given, by=by, at=at, sets={"appealed_at": at})


def merge_into(
    proposal: Proposal,
    target: Proposal,
    *,
    reason: str = "",
    plain_reason: str = "",
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> None:
    """Let another open proposal carry this one. Both authors are told."""
    given = judged(reason, plain_reason)
    with writing():
        offered = Given(
            given.reason, given.plain_reason, target=target.state, target_is_itself=target.id == proposal.id
        )
        case = case_of(proposal, at=at, delays=delays)
        line = step(proposal, Step.MERGE_INTO, case, offered, by=by, at=at, sets={"merged_into_id": target.id})
        journal.post("proposal", {"proposal": target.id, "step": JOINED, "line": line.id}, at=at)


def withdraw(proposal: Proposal, *, reason: str = "", by: Person, at: datetime, delays: Delays = LAW) -> None:
    """Take one's own proposal back, before the second signature. Its page stays, with what was said of it."""
    given = Given(reason=tidy(reason, "reason", LONGEST_REASON))
    with writing():
        decision = under_way(proposal)
        case = case_of(proposal, at=at, delays=delays, decision=decision)
        step(proposal, Step.WITHDRAW, case, given, by=by, at=at, decision_id=decision.id if decision else None)
        if decision is not None:
            decision.state = DecisionState.VOID


def resume(proposal: Proposal, *, at: datetime, delays: Delays = LAW) -> None:
    """Reopen a postponed discussion at the date that the decision gave. Nobody takes this step: time does."""
    with writing():
        case = case_of(proposal, at=at, delays=delays)
        sets = {
            "resume_on": None,
            "window_ends": delays.window_resumed(proposal.window_ends, at),
            "decision_due": delays.promised(at),
        }
        step(proposal, Step.RESUME, case, Given(), by=None, at=at, sets=sets)


def resume_due(*, at: datetime, delays: Delays = LAW) -> int:
    """Take the step for every postponed proposal whose date has come; how many there were."""
    due = session.scalars(
        select(Proposal).where(Proposal.state == State.POSTPONED, Proposal.resume_on <= day(at)).order_by(Proposal.id)
    ).all()
    for proposal in due:
        resume(proposal, at=at, delays=delays)
    return len(due)


def judged(reason: str, plain_reason: str) -> Given:
    """A reason for those who know and one for everybody, both cleaned; whether they are there is for the table."""
    return Given(
        reason=tidy(reason, "reason", LONGEST_REASON), plain_reason=tidy(plain_reason, "plain_reason", LONGEST_PLAIN)
    )


def tidy(text: str, field: str, limit: int) -> str:
    return clean(text, field=field, limit=limit) if text.strip() else ""
