"""What browser tests lean on: axe on every page, no sideways scroll, the words that a person sees."""

import hashlib
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Families of rules that every page passes, in every state, light and dark"""

CONTRAST = "color-contrast-enhanced"
"""Contrast of 7:1, which the tokens promise on all their surfaces"""

LEAST_TARGET = 44
"""Pixels of the side of what a finger can touch, links inside a sentence excepted"""


def axe_source() -> str:
    """The vendored script; its digest is the one that THIRD-PARTY.md tells."""
    source = AXE.read_bytes()
    assert hashlib.sha256(source).hexdigest() == AXE_SHA256, "tests/browser/axe.min.js is not the file that was kept"
    return source.decode()


def violations(page: Page) -> list[str]:
    """Every rule that this page breaks, with where and how. About 300 ms."""
    page.evaluate(axe_source())
    found: dict[str, Any] = page.evaluate(
        """async ([tags, contrast]) => await axe.run(document, {
            runOnly: { type: "tag", values: tags },
            rules: { [contrast]: { enabled: true } },
            resultTypes: ["violations"],
        })""",
        [RULES, CONTRAST],
    )
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def axe(page: Page) -> None:
    """Assert that axe finds nothing, and that the page does not scroll sideways."""
    wrong = violations(page)
    assert not wrong, f"{page.url}:\n  " + "\n  ".join(wrong)
    stays_in_width(page)


def show_alike(page: Page, glass: Page) -> None:
    """Show the same elements in ``glass``, where scripts can run: axe waits on timers, which stand still without.

    The modules of the page itself are left out, so that nothing of what they add is there.
    """
    content, address = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.S), page.url
    glass.set_viewport_size(page.viewport_size or {"width": 1280, "height": 900})
    glass.route(address, lambda route: route.fulfill(body=content, content_type="text/html"))
    glass.goto(address)
    glass.unroute(address)


def stays_in_width(page: Page) -> None:
    """No sideways scroll, whatever the width."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{page.url} is {wide} px wide on a screen of {seen} px: {_too_wide(page)}"


def _too_wide(page: Page) -> Any:
    return page.evaluate(
        """() => [...document.querySelectorAll("main *, header *, footer *")]
            .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .slice(-3).map((one) => one.outerHTML.slice(0, 120))"""
    )


def small_targets(page: Page) -> list[str]:
    """What a finger can touch and that is less than 44 px high.

    Links inside a sentence are let pass, those of the doors, whose target is the whole card, and the hidden button that
    makes the Enter key of a form look before sending.
    """
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")]
            .filter((one) => {
                const box = one.getBoundingClientRect();
                if (!box.width || !box.height || one.closest(".skip, .door, [aria-hidden=true]")) return false;
                const words = (node) => node.textContent.trim();
                const inSentence = one.tagName === "A" && words(one.parentElement) !== words(one);
                const label = one.closest("label");
                const height = label ? label.getBoundingClientRect().height : box.height;
                return !inSentence && Math.round(height) < least;
            })
            .map((one) => one.outerHTML.slice(0, 120))""",
        LEAST_TARGET,
    )
    return found
