"""Two editions compared: the first time that anybody asks, and then; whether it depends on how much they differ."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from bench.child import Child
from bench.figures import Count, Goal, Section, middle, ms
from bench.scenarios.reading import Asked, right
from bench.sizes import Size
from bench.state import State
from referentiel.editions.comparing.concerns import Role
from referentiel.editions.edition import SIGNED_STATUS, Edition
from referentiel.editions.numbering import Number
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing.builder import builder, versions
from referentiel.editions.sealing.building import build
from referentiel.editions.sealing.sealing import manifest
from referentiel.editions.shelf import PUBLISHED, SEAL, SEALED
from referentiel.library.library import Library

FIRST, WARM = 150.0, 5.0
NAMES = ("two editions in a row", "the first edition and a recent one", "the same, for one role")


def measure(state: State, size: Size) -> Section:
    """On a copy that has one edition more, of the very first text: since then every criterion has changed."""
    with Child(state.settings) as child:
        oldest = child.call(_seal_the_first_text)
    rows = list(combinations(state.editions, 2))
    near = [_asked(older, newer) for older, newer in rows if state.editions.index(newer) % 2]
    far = [_asked(oldest, newer) for newer in state.editions]
    mine = [_asked(oldest, newer, role) for newer in state.editions for role in (Role.ACI, Role.EMPLOYEE)]
    table: list[Sequence[str]] = [("", "first, ms", "warm, ms", "kB", "SQL statements, first then warm")]
    goals, first_sent, warm_sent = [], set(), set()
    with Child(state.settings) as child:
        # The template is read by the first answer of a process: that is its start, measured elsewhere.
        right(child.ask(f"/comparer?de={oldest}&a={oldest}"), Asked("", ("<h1",)))
        for name, pages in zip(NAMES, (near, far, mine), strict=True):
            first = [right(child.ask(asked.path), asked) for asked in pages]
            warm = [right(child.ask(asked.path), asked) for _ in range(size.rounds) for asked in pages]
            cold_ms, warm_ms = (middle([answer.seconds for answer in some]) for some in (first, warm))
            sent = ({answer.statements for answer in some} for some in (first, warm))
            mine_first, mine_warm = (sorted(one) for one in sent)
            if pages is not mine:
                first_sent |= set(mine_first)
            warm_sent |= set(mine_warm)
            kilobytes = max(len(answer.body) for answer in first) / 1000
            told = f"{'–'.join(map(str, mine_first))}, {'–'.join(map(str, mine_warm))}"
            table.append((name, ms(cold_ms), ms(warm_ms), f"{kilobytes:.0f}", told))
            goals += [Goal(f"{name}, first time", cold_ms, FIRST), Goal(f"{name}, warm", warm_ms, WARM)]
    return Section(
        "Comparing two editions",
        f"{size.criteria} criteria, {state.revisions} revisions; in the second and third rows each criterion has "
        "changed. Server time, without network. First: no process of this server has compared these two before.",
        table,
        counts=[
            Count("numbers of statements of a comparison, less one, first", len(first_sent) - 1, 0),
            Count("numbers of statements of a comparison, less one, warm", len(warm_sent) - 1, 0),
        ],
        goals=goals,
    )


def _asked(older: str, newer: str, role: Role | None = None) -> Asked:
    more = f"&pour={role.value}" if role else ""
    return Asked(f"/comparer?de={older}&a={newer}{more}", ('<h2 id="detail">', 'class="list changes"'))


def _seal_the_first_text(library: Library) -> str:
    """Seal the root of the history, before every other edition."""
    *_, (root, _commit) = library.snapshots.chain(library.head())
    edition = Edition(
        number=Number(2000, 0),
        commit=root,
        previous="",
        published=date(2000, 1, 1),
        applies=date(2000, 1, 1),
        status=SIGNED_STATUS,
        note="",
        audit="",
        builder=builder(),
        versions=versions(("html", "json", "zip")),
    )
    # No tag goes backwards: this one is put on the shelf by hand, which is all that pages read.
    files = build(library, edition)
    place = shelf_of(library).path / str(edition.number)
    for path, content in files.items():
        (place / SEALED / path).parent.mkdir(parents=True, exist_ok=True)
        (place / SEALED / path).write_bytes(content)
    (place / SEAL).write_text(replace(edition, manifest=manifest(files)).message, encoding="utf-8")
    (place / PUBLISHED).touch()
    return str(edition.number)
