"""Take the four pictures of the README again: a demonstration is made, served, and looked at in Chromium.

``python -m tools.take_screenshots`` writes ``docs/images/``. Look at each picture before keeping it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from referentiel.blueprints.demo_links import players
from referentiel.commands import demo
from referentiel.commands.serve import listening, make_server
from referentiel.config import Settings

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
DEBIAN = Path("/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--hide-scrollbars"]
WIDE = (1280, 900)
TELEPHONE = (390, 940)
MARGIN = 32
MOST_BYTES = 250_000


@contextmanager
def demonstration() -> Iterator[Settings]:
    """A demonstration of its own, served until the end."""
    with TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder) / "instance", port=0)
        listener = listening(settings)
        settings = replace(settings, port=listener.getsockname()[1])
        demo.build(settings, now=datetime.now(UTC))
        server = make_server(demo.open_app(settings), settings, listener)
        threading.Thread(target=server.run, daemon=True).start()
        yield settings
        server.close()


def person(browser: Browser, settings: Settings, name: str, size: tuple[int, int]) -> Page:
    """A new browser; one of the cast is signed in, or nobody when ``name`` is empty."""
    page = browser.new_context(
        base_url=settings.base_url, viewport={"width": size[0], "height": size[1]}, locale="fr-FR"
    ).new_page()
    if name:
        (player,) = [one for one in players(settings.instance) if one.name == name]
        page.goto(f"/demonstration/{player.token}")
        page.get_by_role("button", name=f"Devenir {name}").click()
        page.wait_for_load_state()
    return page


def criterion(browser: Browser, settings: Settings) -> bytes:
    page = person(browser, settings, "", WIDE)
    page.goto("/criteres/E4")
    return page.screenshot()


def propose(browser: Browser, settings: Settings) -> bytes:
    """The difference is shown before anything is sent."""
    page = person(browser, settings, "Bruno", (1280, 912))
    page.goto("/propositions/nouvelle?critere=B3")
    statement = page.get_by_label("Ce que la structure s’engage à faire")
    statement.fill(statement.input_value().replace("rappelées régulièrement", "rappelées chaque mois"))
    page.get_by_role("button", name="Prévisualiser").click()
    page.locator("#apercu ins").first.wait_for()
    # What stays in sight beside the form is in the picture too.
    page.locator("fieldset:has([name=change_class])").evaluate(
        "(one) => scrollTo({ top: one.getBoundingClientRect().top + scrollY - 8, behavior: 'instant' })"
    )
    return page.screenshot()


def comment(browser: Browser, settings: Settings) -> bytes:
    page = person(browser, settings, "Amina", TELEPHONE)
    page.goto("/criteres/F5/avis")
    page.get_by_role("radio", name="Un peu").check()
    words = page.get_by_label("Voulez-vous dire plus ?")
    words.fill("On m’a appelée une fois. Puis plus rien.")
    words.blur()
    return page.screenshot()


def review(browser: Browser, settings: Settings) -> bytes:
    """The difference word by word, then what each college thinks."""
    page = person(browser, settings, "Denis", WIDE)
    page.goto("/propositions/")
    page.get_by_role("link", name="Au moins une immersion par an").click()
    page.locator("#mots").wait_for()
    return between(page, "section:has(> #mots) .rubric", ".positions")


def between(page: Page, first: str, last: str) -> bytes:
    """The whole width of the page, from one element to another."""
    page.evaluate("scrollTo(0, 0)")
    above, below = page.locator(first).first.bounding_box(), page.locator(last).bounding_box()
    assert above is not None
    assert below is not None
    top = above["y"] - MARGIN
    height = below["y"] + below["height"] + MARGIN - top
    return page.screenshot(full_page=True, clip={"x": 0, "y": top, "width": WIDE[0], "height": height})


PICTURES = {"criterion": criterion, "propose": propose, "comment": comment, "review": review}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demonstration() as settings, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=DEBIAN if DEBIAN.exists() else None, args=SWITCHES)
        for name, take in PICTURES.items():
            picture = take(browser, settings)
            if len(picture) > MOST_BYTES:
                raise SystemExit(f"{name}.png pèse {len(picture) // 1000} ko : {MOST_BYTES // 1000} ko au plus.")
            (IMAGES / f"{name}.png").write_bytes(picture)
            print(f"{name}.png : {len(picture) // 1000} ko")
        browser.close()


if __name__ == "__main__":
    main()
