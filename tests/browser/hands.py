"""Somebody in front of a page, who knows it by its words alone: with a mouse, a thumb, or the keyboard.

Every page that opens is checked: axe, no sideways scroll, and targets large enough for a thumb on a small screen.
"""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.harness import axe, show_alike, small_targets

MOST_STOPS = 250
"""Presses of Tab after which nobody would go on"""


@dataclass(frozen=True)
class Way:
    """A way of using the site; ``options`` are those of the ``visit`` fixture."""

    name: str
    options: dict[str, Any]
    keyboard: bool = False
    thumb: bool = False

    @property
    def script(self) -> bool:
        return bool(self.options.get("script", True))

    def __str__(self) -> str:
        return self.name


WAYS = (
    Way("wide", {"size": "wide"}),
    Way("narrow", {"size": "narrow", "scheme": "dark", "has_touch": True}, thumb=True),
    Way("no-script", {"size": "wide", "script": False}),
    Way("keyboard", {"size": "wide", "scheme": "dark"}, keyboard=True),
)

WHERE = """(one) => {
    const here = document.activeElement;
    if (here === one) return "there";
    if (one.type === "radio" && here.type === "radio" && here.name === one.name) return "beside";
    return here !== document.body && one.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING
        ? "before" : "after";
}"""

FOCUS_IS_SEEN = """(one) => {
    const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const box = one.getBoundingClientRect();
    const around = one.closest("label");
    return one.matches(":focus-visible") && box.bottom > 0 && box.top < innerHeight
        && (drawn(getComputedStyle(one)) || drawn(getComputedStyle(one, "::after"))
            || (around !== null && drawn(getComputedStyle(around))));
}"""


class Hands:
    """Does what a person does, and looks at each page that comes; through ``glass`` when scripts do not run in it."""

    def __init__(self, page: Page, way: Way, glass: Page) -> None:
        self.page = page
        self.glass = glass
        self.way = way
        self.presses = 0
        self.look()

    # --- reading

    @property
    def text(self) -> str:
        """The words of the page as they are seen, with plain spaces."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def address(self) -> str:
        """Path and query."""
        return re.sub(r"^https?://[^/]+", "", self.page.url).partition("#")[0]

    def look(self) -> None:
        """What must be true of every page, whoever opens it."""
        if not self.way.script:
            show_alike(self.page, self.glass)
        axe(self.page if self.way.script else self.glass)
        assert not self.way.thumb or not small_targets(self.page), self.page.url
        assert self.page.locator("h1").count() == 1, self.page.url

    def open(self, path: str) -> None:
        """Write an address, as for a printed one."""
        self.page.goto(path)
        self.look()

    def back(self) -> None:
        self.page.go_back()

    # --- acting

    def press(self, words: str, *, where: str = "main", exact: bool = False) -> None:
        """A link or a button that leads to a page; comes back when that page is there and looked at."""
        with self.page.expect_navigation():
            self.touch(self.find(words, where=where, exact=exact))
        self.look()

    def find(self, words: str, *, where: str = "main", exact: bool = False) -> Locator:
        """The first link or button with these words."""
        place = self.page.locator(where)
        button = place.get_by_role("button", name=words, exact=exact)
        return place.get_by_role("link", name=words, exact=exact).or_(button).first

    def touch(self, target: Locator) -> None:
        """Press what is on the page, without waiting for another one."""
        self.presses += 1
        if self.way.keyboard:
            self.reach(target)
            self.page.keyboard.press("Enter")
        elif self.way.thumb:
            target.tap()
        else:
            target.click()

    def choose(self, words: str, *, where: str = "main") -> None:
        """One of several answers, or a box to tick."""
        place = self.page.locator(where)
        target = place.get_by_role("radio", name=words).or_(place.get_by_role("checkbox", name=words)).first
        self.presses += 1
        if self.way.keyboard:
            self.reach(target)
            if not target.is_checked():
                self.page.keyboard.press("Space")
        elif self.way.thumb:
            target.locator("xpath=ancestor::label").tap()
        else:
            target.locator("xpath=ancestor::label").click()
        assert target.is_checked()

    def write(self, label: str, text: str, *, where: str = "main") -> None:
        """The whole of a field."""
        field = self.field(label, where=where)
        if self.way.keyboard:
            self.reach(field)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(text)
        else:
            field.fill(text)
        assert field.input_value() == text

    def read(self, label: str, *, where: str = "main") -> str:
        """What a field holds."""
        return self.field(label, where=where).input_value()

    def field(self, label: str, *, where: str = "main") -> Locator:
        """The first field with this label: sections of a page have names too."""
        fields = self.page.locator("input, textarea, select")
        return self.page.locator(where).get_by_label(label).and_(fields).first

    def pick(self, label: str, option: str) -> None:
        """One line of a list."""
        field = self.field(label)
        if self.way.keyboard:
            self.reach(field)
            places = field.evaluate("(one, words) => [...one.options].findIndex((o) => o.label === words)", option)
            for _place in range(places - field.evaluate("(one) => one.selectedIndex")):
                self.page.keyboard.press("ArrowDown")
        else:
            field.select_option(label=option)
        assert field.evaluate("(one) => one.selectedOptions[0].label") == option

    # --- the keyboard

    def reach(self, target: Locator) -> None:
        """Go there by Tab, or by the arrows inside a group of answers; the place reached shows that it is."""
        for _stop in range(MOST_STOPS):
            where = target.evaluate(WHERE)
            if where == "there":
                break
            self.page.keyboard.press({"after": "Tab", "before": "Shift+Tab", "beside": "ArrowDown"}[where])
        else:
            raise AssertionError(f"{self.page.url}: the keyboard does not reach {target}")
        assert target.evaluate(FOCUS_IS_SEEN), f"{self.page.url}: nothing shows that the focus is on {target}"
