"""The benchmarks themselves, on a small sample: every scenario answers right, and the report says what was measured.

No time is judged here: it would be that of the machine.
"""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.__main__ import SCENARIOS, main, measured
from bench.child import Answer
from bench.figures import Count, Goal, Ratio, Section, Wrong
from bench.report import PLACE, broken, text
from bench.scenarios.reading import Asked, right
from bench.sizes import SAMPLE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]


@pytest.fixture(scope="module")
def sections(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Section]:
    """What the sample measures. A scenario that gets a wrong answer raises."""
    return list(measured(tmp_path_factory.mktemp("bench"), SAMPLE))


@pytest.fixture(scope="module")
def page(sections: Sequence[Section]) -> str:
    return text(sections, 0.5)


def test_each_scenario_answersright(sections: Sequence[Section]) -> None:
    assert len(sections) == len(SCENARIOS)
    for section in sections:
        heads, *rows = section.table
        assert rows, section.title
        assert all(len(row) == len(heads) for row in rows), section.title


def test_no_count_is_broken_whatever_the_machine(sections: Sequence[Section]) -> None:
    assert [str(count) for section in sections for count in section.counts if not count.holds] == []


def test_the_report_names_the_commit_the_date_and_the_machine(page: str) -> None:
    assert page.startswith("# Performance\n")
    assert re.search(r"^\| commit \| `[0-9a-f]{12}`(?:, with changes not committed yet)? \|$", page, re.MULTILINE)
    assert f"| date | {datetime.now(UTC).date().isoformat()} |" in page
    assert f"| machine | {os.cpu_count()} cores, " in page
    for name in ("Python", "Git", "SQLite"):
        assert re.search(rf"^\| {name} \| \d+\.\d+", page, re.MULTILINE), name


def test_the_report_tells_everything_that_was_measured(sections: Sequence[Section], page: str) -> None:
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [section.title for section in sections]
    for section in sections:
        for judged in section.judged:
            assert f"- {'holds' if judged.holds else '**does not hold**'}: {judged}\n" in page
        for goal in section.goals:
            assert f"- {'met' if goal.holds else 'not met'}: {goal}\n" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)


def test_what_is_written_in_the_documentation_has_the_same_form() -> None:
    written = PLACE.read_text(encoding="utf-8")
    assert re.search(r"^\| commit \| `[0-9a-f]{12}`", written, re.MULTILINE)
    assert re.search(r"^\| date \| \d{4}-\d\d-\d\d \|$", written, re.MULTILINE)


def test_a_promise_that_is_broken_is_said_first_and_a_goal_never_breaks_one() -> None:
    section = Section(
        "Essai",
        "Un essai.",
        [("", "ms"), ("page", "9.00")],
        ratios=[Ratio("long over short", 1.5, 1.2), Ratio("other", 1.2, 1.2)],
        counts=[Count("lost", 2, 0)],
        goals=[Goal("page, warm", 9.0, 4.0)],
    )
    assert broken([section]) == ["long over short: × 1.50 (at most × 1.2)", "lost: 2 (at most 0)"]
    page = text([section], 0.0)
    assert "**These do not hold:** long over short: × 1.50 (at most × 1.2); lost: 2 (at most 0)." in page
    assert "- not met: page, warm: 9.0 ms (goal 4 ms)\n" in page
    assert "All ratios and counts hold." in text([], 0.0)


def test_a_wrong_answer_is_never_timed() -> None:
    asked = Asked("/criteres/E4", ("repère E4", "Énoncé"))
    good = Answer(0.001, 200, (), "repère E4 Énoncé".encode(), 0)
    assert right(good, asked) is good
    with pytest.raises(Wrong, match="without « Énoncé »"):
        right(Answer(0.001, 200, (), b"rep\xc3\xa8re E4", 0), asked)
    with pytest.raises(Wrong, match="answered 404"):
        right(Answer(0.001, 404, (), good.body, 0), asked)
    with pytest.raises(Wrong, match="sets a cookie"):
        right(Answer(0.001, 200, (("Set-Cookie", "a=1"),), good.body, 0), asked)


def test_a_sample_writes_nothing_in_the_documentation(tmp_path: Path) -> None:
    written = PLACE.read_bytes()
    told = CliRunner().invoke(main, ["--quick", "--only", "hostile", "--folder", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Texts built to be slow\n")
    assert PLACE.read_bytes() == written
