"""The criteria of the measured states: those of ``content/`` and their invented variants, each with its own mark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.sizes import QUIET
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of

STATEMENT = "Énoncé"
LONG_SECTION = "Points d'attention"
LONG_LINES = 40
HUGE, HUGE_LINES = 5, 400
"""How many criteria have a section of four hundred lines, as long as a section may be"""


@dataclass(frozen=True, slots=True)
class Written:
    """One criterion of a measured state."""

    code: str
    text: str

    @property
    def path(self) -> str:
        return path_of(Kind.CRITERION, self.code)


def mark(code: str) -> str:
    """Words that stand in one criterion alone: an answer that holds them is about this one."""
    return f"repère {code} du banc d’essai"


def revised(text: str, number: int) -> str:
    """The text after one more revision: the sentence of the mark says which."""
    document = Document.read(text)
    head, _, _ = (document.section(STATEMENT) or "").partition(" Relu à la révision")
    return document.with_section(STATEMENT, f"{head} Relu à la révision {number}.").text


def criteria(content: Path, count: int) -> list[Written]:
    """``count`` criteria: the real ones, then variants of them under codes that follow. Each bears its mark.

    The first ``QUIET`` are those of the recent history; the next ``QUIET`` have a section of forty lines to compare,
    the next ``HUGE`` one of four hundred.
    """
    sources = [Document.read(path.read_text(encoding="utf-8")) for path in sorted((content / "criteres").glob("*.md"))]
    codes = [source.value("code") or "" for source in sources]
    chosen = [*codes, *_more_codes(codes, count - len(codes))]
    return [_variant(sources[place % len(sources)], code, place) for place, code in enumerate(chosen[:count])]


def reworded(text: str) -> str:
    """The same criterion with each line of its long section changed by a few words."""
    document = Document.read(text)
    lines = (document.section(LONG_SECTION) or "").split("\n")
    changed = [line.replace("est relue", "est revue") for line in lines]
    return document.with_section(LONG_SECTION, "\n".join(changed)).text


def _variant(source: Document, code: str, place: int) -> Written:
    title = source.value("titre") or ""
    document = source.with_value("code", code).with_value("chapitre", code[0])
    if source.value("code") != code:
        document = document.with_value("titre", f"{title} ({code})").with_value("rang", str(int(code[1:]) * 10))
    document = document.with_section(STATEMENT, f"{document.section(STATEMENT)}\n\nVoici le {mark(code)}.")
    if QUIET <= place < 2 * QUIET:
        document = document.with_section(LONG_SECTION, "\n".join(_lines(code)))
    elif 2 * QUIET <= place < 2 * QUIET + HUGE:
        document = document.with_section(LONG_SECTION, "\n".join(_short_lines(code)))
    return Written(code, document.text)


def _lines(code: str) -> Iterator[str]:
    for number in range(1, LONG_LINES + 1):
        yield f"- Dans le cas {number} de {code}, la situation de la personne est relue avec elle, puis notée."


def _short_lines(code: str) -> Iterator[str]:
    for number in range(1, HUGE_LINES + 1):
        yield f"- Cas {number} de {code} : la note est relue."


def _more_codes(known: Sequence[str], count: int) -> Iterator[str]:
    letters = sorted({code[0] for code in known})
    number = {letter: max(int(code[1:]) for code in known if code[0] == letter) for letter in letters}
    for place in range(max(count, 0)):
        letter = letters[place % len(letters)]
        number[letter] += 1
        yield f"{letter}{number[letter]}"
