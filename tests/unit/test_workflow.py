"""The table of a proposal’s life, over the full product of states, steps and people, against the law."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

import pytest

from referentiel.errors import Invalid, NotAllowed, Refused
from referentiel.permissions import College, Role
from referentiel.proposals.conditions import Case, Given, NotNow
from referentiel.proposals.states import DECIDED, OPEN, Outcome, State, Step
from referentiel.proposals.workflow import TABLE, moves, steps_for, target

TODAY = date(2026, 6, 15)
AUTHOR, EDITOR, FIRST, SAME_COLLEGE, STRANGER, JUDGE = 1, 2, 3, 4, 5, 6


@dataclass(frozen=True)
class Someone:
    id: int
    college: str
    roles: frozenset[Role]


PARTICIPANT = frozenset({Role.PARTICIPANT})
EDITING = PARTICIPANT | {Role.EDITOR}
PEOPLE: dict[str, Someone | None] = {
    "nobody": None,
    "author": Someone(AUTHOR, "employees", PARTICIPANT),
    "author who edits": Someone(AUTHOR, "spe", EDITING),
    "editor of another college": Someone(EDITOR, "spe", EDITING),
    "first signatory": Someone(FIRST, "partners", EDITING),
    "editor of the first college": Someone(SAME_COLLEGE, "partners", EDITING),
    "editor who judged": Someone(JUDGE, "siae", EDITING),
    "stranger": Someone(STRANGER, "siae", PARTICIPANT),
    "publisher": Someone(STRANGER, "siae", PARTICIPANT | {Role.PUBLISHER}),
    "administrator": Someone(STRANGER, "siae", PARTICIPANT | {Role.ADMINISTRATOR}),
    "suspended editor": Someone(EDITOR, "spe", frozenset()),
}


def case(state: State, **changes: object) -> Case:
    """A proposal for which every date allows everything."""
    plain = Case(
        state=state,
        today=TODAY,
        author_ids=frozenset({AUTHOR}),
        declared_inadmissible_by_id=JUDGE,
        declared_inadmissible_on=TODAY - timedelta(days=3),
        window_ends=TODAY - timedelta(days=1),
        first_signatory_id=FIRST,
        first_signatory_college="partners",
        outcome=Outcome.ADOPTED,
        digest="d" * 64,
        resume_on=TODAY,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


FULL = Given(
    reason="Parce que.",
    plain_reason="Parce que.",
    changes_something=True,
    licence=True,
    outcome=Outcome.ADOPTED,
    silences=dict.fromkeys(College, "Invités trois fois."),
    digest="d" * 64,
    target=State.IN_DISCUSSION,
)

# The law, written a second time in the plainest way: who may take each step, and from where to where.
BY_AUTHOR = {"author", "author who edits"}
ANY_EDITOR = {
    "author who edits",
    "editor of another college",
    "first signatory",
    "editor of the first college",
    "editor who judged",
}
NOT_AUTHOR = ANY_EDITOR - {"author who edits"}
LAW: dict[Step, tuple[set[State], set[str], set[State]]] = {
    Step.SUBMIT: ({State.DRAFT}, BY_AUTHOR, {State.SUBMITTED}),
    Step.ADMIT: ({State.SUBMITTED}, NOT_AUTHOR - {"editor who judged"}, {State.IN_DISCUSSION}),
    Step.ASK_COMPLETION: ({State.SUBMITTED}, NOT_AUTHOR - {"editor who judged"}, {State.TO_COMPLETE}),
    Step.DECLARE_INADMISSIBLE: ({State.SUBMITTED}, NOT_AUTHOR - {"editor who judged"}, {State.INADMISSIBLE}),
    Step.RESUBMIT: ({State.TO_COMPLETE}, BY_AUTHOR, {State.SUBMITTED}),
    Step.APPEAL: ({State.INADMISSIBLE}, BY_AUTHOR, {State.SUBMITTED}),
    Step.REVISE: ({State.IN_DISCUSSION}, BY_AUTHOR, {State.IN_DISCUSSION}),
    Step.PROPOSE_DECISION: ({State.IN_DISCUSSION}, NOT_AUTHOR, {State.IN_DECISION}),
    Step.SIGN: (
        {State.IN_DECISION},
        {"editor of another college", "editor who judged"},
        {State.ADOPTED, State.ADOPTED_WITH_CHANGES, State.REFUSED, State.POSTPONED},
    ),
    Step.SEND_BACK: (
        {State.IN_DECISION},
        {"first signatory", "editor of another college", "editor who judged"},
        {State.IN_DISCUSSION},
    ),
    Step.RESUME: ({State.POSTPONED}, {"nobody"}, {State.IN_DISCUSSION}),
    Step.MERGE_INTO: (
        {State.SUBMITTED, State.TO_COMPLETE, State.IN_DISCUSSION},
        ANY_EDITOR,
        {State.MERGED_INTO},
    ),
    Step.WITHDRAW: (
        {
            State.DRAFT,
            State.SUBMITTED,
            State.TO_COMPLETE,
            State.INADMISSIBLE,
            State.IN_DISCUSSION,
            State.IN_DECISION,
        },
        BY_AUTHOR,
        {State.WITHDRAWN},
    ),
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_can_do_in_each_state_what_the_law_says_and_nothing_else(step: Step, who: str) -> None:
    sources, people, targets = LAW[step]
    actor = PEOPLE[who]
    for state in State:
        if state in sources and who in people:
            assert target(case(state), step, actor, FULL) in targets
            continue
        with pytest.raises((NotAllowed, NotNow)):
            target(case(state), step, actor, FULL)


# The conditions of the law, each in every way that it can be met or not.
CONDITIONS: dict[str, tuple[str, ...]] = {
    "window": ("open", "closed"),
    "silences": ("none", "justified", "unjustified"),
    "amended": ("no", "answered", "waiting", "too late", "authors erased"),
    "digest": ("same", "other"),
    "appeal": ("in time", "too late", "second"),
    "date": ("reached", "to come"),
    "signed": ("once", "twice"),
}
WORLDS = [dict(zip(CONDITIONS, values, strict=True)) for values in product(*CONDITIONS.values())]
MET: dict[Step, dict[str, set[str]]] = {
    Step.APPEAL: {"appeal": {"in time"}},
    Step.PROPOSE_DECISION: {"window": {"closed"}, "silences": {"none", "justified"}},
    Step.SIGN: {
        "signed": {"once"},
        "digest": {"same"},
        "amended": {"no", "answered", "too late", "authors erased"},
    },
    Step.SEND_BACK: {"signed": {"once"}},
    Step.WITHDRAW: {"signed": {"once"}},
    Step.RESUME: {"date": {"reached"}},
}


def in_world(state: State, world: dict[str, str]) -> Case:
    erased = world["amended"] == "authors erased"
    return case(
        state,
        author_ids=frozenset() if erased else frozenset({AUTHOR}),
        authors_gone=erased,
        window_ends=TODAY if world["window"] == "open" else TODAY - timedelta(days=1),
        silent=frozenset() if world["silences"] == "none" else frozenset({College.SIAE, College.SPE}),
        outcome=Outcome.ADOPTED if world["amended"] == "no" else Outcome.ADOPTED_WITH_CHANGES,
        amended_on=TODAY - timedelta(days=11 if world["amended"] == "too late" else 10),
        amendment_answered=world["amended"] == "answered",
        appealed=world["appeal"] == "second",
        declared_inadmissible_on=TODAY - timedelta(days=31 if world["appeal"] == "too late" else 30),
        resume_on=TODAY + timedelta(days=1) if world["date"] == "to come" else TODAY,
        signed_twice=world["signed"] == "twice",
    )


def brought(world: dict[str, str]) -> Given:
    """What the form brings in this world."""
    said = {College.SIAE: "Invitées trois fois."}
    if world["silences"] != "unjustified":
        said[College.SPE] = "Invités trois fois."
    return replace(FULL, silences=said, digest="d" * 64 if world["digest"] == "same" else "e" * 64)


def lawful(step: Step, state: State, who: str, world: dict[str, str]) -> bool:
    sources, people, _ = LAW[step]
    if world["amended"] == "authors erased":
        # Nobody is its author any more: who wrote it and edits is an editor like another.
        people = set() if people == BY_AUTHOR else people | ({"author who edits"} if people & ANY_EDITOR else set())
    met = all(world[name] in ways for name, ways in MET.get(step, {}).items())
    return state in sources and who in people and met


@pytest.mark.parametrize("step", Step)
def test_each_step_is_open_exactly_when_the_law_opens_it_over_states_people_and_conditions(step: Step) -> None:
    """Twelve states, eleven people, seven hundred and twenty worlds: each answer against the law."""
    wrong = []
    for world in WORLDS:
        given = brought(world)
        for state in State:
            here = in_world(state, world)
            for who, actor in PEOPLE.items():
                try:
                    target(here, step, actor, given)
                    taken = True
                except Refused:
                    taken = False
                if taken != lawful(step, state, who, world):
                    wrong.append((state, who, world, taken))
    assert wrong == []


def test_the_table_has_one_row_for_each_step() -> None:
    assert [row.step for row in TABLE] == list(dict.fromkeys(row.step for row in TABLE))
    assert {row.step for row in TABLE} == set(Step)


def test_the_database_is_told_exactly_the_moves_of_the_law() -> None:
    law = {(step, source, to) for step, (sources, _, targets) in LAW.items() for source in sources for to in targets}
    assert set(moves()) == law
    assert len(moves()) == len(law)


def test_no_step_leads_out_of_a_closed_proposal_nor_into_a_draft() -> None:
    left = {source for _, source, _ in moves()}
    assert not left & {State.ADOPTED, State.ADOPTED_WITH_CHANGES, State.REFUSED, State.MERGED_INTO, State.WITHDRAWN}
    assert State.DRAFT not in {to for _, _, to in moves()}


@pytest.mark.parametrize("outcome", Outcome)
def test_the_second_signature_leads_to_what_the_first_one_decided(outcome: Outcome) -> None:
    signed = case(State.IN_DECISION, outcome=outcome, amendment_answered=True)
    assert target(signed, Step.SIGN, PEOPLE["editor of another college"], FULL).value == outcome.value


@pytest.mark.parametrize(("state", "who"), list(product(State, PEOPLE)))
def test_a_button_says_what_the_door_would(state: State, who: str) -> None:
    actor = PEOPLE[who]
    for button in steps_for(case(state), actor):
        if button.allowed:
            target(case(state), button.step, actor, FULL)
        else:
            assert button.reason
            with pytest.raises(Refused):
                target(case(state), button.step, actor, FULL)


def test_nobody_sees_buttons_that_would_never_be_theirs() -> None:
    assert steps_for(case(State.IN_DISCUSSION), None) == ()
    assert steps_for(case(State.IN_DISCUSSION), PEOPLE["stranger"]) == ()
    assert {button.step for button in steps_for(case(State.IN_DISCUSSION), PEOPLE["author"])} == {
        Step.REVISE,
        Step.WITHDRAW,
    }


def test_an_author_who_edits_reads_why_somebody_else_must_sign() -> None:
    buttons = {button.step: button for button in steps_for(case(State.IN_DECISION), PEOPLE["author who edits"])}
    assert not buttons[Step.SIGN].allowed
    assert "une autre personne" in buttons[Step.SIGN].reason


# --- conditions


def test_no_decision_is_prepared_while_the_window_is_open() -> None:
    actor = PEOPLE["editor of another college"]
    with pytest.raises(NotNow, match="jusqu’au"):
        target(case(State.IN_DISCUSSION, window_ends=TODAY), Step.PROPOSE_DECISION, actor, FULL)
    assert target(case(State.IN_DISCUSSION, window_ends=None), Step.PROPOSE_DECISION, actor, FULL)


def test_an_appeal_comes_once_and_within_thirty_days() -> None:
    actor = PEOPLE["author"]
    on_time = case(State.INADMISSIBLE, declared_inadmissible_on=TODAY - timedelta(days=30))
    assert target(on_time, Step.APPEAL, actor) is State.SUBMITTED
    with pytest.raises(NotNow, match="30"):
        target(replace(on_time, declared_inadmissible_on=TODAY - timedelta(days=31)), Step.APPEAL, actor)
    with pytest.raises(NotNow, match="déjà"):
        target(replace(on_time, appealed=True), Step.APPEAL, actor)


def test_an_amended_wording_waits_for_its_author_ten_days() -> None:
    actor = PEOPLE["editor of another college"]
    waiting = case(State.IN_DECISION, outcome=Outcome.ADOPTED_WITH_CHANGES, amended_on=TODAY - timedelta(days=10))
    with pytest.raises(NotNow, match="10"):
        target(waiting, Step.SIGN, actor, FULL)
    assert target(replace(waiting, amendment_answered=True), Step.SIGN, actor, FULL)
    assert target(replace(waiting, amended_on=TODAY - timedelta(days=11)), Step.SIGN, actor, FULL)
    gone = replace(waiting, author_ids=frozenset(), authors_gone=True)
    assert target(gone, Step.SIGN, actor, FULL), "an erased author counts as having let the delay pass"


def test_nothing_happens_between_the_second_signature_and_the_commit() -> None:
    written = case(State.IN_DECISION, signed_twice=True)
    for step, who in (
        (Step.SIGN, "editor of another college"),
        (Step.SEND_BACK, "first signatory"),
        (Step.WITHDRAW, "author"),
    ):
        with pytest.raises(NotNow):
            target(written, step, PEOPLE[who], FULL)


def test_a_discussion_resumes_by_itself_on_its_day_and_not_before() -> None:
    assert target(case(State.POSTPONED), Step.RESUME, None) is State.IN_DISCUSSION
    with pytest.raises(NotNow):
        target(case(State.POSTPONED, resume_on=TODAY + timedelta(days=1)), Step.RESUME, None)


def test_a_text_that_moved_sends_a_decision_back_without_anybody() -> None:
    assert target(case(State.IN_DECISION), Step.SEND_BACK, None, Given(text_moved=True)) is State.IN_DISCUSSION
    with pytest.raises(NotAllowed):
        target(case(State.IN_DECISION), Step.SEND_BACK, None, FULL)


# --- what the form must bring


@pytest.mark.parametrize(
    ("state", "step", "who", "missing", "field"),
    [
        (State.DRAFT, Step.SUBMIT, "author", {"changes_something": False}, "changes"),
        (State.DRAFT, Step.SUBMIT, "author", {"reason": " "}, "reason"),
        (State.DRAFT, Step.SUBMIT, "author", {"licence": False}, "licence"),
        (State.SUBMITTED, Step.ASK_COMPLETION, "editor of another college", {"reason": ""}, "reason"),
        (State.SUBMITTED, Step.ASK_COMPLETION, "editor of another college", {"plain_reason": ""}, "plain_reason"),
        (State.SUBMITTED, Step.DECLARE_INADMISSIBLE, "editor of another college", {"reason": ""}, "reason"),
        (State.SUBMITTED, Step.DECLARE_INADMISSIBLE, "editor of another college", {"plain_reason": ""}, "plain_reason"),
        (State.TO_COMPLETE, Step.RESUBMIT, "author", {"changes_something": False}, "changes"),
        (State.IN_DISCUSSION, Step.REVISE, "author", {"changes_something": False}, "changes"),
        (State.IN_DISCUSSION, Step.PROPOSE_DECISION, "first signatory", {"outcome": None}, "outcome"),
        (State.IN_DISCUSSION, Step.PROPOSE_DECISION, "first signatory", {"outcome": Outcome.POSTPONED}, "resume_on"),
        (
            State.IN_DISCUSSION,
            Step.PROPOSE_DECISION,
            "first signatory",
            {"outcome": Outcome.POSTPONED, "resume_on": TODAY},
            "resume_on",
        ),
        (State.IN_DISCUSSION, Step.PROPOSE_DECISION, "first signatory", {"reason": ""}, "reason"),
        (State.IN_DISCUSSION, Step.PROPOSE_DECISION, "first signatory", {"plain_reason": ""}, "plain_reason"),
        (State.IN_DECISION, Step.SEND_BACK, "first signatory", {"reason": ""}, "reason"),
        (State.IN_DISCUSSION, Step.MERGE_INTO, "first signatory", {"reason": ""}, "reason"),
        (State.IN_DISCUSSION, Step.MERGE_INTO, "first signatory", {"plain_reason": " "}, "plain_reason"),
        (State.IN_DISCUSSION, Step.MERGE_INTO, "first signatory", {"target": State.ADOPTED}, "target"),
        (State.IN_DISCUSSION, Step.MERGE_INTO, "first signatory", {"target_is_itself": True}, "target"),
    ],
)
def test_a_step_without_what_the_form_must_bring_is_refused_by_its_field(
    state: State, step: Step, who: str, missing: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        target(case(state), step, PEOPLE[who], replace(FULL, **missing))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_silent_founding_college_needs_its_own_justification() -> None:
    actor = PEOPLE["first signatory"]
    silent = case(State.IN_DISCUSSION, silent=frozenset({College.EMPLOYEES, College.SPE}))
    with pytest.raises(Invalid) as refusal:
        target(silent, Step.PROPOSE_DECISION, actor, replace(FULL, silences={College.EMPLOYEES: "Invités."}))
    assert refusal.value.field == "silence_spe"
    assert target(silent, Step.PROPOSE_DECISION, actor, FULL) is State.IN_DECISION


def test_a_wording_that_changed_under_ones_eyes_is_not_signed() -> None:
    with pytest.raises(NotNow, match="changé"):
        target(case(State.IN_DECISION), Step.SIGN, PEOPLE["editor of another college"], replace(FULL, digest="e" * 64))


def test_open_and_decided_states_are_those_of_the_law() -> None:
    assert {State.SUBMITTED, State.TO_COMPLETE, State.IN_DISCUSSION} == OPEN
    assert {outcome.state for outcome in Outcome} == DECIDED
