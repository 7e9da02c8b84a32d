"""The one style sheet and its settings: light, logical, no colour outside the tokens, and contrasts that hold."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path("referentiel/static")
SHEET = STATIC / "ui.css"
SETTINGS = sorted((STATIC / "apparence").glob("*.css"))
BUDGET = 14_000

PHYSICAL = re.compile(
    r"(?<![\w-])("
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right|top|bottom|width|height|min-width|min-height|max-width|max-height"
    r")\s*:(?!\s*\d+(?:\.\d+)?rem\s*\))"
)
SIDED_VALUE = re.compile(r"(?:text-align|float|clear|caption-side|resize)\s*:\s*(?:left|right)\b")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl|oklch|lab)a?\(|:\s*(?:white|black|red|green|blue|yellow|grey|gray)\b")

TEXT = ("ink", "ink-2", "accent", "accent-2")
SURFACES = ("paper", "sand", "accent-soft", "mark-soft", "good-soft", "warn-soft", "bad-soft")
PAIRS = [
    *((text, surface) for text in TEXT for surface in SURFACES),
    *((word, surface) for word in ("good", "warn", "bad") for surface in ("paper", "sand", f"{word}-soft")),
    ("ink", "sand-2"),
    ("ink-2", "sand-2"),
    ("on-accent", "accent"),
    ("on-accent", "accent-2"),
    ("on-mark", "mark"),
    ("paper", "bad"),
]


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def tokens(css: str) -> dict[str, str]:
    """The hexadecimal tokens of one block."""
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", css))


def block(css: str, start: str) -> str:
    """The text from ``start`` to the brace that closes it."""
    at = css.index(start)
    depth = 0
    for place in range(css.index("{", at), len(css)):
        depth += {"{": 1, "}": -1}.get(css[place], 0)
        if depth == 0:
            return css[at:place]
    raise AssertionError(f"{start} is never closed")


def light() -> dict[str, str]:
    return tokens(block(without_comments(SHEET.read_text()), ":root"))


def dark() -> dict[str, str]:
    return light() | tokens(block(without_comments(SHEET.read_text()), "@media (prefers-color-scheme: dark)"))


def themes() -> dict[str, dict[str, str]]:
    found = {"light": light(), "dark": dark()}
    for path in SETTINGS:
        if path.name.startswith("theme-"):
            found[path.stem] = light() | tokens(path.read_text())
    return found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_sheet_is_light() -> None:
    size = len(gzip.compress(SHEET.read_bytes(), 9, mtime=0))
    assert size <= BUDGET, f"ui.css weighs {size} bytes compressed; the budget is {BUDGET}"


@pytest.mark.parametrize("path", [SHEET, *SETTINGS], ids=lambda path: path.name)
def test_no_property_speaks_of_left_or_right(path: Path) -> None:
    css = without_comments(path.read_text())
    css = re.sub(r"@media[^{]*\{", "{", css)
    assert not PHYSICAL.findall(css)
    assert not SIDED_VALUE.findall(css)


@pytest.mark.parametrize("path", [SHEET, *SETTINGS], ids=lambda path: path.name)
def test_no_colour_stands_outside_the_tokens(path: Path) -> None:
    css = re.sub(r"--[\w-]+:[^;}]*", "", without_comments(path.read_text()))
    assert not COLOUR.findall(css)


def test_nothing_on_screen_is_under_16_pixels() -> None:
    css = without_comments(SHEET.read_text())
    screen = css[: css.index("@page")]
    assert not re.findall(r"font-size:\s*(?:\.\d+rem|1[0-5]px)", screen)


@pytest.mark.parametrize("name", sorted(themes()))
def test_words_keep_a_contrast_of_7_on_every_surface(name: str) -> None:
    theme = themes()[name]
    weak = {
        f"{text} on {surface}": round(contrast(theme[text], theme[surface]), 2)
        for text, surface in PAIRS
        if contrast(theme[text], theme[surface]) < 7
    }
    assert not weak


@pytest.mark.parametrize("name", sorted(themes()))
def test_the_borders_of_controls_are_seen(name: str) -> None:
    theme = themes()[name]
    assert contrast(theme["edge"], theme["paper"]) >= 4.5
    assert contrast(theme["edge"], theme["sand"]) >= 4.5


def test_the_chosen_themes_are_those_of_the_system() -> None:
    for name, theme in (("theme-clair", light()), ("theme-sombre", dark())):
        chosen = tokens((STATIC / "apparence" / f"{name}.css").read_text())
        assert {token: theme[token] for token in chosen} == chosen, name
    changed = tokens(block(without_comments(SHEET.read_text()), "@media (prefers-color-scheme: dark)"))
    assert set(changed) == set(tokens((STATIC / "apparence" / "theme-sombre.css").read_text()))
    assert set(changed) == set(tokens((STATIC / "apparence" / "theme-clair.css").read_text()))
