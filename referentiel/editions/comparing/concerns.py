"""« Ce qui change pour moi » : whom a change concerns. Pure.

The rule, also in ``docs/decisions/``:

- a *structure* is concerned by every change of a criterion that binds, or bound, its type, down to its spelling and its
  place: it holds the text in its hands.
- an *employee in insertion* and *who prescribes* are not told of what says and asks the same: a typing mistake
  corrected, a place in a chapter. Then:
- an *employee in insertion* is concerned by what they are told and by what they can ask for: a criterion that comes or
  goes, its title, its statement, its plain text, the question that they are asked, its level, the structures that it
  binds, its handing over from one structure to the next. What serves to check or to measure is for professionals.
- *who prescribes* is concerned by what they do or hold: a criterion of the steps ``reperage`` and ``prescription``, one
  whose evidence they hold, one whose handing over names them, on either side; and any handing over that changes.

One side is enough: what no longer binds a type is news for it too.
"""

from referentiel.criteria.merging import FILE, KEY, SECTION
from referentiel.criteria.vocabulary import (
    PLAIN_TEXT,
    QUESTION,
    STATEMENT,
    EvidenceHolder,
    Labelled,
    Step,
    StructureType,
)
from referentiel.editions.comparing.differences import HANDING_OVER, ItemChange
from referentiel.editions.comparing.fates import Fate
from referentiel.errors import N_


class Role(Labelled):
    """Who asks. The value is in addresses, the label is a choice: « Je suis … »."""

    EMPLOYEE = "salarie", N_("Salarié·e en insertion")
    ACI = StructureType.ACI.value, StructureType.ACI.label
    AI = StructureType.AI.value, StructureType.AI.label
    EI = StructureType.EI.value, StructureType.EI.label
    ETTI = StructureType.ETTI.value, StructureType.ETTI.label
    EITI = StructureType.EITI.value, StructureType.EITI.label
    GEIQ = StructureType.GEIQ.value, StructureType.GEIQ.label
    PRESCRIBER = "prescripteur", N_("Prescripteur")

    @property
    def is_structure(self) -> bool:
        return self not in (Role.EMPLOYEE, Role.PRESCRIBER)


OF_EMPLOYEES = frozenset(
    {
        *(FILE, f"{KEY}titre", f"{KEY}niveau", f"{KEY}structures", f"{KEY}etat"),
        *(f"{SECTION}{title}" for title in (STATEMENT, PLAIN_TEXT, QUESTION, HANDING_OVER)),
    }
)
OF_PRESCRIBERS = frozenset({Step.OUTREACH.value, Step.PRESCRIPTION.value})
SILENT = frozenset({Fate.TYPO, Fate.MOVED})
"""What changes nothing of what is said, nor of what is asked"""


def concerns(role: Role | None, change: ItemChange) -> bool:
    """Whether this change of a criterion concerns who asks; each concerns who says nothing of themselves."""
    if role is None:
        return True
    if role.is_structure:
        return any(scope.holds_for(role.value) for scope in change.scopes)
    if change.fate in SILENT:
        return False
    if role is Role.EMPLOYEE:
        return not OF_EMPLOYEES.isdisjoint(change.parts)
    return f"{SECTION}{HANDING_OVER}" in change.parts or any(
        scope.step in OF_PRESCRIBERS or EvidenceHolder.PRESCRIBER.value in scope.holders or scope.relayed
        for scope in change.scopes
    )


def enters(role: Role, change: ItemChange) -> bool:
    """Whether a criterion in force on both sides begins to bind this type of structure."""
    both = change.was is not None and change.now is not None
    return both and role.is_structure and not _binds(role, change, 0) and _binds(role, change, 1)


def leaves(role: Role, change: ItemChange) -> bool:
    """Whether a criterion in force on both sides no longer binds this type of structure."""
    both = change.was is not None and change.now is not None
    return both and role.is_structure and _binds(role, change, 0) and not _binds(role, change, 1)


def _binds(role: Role, change: ItemChange, side: int) -> bool:
    return change.scopes[side].holds_for(role.value)
