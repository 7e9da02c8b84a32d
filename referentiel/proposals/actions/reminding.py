"""Time passes on a proposal: the discussion ends, the promised day comes near, then it is past. Nobody takes a step."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.journal import actions as journal
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.listings import AWAITING
from referentiel.proposals.reminders import Reminder
from referentiel.proposals.states import Stage, State

EVENT = "proposal_reminder"
"""The kind, in the outbox, of what is said because time passed"""
LAST_DAYS = timedelta(days=3)
SOON = timedelta(days=7)


def remind(*, at: datetime) -> int:
    """Put in the outbox what time makes worth saying, each once for a proposal, a stage and a day; how many.

    Four statements when there is nothing to say.
    """
    if not any(session.execute(query.limit(1)).first() for query in _due(at).values()):
        session.rollback()
        return 0
    said = 0
    with writing() as rows:
        for stage, query in _due(at).items():
            for number, when in session.execute(query).all():
                if when is None:
                    continue
                rows.add(Reminder(proposal_id=number, stage=stage, day=when, at=at))
                journal.post(EVENT, {"proposal": number, "stage": stage.value, "day": when.isoformat()}, at=at)
                said += 1
    return said


def still_due(proposal: Proposal, stage: Stage, when: date) -> bool:
    """What was put in the outbox is still so: the discussion was not prolonged since, nor the proposal answered."""
    if stage in (Stage.LAST_DAYS, Stage.OVER):
        return proposal.state is State.IN_DISCUSSION and proposal.window_ends == when
    return proposal.state in AWAITING and proposal.decision_due == when


def _due(at: datetime) -> Mapping[Stage, Select[int, date | None]]:
    """By stage, the proposals of which nothing was said yet, and the day that it is about."""
    today = day(at)
    discussed, awaited = Proposal.state == State.IN_DISCUSSION, Proposal.state.in_(AWAITING)
    ends, due = Proposal.window_ends, Proposal.decision_due
    return {
        Stage.LAST_DAYS: _of(Stage.LAST_DAYS, ends, discussed, ends >= today, ends <= today + LAST_DAYS),
        Stage.OVER: _of(Stage.OVER, ends, discussed, ends < today),
        Stage.SOON: _of(Stage.SOON, due, awaited, due >= today, due <= today + SOON),
        Stage.LATE: _of(Stage.LATE, due, awaited, due < today),
    }


def _of(
    stage: Stage, when: InstrumentedAttribute[date] | InstrumentedAttribute[date | None], *kept: ColumnElement[bool]
) -> Select[int, date | None]:
    """Those of which this was not said of that day."""
    said = (
        select(Reminder.proposal_id)
        .where(Reminder.proposal_id == Proposal.id, Reminder.stage == stage, Reminder.day == when)
        .exists()
    )
    return select(Proposal.id, when).where(*kept, ~said).order_by(Proposal.id)
