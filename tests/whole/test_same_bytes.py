"""The same edition gives the same bytes, in every form that exists: elsewhere, later, in another language.

Ordinary runs make each form from three small texts; ``make faults`` makes them from the whole text.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from referentiel.commands.init import CONTENT
from referentiel.config import FORMATS
from referentiel.editions import formats
from referentiel.editions.downloads.making import MAKERS
from referentiel.editions.sealing.builder import LIBRARIES, versions
from referentiel.editions.sealing.building import build
from referentiel.editions.sealing.sealing import manifest
from referentiel.library.library import Library
from tests.faults.sealing_house import AT, FILES
from tests.faults.settling import ROOT, WHOLE
from tests.unit.test_sealing import described

SITE = "https://referentiel.example"
DAYS = 400
BUILD = """
import json, sys, time
from pathlib import Path
from referentiel.editions.sealing.building import build
from referentiel.editions.sealing.sealing import manifest
from referentiel.library.library import Library
from tests.unit.test_sealing import described
library = Library.open(Path(sys.argv[1]))
made = build(library, described(library, formats=tuple(sys.argv[3:]), site=sys.argv[2]))
print(json.dumps({"now": time.time(), "manifest": manifest(made)}))
"""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("same bytes")]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("same-bytes")
    content = folder / "content"
    for source in CONTENT.rglob("*") if WHOLE else (CONTENT / path for path in FILES):
        if source.is_file():
            (content / source.relative_to(CONTENT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, content / source.relative_to(CONTENT))
    return Library.create(folder / "library.git", content, at=AT)


@pytest.fixture(scope="module")
def expected(texts: Library) -> dict[str, str]:
    return manifest(build(texts, described(texts, formats=FORMATS, site=SITE)))


def elsewhere(texts: Library, folder: Path, *before: str, **environ: str) -> tuple[float, dict[str, str]]:
    """What time a process of its own believes that it is, and what it makes of a copy of the library."""
    shutil.copytree(texts.path, folder / "ailleurs" / "copie.git")
    command = [*before, sys.executable, "-c", BUILD, str(folder / "ailleurs" / "copie.git"), SITE, *FORMATS]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer["now"], answer["manifest"]


def test_each_form_that_exists_is_made_and_names_what_makes_it(expected: dict[str, str]) -> None:
    assert {*MAKERS, "html"} == set(FORMATS)
    assert tuple(form.name for form in formats.FORMATS) == FORMATS, "each has words on pages"
    assert {f"referentiel.{form}" for form in FORMATS} <= set(expected)
    assert set(FORMATS) <= set(LIBRARIES)
    for form in FORMATS:
        told = versions((form,))
        assert all(f"{name} " in told for name in ("python", "jinja2", "markdown", "nh3", *LIBRARIES[form]))


def test_another_process_folder_zone_language_and_seed_give_the_same_bytes(
    texts: Library, expected: dict[str, str], tmp_path: Path
) -> None:
    turkish = {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "tr", "PYTHONUTF8": "1"}
    _, made = elsewhere(
        texts,
        tmp_path,
        TZ="Pacific/Kiritimati",
        SOURCE_DATE_EPOCH="1",
        PYTHONHASHSEED="4242",
        HOME=str(tmp_path),
        **turkish,
    )
    assert _differing(made, expected) == []


def test_four_hundred_days_later_the_bytes_are_the_same(
    texts: Library, expected: dict[str, str], tmp_path: Path
) -> None:
    """The clock of the process is really moved. Pandoc is a program without the C library, which nothing moves: it is
    told its date, and here makes its files at another second at least."""
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed (apt-get install faketime)")
    clock = ("faketime", "-f", f"+{DAYS}d")
    now, made = elsewhere(texts, tmp_path, *clock, TZ="America/Anchorage")
    assert now > time.time() + (DAYS - 1) * 86_400
    assert _differing(made, expected) == []


def _differing(made: dict[str, str], expected: dict[str, str]) -> list[str]:
    return sorted(path for path in {*made, *expected} if made.get(path) != expected.get(path))
