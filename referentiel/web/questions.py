"""Which questions are put to somebody: those of their workshop first, in its order, then every other one in force."""

from dataclasses import dataclass

from flask import g, url_for

from referentiel.comments.queries import answered
from referentiel.editions.queries import in_force
from referentiel.editions.summary import CriterionLine
from referentiel.people.models import Person
from referentiel.people.workshops.queries import workshop_of
from referentiel.web.clock import now
from referentiel.web.stores import library
from referentiel.web.texts import State, draft_state, edition_state


@dataclass(frozen=True, slots=True)
class Step:
    """Where a question stands among those of a workshop: ``number`` of ``count``, the first is 1."""

    number: int
    count: int


def today() -> State:
    """The text whose questions are asked: the edition in force, or the draft before the first one."""
    edition = in_force(library(), now())
    return edition_state(library(), edition) if edition else draft_state(library())


def of_workshop(who: Person | None) -> tuple[CriterionLine, ...]:
    """The questions of the workshop where this account was opened, in its order. One query a request at most."""
    if who is None or who.workshop_id is None:
        return ()
    kept: dict[int, tuple[CriterionLine, ...]] = g.setdefault("questions_of_workshops", {})
    if who.workshop_id not in kept:
        workshop = workshop_of(who)
        lines = {line.code: line for line in today().summary.in_force}
        kept[who.workshop_id] = tuple(lines[code] for code in workshop.criteria if code in lines) if workshop else ()
    return kept[who.workshop_id]


def step(code: str, who: Person | None) -> Step | None:
    """The place of a question in its workshop, or None when it is not one of them. One query at most."""
    codes = [line.code for line in of_workshop(who)]
    return Step(codes.index(code) + 1, len(codes)) if code in codes else None


def left_in_workshop(who: Person | None, *, after: str = "") -> CriterionLine | None:
    """The next question of the workshop that this person has not answered. Two queries at most."""
    lines = of_workshop(who)
    return _next(lines, after, answered(who) | {after}) if lines and who is not None else None


def following(code: str, who: Person, *, inside: bool = False) -> CriterionLine | None:
    """The next question that the person has not answered: of the workshop, else going round from ``code``.

    ``inside``: somebody else waits for the tablet, and the questions of the workshop are all that is put.
    """
    done, own = answered(who) | {code}, of_workshop(who)
    line = _next(own, code, done)
    return line if line or (inside and own) else _next(today().summary.in_force, code, done)


def after_skipping(code: str, who: Person, *, inside: bool = False) -> CriterionLine | None:
    """The question put to whoever passes ``code``: one that is further, never one already passed. None at the end."""
    own = of_workshop(who)
    lines = own if own and (inside or step(code, who)) else today().summary.in_force
    place = next((place for place, line in enumerate(lines) if line.code == code), len(lines))
    done = answered(who)
    return next((line for line in lines[place + 1 :] if line.code not in done), None)


def end_address(who: Person, *, inside: bool = False) -> str:
    """Where the last question leads whoever passes it: the end of a turn, the thanks, or all the questions."""
    if inside:
        return url_for("tablets.end")
    done = answered(who)
    line = next((line for line in (*of_workshop(who), *today().summary.in_force) if line.code in done), None)
    return url_for("commenting.thanks", code=line.code) if line else url_for("commenting.questions")


def first_address(who: Person | None) -> str:
    """Where somebody who has just come in is led: the first question of their workshop, else all of them."""
    line = left_in_workshop(who)
    return url_for("commenting.question", code=line.code) if line else url_for("commenting.questions")


def _next(lines: tuple[CriterionLine, ...], code: str, done: frozenset[str]) -> CriterionLine | None:
    start = next((place for place, line in enumerate(lines) if line.code == code), -1) + 1
    return next((line for line in (*lines[start:], *lines[:start]) if line.code not in done), None)
