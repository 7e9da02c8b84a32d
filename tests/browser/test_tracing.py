"""The pages that say why, what changed and what to follow: for everybody, on any screen, in light and dark."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.harness import axe, small_targets

PAGES = (
    "/criteres/E4/pourquoi",
    "/criteres/E4/historique",
    "/criteres/E4/historique/comparer",
    "/criteres/E4/historique/comparer?vue=cote-a-cote",
    "/suivre",
    "/depuis/2026-02-01",
)


@pytest.mark.parametrize(("size", "scheme"), [("narrow", "dark"), ("wide", "light")])
def test_why_versions_and_following_are_for_everybody(visit: Visit, size: str, scheme: str) -> None:
    page = visit("/chapitres/E", size=size, scheme=scheme)
    for address in PAGES:
        page.goto(address)
        axe(page)
        assert list(small_targets(page)) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
