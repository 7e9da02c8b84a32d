"""What each college said of a wording, as everybody may read it: one row each, side by side, never added up. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from referentiel.permissions import FOUNDING_COLLEGES, College
from referentiel.proposals.hearing import Hearing, Reach


@dataclass(frozen=True, slots=True)
class CollegePositions:
    """The positions of one college on the current wording.

    ``few``: some, but fewer people than may be shown; then there are no figures. None is a number that would show a few
    people. ``older`` counts those who spoke of an earlier wording and not of this one. ``until`` is the day where
    figures stop, when they do.
    """

    college: College
    favourable: int | None = 0
    reserved: int | None = 0
    unfavourable: int | None = 0
    older: int | None = 0
    few: bool = False
    until: date | None = None

    @property
    def silent(self) -> bool:
        return not self.few and (self.favourable, self.reserved, self.unfavourable) == (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Said(CollegePositions):
    """One row of the matrix: the positions of a college, how many people of how many structures spoke, and whether that
    is enough.

    ``people`` and ``structures`` are none when they would give back what the positions hide.
    """

    people: int | None = 0
    structures: int | None = 0
    reach: Reach = Reach.NOBODY

    @property
    def heard(self) -> bool:
        return self.reach is Reach.ENOUGH

    @property
    def founding(self) -> bool:
        return self.college in FOUNDING_COLLEGES


def beside(positions: Iterable[CollegePositions], hearings: Mapping[College, Hearing]) -> tuple[Said, ...]:
    """The matrix: of employees, neither how many spoke nor from how many structures, as soon as one did."""
    return tuple(_said(row, hearings[row.college]) for row in positions)


def _said(row: CollegePositions, told: Hearing) -> Said:
    hidden = row.college is College.EMPLOYEES and told.people > 0
    return Said(
        college=row.college,
        favourable=row.favourable,
        reserved=row.reserved,
        unfavourable=row.unfavourable,
        older=row.older,
        few=row.few,
        until=row.until,
        people=None if hidden else told.people,
        structures=None if hidden else told.structures,
        reach=told.reach,
    )
