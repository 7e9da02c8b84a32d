"""What an import would do, said file by file and line by line. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from referentiel.criteria.paths import in_order


class Verdict(StrEnum):
    """What becomes of a line of the import."""

    REFUSED = "refused"
    CHANGED = "changed"
    NEW = "new"
    SAME = "same"
    ASIDE = "aside"
    """Not a part of the text: a licence, a note to the reader"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said of one file; ``number`` is its line (1 = first), 0 when it is about the whole file."""

    verdict: Verdict
    path: str
    words: str = ""
    number: int = 0

    @property
    def place(self) -> str:
        return f"{self.path}, ligne {self.number}" if self.number else self.path


@dataclass
class Report:
    """Every line, in the order of the verdicts, then of the files, then of their lines."""

    lines: list[Line] = field(default_factory=list)
    absent: int = 0
    """How many texts of ours the import does not hold: they stay as they are"""

    def refuse(self, path: str, words: str, number: int = 0) -> None:
        self.lines.append(Line(Verdict.REFUSED, path, words, number))

    def say(self, verdict: Verdict, path: str, words: str = "", number: int = 0) -> None:
        self.lines.append(Line(verdict, path, words, number))

    @property
    def refused(self) -> bool:
        return any(line.verdict is Verdict.REFUSED for line in self.lines)

    @property
    def changes(self) -> bool:
        return any(line.verdict in (Verdict.CHANGED, Verdict.NEW) for line in self.lines)

    def files(self, verdict: Verdict) -> int:
        """How many files have a line of this verdict."""
        return len({line.path for line in self.lines if line.verdict is verdict})

    def sorted(self) -> Iterable[Line]:
        order = list(Verdict)
        return sorted(self.lines, key=lambda line: (order.index(line.verdict), in_order(line.path), line.number))
