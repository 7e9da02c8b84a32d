"""The permission table, row by row: who may, and the sentence that says why not."""

from dataclasses import dataclass, field

import pytest

from referentiel.errors import NotAllowed
from referentiel.permissions import (
    TABLE,
    Action,
    College,
    Role,
    could,
    may,
    needs_second_factor,
    require,
)

EVERYBODY_ROLES = frozenset({Role.PARTICIPANT})
OWN, ELSEWHERE = 1, 2
"""Structures: that of one editor, that of the facilitator"""


@dataclass(frozen=True)
class Somebody:
    id: int
    college: str = College.SIAE
    roles: frozenset[Role] = EVERYBODY_ROLES
    structure_id: int | None = None


@dataclass(frozen=True)
class Thing:
    author_ids: frozenset[int] = frozenset({1})
    credited_ids: frozenset[int] = frozenset()
    reporter_ids: frozenset[int] = frozenset()
    declared_inadmissible_by_id: int | None = None
    first_signatory_id: int | None = None
    first_signatory_college: str | None = None
    author_id: int | None = 1
    prepared_by_id: int | None = None
    prepared_by_college: str | None = None
    structure_id: int | None = None
    first_reader_id: int | None = None
    first_reader_structure_id: int | None = None
    opened_by_id: int | None = None
    opened_by_college: str = College.SIAE
    second_id: int | None = None
    second_college: str | None = None


@dataclass(frozen=True)
class Cast:
    author: Somebody = Somebody(1, College.EMPLOYEES)
    participant: Somebody = Somebody(2)
    editor: Somebody = Somebody(3, College.SPE, EVERYBODY_ROLES | {Role.EDITOR})
    other_editor: Somebody = Somebody(4, College.PARTNERS, EVERYBODY_ROLES | {Role.EDITOR}, structure_id=OWN)
    same_college_editor: Somebody = Somebody(5, College.SPE, EVERYBODY_ROLES | {Role.EDITOR})
    author_editor: Somebody = Somebody(1, College.PARTNERS, EVERYBODY_ROLES | {Role.EDITOR})
    publisher: Somebody = Somebody(6, College.PARTNERS, EVERYBODY_ROLES | {Role.PUBLISHER})
    administrator: Somebody = Somebody(7, College.PARTNERS, EVERYBODY_ROLES | {Role.ADMINISTRATOR})
    facilitator: Somebody = Somebody(8, College.SIAE, EVERYBODY_ROLES | {Role.FACILITATOR}, structure_id=ELSEWHERE)
    suspended: Somebody = Somebody(9, College.SIAE, frozenset())
    passer_by: None = None


CAST = Cast()
PEOPLE = (
    "author",
    "participant",
    "editor",
    "other_editor",
    "same_college_editor",
    "author_editor",
    "publisher",
    "administrator",
    "facilitator",
    "suspended",
    "passer_by",
)
SIGNED_IN = set(PEOPLE) - {"suspended", "passer_by"}
AUTHORS = {"author", "author_editor"}
EDITORS = {"editor", "other_editor", "same_college_editor", "author_editor"}


@dataclass(frozen=True)
class Row:
    """Who may take one action on one thing; everybody else may not."""

    action: Action
    who: set[str]
    thing: Thing = field(default_factory=Thing)


WORKSHOP = Thing(opened_by_id=8, opened_by_college=College.SIAE)
AGREED = Thing(opened_by_id=8, opened_by_college=College.SIAE, second_id=3, second_college=College.SPE)
HOLDERS = EDITORS | {"facilitator", "administrator"}
IN_DECISION = Thing(first_signatory_id=3, first_signatory_college=College.SPE)
PREPARED = Thing(prepared_by_id=6, prepared_by_college=College.PARTNERS)

ROWS = [
    Row(Action.READ, set(PEOPLE)),
    Row(Action.READ_DRAFT, set(PEOPLE)),
    *(
        Row(action, AUTHORS)
        for action in (
            Action.SAVE_DRAFT,
            Action.SUBMIT,
            Action.RESUBMIT,
            Action.REVISE,
            Action.APPEAL,
            Action.WITHDRAW,
            Action.ANSWER_AMENDMENT,
            Action.APPLY_SUGGESTION,
        )
    ),
    *(
        Row(action, EDITORS - AUTHORS)
        for action in (
            Action.ADMIT,
            Action.ASK_COMPLETION,
            Action.DECLARE_INADMISSIBLE,
            Action.PROPOSE_DECISION,
            Action.MODERATE,
        )
    ),
    Row(Action.ADMIT, {"other_editor", "same_college_editor"}, Thing(declared_inadmissible_by_id=3)),
    *(
        Row(action, {"other_editor", "same_college_editor"}, Thing(credited_ids=frozenset({3})))
        for action in (
            Action.ADMIT,
            Action.ASK_COMPLETION,
            Action.DECLARE_INADMISSIBLE,
            Action.PROPOSE_DECISION,
        )
    ),
    Row(
        Action.SIGN,
        set(),
        Thing(first_signatory_id=3, first_signatory_college=College.SPE, credited_ids=frozenset({4})),
    ),
    Row(Action.REATTACH_OWN, AUTHORS),
    Row(Action.REATTACH, EDITORS),
    Row(Action.MODERATE, EDITORS - AUTHORS - {"other_editor"}, Thing(structure_id=OWN)),
    Row(Action.REPORT, EDITORS),
    Row(Action.JUDGE_REPORT, {"other_editor", "same_college_editor"}, Thing(reporter_ids=frozenset({3}))),
    Row(Action.JUDGE_REPORT, {"editor", "same_college_editor"}, Thing(structure_id=OWN)),
    Row(Action.APPEAL_REMOVAL, AUTHORS),
    Row(Action.JUDGE_REMOVAL, {"other_editor", "same_college_editor"}, Thing(first_reader_id=3)),
    Row(Action.JUDGE_REMOVAL, {"editor", "same_college_editor"}, Thing(first_reader_structure_id=OWN)),
    Row(Action.JUDGE_REMOVAL, {"editor", "same_college_editor"}, Thing(structure_id=OWN)),
    Row(Action.TRANSCRIBE, {"facilitator"}),
    Row(Action.TRANSCRIBE, set(), Thing(structure_id=ELSEWHERE)),
    Row(Action.EXPORT_WORDS, set(), Thing(structure_id=ELSEWHERE)),
    Row(Action.MERGE_INTO, EDITORS),
    Row(Action.SIGN, {"other_editor"}, IN_DECISION),
    Row(Action.SEND_BACK, {"editor", "other_editor"}, IN_DECISION),
    Row(Action.RESUME, set()),
    Row(Action.TAKE_POSITION, SIGNED_IN),
    Row(Action.COMMENT, SIGNED_IN),
    Row(Action.REPLY, SIGNED_IN),
    Row(Action.SEE_OWN_CONTRIBUTIONS, SIGNED_IN),
    Row(Action.MANAGE_ACCOUNT, SIGNED_IN),
    Row(Action.FOLLOW, SIGNED_IN),
    Row(Action.ANNOUNCE_EDITION, {"publisher"}),
    Row(Action.PREPARE_EDITION, {"publisher"}),
    Row(Action.CARRY_OVER, EDITORS | {"publisher"}),
    Row(Action.CONFIRM_EDITION, {"editor", "same_college_editor"}, PREPARED),
    Row(Action.SEE_WAITING, SIGNED_IN),
    Row(Action.SEE_DESK, EDITORS | {"publisher"}),
    Row(Action.SEE_WORKSHOPS, HOLDERS),
    Row(Action.OPEN_WORKSHOP, {"facilitator", "administrator"}),
    Row(Action.AGREE_TO_WORKSHOP, EDITORS, WORKSHOP),
    Row(Action.AGREE_TO_WORKSHOP, EDITORS - {"other_editor"}, Thing(opened_by_id=8, structure_id=OWN)),
    Row(
        Action.AGREE_TO_WORKSHOP,
        {"facilitator", "other_editor", "author_editor"},
        Thing(opened_by_id=2, opened_by_college=College.SPE),
    ),
    Row(Action.HOLD_WORKSHOP, {"facilitator", "administrator"}, WORKSHOP),
    Row(Action.HOLD_WORKSHOP, {"facilitator", "administrator", "editor"}, AGREED),
    Row(Action.RAISE_SEATS, {"facilitator"}, AGREED),
    Row(Action.AGREE_TO_SEATS, {"editor"}, AGREED),
    Row(Action.AGREE_TO_SEATS, set(), WORKSHOP),
    Row(Action.SHOW_CODE, set(), WORKSHOP),
    Row(Action.SHOW_CODE, {"facilitator", "administrator", "editor"}, AGREED),
    Row(Action.SHOW_CODE, {"facilitator", "administrator"}, Thing(opened_by_id=8, opened_by_college=College.SPE)),
    Row(Action.PRINT_CARDS, set(), WORKSHOP),
    Row(Action.PRINT_CARDS, {"facilitator", "administrator"}, AGREED),
    Row(Action.INVITE, {"administrator"}),
    Row(Action.ADMINISTER, {"administrator"}),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.action))
def test_each_row_lets_through_those_it_names_and_nobody_else(row: Row) -> None:
    allowed = {name for name in PEOPLE if may(getattr(CAST, name), row.action, row.thing)}
    assert allowed == row.who


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.action))
def test_each_refusal_says_why_in_a_french_sentence(row: Row) -> None:
    for name in set(PEOPLE) - row.who:
        reason = may(getattr(CAST, name), row.action, row.thing).reason
        assert reason.endswith("."), (name, reason)


def test_every_action_has_a_row_in_the_table_and_in_this_test() -> None:
    assert set(TABLE) == set(Action) == {row.action for row in ROWS}


def test_the_author_reads_why_somebody_else_must_sign() -> None:
    with pytest.raises(NotAllowed, match="Vous avez écrit cette proposition"):
        require(CAST.author_editor, Action.SIGN, IN_DECISION)


def test_the_first_signatory_cannot_sign_twice_even_from_another_college() -> None:
    moved = Somebody(3, College.PARTNERS, EVERYBODY_ROLES | {Role.EDITOR})
    assert "première signature" in may(moved, Action.SIGN, IN_DECISION).reason


def test_whoever_is_of_the_structure_where_words_come_from_is_not_told_so() -> None:
    own = Thing(structure_id=OWN)
    for action in (Action.MODERATE, Action.JUDGE_REPORT, Action.JUDGE_REMOVAL):
        assert "structure" not in may(CAST.other_editor, action, own).reason
    assert "structure" not in may(CAST.facilitator, Action.TRANSCRIBE, Thing(structure_id=ELSEWHERE)).reason


def test_an_erased_author_leaves_nobody_who_can_withdraw() -> None:
    orphan = Thing(author_ids=frozenset())
    assert not any(may(getattr(CAST, name), Action.WITHDRAW, orphan) for name in PEOPLE)


def test_a_draft_that_does_not_exist_yet_belongs_to_who_saves_it() -> None:
    assert may(CAST.participant, Action.SAVE_DRAFT)
    assert not may(None, Action.SAVE_DRAFT)


def test_cards_outside_any_session_are_printed_by_other_colleges_than_the_employers() -> None:
    assert may(CAST.administrator, Action.PRINT_CARDS)
    assert "tenue avec une personne d’un autre collège" in may(CAST.facilitator, Action.PRINT_CARDS).reason


def test_a_condition_cannot_be_forgotten() -> None:
    with pytest.raises(TypeError):
        may(CAST.editor, Action.SIGN)


def test_the_door_of_a_page_looks_at_roles_only() -> None:
    assert could(CAST.author_editor, Action.SIGN)
    assert not could(CAST.participant, Action.SIGN)
    assert not could(None, Action.SIGN)


def test_sessions_ask_for_a_second_factor_when_only_a_role_that_needs_one_allows_them() -> None:
    for action in (Action.SEE_WORKSHOPS, Action.AGREE_TO_WORKSHOP, Action.HOLD_WORKSHOP, Action.SHOW_CODE):
        editor = Somebody(1, roles=frozenset({Role.EDITOR}))
        facilitator = Somebody(2, roles=frozenset({Role.FACILITATOR}))
        both = Somebody(3, roles=frozenset({Role.EDITOR, Role.FACILITATOR}))
        asked = [needs_second_factor(action, who) for who in (editor, facilitator, both)]
        assert asked == [True, False, False]
    assert needs_second_factor(Action.PRINT_CARDS, Somebody(1, roles=frozenset({Role.ADMINISTRATOR})))
    assert not needs_second_factor(Action.COMMENT, Somebody(1, roles=frozenset({Role.PARTICIPANT, Role.EDITOR})))


def test_a_second_factor_is_needed_for_what_editors_publishers_and_administrators_do() -> None:
    assert {action for action in Action if not needs_second_factor(action)} == {
        Action.READ,
        Action.READ_DRAFT,
        Action.SAVE_DRAFT,
        Action.SUBMIT,
        Action.RESUBMIT,
        Action.REVISE,
        Action.APPEAL,
        Action.WITHDRAW,
        Action.ANSWER_AMENDMENT,
        Action.RESUME,
        Action.TAKE_POSITION,
        Action.COMMENT,
        Action.REPLY,
        Action.SEE_OWN_CONTRIBUTIONS,
        Action.SEE_WAITING,
        Action.APPLY_SUGGESTION,
        Action.REATTACH_OWN,
        Action.APPEAL_REMOVAL,
        Action.TRANSCRIBE,
        Action.EXPORT_WORDS,
        Action.SEE_WORKSHOPS,
        Action.OPEN_WORKSHOP,
        Action.AGREE_TO_WORKSHOP,
        Action.HOLD_WORKSHOP,
        Action.RAISE_SEATS,
        Action.AGREE_TO_SEATS,
        Action.SHOW_CODE,
        Action.PRINT_CARDS,
        Action.MANAGE_ACCOUNT,
        Action.FOLLOW,
    }
