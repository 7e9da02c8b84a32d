"""The pages about the site in a real browser: accessible in every state, at every width, in every display."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.harness import axe, small_targets

PAGES = (
    "/",
    "/aide",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
    "/plan-du-site",
    "/apparence",
    "/git/",
    "/nulle-part",
)
DISPLAYS = (
    {"taille": "3", "espace": "2"},
    {"theme": "clair"},
    {"theme": "sombre"},
    {"theme": "noir-sur-blanc", "lettres": "larges"},
    {"theme": "jaune-sur-noir", "lettres": "empattements"},
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_axe_finds_nothing(visit: Visit, scheme: str, size: str) -> None:
    page = visit(PAGES[0], size=size, scheme=scheme)
    for path in PAGES:
        page.goto(path)
        axe(page)
        assert not small_targets(page), path


@pytest.mark.parametrize("display", DISPLAYS, ids=lambda display: "-".join(display.values()))
def test_a_person_reads_in_their_own_way(visit: Visit, display: dict[str, str]) -> None:
    page = visit("/apparence", size="narrow")
    for name, value in display.items():
        page.locator(f"input[name={name}][value='{value}']").check()
    page.get_by_role("button", name="Garder ces choix").click()
    page.get_by_text("Vos choix sont gardés").wait_for()
    axe(page)
    page.goto("/")
    axe(page)


def test_a_keyboard_goes_straight_to_the_text(visit: Visit) -> None:
    page = visit("/aide")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_without_script_the_display_can_still_be_chosen(visit: Visit) -> None:
    page = visit("/apparence", script=False)
    page.locator("input[name=taille][value='2']").check()
    page.get_by_role("button", name="Garder ces choix").click()
    page.get_by_text("Vos choix sont gardés").wait_for()
    assert page.locator("input[name=taille][value='2']").is_checked()


def test_a_sheet_of_paper_has_no_furniture(visit: Visit) -> None:
    page = visit("/aide")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert not page.locator("footer.foot").is_visible()
    assert page.locator("h1").is_visible()
