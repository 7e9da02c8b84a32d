"""What each college said, as a matrix and as the table of a decision's file: what is hidden there stays hidden."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.permissions import College
from referentiel.proposals import act
from referentiel.proposals.act_figures import read_table, table
from referentiel.proposals.figures import CollegePositions, Said, beside
from referentiel.proposals.hearing import Hearing, Reach, Voice, hear
from referentiel.proposals.states import Outcome

NUMBERS = st.none() | st.integers(0, 10_000)
FEW = st.builds(
    Said,
    college=st.sampled_from(College),
    favourable=st.none(),
    reserved=st.none(),
    unfavourable=st.none(),
    older=NUMBERS,
    few=st.just(True),
    until=st.dates(),
    people=st.none(),
    structures=st.none(),
    reach=st.sampled_from(Reach),
)
SHOWN = st.builds(
    Said,
    college=st.sampled_from(College),
    favourable=NUMBERS,
    reserved=NUMBERS,
    unfavourable=NUMBERS,
    older=NUMBERS,
    few=st.just(False),
    until=st.none() | st.dates(),
    people=NUMBERS,
    structures=NUMBERS,
    reach=st.sampled_from(Reach),
)
ROWS = st.lists(FEW | SHOWN, max_size=4, unique_by=lambda row: row.college)

SIGNED = act.Act(
    proposal=42,
    revision=2,
    outcome=Outcome.ADOPTED,
    change_class=ChangeClass.SUBSTANCE,
    reason="Raison.",
    plain_reason="En clair.",
    resume_on=None,
    files=(),
    heard=(College.SIAE,),
    silences={College.SPE: "Invités."},
)
FOUR = tuple(Said(college, 3, 1, 0, people=6, structures=2, reach=Reach.ENOUGH) for college in College)


def written(figures: tuple[Said, ...]) -> act.Written:
    text = act.write(
        replace(SIGNED, said=figures),
        number=17,
        item="E4",
        signed_on=date(2026, 6, 1),
        signatories=(College.SPE, College.PARTNERS),
    )
    return act.read(Document.read(text))


@given(ROWS)
def test_the_table_of_a_decision_is_read_back_as_it_was_signed(rows: list[Said]) -> None:
    assert read_table(table(rows)) == tuple(rows)


def test_a_decision_says_what_each_college_said_and_is_read_back() -> None:
    assert written(FOUR).said == FOUR
    assert written(FOUR).silences == {College.SPE: "Invités."}


def test_a_decision_older_than_figures_is_still_read_and_its_digest_is_the_same_as_before() -> None:
    assert written(()).said == ()
    assert SIGNED.digest == "8ea689146f5e822db543ef0f8b3216e299e0323a5245f84b2d9f006e3c3488b8"


def test_one_figure_that_changes_changes_what_is_signed() -> None:
    signed = replace(SIGNED, said=FOUR).digest
    assert signed != SIGNED.digest
    for change in ({"favourable": 4}, {"older": 1}, {"people": None}, {"reach": Reach.FEW_PEOPLE}, {"few": True}):
        other = (replace(FOUR[0], **change), *FOUR[1:])
        assert replace(SIGNED, said=other).digest != signed


def test_what_is_hidden_of_employees_is_nowhere_in_the_file() -> None:
    few = Said(
        College.EMPLOYEES,
        None,
        None,
        None,
        few=True,
        until=date(2026, 6, 1),
        people=None,
        structures=None,
        reach=Reach.FEW_PEOPLE,
    )
    line = next(line for line in table([few]).splitlines() if "Salariés" in line)
    assert not any(cell.strip().isdigit() and cell.strip() != "0" for cell in line.split("|"))
    assert "non montré" in line
    assert "trop peu de personnes" in line


# --- why a college is heard, or not yet


def voices(*structures: int | None) -> list[Voice]:
    return [Voice(number, College.SIAE, structure) for number, structure in enumerate(structures)]


def test_five_people_of_two_structures_are_enough() -> None:
    assert hear(voices(1, 1, 1, 1, 2))[College.SIAE].reach is Reach.ENOUGH


def test_five_people_of_one_structure_lack_a_structure() -> None:
    assert hear(voices(1, 1, 1, 1, 1))[College.SIAE].reach is Reach.FEW_STRUCTURES
    assert hear(voices(1, 1, 1, None, None))[College.SIAE].reach is Reach.FEW_STRUCTURES


def test_four_people_lack_people_and_nobody_is_said_to_be_nobody() -> None:
    assert hear(voices(1, 2, 3, 4))[College.SIAE].reach is Reach.FEW_PEOPLE
    assert hear([])[College.SIAE].reach is Reach.NOBODY


@given(people=st.integers(0, 20), structures=st.integers(0, 20))
def test_heard_is_enough_people_and_enough_structures_and_nothing_else(people: int, structures: int) -> None:
    told = Hearing(College.SPE, people, structures, people_wanted=5, structures_wanted=2)
    assert told.heard is (people >= 5 and structures >= 2)


@given(people=st.integers(1, 20), structures=st.integers(0, 20))
def test_the_matrix_never_tells_how_many_employees_spoke(people: int, structures: int) -> None:
    hearings = {College.EMPLOYEES: Hearing(College.EMPLOYEES, people, structures)}
    (row,) = beside([CollegePositions(College.EMPLOYEES)], hearings)
    assert (row.people, row.structures) == (None, None)
    assert row.heard is hearings[College.EMPLOYEES].heard
