"""The parts that pages share, one by one, without a page."""

import json
import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from referentiel.web import filters
from referentiel.web.limits import ORDINARY, WRITING, Counters, Rate, size_of
from referentiel.web.logs import JsonLines
from referentiel.web.qr import square
from referentiel.web.safe_url import safe_url

NB = "\N{NO-BREAK SPACE}"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("target", ["/", "/criteres/E4", "/referentiel/?q=l%C3%A9ger&page=2", "/a#b"])
def test_an_address_of_this_site_is_followed(target: str) -> None:
    assert safe_url(target, "/ailleurs") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "/%5Cevil.example",
        "/%2F/evil.example/..",
        "/a\nSet-Cookie: x=1",
        "/a%0d%0aSet-Cookie:%20x=1",
        "/\u202egnp",
        "criteres/E4",
        "/" + "a" * 3000,
    ],
)
def test_any_other_address_leads_home(target: str | None) -> None:
    assert safe_url(target, "/ici") == "/ici"


def test_a_date_is_in_full_and_no_line_break_cuts_it() -> None:
    assert filters.date_long(date(2026, 11, 21)) == f"21{NB}novembre{NB}2026"
    assert filters.date_long(date(2026, 5, 1)) == f"1er{NB}mai{NB}2026"
    assert filters.date_long(None) == ""


def test_the_day_is_that_of_paris_not_of_utc() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert filters.date_long(late) == f"1er{NB}juillet{NB}2026"
    assert filters.month(late) == f"juillet{NB}2026"
    assert filters.day(late) == "2026-07-01"
    assert filters.time(late) == f"0{NB}h{NB}30"
    assert filters.instant(late) == "2026-06-30T22:30:00Z"


def test_an_instant_without_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        filters.date_long(datetime(2026, 1, 1))


def test_past_the_rate_one_waits_until_the_window_ends() -> None:
    counters, rate = Counters(), Rate(3, 60)
    assert [counters.wait("door", "somebody", rate, at=NOON) for _ in range(3)] == [0, 0, 0]
    assert counters.wait("door", "somebody", rate, at=NOON) == 60
    assert counters.wait("door", "somebody else", rate, at=NOON) == 0
    assert counters.wait("another door", "somebody", rate, at=NOON) == 0
    assert counters.wait("door", "somebody", rate, at=NOON + timedelta(seconds=60)) == 0


def test_counters_forget_everything_at_midnight_and_never_hold_who_it_was() -> None:
    counters, rate = Counters(), Rate(1, 86_400)
    counters.wait("door", "192.0.2.7", rate, at=NOON)
    assert b"192.0.2.7" not in b"".join(counters._counts)
    assert counters.wait("door", "192.0.2.7", rate, at=NOON + timedelta(days=1)) == 0
    assert len(counters._counts) == 1


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    counters, rate = Counters(), Rate(1, 60)
    counters.MOST = 100  # type: ignore[misc]
    for number in range(1000):
        counters.wait("door", str(number), rate, at=NOON)
    assert len(counters._counts) <= 100


def test_forms_that_hold_whole_texts_may_be_larger() -> None:
    assert size_of("proposing.edit") == WRITING
    assert size_of("signing_in.ask") == size_of(None) == ORDINARY


def test_a_line_break_in_a_message_cannot_forge_a_line_of_the_log() -> None:
    record = logging.LogRecord("n", logging.INFO, "f", 1, 'a\r\n{"level": "forged"}', (), None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"].startswith("a\r\n")


def test_a_qr_is_drawn_as_strokes_within_its_box() -> None:
    drawn = square("http://127.0.0.1:8000/rejoindre/abc")
    assert drawn.path.startswith("M2 2.5h7")
    assert drawn.size > 24
