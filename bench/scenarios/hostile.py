"""Texts built to be slow: each is a few signs repeated. Twice as long, it must not cost four times as much."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, create_engine

from bench.figures import Ratio, Section, Wrong, ms
from bench.sizes import Size
from referentiel.criteria.comparison import compare
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind
from referentiel.criteria.readability import LONGEST_LINE, MOST_REMARKS, review
from referentiel.criteria.rendering import render
from referentiel.search.index import Entry, add, create, find_in, snippets_in

UNITS: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[2] / "tests" / "data" / "slow_texts.json").read_text(encoding="utf-8")
)
"""The same as those of the unit tests, which look at what they give"""

SHORT, LONG = 10_000, 20_000
MOST = 3.5
ENOUGH = 0.002
"""Seconds under which a work is done several times: a clock says nothing of less"""

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Case:
    """``work`` gives what is timed, for a text of that many signs."""

    kind: str
    unit: str
    work: Callable[[int], Work]


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds for both lengths, and the second over the first."""

    case: Case
    short: float
    long: float
    ratio: float


def measure(size: Size) -> Section:
    """Each text in turn at both lengths, the worst of each kind told."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        create(connection)
        found = [_compare(case, size.rounds + 1) for case in _cases(connection)]
    engine.dispose()
    worst = [max((one for one in found if one.case.kind == kind), key=lambda one: one.ratio) for kind in UNITS]
    table: list[Sequence[str]] = [("", "texts", "the worst repeats", "10,000 signs, ms", "20,000 signs, ms", "ratio")]
    for one in worst:
        count = sum(other.case.kind == one.case.kind for other in found)
        unit = json.dumps(one.case.unit, ensure_ascii=False).replace("|", "\\|")
        table.append((one.case.kind, f"{count}", f"`` {unit} ``", ms(one.short), ms(one.long), f"× {one.ratio:.2f}"))
    return Section(
        "Texts built to be slow",
        f"The texts of `tests/data/slow_texts.json`, at {LONG} signs against {SHORT}: processor time, medians of "
        f"{size.rounds + 1} rounds that alternate. A work that grows with the text gives × 2, one that sorts it "
        "× 2.2, one that grows with its square × 4. What is measured is × 2.4 at the worst, on a busy machine too; "
        f"× {MOST:g} leaves room for noise, and still refuses a square.",
        table,
        ratios=[Ratio(f"{one.case.kind}, {LONG} signs over {SHORT}", one.ratio, MOST) for one in worst],
    )


def _cases(connection: Connection) -> Iterator[Case]:
    for kind, units in UNITS.items():
        for unit in units:
            yield Case(kind, unit, lambda length, kind=kind, unit=unit: _work(kind, unit, length, connection))


def _work(kind: str, unit: str, length: int, connection: Connection) -> Work:
    text = _fit(unit, length)
    if kind == "render":
        return lambda: render(text)
    if kind == "compare":
        before, after = _document(text), _document(_fit(f"z{unit}", length))
        return lambda: compare(before, after)
    if kind == "review":
        # A longer line is not read: the same signs, in the longest lines that are.
        lines = "\n".join(text[start : start + LONGEST_LINE] for start in range(0, length, LONGEST_LINE))
        return lambda: _right(len(review(lines)) <= MOST_REMARKS, kind, unit)
    return lambda: _search(connection, text, unit)


def _search(connection: Connection, text: str, unit: str) -> None:
    """The text enters the index, and is looked for by itself."""
    with connection.begin_nested() as try_out:
        add(connection, [Entry("pages/essai.md", Kind.PAGE, "essai", "Essai", f"Repère {text}")])
        for query in (text, "repère"):
            hits = find_in(connection, query)
            _right(len(snippets_in(connection, query, hits)) == len(hits), "search", unit)
        _right(bool(hits), "search", unit)
        try_out.rollback()


def _right(holds: bool, kind: str, unit: str) -> None:
    if not holds:
        raise Wrong(f"{kind} of {unit!r} repeated")


def _compare(case: Case, rounds: int) -> Found:
    """The median of the ratios of several rounds: both times of a round stand side by side."""
    short, long = case.work(SHORT), case.work(LONG)
    gc.collect()
    gc.disable()
    try:
        times = max(1, round(ENOUGH / max(_clock(short, 1), 1e-9)))
        pairs = [(_clock(short, times), _clock(long, times)) for _ in range(rounds)]
    finally:
        gc.enable()
    middles = (median(side) * 1000 for side in zip(*pairs, strict=True))
    return Found(case, *middles, median(after / before for before, after in pairs))


def _clock(work: Work, times: int) -> float:
    """Processor seconds of this thread: what other programs do is not counted."""
    began = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - began) / times


def _fit(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _document(text: str) -> Document:
    return Document.read(f"---\ntitre: Essai\n---\n\n## Énoncé\n\n{text}\n")
