"""The story that ``referentiel demo`` lives: invented people, what they say, ask and decide. Data only.

The first year is told once for all, the last months always lead to the present. Every person, structure and word here
is invented.
"""

from referentiel.commands.demo_story.errata import ERRATA
from referentiel.commands.demo_story.first_year import FIRST_YEAR
from referentiel.commands.demo_story.issues import ISSUES
from referentiel.commands.demo_story.last_weeks import LAST_WEEKS
from referentiel.commands.demo_story.new_and_gone import NEW_AND_GONE
from referentiel.commands.demo_story.people import CAST, EMPLOYEES, FACES, MARK, NAMES, PLACES, PROFESSIONALS
from referentiel.commands.demo_story.second_year import SECOND_YEAR
from referentiel.commands.demo_story.to_sign import TO_SIGN
from referentiel.commands.demo_story.voices import SUGGESTED, VOICES, WISHED
from referentiel.commands.demo_story.words import (
    Delay,
    Edit,
    Issue,
    Judgement,
    Place,
    Rewording,
    Said,
    Somebody,
    Suggested,
    Union,
    Verdict,
    Wish,
    Wished,
    Withdrawal,
)

__all__ = [
    "CAST",
    "EMPLOYEES",
    "FACES",
    "ISSUES",
    "MARK",
    "NAMES",
    "PLACES",
    "PROFESSIONALS",
    "SUGGESTED",
    "VOICES",
    "WISHED",
    "WISHES",
    "Delay",
    "Edit",
    "Issue",
    "Judgement",
    "Place",
    "Rewording",
    "Said",
    "Somebody",
    "Suggested",
    "Union",
    "Verdict",
    "Wish",
    "Wished",
    "Withdrawal",
]

WISHES: tuple[Wish, ...] = (*FIRST_YEAR, *NEW_AND_GONE, *SECOND_YEAR, *TO_SIGN, *LAST_WEEKS, *ERRATA)
