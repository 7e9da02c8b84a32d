"""From a confirmed text to its published edition, in every form: what the process that seals takes."""

import itertools
import multiprocessing
import resource
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bench.figures import Count, Goal, Section
from bench.sizes import Size
from bench.texts import criteria
from referentiel.commands.init import CONTENT
from referentiel.config import FORMATS
from referentiel.editions.edition import SIGNED_STATUS, Edition
from referentiel.editions.numbering import Number
from referentiel.editions.sealing.builder import builder, versions
from referentiel.editions.sealing.sealing import seal
from referentiel.editions.sealing.tidying import faults
from referentiel.library.library import Library

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
GOALS = {40: 15_000.0, 400: 90_000.0}
SITE = "https://referentiel.example"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Seconds of the whole, of the pages, and of each form in turn; the most memory, in MB; how many files, and MB."""

    whole: float
    pages: float
    forms: tuple[float, ...]
    memory: float
    files: int
    size: float
    wrong: int


def measure(folder: Path, size: Size) -> Section:
    """Each size in a process of its own, as the worker starts one: from its first instruction to the tag."""
    found = {count: _sealed(folder / f"{count}", count) for count in size.editions}
    table: list[Sequence[str]] = [("", *(f"{count} criteria" for count in found))]
    table.append(("texts, pages", *(_s(one.pages) for one in found.values())))
    for place, form in enumerate(FORMATS):
        table.append((form, *(_s(one.forms[place]) for one in found.values())))
    table.append(("whole process, to the tag", *(_s(one.whole) for one in found.values())))
    table.append(("memory, at most", *(f"{one.memory:.0f} MB" for one in found.values())))
    table.append(("sealed files", *(f"{one.files}, {one.size:.1f} MB" for one in found.values())))
    return Section(
        "Sealing an edition",
        "A text of so many criteria, some with sections of 40 and 400 lines, sealed in every form: the start of the "
        "process and its imports, the pages, each form, every file synchronised, the rename, the tag.",
        table,
        counts=[Count(f"wrong files among those of {count} criteria", one.wrong, 0) for count, one in found.items()],
        goals=[
            Goal(f"sealing {count} criteria in every form", one.whole * 1000, GOALS[count])
            for count, one in found.items()
            if count in GOALS
        ],
    )


def _sealed(folder: Path, count: int) -> Sealed:
    content = folder / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns("criteres"))
    (content / "criteres").mkdir()
    for one in criteria(CONTENT, count):
        (content / one.path).write_text(one.text, encoding="utf-8")
    Library.create(folder / "library.git", content, at=AT).close()
    began = time.time()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        return other.submit(_seal, folder, began).result()


def _seal(folder: Path, began: float) -> Sealed:
    library, reached = Library.open(folder / "library.git"), []
    edition = Edition(
        number=Number(2026, 1),
        commit=library.head(),
        previous="",
        published=date(2026, 1, 5),
        applies=date(2026, 1, 5),
        status=SIGNED_STATUS,
        note="",
        audit="",
        builder=builder(),
        versions=versions(FORMATS),
        site=SITE,
        formats=FORMATS,
    )
    start = time.time()
    edition = seal(library, folder / "editions", edition, at=AT, progress=lambda *_: reached.append(time.time()))
    end = time.time()
    forms = reached[-len(FORMATS) - 1 :]
    sealed = folder / "editions" / "2026.1" / "scelle"
    return Sealed(
        whole=end - began,
        pages=forms[0] - start,
        forms=tuple(after - before for before, after in itertools.pairwise(forms)),
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        files=len(edition.manifest),
        size=sum(path.stat().st_size for path in sealed.rglob("*")) / 2**20,
        wrong=len(faults(folder / "editions", edition)),
    )


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s"
