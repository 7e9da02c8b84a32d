"""The life of a proposal, as a table: from where, which step, on what condition, to where. Pure.

Who may take a step is said by the permission table, under the same name; this table adds the states, the dates and
what the form must bring. The same table shows the buttons (:func:`steps_for`), and the database refuses any move that
it does not hold (:func:`moves`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from referentiel.errors import N_, Invalid, Refused
from referentiel.permissions import Action, Actor, Role, may, require
from referentiel.proposals.conditions import (
    Case,
    Given,
    NotNow,
    amendment_read,
    before_second_signature,
    date_reached,
    licensed,
    once,
    open_target,
    outcome_chosen,
    plainly_reasoned,
    reasoned,
    reasoned_unless_text_moved,
    same_wording,
    silences_justified,
    something_changed,
    window_closed,
    within_appeal,
)
from referentiel.proposals.sheets import Incomplete
from referentiel.proposals.states import DECIDED, OPEN, State, Step

__all__ = [
    "ROWS",
    "TABLE",
    "Button",
    "Case",
    "Given",
    "NotNow",
    "Row",
    "Who",
    "check",
    "judging",
    "moves",
    "steps_for",
    "target",
]


class Who(Enum):
    """Whose buttons a step belongs to; the permission table says which of them may press."""

    AUTHOR = "author"
    EDITOR = "editor"
    TIME = "time"


Condition = Callable[[Case], Refused | None]
Need = Callable[[Case, Given], Refused | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. ``conditions`` hold before the form is filled; ``needs`` look at what it brings."""

    step: Step
    sources: frozenset[State]
    who: Who
    targets: frozenset[State]
    conditions: tuple[Condition, ...] = ()
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A step shown to a person: possible, or refused with its reason beside it (French, ``%(name)s`` places)."""

    step: Step
    allowed: bool
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


JUDGED = (reasoned, plainly_reasoned)

TABLE: tuple[Row, ...] = (
    Row(
        Step.SUBMIT,
        frozenset({State.DRAFT}),
        Who.AUTHOR,
        frozenset({State.SUBMITTED}),
        needs=(something_changed, reasoned, licensed),
    ),
    Row(Step.ADMIT, frozenset({State.SUBMITTED}), Who.EDITOR, frozenset({State.IN_DISCUSSION})),
    Row(Step.ASK_COMPLETION, frozenset({State.SUBMITTED}), Who.EDITOR, frozenset({State.TO_COMPLETE}), needs=JUDGED),
    Row(
        Step.DECLARE_INADMISSIBLE,
        frozenset({State.SUBMITTED}),
        Who.EDITOR,
        frozenset({State.INADMISSIBLE}),
        needs=JUDGED,
    ),
    Row(
        Step.RESUBMIT,
        frozenset({State.TO_COMPLETE}),
        Who.AUTHOR,
        frozenset({State.SUBMITTED}),
        needs=(something_changed, reasoned),
    ),
    Row(
        Step.APPEAL,
        frozenset({State.INADMISSIBLE}),
        Who.AUTHOR,
        frozenset({State.SUBMITTED}),
        conditions=(once, within_appeal),
    ),
    Row(
        Step.REVISE,
        frozenset({State.IN_DISCUSSION}),
        Who.AUTHOR,
        frozenset({State.IN_DISCUSSION}),
        needs=(something_changed, reasoned),
    ),
    Row(
        Step.PROPOSE_DECISION,
        frozenset({State.IN_DISCUSSION}),
        Who.EDITOR,
        frozenset({State.IN_DECISION}),
        conditions=(window_closed,),
        needs=(outcome_chosen, reasoned, plainly_reasoned, silences_justified),
    ),
    Row(
        Step.SIGN,
        frozenset({State.IN_DECISION}),
        Who.EDITOR,
        DECIDED,
        conditions=(before_second_signature, amendment_read),
        needs=(same_wording,),
    ),
    Row(
        Step.SEND_BACK,
        frozenset({State.IN_DECISION}),
        Who.EDITOR,
        frozenset({State.IN_DISCUSSION}),
        conditions=(before_second_signature,),
        needs=(reasoned_unless_text_moved,),
    ),
    Row(
        Step.RESUME,
        frozenset({State.POSTPONED}),
        Who.TIME,
        frozenset({State.IN_DISCUSSION}),
        conditions=(date_reached,),
    ),
    Row(Step.MERGE_INTO, OPEN, Who.EDITOR, frozenset({State.MERGED_INTO}), needs=(open_target, *JUDGED)),
    Row(
        Step.WITHDRAW,
        frozenset({State.DRAFT, State.INADMISSIBLE, State.IN_DECISION}) | OPEN,
        Who.AUTHOR,
        frozenset({State.WITHDRAWN}),
        conditions=(before_second_signature,),
    ),
)

ROWS: Mapping[Step, Row] = {row.step: row for row in TABLE}


def moves() -> tuple[tuple[Step, State, State], ...]:
    """Every (step, from, to) that the table holds, in a stable order: the database refuses any other."""
    return tuple(
        (row.step, source, target)
        for row in TABLE
        for source in State
        if source in row.sources
        for target in State
        if target in row.targets
    )


def judging() -> tuple[Step, ...]:
    """The steps that say why twice, in a stable order: the database refuses one without. The second signature repeats
    the reasons of the first.
    """
    return tuple(row.step for row in TABLE if plainly_reasoned in row.needs or row.step is Step.SIGN)


def check(case: Case, step: Step, actor: Actor | None) -> None:
    """Everything that can be said before the form is filled.

    ``actor`` is none when time takes the step, or when the text moved. Raises :class:`NotAllowed` (who) or
    :class:`NotNow` (state, date).
    """
    row = ROWS[step]
    if actor is not None:
        require(actor, Action(step.value), case)
    if case.state not in row.sources:
        raise _wrong_state(case)
    for condition in row.conditions:
        refusal = condition(case)
        if refusal is not None:
            raise refusal


def target(case: Case, step: Step, actor: Actor | None, given: Given | None = None) -> State:
    """The state to which the step leads, once all that the table asks is met.

    ``actor`` may be none for what time does, and for a decision sent back because the text moved. Raises
    :class:`NotAllowed` (who), :class:`NotNow` (state, date, a wording that changed) or :class:`Invalid` (the form;
    :class:`Incomplete` when it lacks several things).
    """
    given = given or Given()
    row = ROWS[step]
    if actor is None and row.who is not Who.TIME and not (step is Step.SEND_BACK and given.text_moved):
        require(None, Action(step.value), case)
    check(case, step, actor)
    refusals = [refusal for need in row.needs if (refusal := need(case, given)) is not None]
    if len(refusals) > 1 and all(isinstance(refusal, Invalid) for refusal in refusals):
        raise Incomplete(
            [
                problem
                for refusal in refusals
                if isinstance(refusal, Invalid)
                for problem in (refusal.problems if isinstance(refusal, Incomplete) else (refusal,))
            ]
        )
    for refusal in refusals:
        raise refusal
    if step is Step.SIGN:
        if case.outcome is None:
            raise _wrong_state(case)
        return case.outcome.state
    (only,) = row.targets
    return only


def steps_for(case: Case, actor: Actor | None) -> tuple[Button, ...]:
    """The buttons of a person on a proposal, in the order of the table.

    Authors see what authors do and editors what editors do, allowed or refused with the reason; nobody sees what would
    never be theirs.
    """
    if actor is None:
        return ()
    rows = (row for row in TABLE if case.state in row.sources and _theirs(row, case, actor))
    return tuple(_button(case, row.step, actor) for row in rows)


def _theirs(row: Row, case: Case, actor: Actor) -> bool:
    if row.who is Who.AUTHOR:
        return actor.id in case.author_ids
    return row.who is Who.EDITOR and Role.EDITOR in actor.roles


def _button(case: Case, step: Step, actor: Actor) -> Button:
    verdict = may(actor, Action(step.value), case)
    if not verdict:
        return Button(step, False, verdict.reason)
    for condition in ROWS[step].conditions:
        refusal = condition(case)
        if refusal is not None:
            return Button(step, False, refusal.message, refusal.values)
    return Button(step, True)


def _wrong_state(case: Case) -> NotNow:
    return NotNow(
        N_("La proposition est « %(state)s » : cette étape n’est pas possible."),
        way_out=N_("Ouvrez la proposition : elle dit où elle en est et ce qui peut être fait."),
        state=case.state.label,
    )
