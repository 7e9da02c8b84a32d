"""The share of answers in time, on the home page: equal to a recount from the lines of each life, whatever happened."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from referentiel.criteria.changes import ChangeClass
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.library.library import Library
from referentiel.permissions import College
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal, StepLine
from referentiel.proposals.queries.promises import Kept, promises
from referentiel.proposals.states import Outcome, ProposalKind, State, Step
from tests.cast import Someone, now
from tests.proposal_lives import ago, decided, in_discussion, submitted, verdict

DECISIONS = {
    State.ADOPTED: Step.SIGN,
    State.ADOPTED_WITH_CHANGES: Step.SIGN,
    State.REFUSED: Step.SIGN,
    State.POSTPONED: Step.SIGN,
}
ENDS = {
    State.WITHDRAWN: Step.WITHDRAW,
    State.MERGED_INTO: Step.MERGE_INTO,
    State.INADMISSIBLE: Step.DECLARE_INADMISSIBLE,
}


@dataclass(frozen=True)
class Life:
    """When the promised day is, from today; when the last step was taken, in days before today."""

    college: College
    state: State
    due_in: int
    ended_ago: int
    resumed: bool


LIVES = st.lists(
    st.builds(
        Life,
        college=st.sampled_from(College),
        state=st.sampled_from([state for state in State if state is not State.DRAFT]),
        due_in=st.integers(-120, 90),
        ended_ago=st.integers(0, 200),
        resumed=st.booleans(),
    ),
    max_size=25,
)
SINCE = -100
"""The first promised day that counts, from today"""


def rows_of(life: Life, number: int, author: Someone, target: int) -> Proposal:
    at = now()
    ended = at - timedelta(days=life.ended_ago)
    decision = life.state in DECISIONS or (life.resumed and life.state is State.IN_DISCUSSION)
    made = Proposal(
        title="Prévenir un mois avant",
        state=life.state,
        kind=ProposalKind.MODIFY,
        path="criteres/E4.md",
        code="E4",
        author_id=author.person_id,
        college=life.college,
        change_class=ChangeClass.CLARITY,
        submitted_at=at - timedelta(days=300),
        admitted_at=at - timedelta(days=290),
        decision_due=day(at) + timedelta(days=life.due_in),
        decision_number=number if decision else None,
        decided_at=ended if decision else None,
        resume_on=day(at) + timedelta(days=9) if life.state is State.POSTPONED else None,
        merged_into_id=target if life.state is State.MERGED_INTO else None,
        declared_inadmissible_at=ended if life.state is State.INADMISSIBLE else None,
        declared_inadmissible_by_id=author.person_id if life.state is State.INADMISSIBLE else None,
        form_id=str(uuid4()),
    )
    step = {**DECISIONS, **ENDS}.get(life.state)
    if step is not None:
        source = State.IN_DECISION if step is Step.SIGN else State.SUBMITTED
        made.lines = [
            StepLine(step=step, from_state=source, to_state=life.state, at=ended, reason="Oui.", plain_reason="Oui.")
        ]
    return made


def recount(lives: list[Life]) -> tuple[dict[College, Kept], int, int]:
    """By hand, from what happened: (kept by college, near, late)."""
    total: Counter[College] = Counter()
    in_time: Counter[College] = Counter()
    near = late = 0
    for life in lives:
        if life.due_in < SINCE:
            continue
        if life.state in DECISIONS:
            total[life.college] += 1
            in_time[life.college] += -life.ended_ago <= life.due_in
        elif life.state in ENDS:
            total[life.college] += -life.ended_ago > life.due_in
        else:
            total[life.college] += life.due_in < 0
            late += life.due_in < 0
            near += 0 <= life.due_in < 7
    return {college: Kept(in_time[college], total[college]) for college in College}, near, late


@pytest.fixture
def world(app: Flask, bruno: Someone) -> Callable[[list[Life]], None]:
    """Only these lives, in place of those of before, beside one that others joined."""

    def fill(lives: list[Life]) -> None:
        with writing() as rows:
            rows.execute(delete(StepLine))
            rows.execute(delete(Proposal).where(Proposal.merged_into_id.is_not(None)))
            rows.execute(delete(Proposal))
            target = rows_of(Life(College.SIAE, State.WITHDRAWN, -200, 250, resumed=False), 0, bruno, 0)
            rows.add(target)
            rows.flush()
            rows.add_all(rows_of(life, number, bruno, target.id) for number, life in enumerate(lives, 1))
        session.expire_all()

    return fill


@given(lives=LIVES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_share_answered_in_time_is_that_of_a_recount_of_any_lives(
    world: Callable[[list[Life]], None], lives: list[Life]
) -> None:
    world(lives)
    kept, near, late = recount(lives)
    told = promises(at=now(), since=day(now()) + timedelta(days=SINCE))
    assert dict(told.kept) == kept
    assert (told.near, told.late) == (near, late)
    assert told.in_discussion == sum(life.state is State.IN_DISCUSSION for life in lives)


def test_real_lives_are_counted_as_their_lines_tell_them(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, amina: Someone, passer_by: Someone
) -> None:
    """In time, late, overdue, withdrawn after the promised day, postponed then resumed: recounted from the lines."""
    in_time = in_discussion(library, bruno.person, chloe.person, days=60, path="criteres/E1.md")
    decided(library, in_time, chloe.person, denis.person, Outcome.REFUSED, days=10)
    late = in_discussion(library, bruno.person, chloe.person, days=100, path="criteres/E2.md")
    decided(library, late, chloe.person, denis.person, Outcome.REFUSED, days=1)
    in_discussion(library, bruno.person, chloe.person, days=95, path="criteres/E3.md")
    left = submitted(library, bruno.person, days=95, path="criteres/A1.md")
    actions.withdraw(left, by=bruno.person, at=ago(1))
    again = in_discussion(library, amina.person, chloe.person, days=80, path="criteres/A2.md")
    postponed = verdict(Outcome.POSTPONED, resume_on=day(ago(5)))
    first = actions.propose_decision(library, again, postponed, form_id=str(uuid4()), by=chloe.person, at=ago(20))
    actions.sign(library, first, digest=first.digest, form_id=str(uuid4()), by=denis.person, at=ago(19))
    told = promises(at=now(), since=day(ago(300)))
    assert told.kept[College.EMPLOYEES] == Kept(1, 1)
    actions.resume(again, at=now())
    told = promises(at=now(), since=day(ago(300)))
    assert told.kept[College.SIAE] == Kept(1, 4) == recounted(College.SIAE)
    assert told.kept[College.EMPLOYEES] == Kept(0, 0) == recounted(College.EMPLOYEES), "it waits for another answer"
    assert told.late == 1
    page = " ".join(re.sub(r"<[^>]+>", " ", passer_by.get("/propositions/?retard=1").get_data(as_text=True)).split())
    assert "1 proposition " in page
    assert "En retard de" in page


def recounted(college: College) -> Kept:
    """From the lines of each life and from nothing else that a query of ours computes."""
    today, in_time, total = day(now()), 0, 0
    for proposal in session.scalars(select(Proposal).where(Proposal.college == college)):
        last = max(proposal.lines, key=lambda line: line.id)
        answered = last.step is Step.SIGN
        over = answered or last.to_state in ENDS
        on = day(last.at) if over else today
        if answered or on > proposal.decision_due:
            total += 1
            in_time += answered and on <= proposal.decision_due
    return Kept(in_time, total)
