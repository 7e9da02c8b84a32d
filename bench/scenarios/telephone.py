"""An old telephone on a poor network, in a real Chromium: from the address in the square to the answer that is sent."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.child import Child
from bench.figures import Goal, Section, middle
from bench.scenarios.workshop import open_one
from bench.served import HOST, referentiel
from bench.state import State

DEBIAN = Path("/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
SCREEN = {"width": 320, "height": 640}
SLOWER = 6
LATENCY = 400
BYTES_A_SECOND = 400_000 / 8
NETWORK = {
    "offline": False,
    "latency": LATENCY,
    "downloadThroughput": BYTES_A_SECOND,
    "uploadThroughput": BYTES_A_SECOND,
}
TIMES = 3
MOST = 30_000.0
TAPS = 2
PATIENCE = 60_000.0
STEPS = ("the question can be read", "the answer is sent, and said to be")


def measure(state: State) -> Section:
    """One person at a time, each with a browser that has never been here."""
    with Child(state.settings) as child:
        _number, address = child.call(open_one, state.editor, state.codes[:3])
    # Playwright refuses a process that has a loop already, as the tests that hold a browser do.
    apart = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    with referentiel(state) as site, apart:
        walks = apart.submit(_walks, f"http://{HOST}:{site.port}", address).result()
    steps = [middle([walk[step] for walk in walks]) for step in range(len(STEPS))]
    whole = middle([sum(walk) for walk in walks])
    return Section(
        "An old telephone in a workshop",
        f"A real Chromium of {SCREEN['width']} px, a processor {SLOWER} times slower than this machine's, "
        f"{LATENCY} ms of latency and 400 kbit/s each way, nothing in its cache: from the address in the square of a "
        f"poster to the answer that is sent, in {TAPS} taps. Median of {TIMES}. The time to read and to choose, which "
        "is the person's, is not in it.",
        [("", "seconds"), *((name, f"{waited / 1000:.1f}") for name, waited in zip(STEPS, steps, strict=True))],
        goals=(Goal("from the square to the answer sent, machine's part", whole, MOST),),
    )


def _walks(base: str, address: str) -> list[tuple[float, float]]:
    with _chromium() as browser:
        return [_walk(browser, base, address) for _ in range(TIMES)]


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=DEBIAN if DEBIAN.exists() else None, args=SWITCHES)
        yield browser
        browser.close()


def _walk(browser: Browser, base: str, address: str) -> tuple[float, float]:
    context = browser.new_context(base_url=base, viewport=SCREEN, has_touch=True, locale="fr-FR")  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", NETWORK)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        began = time.perf_counter()
        page.goto(address)
        page.get_by_role("button", name="Envoyer mon avis").wait_for()
        read = time.perf_counter()
        page.get_by_role("radio", name="Oui").locator("xpath=ancestor::label").tap()
        page.get_by_role("button", name="Envoyer mon avis").tap()
        page.get_by_text("Votre avis est envoyé").wait_for()
        return read - began, time.perf_counter() - read
    finally:
        context.close()
