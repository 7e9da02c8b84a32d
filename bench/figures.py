"""What a scenario gives back: a table, and what is judged in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two figures of one run, one over the other: judged."""

    what: str
    value: float
    most: float

    @property
    def holds(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.what}: × {self.value:.2f} (at most × {self.most:g})"


@dataclass(frozen=True, slots=True)
class Count:
    """A number that no machine excuses: judged."""

    what: str
    value: float
    most: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.what}: {self.value:g}{self.unit} (at most {self.most:g}{self.unit})"


@dataclass(frozen=True, slots=True)
class Goal:
    """What this machine took: told, never judged."""

    what: str
    value: float
    most: float
    unit: str = "ms"

    @property
    def holds(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.what}: {self.value:.1f} {self.unit} (goal {self.most:g} {self.unit})"


@dataclass(frozen=True, slots=True)
class Section:
    """One promise of the report. ``table`` has its headings first."""

    title: str
    how: str
    table: Sequence[Sequence[str]]
    ratios: Sequence[Ratio] = ()
    counts: Sequence[Count] = ()
    goals: Sequence[Goal] = ()

    @property
    def judged(self) -> list[Ratio | Count]:
        """What makes the run fail when it does not hold."""
        return [*self.ratios, *self.counts]

    @property
    def told(self) -> list[Ratio | Count | Goal]:
        """Everything, the goals last."""
        return [*self.judged, *self.goals]


class Wrong(Exception):
    """An answer is not the one that was asked for: its time would mean nothing."""


def middle(seconds: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return median(seconds) * 1000


def ms(value: float) -> str:
    """``3.14`` for a table."""
    return f"{value:.2f}"
