"""Who may do what: colleges, roles, and one table from each action to who may do it and on what condition.

The table speaks of protocols, never of models, and knows nothing of dates or states: those are in each life's own table
(``proposals.workflow``). The same table that allows an action also says whether to show its button, and gives the
sentence that explains a refusal.
"""

from referentiel.permissions.actions import Action
from referentiel.permissions.asking import could, may, needs_second_factor, require
from referentiel.permissions.roles import (
    COLLEGE_LABELS,
    FOUNDING_COLLEGES,
    ROLE_LABELS,
    SECOND_FACTOR_ROLES,
    College,
    Role,
)
from referentiel.permissions.table import TABLE
from referentiel.permissions.things import Actor
from referentiel.permissions.verdicts import ALLOWED, Verdict

__all__ = [
    "ALLOWED",
    "COLLEGE_LABELS",
    "FOUNDING_COLLEGES",
    "ROLE_LABELS",
    "SECOND_FACTOR_ROLES",
    "TABLE",
    "Action",
    "Actor",
    "College",
    "Role",
    "Verdict",
    "could",
    "may",
    "needs_second_factor",
    "require",
]
