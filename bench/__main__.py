"""``python -m bench``: every promise, then ``docs/performance.md``. Exit status 1 when a ratio or a count is broken."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from bench import report, state
from bench.figures import Section
from bench.scenarios import (
    comparing,
    copied,
    crowd,
    hostile,
    reading,
    reviewing,
    sealed,
    sealing,
    starting,
    telephone,
    workshop,
    writing,
)
from bench.served import referentiel
from bench.sizes import SAMPLE, WHOLE, Size


class Run:
    """One run: its states are built when a scenario asks for them, and go with the folder."""

    def __init__(self, folder: Path, size: Size) -> None:
        self._folder, self._size = folder, size
        self._copies = 0

    @property
    def long(self) -> state.State:
        return state.ready(self._folder / "long", criteria=self._size.criteria, revisions=self._size.revisions)

    @property
    def short(self) -> state.State:
        return state.ready(self._folder / "short", criteria=self._size.criteria, revisions=self._size.few)

    def sealed(self) -> Section:
        with referentiel(self.long) as site:
            return sealed.measure(self.long, self._size, site, self._aside())

    def sealing(self) -> Section:
        return sealing.measure(self._aside(), self._size)

    def copied(self) -> Section:
        return copied.measure(self.long, self._size, self._aside())

    def reading(self) -> Section:
        return reading.measure(self.long, self.short, self._size)

    def comparing(self) -> Section:
        return comparing.measure(state.copied(self.long, self._aside()), self._size)

    def writing(self) -> Section:
        return writing.measure(state.copied(self.long, self._aside()), self._size, self._aside())

    def reviewing(self) -> Section:
        full, alone = (state.copied(self.long, self._aside()) for _ in range(2))
        return reviewing.measure(full, alone, self._size)

    def crowd(self) -> Section:
        return crowd.measure(state.copied(self.long, self._aside()), self._size)

    def workshop(self) -> Section:
        return workshop.measure(state.copied(self.long, self._aside()))

    def telephone(self) -> Section:
        return telephone.measure(state.copied(self.long, self._aside()))

    def starting(self) -> Section:
        return starting.measure(self.long, self._size)

    def rebuilding(self) -> Section:
        return starting.measure_rebuild(state.copied(self.long, self._aside()))

    def hostile(self) -> Section:
        return hostile.measure(self._size)

    def _aside(self) -> Path:
        self._copies += 1
        return self._folder / f"aside-{os.getpid()}-{self._copies}"


SCENARIOS: dict[str, Callable[[Run], Section]] = {
    "sealed": Run.sealed,
    "sealing": Run.sealing,
    "copied": Run.copied,
    "reading": Run.reading,
    "comparing": Run.comparing,
    "writing": Run.writing,
    "reviewing": Run.reviewing,
    "crowd": Run.crowd,
    "workshop": Run.workshop,
    "telephone": Run.telephone,
    "starting": Run.starting,
    "rebuilding": Run.rebuilding,
    "hostile": Run.hostile,
}


def measured(folder: Path, size: Size, names: Sequence[str] = tuple(SCENARIOS)) -> Iterator[Section]:
    """The scenarios of these names, in their order; states stand in ``folder``."""
    run = Run(folder, size)
    for name, scenario in SCENARIOS.items():
        if name in names:
            yield scenario(run)


@click.command(help="Measure speed and memory, and write docs/performance.md.")
@click.option("--quick", is_flag=True, help="A small sample: answers are checked, ratios are told and not judged.")
@click.option("--only", multiple=True, type=click.Choice(list(SCENARIOS)), help="This scenario alone; writes nothing.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the states here, and use those that are there.")
def main(quick: bool, only: tuple[str, ...], folder: Path | None) -> None:
    size, load = SAMPLE if quick else WHOLE, os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        sections = []
        for section in measured(folder or Path(scratch), size, only or tuple(SCENARIOS)):
            sections.append(section)
            click.echo(section.title)
            for one in section.told:
                click.echo(f"  {'+' if one.holds else '-'} {one}")
    if size.judged and not only:
        report.PLACE.write_text(report.text(sections, load), encoding="utf-8")
        click.echo(f"{report.PLACE.relative_to(report.ROOT)} is written.")
    failed = report.broken(sections) if size.judged else [str(c) for s in sections for c in s.counts if not c.holds]
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
