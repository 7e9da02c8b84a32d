"""The pages that people read: their time, and whether it depends on how long the history is."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

from bench.child import Answer, Child
from bench.figures import Goal, Ratio, Section, Wrong, middle, ms
from bench.sizes import QUIET, Size
from bench.state import State
from bench.texts import mark
from referentiel.criteria.document import Document
from referentiel.criteria.vocabulary import StructureType

WARM, FIRST = 4.0, 15.0
MOST = 1.2
COMMON, BEARERS = 6, 15
"""Letters from which a word of a title is worth looking for; how many titles may hold one that begins as it does"""


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, and what its answer must hold."""

    path: str
    needles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page. ``judged`` kinds are those promised; the others are told."""

    name: str
    pages: Callable[[State], list[Asked]]
    judged: bool = True


@dataclass(slots=True)
class Times:
    first: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    statements: int = 0


def criteria(state: State) -> list[Asked]:
    return [Asked(f"/criteres/{code}", (mark(code),)) for code in state.quiet]


def histories(state: State) -> list[Asked]:
    """The criteria of the recent history: five versions each, whatever came before."""
    return [
        Asked(f"/criteres/{code}/historique", (f'href="/propositions/{state.revisions - place}"',))
        for place, code in enumerate(state.quiet)
    ]


def long_histories(state: State) -> list[Asked]:
    """Criteria with some fifty versions, in pages of twenty."""
    return [Asked(f"/criteres/{code}/historique", (f"/criteres/{code}",)) for code in state.busy[:QUIET]]


def differences(state: State) -> list[Asked]:
    return [
        Asked(f"/propositions/{number}/differences", (f"Compléter {code}",))
        for number, code in zip(state.compared, state.long, strict=True)
    ]


def recent(state: State) -> list[Asked]:
    """From each edition to each later one, for all structures and for one type."""
    types = ["", *(kind.value for kind in StructureType)]
    addresses = [
        Asked(f"/comparer?de={older}&a={newer}&pour={one}", (f'<li id="{state.quiet[0]}">',))
        for one in types
        for older, newer in combinations(state.editions, 2)
    ]
    return addresses[:QUIET]


def searches(state: State) -> list[Asked]:
    """Words of titles, each of which finds its criterion, its variants, and whatever else holds it.

    A title comes before a text: when few criteria bear the word in theirs, all of these stand on the first page.
    """
    titles = {code: re.findall(r"\w+", _title(state, code).lower()) for code in state.codes}
    near = Counter(start for words in titles.values() for start in {word[: COMMON - 1] for word in words})
    found: dict[str, Asked] = {}
    for words in titles.values():
        for word in words:
            if len(word) >= COMMON and near[word[: COMMON - 1]] <= BEARERS and word not in found:
                needles = tuple(f'"/criteres/{code}"' for code, others in titles.items() if word in others)
                found[word] = Asked(f"/referentiel/?q={quote(word)}", needles)
                break
        if len(found) == QUIET:
            break
    return list(found.values())


def _title(state: State, code: str) -> str:
    text = (Path(state.instance) / "content" / "criteres" / f"{code}.md").read_text(encoding="utf-8")
    return re.sub(r"\([A-Z][0-9]+\)", "", Document.read(text).value("titre") or "")


def homes(_state: State) -> list[Asked]:
    return [Asked("/", ("<h1",))]


def proposals(state: State) -> list[Asked]:
    return [Asked("/propositions/", (f"/propositions/{state.compared[-1]}",))]


KINDS = (
    Kind("criterion in force", criteria),
    Kind("history of a criterion", histories),
    Kind("difference of 40 changed lines", differences),
    Kind("recent changes", recent),
    Kind("search", searches),
    Kind("home", homes, judged=False),
    Kind("list of proposals", proposals, judged=False),
)


def measure(long: State, short: State, size: Size) -> Section:
    """Each page in turn of the long history and of the short one, each in a process of its own."""
    with Child(long.settings) as ours, Child(short.settings) as theirs:
        # Templates and modules are loaded by the first answer of a process: that is its start, measured elsewhere.
        for child in (ours, theirs):
            for path in ("/", "/referentiel/", "/editions/"):
                right(child.ask(path), Asked(path, ("<h1",)))
        measured = [(kind, *_compare(kind, (ours, long), (theirs, short), size)) for kind in KINDS]
        fifty = Times()
        for turn in range(1 + size.rounds):
            for asked in long_histories(long):
                (fifty.warm if turn else fifty.first).append(right(ours.ask(asked.path), asked).seconds)
    table: list[Sequence[str]] = [
        ("", "first, ms", "warm, ms", "warm at the short history, ms", "ratio", "SQL statements")
    ]
    ratios, goals = [], []
    for kind, here, there in measured:
        warm, base, first = middle(here.warm), middle(there.warm), middle(here.first)
        table.append((kind.name, ms(first), ms(warm), ms(base), f"× {warm / base:.2f}", f"{here.statements}"))
        if kind.judged:
            ratios.append(Ratio(f"{kind.name}, long history over short", warm / base, MOST))
            goals += [Goal(f"{kind.name}, first time", first, FIRST), Goal(f"{kind.name}, warm", warm, WARM)]
    table.append(("history of fifty versions, first page", ms(middle(fifty.first)), ms(middle(fifty.warm)), "", "", ""))
    return Section(
        "Reading",
        f"{size.criteria} criteria; {long.revisions} revisions against {short.revisions}. Server time, from the "
        f"request to the last byte, without network. {QUIET} items of each kind, asked once each (first) and then "
        f"{size.rounds} times round (warm); the same items, with as many versions, in both states. The home page and "
        "the list of proposals are one address each, and are told without being promised.",
        table,
        ratios=ratios,
        goals=goals,
    )


def _compare(kind: Kind, ours: tuple[Child, State], theirs: tuple[Child, State], size: Size) -> tuple[Times, Times]:
    sides = [(child, kind.pages(state), Times()) for child, state in (ours, theirs)]
    for turn in range(1 + size.rounds):
        for place in range(len(sides[0][1])):
            for child, pages, times in sides[:: 1 if (turn + place) % 2 else -1]:
                answer = right(child.ask(pages[place].path), pages[place])
                (times.warm if turn else times.first).append(answer.seconds)
                times.statements = max(times.statements, answer.statements)
    return sides[0][2], sides[1][2]


def right(answer: Answer, asked: Asked) -> Answer:
    missing = [needle for needle in asked.needles if needle not in answer.text]
    if answer.status != 200 or missing:
        raise Wrong(f"{asked.path} answered {answer.status}, without « {' », « '.join(missing)} »")
    if answer.header("set-cookie"):
        raise Wrong(f"{asked.path} sets a cookie on a reader")
    return answer
