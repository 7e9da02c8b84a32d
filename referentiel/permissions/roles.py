"""Colleges and roles: from where somebody speaks, and what they do besides taking part."""

from collections.abc import Mapping
from enum import StrEnum

from referentiel.errors import N_


class College(StrEnum):
    """The four colleges."""

    EMPLOYEES = "employees"
    SIAE = "siae"
    SPE = "spe"
    PARTNERS = "partners"

    @property
    def label(self) -> str:
        """How the screen names it."""
        return COLLEGE_LABELS[self]


COLLEGE_LABELS: Mapping[College, str] = {
    College.EMPLOYEES: N_("Salariés en insertion"),
    College.SIAE: N_("Structures (SIAE)"),
    College.SPE: N_("Référents du SPE"),
    College.PARTNERS: N_("État et partenaires"),
}

FOUNDING_COLLEGES = (College.EMPLOYEES, College.SIAE, College.SPE)


class Role(StrEnum):
    """What a person adds to a college. Everyone whose account is open is a participant."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """How the screen names it."""
        return ROLE_LABELS[self]


ROLE_LABELS: Mapping[Role, str] = {
    Role.PARTICIPANT: N_("Participation"),
    Role.FACILITATOR: N_("Animation des rencontres"),
    Role.EDITOR: N_("Édition"),
    Role.PUBLISHER: N_("Publication"),
    Role.ADMINISTRATOR: N_("Administration"),
}

SECOND_FACTOR_ROLES = frozenset({Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR})
