"""Every kind of page that each of the cast can reach by links, seen by axe, wide and narrow.

One page of each view and each set of filters is opened: what differs between two criteria is their words.
"""

import os
from collections import Counter, deque
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import Site, Visit
from tests.browser.harness import axe, small_targets

PAGES_OF_A_VIEW = 1
# What is one file opens from a disk, without our style sheet: its links stand in lines of text.
ALONE = ("/referentiel.html", "/scelle/pages-seules/")
NEVER_FOLLOWED = ("/deconnexion", "/static/", "/git/")


def view_of(app: Flask, address: str) -> str:
    """The name of the view behind an address, with the names of its filters; empty when it is not a page of ours."""
    parts = urlsplit(address)
    try:
        endpoint, _arguments = app.url_map.bind("127.0.0.1").match(parts.path, method="GET")
    except HTTPException:
        return ""
    filters = sorted(part.partition("=")[0] for part in parts.query.split("&") if part)
    return f"{endpoint} {filters}"


def links_of(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.links].filter((one) => one.origin === location.origin).map((one) => one.pathname + one.search)"
    )
    return found


def reachable(page: Page, app: Flask) -> tuple[list[str], list[str]]:
    """Walk the links from the page in hand, checking each page opened: the addresses opened, and what is wrong."""
    opened: list[str] = []
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    todo = deque([urlsplit(page.url).path])
    while todo:
        address = todo.popleft()
        view = view_of(app, address)
        if not view or address in opened or seen[view] >= PAGES_OF_A_VIEW or address.startswith(NEVER_FOLLOWED):
            continue
        answer = page.request.get(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        seen[view] += 1
        opened.append(address)
        page.goto(address)
        try:
            axe(page)
        except AssertionError as error:
            wrong.append(str(error))
        if not any(one in address for one in ALONE):
            wrong += [f"{address}: less than a finger: {one}" for one in small_targets(page)]
        todo.extend(links_of(page))
    return opened, wrong


WALKS = [
    ("denis", "wide"),
    (None, "narrow"),
    (None, "wide"),
    ("amina", "narrow"),
    ("bruno", "wide"),
    ("chloe", "narrow"),
]
SAMPLE = 1
"""How many of these walks an ordinary run takes; ``make walk`` takes them all"""
WHOLE = os.environ.get("REFERENTIEL_TEST_WALK") == "whole"


@pytest.mark.slow
@pytest.mark.parametrize(("person", "size"), WALKS if WHOLE else WALKS[:SAMPLE])
def test_every_page_that_a_person_reaches_is_for_everybody(
    visit: Visit, site: Site, person: str | None, size: str
) -> None:
    page = visit("/", size=size, person=person, scheme="dark" if person in {"amina", "denis"} else "light")
    opened, wrong = reachable(page, site.app)
    assert wrong == []
    assert len(opened) > 25
