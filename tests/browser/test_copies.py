"""A copy of an edition read from a disk, in a real browser: no server, no network, the search included."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.editions.copies.writing import copy
from referentiel.web.stores import library

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def disk(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("usb") / "copie"
    with create_app(Settings(instance=made)).app_context():
        copy(library(), folder, site="https://referentiel.example", day=DAY)
    return folder


def test_a_word_is_found_on_a_usb_key_without_any_network(chromium: Browser, disk: Path) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, offline=True, locale="fr-FR")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{disk.as_uri()}/index.html")
    page.get_by_role("link", name="Édition 2026.0").click()
    page.get_by_role("link", name="Chercher", exact=True).click()
    page.get_by_label("Un mot, un code").fill("sans periode")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="E4 Passer d’une étape à l’autre sans trou").first.click()
    assert "sans période sans solution" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert all(address.startswith("file:") for address in asked)
    context.close()


def test_without_scripts_every_title_is_there_to_be_read(chromium: Browser, disk: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{disk.as_uri()}/editions/2026.0/recherche.html")
    assert page.get_by_text("voici tous les titres").is_visible()
    page.get_by_role("link", name="Passer d’une étape à l’autre sans trou").first.click()
    assert page.url.endswith("criteres/E4.html")
    context.close()


def test_a_word_that_is_nowhere_says_what_to_do(chromium: Browser, disk: Path) -> None:
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{disk.as_uri()}/editions/2026.0/recherche.html?q=%3Cb%3Ezzz")
    assert page.get_by_role("status").inner_text() == "Aucun résultat. Essayez un autre mot."
    page.get_by_label("Un mot, un code").fill("c4")
    page.get_by_label("Un mot, un code").press("Enter")
    assert page.locator("#resultats a").first.inner_text().startswith("C4 ")
    context.close()
