"""Numbers that come from outside are read in one place: what a row may bear, and which page."""

import re
from pathlib import Path

import pytest

from referentiel.web.numbers import LARGEST, page_number, whole_number

ODD = [None, "", "-1", "+1", " 1", "1.0", "1e3", "٣", "²", "x", "9" * 11, "9" * 5000]


@pytest.mark.parametrize("typed", [*ODD, str(LARGEST + 1)])
def test_what_no_row_can_bear_is_no_number(typed: str | None) -> None:
    assert whole_number(typed) is None


@pytest.mark.parametrize(("typed", "read"), [("0", 0), ("12", 12), ("007", 7), (str(LARGEST), LARGEST)])
def test_a_number_is_read(typed: str, read: int) -> None:
    assert whole_number(typed) == read


@pytest.mark.parametrize("raw", [*ODD, "0", "00", "1234567"])
def test_what_is_no_page_is_the_first(raw: str | None) -> None:
    assert page_number(raw) == 1


def test_a_page_is_read() -> None:
    assert page_number("12") == 12


MOMENTS = r"int\([\w.]+\.(?:timestamp|total_seconds)\(\)"


@pytest.mark.parametrize(
    "module",
    sorted(
        file
        for folder in ("blueprints", "web")
        for file in Path("referentiel", folder).rglob("*.py")
        if file.name != "numbers.py"
    ),
    ids=str,
)
def test_nothing_else_reads_a_number_by_its_own_rule(module: Path) -> None:
    code = re.sub(MOMENTS, "", module.read_text(encoding="utf-8"))
    assert not re.findall(r"isdigit|isdecimal|isnumeric|\bint\(", code)
