"""The steps of proposals as news: for feeds, which anybody may read. No name, and no words that are not public."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from referentiel.database import session
from referentiel.dates import day
from referentiel.permissions import College
from referentiel.proposals.models import Decision, Proposal, Revision, RevisionFile, StepLine
from referentiel.proposals.states import Step

REASONS_SHOWN = frozenset({Step.ASK_COMPLETION, Step.DECLARE_INADMISSIBLE, Step.MERGE_INTO, Step.SEND_BACK})
"""The steps whose reason is public at once; that of a decision waits for its second signature"""


@dataclass(frozen=True, slots=True)
class Line:
    """One step. ``occurrence`` counts the times that this proposal took this step, from 1: with it the step has a name
    that stays, whatever number its row bears."""

    proposal: int
    title: str
    step: Step
    occurrence: int
    on: date
    college: College | None
    plain: str
    decision: int | None


def lines(
    *,
    proposal: int | None = None,
    paths: Collection[str] | None = None,
    steps: Collection[Step] | None = None,
    since: datetime | None = None,
    limit: int = 50,
    past: int = 0,
) -> list[Line]:
    """The latest steps but the ``past`` newest, newest first: of one proposal, of those that touch these files, or of
    all. Two statements."""
    query = (
        select(StepLine, Proposal, Decision)
        .join(Proposal, Proposal.id == StepLine.proposal_id)
        .outerjoin(Decision, Decision.id == StepLine.decision_id)
        .order_by(StepLine.id.desc())
        .limit(limit)
        .offset(past)
    )
    if proposal is not None:
        query = query.where(Proposal.id == proposal)
    if paths is not None:
        query = query.where(_touches(paths))
    if steps is not None:
        query = query.where(StepLine.step.in_(steps))
    if since is not None:
        query = query.where(StepLine.at >= since)
    rows = session.execute(query).all()
    counted = _occurrences({of.id for _line, of, _decision in rows})
    return [_line_of(line, of, decision, counted[line.id]) for line, of, decision in rows]


def _touches(paths: Collection[str]) -> ColumnElement[bool]:
    touching = select(Revision.proposal_id).join(RevisionFile, RevisionFile.revision_id == Revision.id)
    return (
        Proposal.path.in_(paths)
        | Proposal.adopted_path.in_(paths)
        | Proposal.id.in_(touching.where(RevisionFile.path.in_(paths)))
    )


def _occurrences(proposals: Collection[int]) -> dict[int, int]:
    """Row of a step → how many times its proposal had taken it by then."""
    query = select(StepLine.id, StepLine.proposal_id, StepLine.step).where(StepLine.proposal_id.in_(proposals))
    seen: Counter[tuple[int | None, Step]] = Counter()
    found = {}
    for number, of, step in session.execute(query.order_by(StepLine.id)):
        seen[of, step] += 1
        found[number] = seen[of, step]
    return found


def _plain(line: StepLine, signed: Decision | None) -> str:
    """The reason that everybody may read now: that of a decision, once it is signed twice."""
    if signed is not None:
        return signed.plain_reason
    return line.plain_reason or "" if line.step in REASONS_SHOWN else ""


def _line_of(line: StepLine, of: Proposal, decision: Decision | None, occurrence: int) -> Line:
    signed = decision is not None and decision.number is not None and line.step is Step.SIGN
    return Line(
        proposal=of.id,
        title=of.title,
        step=line.step,
        occurrence=occurrence,
        on=day(line.at),
        college=line.college,
        plain=_plain(line, decision if signed else None),
        decision=decision.number if signed and decision else None,
    )
