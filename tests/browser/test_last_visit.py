"""The day of the last visit stays in the browser; without script, or once forgotten, the plain link leads to a date."""

from playwright.sync_api import Page

from tests.browser.conftest import Visit

KEPT = "localStorage.getItem('visites')"


def came_on(page: Page, day: str) -> None:
    """As if the last visit had been on that day."""
    page.evaluate("(kept) => localStorage.setItem('visites', kept)", f"{day},")
    page.reload()


def test_a_second_visit_leads_to_what_changed_since_the_first(visit: Visit) -> None:
    page = visit("/criteres/E4")
    link = page.locator("[data-since]")
    assert "jour choisi" in link.inner_text()
    assert page.evaluate(KEPT).endswith(",")
    came_on(page, "2026-03-12")
    assert link.inner_text() == "Ce qui a changé depuis votre visite du 12 mars 2026"
    assert (link.get_attribute("href") or "") == "/depuis/2026-03-12"
    page.reload()
    assert "12 mars 2026" in link.inner_text(), "the same day, the visit before is still the one"
    assert page.context.cookies() == []


def test_the_day_is_forgotten_on_demand_and_nonsense_is_not_believed(visit: Visit) -> None:
    page = visit("/suivre")
    came_on(page, "2026-03-12")
    assert page.get_by_role("link", name="12 mars 2026").is_visible()
    page.get_by_role("button", name="Ne plus garder").click()
    assert page.get_by_text("ce navigateur ne garde plus").is_visible()
    page.goto("/criteres/E4")
    assert "jour choisi" in page.locator("[data-since]").inner_text()
    assert page.evaluate(KEPT) == "non"
    page.evaluate("localStorage.setItem('visites', '../../x,javascript:1')")
    page.reload()
    assert page.locator("[data-since]").get_attribute("href") == "/suivre#depuis"


def test_without_script_a_day_is_typed(visit: Visit) -> None:
    page = visit("/suivre", script=False)
    page.get_by_label("Depuis quel jour").fill("2026-02-01")
    page.get_by_role("button", name="Voir ce qui a changé").click()
    assert page.url.endswith("/depuis/2026-02-01")
