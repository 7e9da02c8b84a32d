"""Where the story of the demonstration takes place: its calendar, what was made so far, and the acts to come.

Acts are planned in the order of the story and done in the order of time, each by the real action: what the tables of
rights, steps and dates refuse stops the story.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from referentiel.config import Settings
from referentiel.dates import PARIS
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.people.queries import person as person_of

FIRST_DAY = date(2026, 1, 12)
LEAST_LIFE = timedelta(days=300)
WORKING_HOURS = 8 * 60

Deed = Callable[[datetime], object]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Calendar:
    """Days of the story as moments: positive from the first day, negative from today."""

    now: datetime

    def day(self, number: int) -> date:
        today = self.now.astimezone(PARIS).date()
        return (min(FIRST_DAY, today - LEAST_LIFE) if number >= 0 else today) + timedelta(days=number)

    def moment(self, number: int, what: str) -> datetime:
        """A working hour of that day, always the same for the same act."""
        minutes = int.from_bytes(hashlib.sha256(what.encode()).digest()[:2]) % WORKING_HOURS
        return (datetime.combine(self.day(number), time(9), PARIS) + timedelta(minutes=minutes)).astimezone(UTC)


@dataclass(order=True)
class Act:
    """Something that somebody does at a moment; acts of one moment keep the order in which they were planned."""

    at: datetime
    rank: int
    do: Deed = field(compare=False)


@dataclass
class World:
    """One instance being lived: what each name of the story became."""

    library: Library
    settings: Settings
    secret: bytes
    calendar: Calendar
    places: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    workshops: dict[str, int] = field(default_factory=dict)
    proposals: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    plans: dict[int, int] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)

    def on(self, number: int, what: str, do: Deed) -> None:
        """Plan an act on a day of the story."""
        self.acts.append(Act(self.calendar.moment(number, what), len(self.acts), do))

    def live(self, after_each: Deed, progress: Progress | None = None) -> None:
        """Do every act in the order of time."""
        acts = sorted(self.acts)
        for done, act in enumerate(acts, 1):
            act.do(act.at)
            after_each(act.at)
            if progress:
                progress(done, len(acts))

    def person(self, key: str) -> Person:
        return person_of(self.people[key])


def form_of(what: str) -> str:
    """The number of the form by which an act is sent."""
    return str(uuid5(NAMESPACE_URL, f"demonstration:{what}"))
