"""A copy of the editions under nginx, against files of nobody, of the same sizes, under the same nginx."""

import os
from datetime import date
from pathlib import Path

from bench.child import Child
from bench.figures import Count, Ratio, Section, Wrong, middle, ms
from bench.served import NGINX, Browser, Page, nginx
from bench.sizes import Size
from bench.state import State
from bench.texts import mark
from referentiel.editions.copies.writing import copy
from referentiel.library.library import Library

MOST = 1.1
DAY = date(2026, 3, 1)
SITE = "https://referentiel.example"
DOCUMENTED = Path(__file__).parents[2] / "docs" / "nginx" / "copie.conf"
OTHERS = "editions/autres"


def measure(state: State, size: Size, folder: Path) -> Section:
    """Pages of the copy and other files of the same length, asked in turn by one browser."""
    codes = (state.codes * 2)[: size.sealed]
    with Child(state.settings) as child:
        child.call(_copy, folder / "copy", state.edition)
    if NGINX is None:
        raise Wrong("nginx is not installed: tools/get_programs.py gets it")
    pages = [f"editions/{state.edition}/criteres/{code}.html" for code in codes]
    others = [_other(folder / "copy", page, number) for number, page in enumerate(pages)]
    ours: list[float] = []
    theirs: list[float] = []
    lines = DOCUMENTED.read_text(encoding="utf-8").replace("/srv/copie", str(folder / "copy"))
    with nginx(folder / "nginx", lines) as program:
        browser = Browser(program.port)
        for turn in range(size.rounds + 1):
            for code, page, other in zip(codes, pages, others, strict=True):
                for path, words, times in ((page, mark(code), ours), (other, "", theirs))[:: 1 if turn % 2 else -1]:
                    answer = _right(browser.get(f"/{path}"), words)
                    if turn:  # The first turn brings the files into memory.
                        times.append(answer.seconds)
    page, file = middle(ours), middle(theirs)
    wrong = sum(
        (folder / "copy" / page).stat().st_size != (folder / "copy" / other).stat().st_size
        for page, other in zip(pages, others, strict=True)
    )
    return Section(
        "A copy of the editions, under nginx",
        f"{len(codes)} pages of `referentiel export --static`, given by nginx with the documented lines, against "
        "files of chance of the same lengths beside them, asked in turn by one browser.",
        [("", "ms"), ("page of the copy", ms(page)), ("any file of the same length", ms(file))],
        ratios=[Ratio("page of the copy over any file", page / file, MOST)],
        counts=[Count("pages compared with a file of another length", wrong, 0)],
    )


def _copy(library: Library, target: Path, number: str) -> int:
    return copy(library, target, [number], site=SITE, day=DAY)


def _other(copied: Path, page: str, number: int) -> str:
    name = f"{OTHERS}/{number}.html"
    (copied / name).parent.mkdir(parents=True, exist_ok=True)
    (copied / name).write_bytes(os.urandom((copied / page).stat().st_size))
    return name


def _right(answer: Page, words: str) -> Page:
    if answer.status != 200 or words.encode() not in answer.body:
        raise Wrong(f"nginx answered {answer.status}, without the words of the page")
    return answer
