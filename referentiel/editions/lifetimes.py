"""When an edition holds: to come, in force, replaced; and where the same page stands in the other editions. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from referentiel.editions.edition import Edition, in_force, newer_than

Phase = Literal["to_come", "in_force", "replaced"]
Presence = Literal["there", "withdrawn", "absent"]
Place = Literal["previous", "this", "next", "in_force", "latest"]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """``until`` is the first day on which a newer edition applies, which ``by`` is; both None while none is published.

    An edition whose successor applied first never was in force: its ``until`` is not after its ``since``.
    """

    phase: Phase
    since: date
    until: date | None = None
    by: Edition | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it was in force. Raises ValueError when nothing has replaced it."""
        if self.until is None:
            raise ValueError("nothing has replaced it")
        return self.until - timedelta(days=1)

    @property
    def held(self) -> bool:
        """Whether there is a day on which it is in force."""
        return self.until is None or self.since < self.until


@dataclass(frozen=True, slots=True)
class There:
    """A page of an edition, looked for in another. ``place`` says which one that is for the reader."""

    edition: Edition
    place: Place
    presence: Presence


def lifetime(editions: Sequence[Edition], edition: Edition, today: date) -> Lifetime:
    """Where an edition is in its life, on a day."""
    newer = newer_than(tuple(editions), edition.number)
    until = min((one.applies for one in newer), default=None)
    # Of two that begin to apply on the same day, the later one holds.
    by = next((one for one in reversed(newer) if one.applies == until), None)
    if until is not None and until <= today:
        return Lifetime("replaced", edition.applies, until, by)
    phase: Phase = "in_force" if edition.applies_on(today) else "to_come"
    return Lifetime(phase, edition.applies, until, by)


def around(
    editions: Sequence[Edition],
    edition: Edition,
    page: str,
    today: date,
    withdrawn: Mapping[str, Collection[str]],
) -> tuple[There, ...]:
    """The edition before, this one, the one after, the one in force and the last, each once, oldest first.

    ``withdrawn`` gives, for the number of an edition, the pages of what is withdrawn in it.
    """
    number = str(edition.number)
    before = max((one for one in editions if one.number < edition.number), key=lambda one: one.number, default=None)
    newer = newer_than(tuple(editions), edition.number)
    places: dict[str, tuple[Edition, Place]] = {number: (edition, "this")}
    candidates: tuple[tuple[Edition | None, Place], ...] = (
        (in_force(tuple(editions), today), "in_force"),
        (newer[-1] if newer else None, "latest"),
        (before, "previous"),
        (newer[0] if newer else None, "next"),
    )
    for one, place in candidates:
        if one is not None:
            places.setdefault(str(one.number), (one, place))
    ordered = sorted(places.values(), key=lambda pair: pair[0].number)
    return tuple(There(one, place, presence(one, page, withdrawn.get(str(one.number), ()))) for one, place in ordered)


def presence(edition: Edition, page: str, withdrawn: Collection[str]) -> Presence:
    """Whether an edition has a page, and whether what it tells is withdrawn there."""
    if f"{page}.html" not in edition.manifest:
        return "absent"
    return "withdrawn" if page in withdrawn else "there"


def withdrawn_in(editions: Sequence[Edition], page: str, withdrawn: Mapping[str, Collection[str]]) -> Edition | None:
    """The first edition that withdraws what the last one still withdraws; None when the last one does not."""
    found = None
    for one in sorted(editions, key=lambda edition: edition.number):
        gone = presence(one, page, withdrawn.get(str(one.number), ())) == "withdrawn"
        found = (found or one) if gone else None
    return found
