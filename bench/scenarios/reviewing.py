"""A desk with two thousand open proposals: reading one, reading all, and whether deciding takes longer for it."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.backlog import QUIETER, TALKED, Backlog, fill
from bench.child import Answer, Child
from bench.figures import Count, Goal, Ratio, Section, Wrong, middle, ms
from bench.scenarios.reading import Asked
from bench.scenarios.writing import SESSION, Signable, ready_to_sign, sign
from bench.sizes import Size
from bench.state import State
from bench.texts import HUGE_LINES, LONG_LINES
from referentiel.library.library import Library
from referentiel.proposals import queries

DIFFERENCE, HUGE_DIFFERENCE, AGAIN = 15.0, 80.0, 5.0
TALKED_PAGE, DESK, ADOPT = 40.0, 40.0, 20.0
LISTED, APPLY, APPLY_AGAIN = 200, 250.0, 10.0
MOST = 1.25
SIGNED = 20


@dataclass(slots=True)
class Times:
    first: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    statements: set[int] = field(default_factory=set)

    def add(self, answer: Answer, turn: int) -> None:
        (self.warm if turn else self.first).append(answer.seconds)
        if turn:
            self.statements.add(answer.statements)


def measure(full: State, alone: State, size: Size) -> Section:
    """Pages of the full state, then signatures given in turn on it and on the same state without the proposals."""
    with Child(full.settings) as child, Child(alone.settings) as quiet:
        backlog: Backlog = child.call(fill, full, size.proposals)
        for one in (child, quiet):
            one.ask("/propositions/")
        editor = {SESSION: full.cookies[str(full.editor)]}
        short = [Asked(f"/propositions/{number}/differences", ("revue",)) for number in full.compared]
        long = [Asked(f"/propositions/{number}/differences", ("revue",)) for number in backlog.huge]
        talked = Asked(f"/propositions/{backlog.talked}", (f"{TALKED}", f"sur la proposition {backlog.talked}"))
        quieter = Asked(f"/propositions/{backlog.quieter}", (f"{QUIETER}",))
        rivals = Asked(f"/propositions/{backlog.talked}/rivales", ("Deux propositions côte à côte",))
        pile = Asked("/bureau?pile=a-decider", ("À décider",))
        desk = Asked("/bureau", ("À vérifier", f"/propositions/{backlog.numbers[0]}"))
        times = {
            f"difference of {LONG_LINES} changed lines": _ask(child, short, size),
            f"difference of {HUGE_LINES} changed lines": _ask(child, long, size),
            f"proposal with {TALKED} comments": _ask(child, [talked], size, editor),
            f"proposal with {QUIETER} comments": _ask(child, [quieter], size, editor),
            "desk of an editor": _ask(child, [desk], size, editor),
            "fifty decisions to prepare": _ask(child, [pile], size, editor),
            "two rivals and the text of today": _ask(child, [rivals], size),
        }
        listed = backlog.numbers[len(full.huge) : len(full.huge) + LISTED]
        judged = [child.call(_still_apply, listed) for _ in range(1 + size.rounds)]
        ours, theirs = _sign_in_turn((child, full), (quiet, alone), min(SIGNED, size.written))
    table: list[Sequence[str]] = [("", "first, ms", "warm, ms", "SQL statements")]
    for name, asked in times.items():
        statements = ", ".join(map(str, sorted(asked.statements)))
        table.append((name, ms(middle(asked.first)), ms(middle(asked.warm)), statements))
    applying = [seconds for seconds, _ in judged]
    table.append((f"whether {len(listed)} proposals still apply", ms(applying[0] * 1000), ms(middle(applying[1:])), ""))
    table.append(("adopt", ms(ours[0] * 1000), ms(middle(ours)), ""))
    table.append(("adopt, without the open proposals", ms(theirs[0] * 1000), ms(middle(theirs)), ""))
    short_times, long_times, loud, low, waiting, *_others = times.values()
    return Section(
        "A full desk",
        f"{size.proposals} open proposals on {size.criteria} criteria and {full.revisions} revisions: a third on "
        "today's text, a third behind it, a third that collide with it. Server time, as above; the adoption is asked "
        "in turn of this state and of the same one without the open proposals.",
        table,
        ratios=[Ratio("adopt, with the open proposals over without", middle(ours) / middle(theirs), MOST)],
        counts=[
            Count(
                f"SQL statements more for {TALKED} comments than for {QUIETER}",
                max(loud.statements) - max(low.statements),
                0,
            )
        ],
        goals=[
            Goal(f"difference of {LONG_LINES} changed lines, first", middle(short_times.first), DIFFERENCE),
            Goal(f"difference of {HUGE_LINES} changed lines, first", middle(long_times.first), HUGE_DIFFERENCE),
            Goal(f"difference of {HUGE_LINES} changed lines, after", middle(long_times.warm), AGAIN),
            Goal(f"proposal with {TALKED} comments", middle(loud.warm), TALKED_PAGE),
            Goal("desk", middle(waiting.warm), DESK),
            Goal(f"whether {len(listed)} proposals still apply, first", applying[0] * 1000, APPLY),
            Goal(f"whether {len(listed)} proposals still apply, after", middle(applying[1:]), APPLY_AGAIN),
            Goal("adopt, durable, with the open proposals", middle(ours), ADOPT),
        ],
    )


def _still_apply(library: Library, numbers: Sequence[int]) -> tuple[float, dict[str, int]]:
    """The seconds it takes to say of each whether it applies, and how many gave each answer."""
    began = time.perf_counter()
    found = queries.standings(library, numbers)
    seconds = time.perf_counter() - began
    answers = Counter(found[number].value for number in numbers)
    if len(answers) < 2:
        raise Wrong(f"{len(numbers)} proposals were all told the same: {dict(answers)}")
    return seconds, dict(answers)


def _ask(child: Child, pages: Sequence[Asked], size: Size, cookies: dict[str, str] | None = None) -> Times:
    times = Times()
    for turn in range(1 + size.rounds):
        for asked in pages:
            answer = child.ask(asked.path, cookies=cookies)
            missing = [needle for needle in asked.needles if needle not in answer.text]
            if answer.status != 200 or missing:
                raise Wrong(f"{asked.path} answered {answer.status}, without « {' », « '.join(missing)} »")
            times.add(answer, turn)
    return times


def _sign_in_turn(
    here: tuple[Child, State], there: tuple[Child, State], count: int
) -> tuple[Sequence[float], Sequence[float]]:
    waiting: list[list[Signable]] = [
        child.call(ready_to_sign, state, state.busy[-count:]) for child, state in (here, there)
    ]
    times: tuple[list[float], list[float]] = ([], [])
    for place in range(count):
        for side in (0, 1) if place % 2 else (1, 0):
            child, state = (here, there)[side]
            times[side].append(sign(child, state, waiting[side][place], place))
    return times
