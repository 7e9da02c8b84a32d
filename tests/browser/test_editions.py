"""Published editions in a browser: frames, errata, other days, pages that stand alone; on a screen and on paper."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from referentiel.commands.work import one_pass
from referentiel.database import session
from referentiel.people.models import Person
from referentiel.web.stores import library
from tests.browser.conftest import Site, Visit
from tests.browser.harness import axe, small_targets, stays_in_width
from tests.cast import PEOPLE
from tests.edition_lives import adopted, published
from tests.errata_lives import adopted_erratum

FRAME = "/editions/2026.0/criteres/E4"
ALONE = "/editions/2026.0/scelle/pages-seules/criteres/E4.html"
PAGES = (
    *(FRAME, "/editions/2026.0/", "/editions/2026.1/criteres/E4", "/editions/", "/criteres/E4?le=2026-02-01"),
    *("/referentiel/?le=2020-01-01", "/criteres/E4", "/editions/2026.0/glossaire/"),
)


@pytest.fixture
def with_an_erratum(site: Site) -> None:
    """E4 is worded otherwise in 2026.1; in 2026.0 an erratum corrects it."""
    with site.app.app_context():
        people = {name: session.get_one(Person, place) for place, name in enumerate(PEOPLE, 1)}
        three = people["amina"], people["chloe"], people["denis"]
        adopted(library(), *three)
        published(library(), people["denis"], people["chloe"])
        adopted_erratum(library(), *three)
        session.remove()
    assert one_pass(site.app, at=datetime.now(UTC))


@pytest.mark.usefixtures("with_an_erratum")
@pytest.mark.parametrize(("size", "scheme"), [("narrow", "dark"), ("wide", "light")])
def test_editions_and_other_days_are_for_everybody(visit: Visit, size: str, scheme: str) -> None:
    page = visit("/editions/", size=size, scheme=scheme)
    for address in PAGES:
        page.goto(address)
        axe(page)
        assert small_targets(page) == [], address
    page.goto(ALONE)
    axe(page)


@pytest.mark.usefixtures("with_an_erratum")
def test_the_mark_of_an_erratum_is_seen_beside_its_passage_and_nowhere_else(visit: Visit) -> None:
    page = visit(FRAME)
    shown = "(one) => getComputedStyle(one, '::after').content"
    assert "Erratum" in page.locator("#enonce").evaluate(shown)
    assert page.locator("#pourquoi").evaluate(shown) == "none"
    page.goto("/editions/2026.0/criteres/E3")
    assert page.locator("#enonce").evaluate(shown) == "none"


@pytest.mark.usefixtures("with_an_erratum")
@pytest.mark.parametrize("address", [FRAME, "/criteres/E4"])
def test_on_paper_there_is_the_text_its_address_and_the_square_and_no_menu(visit: Visit, address: str) -> None:
    page = visit(address)
    page.emulate_media(media="print")
    for menu in (".top", ".foot", ".crumbs", ".side", ".turn", ".anchor", "details"):
        for one in page.locator(menu).all():
            assert not one.is_visible(), menu
    proof = page.locator(".proof")
    assert proof.is_visible()
    assert "/verifier" in proof.inner_text()
    square = page.locator(".proof img")
    square.scroll_into_view_if_needed()
    square.evaluate("(one) => one.decode()")
    assert square.evaluate("(one) => one.naturalWidth") > 0
    assert page.locator("#enonce").count() == 1


def test_a_reader_copies_the_address_of_a_rubric_with_or_without_script(visit: Visit, site: Site) -> None:
    page = visit(FRAME, script=False)
    page.get_by_role("link", name="Adresse de la rubrique Niveau attendu").click()
    assert page.url == f"{site.url}{FRAME}#niveau-attendu"
    page = visit("/criteres/E4")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Adresse de la rubrique Niveau attendu").click()
    page.get_by_role("link", name="Lien copié").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}/criteres/E4#niveau-attendu"


def test_a_page_that_stands_alone_opens_from_a_disk(chromium: Browser, site: Site, tmp_path: Path) -> None:
    folder = site.settings.editions_path / "2026.0" / "scelle" / "pages-seules"
    context = chromium.new_context(offline=True, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "criteres" / "E4.html").as_uri())
    page.get_by_role("link", name="Les emplois de l’inclusion").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Les emplois de l’inclusion"
    page.get_by_role("link", name="Référentiel partagé").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Édition 2026.0"
    assert all(address.startswith("file:") for address in asked)
    context.close()


def test_a_wide_table_of_a_page_alone_stays_in_its_column(visit: Visit) -> None:
    page = visit("/editions/2026.0/scelle/pages-seules/pages/methode.html", size="narrow")
    stays_in_width(page)
