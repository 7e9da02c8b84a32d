"""Several people who sign at the same time, through HTTP: nothing is lost."""

import sys
import threading
import time
from collections.abc import Sequence

from bench.child import Child
from bench.figures import Count, Goal, Ratio, Section, Wrong
from bench.forms import fields_of
from bench.scenarios.reading import KINDS
from bench.scenarios.writing import SESSION, Signable, decided, ready_to_sign
from bench.served import Browser, Page, memory_of, referentiel
from bench.sizes import Size
from bench.state import State
from referentiel.library.library import Library
from referentiel.library.verification import verify

MEMORY, GROWTH = 95.0, 1.3
TRIES, BUSY = 20, 503


def measure(state: State, size: Size) -> Section:
    """Writers that sign decisions on different criteria, all at once; before them, somebody who reads everything."""
    codes = state.codes[: size.writers * size.each]
    with Child(state.settings) as child:
        waiting: list[Signable] = child.call(ready_to_sign, state, codes)
    with referentiel(state) as site:
        first = f"/criteres/{state.codes[0]}"
        _answered(Browser(site.port).get(first), first, 200)
        fresh = memory_of(site.pid)
        pages = _read_everything(state, site.port)
        after_reading = memory_of(site.pid, "VmRSS")
        shares = [waiting[place :: size.writers] for place in range(size.writers)]
        refused: list[str] = []
        threads = [
            threading.Thread(target=_sign_all, args=(site.port, state, place, share, refused))
            for place, share in enumerate(shares)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        most = memory_of(site.pid, "VmHWM")
        time.sleep(size.rest)
        memory = memory_of(site.pid, "VmRSS")
    with Child(state.settings) as child:
        lost: int = child.call(lost_among, waiting)
        findings: list[str] = child.call(broken_promises)
    for line in refused:
        print(f"  not signed: {line}", file=sys.stderr)
    told = len(waiting) - len(refused)
    table = [
        ("", ""),
        ("writers × signatures", f"{size.writers} × {size.each}"),
        ("answered yes", f"{told}"),
        ("answered no", f"{len(refused)}"),
        ("signatures a second", f"{told / seconds:.0f}"),
        ("pages read before, by the same process", f"{pages}"),
        ("memory of the web process after its first page", f"{fresh:.0f} MB"),
        ("memory of the web process after these pages", f"{after_reading:.0f} MB"),
        ("memory of the web process at its most", f"{most:.0f} MB"),
        ("memory of the web process afterwards", f"{memory:.0f} MB"),
    ]
    return Section(
        "Several writers, and memory",
        f"One `referentiel serve` on {state.revisions} revisions answers every kind of page, then {size.writers} "
        "browsers that sign as fast as they can. `referentiel verify` then looks at every promise.",
        table,
        counts=(
            Count("signatures lost", lost + len(refused), 0),
            Count("promises that verify finds broken", len(findings), 0),
        ),
        ratios=[Ratio("memory of a web process after the run, over that after its first page", memory / fresh, GROWTH)],
        goals=[Goal("memory of a web process after the run", memory, MEMORY, "MB")],
    )


def lost_among(library: Library, waiting: Sequence[Signable]) -> int:
    """How many decisions the draft does not hold."""
    return sum(not decided(library, signable) for signable in waiting)


def broken_promises(library: Library) -> list[str]:
    """What ``referentiel verify`` would say."""
    return [str(finding) for finding in verify(library)]


def _read_everything(state: State, port: int) -> int:
    browser = Browser(port)
    addresses = [asked.path for kind in KINDS for asked in kind.pages(state)]
    addresses += [f"/criteres/{code}" for code in state.codes]
    addresses += [f"/editions/{state.edition}/criteres/{code}" for code in state.codes]
    addresses += [f"/criteres/{code}/{more}" for code in state.long for more in ("historique", "pourquoi")]
    for address in addresses:
        _answered(browser.get(address), address, 200)
    return len(addresses)


def _sign_all(port: int, state: State, place: int, share: Sequence[Signable], refused: list[str]) -> None:
    browser = Browser(port, {SESSION: state.cookies[str(state.signers[place % len(state.signers)])]})
    for signable in share:
        try:
            _sign(browser, f"/propositions/{signable.proposal}/signature")
        except (Wrong, OSError) as error:
            refused.append(f"{signable.proposal}: {error}")


def _sign(browser: Browser, address: str) -> None:
    """As somebody does who reads the answer: "busy, try again" is tried again, with the form that came back."""
    page = _answered(browser.get(address), address, 200)
    for _try in range(TRIES):
        page = browser.post(address, fields_of(page.text, holding="digest"))
        if page.status != BUSY:
            break
        time.sleep(float(page.header("retry-after") or 1))
    _answered(page, address, 303)


def _answered(page: Page, address: str, status: int) -> Page:
    if page.status != status:
        raise Wrong(f"{address} answered {page.status}")
    return page
