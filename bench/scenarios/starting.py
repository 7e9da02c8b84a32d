"""From nothing to the first answer; and the lists made again from Git."""

import time
from statistics import median

from bench.child import Child
from bench.figures import Count, Goal, Section, Wrong, middle, ms
from bench.served import Browser, memory_of, starting
from bench.sizes import Size
from bench.state import State
from bench.texts import mark
from referentiel.library import projection
from referentiel.library.library import Library
from referentiel.search import actions as search

START, REBUILD = 1_000.0, 5_000.0


def measure(state: State, size: Size) -> Section:
    """``referentiel serve`` is started again and again, and asked for a page until it answers."""
    seconds, fresh = [], []
    for place in range(size.starts):
        code = state.quiet[place]
        began = time.perf_counter()
        with starting(state) as site:
            page = Browser(site.port).get_when_open(f"/criteres/{code}")
            seconds.append(time.perf_counter() - began)
            fresh.append(memory_of(site.pid))
        if page.status != 200 or mark(code) not in page.text:
            raise Wrong(f"the first answer is {page.status}")
    return Section(
        "Cold start",
        f"`referentiel serve` on {state.revisions} revisions, {size.starts} times: from the command to the last byte "
        "of a criterion's page, the interpreter and its imports included; its worker starts beside it.",
        [
            ("", ""),
            ("first answer", f"{ms(middle(seconds))} ms"),
            ("memory after the first answer", f"{median(fresh):.0f} MB"),
        ],
        goals=[Goal("cold start to first answer", middle(seconds), START)],
    )


def measure_rebuild(state: State) -> Section:
    """The lists and the index of search, made again as ``referentiel rebuild`` does."""
    with Child(state.settings) as child:
        commits, lists, entries, index = child.call(rebuild)
        faults: list[str] = child.call(differing)
    return Section(
        "Making the lists again from Git",
        "History, origins of paragraphs and index of search, thrown away and made again by one process.",
        [
            ("", ""),
            (f"lists of {commits} commits", f"{lists * 1000:.0f} ms"),
            (f"index of {entries} entries", f"{index * 1000:.0f} ms"),
        ],
        counts=[Count("differences with Git after the rebuild", len(faults), 0)],
        goals=[Goal(f"rebuild of {commits} commits", lists * 1000, REBUILD)],
    )


def rebuild(library: Library) -> tuple[int, float, int, float]:
    """Commits, seconds, entries, seconds."""
    began = time.perf_counter()
    commits = projection.rebuild(library)
    middle_ = time.perf_counter()
    entries = search.rebuild(library)
    return commits, middle_ - began, entries, time.perf_counter() - middle_


def differing(library: Library) -> list[str]:
    """What differs between the lists and Git."""
    return projection.compare(library) + search.compare(library)
