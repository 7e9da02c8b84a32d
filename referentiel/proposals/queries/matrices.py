"""The matrix of a proposal: each college beside the others, what it said and whether it is heard."""

from datetime import datetime

from referentiel.proposals.figures import Said, beside
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.hearings import heard_in_public
from referentiel.proposals.queries.positions import positions


def matrix(
    proposal: Proposal, *, at: datetime, people: int = 5, structures: int = 2, smallest: int = 5
) -> tuple[Said, ...]:
    """As everybody may read it: of employees, what was so when the month of ``at`` began. Six statements."""
    told = heard_in_public(proposal, at=at, people=people, structures=structures)
    return beside(positions(proposal, at=at, smallest=smallest), told)
