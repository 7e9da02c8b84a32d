"""Comforts that script adds: each shown only where it works, and the page whole without it."""

import re

from playwright.sync_api import Page

from tests.browser.conftest import Visit

WRITING = "/propositions/nouvelle?critere=E4"


def statement(page: Page) -> str:
    """The selector of the first large field."""
    return f"#{page.locator('textarea[data-toolbar]').first.get_attribute('id')}"


def select(page: Page, field: str, start: int, end: int) -> None:
    page.locator(field).evaluate("(area, [start, end]) => area.setSelectionRange(start, end)", [start, end])


def test_five_buttons_write_markdown_and_can_be_undone(visit: Visit) -> None:
    page = visit(WRITING, person="bruno")
    field = statement(page)
    area = page.locator(field)
    bar = page.get_by_role("toolbar").first
    assert bar.get_by_role("button").count() == 5
    area.fill("un mot\ndeux mots")
    select(page, field, 0, 2)
    bar.get_by_role("button", name="Gras").click()
    assert area.input_value() == "**un** mot\ndeux mots"
    page.keyboard.press("Control+z")
    assert area.input_value() == "un mot\ndeux mots"
    for button, written in (
        ("Liste", "- un mot\n- deux mots"),
        ("Liste numérotée", "1. un mot\n2. deux mots"),
        ("Sous-titre", "### un mot\n### deux mots"),
    ):
        select(page, field, 0, len(area.input_value()))
        bar.get_by_role("button", name=button, exact=True).click()
        assert area.input_value() == written
    area.fill("voir ici")
    select(page, field, 5, 8)
    bar.get_by_role("button", name="Lien").click()
    page.keyboard.type("https://exemple.fr")
    assert area.input_value() == "voir [ici](https://exemple.fr)"


def test_the_toolbar_is_one_stop_for_the_keyboard(visit: Visit) -> None:
    page = visit(WRITING, person="bruno")
    bar = page.get_by_role("toolbar").first
    bar.get_by_role("button").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.innerText").strip() == "Sous-titre"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.innerText").strip() == "Lien"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_the_counter_counts_as_the_server_does_and_says_what_is_too_much(visit: Visit) -> None:
    page = visit(WRITING, person="bruno")
    area = page.locator("[data-counter]").last
    counter = page.locator(f"#{area.get_attribute('id')}-compte")
    most = int(area.get_attribute("data-counter") or 0)
    area.fill("é" * 3 + "e\u0301" + "🙂")
    assert re.match(r"5\s+signes sur", counter.inner_text())
    area.fill("x" * (most + 2))
    assert "retirez-en 2" in counter.inner_text()
    assert counter.get_attribute("role") == "status"


def test_a_draft_is_kept_while_somebody_writes(visit: Visit) -> None:
    page = visit(WRITING, person="bruno")
    page.locator(statement(page)).fill("Un passage se prépare deux mois avant.")
    said = page.locator("[data-draft-for]")
    said.wait_for(timeout=15_000)
    assert re.match(r"Brouillon enregistré à \d+\sh\s\d\d", said.inner_text())
    page.goto("/propositions/nouvelle")
    assert "Enregistré le" in page.locator("main").inner_text()


def test_the_preview_shows_the_difference_without_leaving_the_page(visit: Visit) -> None:
    page = visit(WRITING, person="bruno")
    page.locator(statement(page)).fill("Un passage se prépare deux mois avant.")
    page.locator("textarea[name=reason], #reason").fill("Des personnes apprennent la veille qu’elles changent.")
    page.locator("#title").fill("Prévenir deux mois avant")
    address = page.url
    page.get_by_role("button", name="Prévisualiser").click()
    page.locator("#apercu ins").first.wait_for()
    assert page.url == address
    assert page.evaluate("document.activeElement.id") == "apercu"
    assert "deux mois avant" in page.locator("#apercu").inner_text()
    assert page.locator(statement(page)).input_value() == "Un passage se prépare deux mois avant."


def test_a_reader_copies_the_address_of_a_criterion(visit: Visit) -> None:
    page = visit("/criteres/E4", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier le lien").click()
    page.get_by_text("Lien copié").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/criteres/E4")
    assert page.get_by_role("button", name="Imprimer").is_visible()


def test_without_script_nothing_is_shown_that_cannot_work(visit: Visit) -> None:
    page = visit("/criteres/E4", script=False)
    for name in ("Copier le lien", "Imprimer", "Écouter"):
        assert not page.get_by_role("button", name=name).count()
    page = visit(WRITING, person="bruno", script=False)
    assert not page.get_by_role("toolbar").count()
    assert page.get_by_role("button", name="Prévisualiser").is_visible()
    page.locator(statement(page)).fill("Un passage se prépare deux mois avant.")
    page.get_by_role("button", name="Prévisualiser").click()
    assert page.locator(statement(page)).input_value() == "Un passage se prépare deux mois avant."
