"""A sealed page: what our application adds to the least that Flask can do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.child import Child
from bench.figures import Count, Ratio, Section, Wrong, middle, ms
from bench.served import Browser, Page, Program, bare
from bench.sizes import Size
from bench.state import State
from bench.texts import mark

MOST = 1.3
OF_THE_MOMENT = {"date", "x-request-id"}
"""Headers that no two answers share."""


@dataclass(frozen=True, slots=True)
class Times:
    first: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)


def measure(state: State, size: Size, site: Program, folder: Path) -> Section:
    """Pages and files of the edition, asked of the site and of a bare view in turn, by the same browser."""
    codes = (state.codes * 2)[: size.sealed]
    start = f"/editions/{state.edition}"
    kinds = {
        "page of an edition, in its frame": {f"{start}/criteres/{code}": code for code in codes},
        "sealed file": {f"{start}/scelle/criteres/{code}.html": code for code in codes},
        "download of the whole edition": {f"{start}/scelle/referentiel.json": codes[-1]},
    }
    ours = {name: Times() for name in kinds}
    theirs = {name: Times() for name in kinds}
    here = Browser(site.port)
    learnt = {}
    for name, paths in kinds.items():
        for path, code in paths.items():
            learnt[path] = page = _right(here.get(path), code)
            ours[name].first.append(page.seconds)
    with bare(_write(learnt, folder)) as program:
        there = Browser(program.port)
        for name, paths in kinds.items():
            theirs[name].first.extend(_same(there.get(path), learnt[path]).seconds for path in paths)
        for turn in range(size.rounds):
            for name, paths in kinds.items():
                for path in paths:
                    for browser, times in ((here, ours), (there, theirs))[:: 1 if turn % 2 else -1]:
                        times[name].warm.append(_same(browser.get(path), learnt[path]).seconds)
    statements, cookies = _asked_of_sql(state, [path for paths in kinds.values() for path in paths])
    table: list[Sequence[str]] = [("", "first, ms", "warm, ms", "bare view, warm, ms", "ratio")]
    ratios = []
    for name in kinds:
        app, view = middle(ours[name].warm), middle(theirs[name].warm)
        ratios.append(Ratio(name, app / view, MOST))
        table.append((name, ms(middle(ours[name].first)), ms(app), ms(view), f"× {app / view:.2f}"))
    return Section(
        "A sealed page",
        f"{len(codes)} criteria of the edition through `referentiel serve`, against a Flask view that gives back the "
        "same bytes and headers from memory, under the same server, by one browser that asks each in turn.",
        table,
        ratios=ratios,
        counts=(Count("SQL statements of a sealed page", statements, 0), Count("cookies of a sealed page", cookies, 0)),
    )


def _right(page: Page, code: str) -> Page:
    if page.status != 200 or mark(code) not in page.text:
        raise Wrong(f"the sealed page of {code} answered {page.status}, without its words")
    return page


def _same(page: Page, learnt: Page) -> Page:
    if page.body != learnt.body or _lasting(page) != _lasting(learnt):
        raise Wrong(f"two servers differ: {set(_lasting(page)) ^ set(_lasting(learnt)) or 'by their bytes'}")
    return page


def _lasting(page: Page) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in page.headers if name.lower() not in OF_THE_MOMENT)


def _write(learnt: dict[str, Page], folder: Path) -> Path:
    """What the bare view will know by heart. The server adds the date and the length by itself."""
    folder.mkdir()
    answers = {}
    for number, (path, page) in enumerate(learnt.items()):
        file = folder / f"{number}"
        file.write_bytes(page.body)
        headers = [(name, value) for name, value in page.headers if name.lower() not in {"date", "content-length"}]
        answers[path.removeprefix("/")] = {"file": str(file), "headers": headers}
    place = folder / "answers.json"
    place.write_text(json.dumps(answers))
    return place


def _asked_of_sql(state: State, paths: Sequence[str]) -> tuple[int, int]:
    """SQL statements and cookies of all these pages, in a process that has answered nothing yet."""
    with Child(state.settings) as child:
        answers = [child.ask(path) for path in paths]
    return sum(answer.statements for answer in answers), sum(bool(answer.header("set-cookie")) for answer in answers)
