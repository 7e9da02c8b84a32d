"""The figures of a decision, as the table of its file: French words, whatever the language of who signs. Pure.

``peu`` is a number that would show a few people; ``non montré`` is what is not told at all.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from referentiel.permissions import College
from referentiel.proposals.figures import Said
from referentiel.proposals.hearing import Reach

COLLEGES: Mapping[College, str] = {
    College.EMPLOYEES: "Salariés en insertion",
    College.SIAE: "Structures (SIAE)",
    College.SPE: "Référents du SPE",
    College.PARTNERS: "État et partenaires",
}
REACHES: Mapping[Reach, str] = {
    Reach.NOBODY: "non : personne n’a parlé",
    Reach.FEW_PEOPLE: "non : trop peu de personnes",
    Reach.FEW_STRUCTURES: "non : trop peu de structures",
    Reach.ENOUGH: "oui",
}
INTRODUCTION = "Chiffres du jour de la première signature. Ils ne sont jamais recalculés."
HEADS = (
    "Collège",
    "Favorables",
    "Réservés",
    "Défavorables",
    "Sur une rédaction plus ancienne",
    "Personnes",
    "Structures",
    "Entendu",
    "Avis comptés avant le",
)
LITTLE, UNTOLD, NOW = "peu", "non montré", "jour de la signature"


def table(rows: Sequence[Said]) -> str:
    """The section, one line a college. :func:`read_table` reads it back."""
    lines = [HEADS, tuple("---" for _ in HEADS), *(_cells(row) for row in rows)]
    return "\n".join((INTRODUCTION, "", *(f"| {' | '.join(cells)} |" for cells in lines)))


def read_table(text: str) -> tuple[Said, ...]:
    """What :func:`table` wrote; nothing from an older file, which has no such table. Raises ``ValueError``."""
    labels = {label: college for college, label in COLLEGES.items()}
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n") if line.startswith("|")]
    return tuple(_row(labels[cells[0]], cells) for cells in lines if cells[0] in labels)


def _cells(row: Said) -> tuple[str, ...]:
    hidden = UNTOLD if row.few else LITTLE
    stances = (row.favourable, row.reserved, row.unfavourable)
    return (
        COLLEGES[row.college],
        *(hidden if number is None or row.few else str(number) for number in stances),
        LITTLE if row.older is None else str(row.older),
        *(UNTOLD if number is None else str(number) for number in (row.people, row.structures)),
        REACHES[row.reach],
        row.until.isoformat() if row.until else NOW,
    )


def _row(college: College, cells: Sequence[str]) -> Said:
    if len(cells) != len(HEADS):
        raise ValueError(f"{len(cells)} cells in the line of {college.value}")
    _label, yes, reserved, no, older, people, structures, reach, until = cells
    few = yes == UNTOLD
    return Said(
        college=college,
        favourable=_number(yes),
        reserved=_number(reserved),
        unfavourable=_number(no),
        older=_number(older),
        few=few,
        until=None if until == NOW else date.fromisoformat(until),
        people=_number(people),
        structures=_number(structures),
        reach={words: reach for reach, words in REACHES.items()}[reach],
    )


def _number(cell: str) -> int | None:
    return None if cell in (LITTLE, UNTOLD) else int(cell)
