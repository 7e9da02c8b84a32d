"""The small pure rules of proposals: days, who was heard, what is recorded of a sheet, what two people sign."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.merging import touched
from referentiel.dates import day, long_date
from referentiel.permissions import College
from referentiel.proposals import act
from referentiel.proposals.delays import LAW, days_left
from referentiel.proposals.hearing import Voice, hear, silent_founders
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import Outcome, ProposalKind
from referentiel.proposals.wording import Written, sheet_of
from referentiel.proposals.wording import write as write_whole

E4 = Document.read(Path("content/criteres/E4.md").read_text(encoding="utf-8"), "criteres/E4.md")


def write(kind: ProposalKind, base: Document, sheet: Sheet, *, path: str) -> Written:
    return write_whole(kind, sheet, path=path, texts={path: base.text})


def text(written: Written) -> Document:
    return written.sound()[0].after


def moment(year: int, month: int, number: int, hour: int = 12) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC)


# --- days of Paris


def test_a_day_is_that_of_paris_even_when_greenwich_is_still_on_the_day_before() -> None:
    assert day(moment(2026, 6, 30, 22)) == date(2026, 7, 1)
    assert day(moment(2026, 1, 31, 22)) == date(2026, 1, 31)
    with pytest.raises(ValueError, match="time zone"):
        day(datetime(2026, 1, 1))


def test_the_window_counts_calendar_days_over_the_change_of_hour() -> None:
    assert LAW.window_end(moment(2026, 3, 15, 23), ChangeClass.SUBSTANCE) == date(2026, 4, 15)
    assert LAW.window_end(moment(2026, 3, 15), ChangeClass.TYPO) is None


@given(
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.integers(0, 60),
    st.sampled_from(ChangeClass),
    st.sampled_from(ChangeClass),
)
def test_a_new_wording_never_shortens_the_window(
    admitted: date, later: int, first: ChangeClass, second: ChangeClass
) -> None:
    opened = datetime(admitted.year, admitted.month, admitted.day, 12, tzinfo=UTC)
    revised = opened + timedelta(days=later)
    before = LAW.window_end(opened, first)
    after = LAW.window_after(before, opened, revised, second)
    if second is ChangeClass.TYPO:
        assert after == before
    else:
        assert after is not None
        assert after >= day(revised) + timedelta(days=10)
        assert after >= day(opened) + timedelta(days=30)
        assert before is None or after >= before


def test_days_are_said_in_words() -> None:
    assert long_date(date(2026, 6, 1)) == "1er\u00a0juin\u00a02026"
    assert days_left(date(2026, 6, 1), date(2026, 6, 3)) == -2


# --- heard


def voices(college: College, people: int, places: int) -> list[Voice]:
    return [Voice(number, college, number % places if places else None) for number in range(people)]


@pytest.mark.parametrize(("people", "places", "heard"), [(5, 2, True), (4, 2, False), (5, 1, False), (9, 0, False)])
def test_a_college_is_heard_by_five_people_of_two_structures(people: int, places: int, heard: bool) -> None:
    assert hear(voices(College.SIAE, people, places))[College.SIAE].heard is heard


def test_a_person_who_speaks_ten_times_is_one_person() -> None:
    many = [Voice(1, College.SPE, place) for place in range(10)]
    assert hear(many)[College.SPE].people == 1


def test_partners_may_be_silent() -> None:
    heard = [voice for college in (College.EMPLOYEES, College.SIAE) for voice in voices(college, 5, 2)]
    assert silent_founders(hear(heard)) == (College.SPE,)


# --- sheets


def told(**more: object) -> Sheet:
    return replace(
        sheet_of(E4),
        title="Titre",
        reason="Raison",
        change_class="substance",
        licence=True,
        **more,  # type: ignore[arg-type]
    )


def test_a_form_left_as_it_was_gives_the_same_bytes() -> None:
    written = write(ProposalKind.MODIFY, E4, told(), path=E4.file)
    assert text(written).text == E4.text


def test_windows_newlines_and_blank_lines_change_nothing() -> None:
    sections = {title: text.replace("\n", "\r\n") + "\r\n\r\n" for title, text in sheet_of(E4).sections.items()}
    assert text(write(ProposalKind.MODIFY, E4, told(sections=sections), path=E4.file)).text == E4.text


@given(st.sampled_from([section.title for section in E4.sections if section.title]), st.text("abc é\n-", min_size=1))
def test_a_field_that_changes_touches_its_section_alone(title: str, words: str) -> None:
    sheet = told(sections={**sheet_of(E4).sections, title: f"Mot {words}"})
    document = text(write(ProposalKind.MODIFY, E4, sheet, path=E4.file))
    assert touched(E4, document) <= {f"section:{title}"}


def test_a_section_emptied_goes_unless_it_is_required() -> None:
    gone = text(write(ProposalKind.MODIFY, E4, told(sections={"Indicateurs": " \n"}), path=E4.file))
    assert gone.section("Indicateurs") is None
    kept = write(ProposalKind.MODIFY, E4, told(sections={"Énoncé": ""}), path=E4.file)
    assert [problem.field for problem in kept.problems] == ["section_enonce"]


@pytest.mark.parametrize(
    ("key", "value"), [("niveau", "urgent"), ("etape", ""), ("structures", ("ACI", "XYZ")), ("titre", "")]
)
def test_a_key_out_of_its_closed_list_is_refused_by_its_field(key: str, value: object) -> None:
    written = write(ProposalKind.MODIFY, E4, told(keys={**sheet_of(E4).keys, key: value}), path=E4.file)
    assert [problem.field for problem in written.problems] == [f"key_{key}"]


def test_keys_that_the_form_does_not_offer_are_left_alone() -> None:
    sheet = told(keys={"code": "Z9", "etat": "retire", "rang": "1", "inconnue": "x"})
    assert text(write(ProposalKind.MODIFY, E4, sheet, path=E4.file)).text == E4.text


def test_a_sheet_comes_back_from_its_draft_as_it_went() -> None:
    sheet = replace(told(), licence=False)
    assert Sheet.of_json(sheet.as_json()) == sheet


# --- what two people sign

SIGNED = act.Act(
    proposal=42,
    revision=2,
    outcome=Outcome.ADOPTED,
    change_class=ChangeClass.SUBSTANCE,
    reason="Raison.",
    plain_reason="En clair.",
    resume_on=None,
    files=(act.BoundFile("criteres/E4.md", "a" * 40, "b" * 40),),
    heard=(College.SIAE,),
    silences={College.SPE: "Invités."},
)


@pytest.mark.parametrize(
    "change",
    [
        {"proposal": 43},
        {"revision": 3},
        {"outcome": Outcome.REFUSED},
        {"change_class": ChangeClass.CLARITY},
        {"reason": "Raison"},
        {"plain_reason": "En clair"},
        {"resume_on": date(2026, 1, 1)},
        {"files": (act.BoundFile("criteres/E4.md", "a" * 40, "c" * 40),)},
        {"files": (act.BoundFile("criteres/E4.md", None, "b" * 40),)},
        {"heard": ()},
        {"silences": {College.SPE: "Invités"}},
    ],
)
def test_any_word_that_changes_changes_what_is_signed(change: dict[str, object]) -> None:
    assert replace(SIGNED, **change).digest != SIGNED.digest  # type: ignore[arg-type]
    assert replace(SIGNED).digest == SIGNED.digest


def test_the_act_is_read_back_whole_whatever_its_words() -> None:
    hostile = "## Faux titre\n---\nOperation: 42\n<<<<<<< HEAD"
    text = act.write(
        replace(SIGNED, reason=hostile),
        number=17,
        item="E4",
        signed_on=date(2026, 6, 1),
        signatories=(College.SPE, College.PARTNERS),
    )
    document = Document.read(text)
    assert [section.title for section in document.sections] == ["Raison", "En clair", "Collèges non entendus"]
    assert document.section("Raison") == f"#{hostile}"
    assert document.values("signataires") == ("spe", "partners")
    assert document.value("date") == "2026-06-01"
