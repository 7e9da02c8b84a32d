"""A decision in tests: what its form must bring, and what it leaves in the library and in the tables."""

from git import Repo
from sqlalchemy import select

from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals import queries
from referentiel.proposals.models import Decision, Proposal

ASKED = "Tout passage vers une autre structure est préparé un mois avant."
REASONS = {
    "outcome": "adopted",
    "reason": "Prévenir tôt évite les ruptures.",
    "plain_reason": "Vous serez prévenu plus tôt.",
    "silence_employees": "Invités à trois ateliers.",
    "silence_siae": "Invitées trois fois.",
    "silence_spe": "Invités trois fois.",
}


def commits(library: Library) -> list[str]:
    """Messages of ``main``, latest first."""
    with Repo(library.path) as repo:
        return repo.git.log("--format=%B%x00", "main").split("\0")[:-1]


def again(number: int = 1) -> Proposal:
    session.expire_all()
    return queries.proposal(number)


def the_decision() -> Decision:
    session.expire_all()
    return session.scalars(select(Decision)).one()
