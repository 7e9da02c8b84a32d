"""The way by an identity provider in a real browser: the policy of our pages lets it leave, and lets it come back."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from referentiel.app import create_app
from referentiel.config import Settings
from tests.browser.conftest import SIZES, Site, serving
from tests.browser.harness import axe, show_alike, small_targets
from tests.openid_provider import Liar

WAYS: dict[str, dict[str, Any]] = {
    "wide": {"size": "wide"},
    "narrow": {"size": "narrow", "color_scheme": "dark", "has_touch": True},
    "no-script": {"size": "narrow", "java_script_enabled": False},
}
Open = Callable[[str], Page]


@pytest.fixture
def provider() -> Iterator[Liar]:
    liar = Liar()
    liar.start()
    yield liar
    liar.stop()


@pytest.fixture
def site(filled: Path, tmp_path: Path, provider: Liar) -> Iterator[Site]:
    """The site with the provider for door."""

    def create(settings: Settings) -> Flask:
        return create_app(provider.settings(settings))

    shutil.copytree(filled, tmp_path / "instance", symlinks=True)
    with serving(tmp_path / "instance", create) as site:
        yield site


@pytest.fixture
def opened(way: str, chromium: Browser, site: Site, provider: Liar, glass: Page) -> Iterator[Open]:
    """Open a page of a new browser. Anything asked from a third place, or refused by a policy, fails the test."""
    options = dict(WAYS[way])
    width, height = SIZES[options.pop("size")]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, base_url=site.url, locale="fr-FR", **options
    )
    page = context.new_page()
    wrong: list[str] = []
    known = (site.url, provider.issuer.removesuffix("/api/v2"))
    page.on("request", lambda asked: None if asked.url.startswith(known) else wrong.append(asked.url))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)

    def open_page(path: str) -> Page:
        page.goto(path)
        return page

    yield open_page
    context.close()
    assert not wrong, "\n".join(wrong)


def look(page: Page, glass: Page, way: str) -> None:
    """What is true of every page; the provider's own is ours too."""
    shown = page
    if way == "no-script":
        show_alike(page, glass)
        shown = glass
    axe(shown)
    assert way == "wide" or not small_targets(shown), page.url


@pytest.mark.parametrize("way", WAYS)
def test_chloe_comes_in_by_the_provider_and_leaves_it_when_she_leaves(
    way: str, opened: Open, site: Site, provider: Liar, glass: Page
) -> None:
    page = opened("/connexion?suite=/propositions/")
    look(page, glass, way)
    page.get_by_role("button", name="S’identifier avec").click()
    page.wait_for_url(f"{provider.issuer}/authorize?**")
    look(page, glass, way)
    chloe = page.get_by_role("heading", name="Chloé").locator("xpath=following-sibling::a[2]")
    assert chloe.inner_text() == "Entrer avec un second facteur"
    chloe.click()
    page.wait_for_url(f"{site.url}/propositions/")
    page.goto("/bureau")
    assert page.url == f"{site.url}/bureau", "two factors at the provider are enough"

    page.goto("/deconnexion?suite=/aide")
    page.get_by_role("button", name="Me déconnecter").click()
    page.wait_for_url(f"{site.url}/aide")
    assert ("GET", "/api/v2/session/end") in [(method, target.partition("?")[0]) for method, target in provider.heard]
    page.goto("/mon-compte")
    assert "/connexion?" in page.url


@pytest.mark.parametrize("way", ["narrow"])
def test_each_other_end_of_the_way_is_a_page_with_one_thing_to_do(
    way: str, opened: Open, site: Site, provider: Liar, glass: Page
) -> None:
    ends = {"Ève": "Vous n’avez pas encore de compte ici", "Refuser": "Vous n’êtes pas connecté·e"}
    for pressed, title in ends.items():
        page = opened("/connexion")
        page.get_by_role("button", name="S’identifier avec").click()
        page.wait_for_url(f"{provider.issuer}/authorize?**")
        if pressed == "Refuser":
            page.get_by_role("link", name=re.compile("Refuser")).click()
        else:
            page.get_by_role("heading", name=pressed).locator("xpath=following-sibling::a[1]").click()
        page.wait_for_url(f"{site.url}/connexion/fournisseur/retour?**")
        assert page.get_by_role("heading", level=1).inner_text() == title
        look(page, glass, way)


@pytest.mark.parametrize("way", ["narrow"])
def test_an_address_as_long_as_they_come_stays_in_the_width_of_a_telephone(
    way: str, opened: Open, site: Site, provider: Liar, glass: Page
) -> None:
    def come(page: Page) -> None:
        page.get_by_role("button", name="S’identifier avec").click()
        page.wait_for_url(f"{provider.issuer}/authorize?**")
        page.get_by_role("heading", name="Bruno").locator("xpath=following-sibling::a[1]").click()
        page.wait_for_url(f"{site.url}/**")

    come(opened("/connexion"))
    page = opened("/deconnexion")
    page.get_by_role("button", name="Me déconnecter").click()
    page.wait_for_url(f"{site.url}/")
    provider.twist_person = lambda told: told | {"email": f"{'prenom.' * 6}nom@{'direction-' * 5}regionale.invalid"}
    come(opened("/connexion"))
    assert page.get_by_role("heading", level=1).inner_text() == "Votre adresse a changé"
    look(page, glass, way)
