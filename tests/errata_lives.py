"""Errata brought to a state by the real actions, each on its day."""

from uuid import uuid4

from referentiel.criteria.erratum import RIGHT, SECTION, WRONG
from referentiel.criteria.paths import erratum_path
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals import actions
from referentiel.proposals.models import Decision, Proposal
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ProposalKind
from tests.proposal_lives import ago, decided

EDITION = "2026.0"
WORDS = "une transmission organisée"
CORRECTED = "une transmission organisée par écrit"


def erratum_sheet(**changes: object) -> Sheet:
    """A sheet that says other words for a passage of the statement of E4."""
    passage = {WRONG: changes.pop("wrong", WORDS), RIGHT: changes.pop("right", CORRECTED)}
    filled: dict[str, object] = {
        "title": "La transmission est écrite",
        "reason": "Le texte voté dit « par écrit » : ces mots ont été oubliés.",
        "plain_change": "",
        "change_class": "substance",
        "sections": passage,
        "keys": {SECTION: changes.pop("section", "Énoncé")},
        "licence": True,
    }
    return Sheet(**(filled | changes))  # type: ignore[arg-type]


def reported(
    library: Library, by: Person, *, days: float = 40, code: str = "E4", edition: str = EDITION, **more: object
) -> Proposal:
    """Asked for so many days ago."""
    return actions.submit(
        library,
        erratum_sheet(**more),
        kind=ProposalKind.ERRATUM,
        path=erratum_path(edition, code, "nouveau-1"),
        form_id=str(uuid4()),
        by=by,
        at=ago(days),
    )


def discussed(library: Library, by: Person, editor: Person, *, days: float = 40, **more: object) -> Proposal:
    proposal = reported(library, by, days=days, **more)
    actions.admit(proposal, by=editor, at=ago(days))
    return proposal


def adopted_erratum(
    library: Library, by: Person, first: Person, second: Person, *, days: float = 0, **more: object
) -> Decision:
    """Asked for, discussed, signed twice so many days ago."""
    return decided(library, discussed(library, by, first, days=days + 40, **more), first, second, days=days)
