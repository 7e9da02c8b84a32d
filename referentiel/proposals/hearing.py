"""Whether a college was heard on a proposal: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from referentiel.permissions import FOUNDING_COLLEGES, College


class Reach(StrEnum):
    """Why a college is heard, or not: who is missing first."""

    NOBODY = "nobody"
    FEW_PEOPLE = "few_people"
    FEW_STRUCTURES = "few_structures"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Voice:
    """One person who commented or took position; ``structure_id`` is none for a card outside any structure."""

    person_id: int
    college: College
    structure_id: int | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard of one college since the last wording of substance. Numbers are for rules, not for screens.

    ``people_wanted`` and ``structures_wanted`` are how many it takes.
    """

    college: College
    people: int
    structures: int
    people_wanted: int = 5
    structures_wanted: int = 2

    @property
    def reach(self) -> Reach:
        if self.people >= self.people_wanted:
            return Reach.ENOUGH if self.structures >= self.structures_wanted else Reach.FEW_STRUCTURES
        return Reach.FEW_PEOPLE if self.people else Reach.NOBODY

    @property
    def heard(self) -> bool:
        return self.reach is Reach.ENOUGH

    @property
    def founding(self) -> bool:
        return self.college in FOUNDING_COLLEGES


def hear(voices: Iterable[Voice], *, people: int = 5, structures: int = 2) -> Mapping[College, Hearing]:
    """One hearing a college, in the order of the colleges. A person who speaks twice counts once."""
    spoken: dict[College, set[int]] = {college: set() for college in College}
    places: dict[College, set[int]] = {college: set() for college in College}
    for voice in voices:
        spoken[voice.college].add(voice.person_id)
        if voice.structure_id is not None:
            places[voice.college].add(voice.structure_id)
    return {
        college: Hearing(
            college,
            len(spoken[college]),
            len(places[college]),
            people_wanted=people,
            structures_wanted=structures,
        )
        for college in College
    }


def silent_founders(hearings: Mapping[College, Hearing]) -> tuple[College, ...]:
    """The founding colleges without which a decision needs a public justification."""
    return tuple(college for college in FOUNDING_COLLEGES if not hearings[college].heard)
