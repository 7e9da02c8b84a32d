"""Scripts: small, without a way to make markup out of text, and asking nobody else for anything."""

import re
from pathlib import Path

import pytest

FOLDER = Path("referentiel/static/js")
SCRIPTS = sorted(FOLDER.glob("*.js"))
BUDGET = 12 * 1024
FORBIDDEN = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "new Function",
    "DOMParser",
    "://e",
)


def test_all_scripts_together_are_small() -> None:
    size = sum(path.stat().st_size for path in SCRIPTS)
    assert size <= BUDGET, f"scripts weigh {size} bytes; the budget is {BUDGET}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_out_of_text(path: Path) -> None:
    text = path.read_text()
    assert not [word for word in FORBIDDEN if word in text]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_import_is_one_of_our_files(path: Path) -> None:
    for target in re.findall(r'from "([^"]+)"', path.read_text()):
        assert target.startswith("./")
        assert (FOLDER / target).is_file()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_french_is_written_in_a_script(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text())
    assert not re.findall(r"[éèêàùçôîœ]", code), "words for people come from the page, where they are translated"
