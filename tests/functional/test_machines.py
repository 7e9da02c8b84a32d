"""What machines are told of the site: which pages there are, what to leave alone, to whom a fault is told."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask

from referentiel.config import BadSetting, Settings
from referentiel.library.library import Library
from referentiel.web import security_txt, sitemaps
from referentiel.web.clock import set_clock
from referentiel.web.sitemaps import NAMESPACE, Place
from tests.cast import BASE, Someone
from tests.edition_lives import second_edition
from tests.proposal_lives import in_discussion

SITEMAP = {"s": NAMESPACE}


def addresses(text: str, kind: str = "url") -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(text).findall(f"s:{kind}/s:loc", SITEMAP)]


def listed(someone: Someone) -> list[str]:
    return addresses(someone.get("/sitemap.xml").get_data(as_text=True))


def test_every_page_that_is_listed_is_there_for_everybody_and_may_be_looked_at(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    in_discussion(library, bruno.person, chloe.person, days=3)
    found = listed(passer_by)
    assert len(found) == len(set(found))
    robots = RobotFileParser()
    robots.parse(passer_by.get("/robots.txt").get_data(as_text=True).splitlines())
    assert robots.site_maps() == [f"{BASE}/sitemap.xml"]
    for address in found:
        assert address.startswith(f"{BASE}/")
        assert robots.can_fetch("*", address), address
    # One of each sort is opened; all are the same route.
    one_of_each = {re.sub(r"[A-Z]?\d[\d.]*$|[a-z-]+$", "", address): address for address in found}
    for address in {*one_of_each.values(), *found[: len(sitemaps.ALWAYS)]}:
        passer_by.get(address.removeprefix(BASE))
    for path in (
        "/editions/2026.0/",
        "/editions/2026.1/",
        "/decisions/1",
        "/propositions/2",
        "/pages/methode",
        "/referentiel/presentation",
    ):
        assert f"{BASE}{path}" in found


def test_the_draft_and_what_is_somebody_s_own_are_left_alone(passer_by: Someone) -> None:
    robots = RobotFileParser()
    robots.parse(passer_by.get("/robots.txt").get_data(as_text=True).splitlines())
    for path in ("/travail/", "/travail/criteres/E4", "/mon-compte", "/bureau", "/administration/structures"):
        assert not robots.can_fetch("*", f"{BASE}{path}"), path
    for path in ("/", "/criteres/E4", "/api/", "/moderation/registre", "/flux/editions.atom", "/editions/2026.0/"):
        assert robots.can_fetch("*", f"{BASE}{path}"), path


def test_past_fifty_thousand_pages_the_plan_lists_files_that_hold_them_all() -> None:
    places = [Place(f"/propositions/{number}", date(2026, 1, 5)) for number in range(1, 8)]
    whole = sitemaps.whole("https://r.example", places, most=3)
    assert addresses(whole, "sitemap") == [f"https://r.example/sitemap-{number}.xml" for number in (1, 2, 3)]
    files = sitemaps.parts(places, most=3)
    assert [one for file in files for one in file] == places
    assert [len(file) for file in files] == [3, 3, 1]
    assert "<lastmod>2026-01-05</lastmod>" in sitemaps.part("https://r.example", files[2])
    assert sitemaps.parts(places) == []
    assert addresses(sitemaps.part("https://r.example/a&b", places[:1])) == ["https://r.example/a&b/propositions/1"]


def test_a_part_that_the_plan_does_not_have_is_a_404(passer_by: Someone) -> None:
    for number in ("0", "1", "99999999999"):
        passer_by.get(f"/sitemap-{number}.xml", status=404)


def test_who_has_a_file_already_is_told_so_and_gets_no_cookie(passer_by: Someone) -> None:
    for path in ("/sitemap.xml", "/robots.txt", "/.well-known/security.txt"):
        first = passer_by.get(path)
        assert "Set-Cookie" not in first.headers
        passer_by.get(path, status=304, headers={"If-None-Match": first.headers["ETag"]})


def lines_of(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines())


@pytest.mark.parametrize("at", [datetime(2026, 2, 28, 23, 59, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)])
def test_who_found_a_fault_is_told_where_to_write_for_less_than_a_year(
    app: Flask, passer_by: Someone, at: datetime
) -> None:
    set_clock(app, lambda: at)
    answer = passer_by.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    told = lines_of(answer.get_data(as_text=True))
    assert told["Contact"] == f"{BASE}/mentions-legales"
    assert told["Canonical"] == f"{BASE}/.well-known/security.txt"
    assert told["Preferred-Languages"] == "fr, en"
    left = datetime.fromisoformat(told["Expires"]) - at
    assert timedelta(days=300) < left < timedelta(days=365)


@pytest.mark.parametrize(
    ("given", "legal", "told"),
    [
        ("", "04 00 00 00 00, contact@referentiel.example.", "mailto:contact@referentiel.example"),
        ("securite@referentiel.example", "contact@referentiel.example", "mailto:securite@referentiel.example"),
        ("https://referentiel.example/signaler", "", "https://referentiel.example/signaler"),
    ],
)
def test_the_contact_is_that_of_the_setting_or_the_legal_one(given: str, legal: str, told: str) -> None:
    settings = Settings(instance=Path("instance"), security_contact=given, legal_contact=legal)
    assert lines_of(security_txt.text(settings, at=datetime.now(UTC)))["Contact"] == told


@pytest.mark.parametrize("given", ["Jeanne", "http://r.example", "mailto:a@b.example\nContact: x", "javascript:1"])
def test_a_contact_that_no_program_opens_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="REFERENTIEL_SECURITY_CONTACT"):
        Settings.from_environment({"REFERENTIEL_SECURITY_CONTACT": given})
