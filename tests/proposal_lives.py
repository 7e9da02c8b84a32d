"""Proposals brought to a state by the real actions, each on its day: a test begins where it has something to say."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from referentiel.criteria.document import Document
from referentiel.dates import PARIS
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals import actions
from referentiel.proposals.actions import Verdict
from referentiel.proposals.models import Decision, Proposal
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import Outcome, ProposalKind

SILENCES = dict.fromkeys(College, "Invité trois fois, sans réponse.")


def ago(days: float) -> datetime:
    """So many days before the test runs, at the same hour in Paris: a change of the clocks moves no date."""
    return (datetime.now(PARIS) - timedelta(days=days)).astimezone(UTC)


def sheet(title: str = "Prévenir un mois avant", **changes: object) -> Sheet:
    """A sheet that changes the statement of E4, unless ``changes`` say otherwise."""
    filled: dict[str, object] = {
        "title": title,
        "reason": "Des personnes apprennent la veille qu’elles changent de chantier.",
        "plain_change": "Je sais un mois avant où je vais.",
        "change_class": "substance",
        "sections": {"Énoncé": "Tout passage vers une autre structure est préparé un mois avant."},
        "licence": True,
    }
    return Sheet(**(filled | changes))  # type: ignore[arg-type]


def submitted(
    library: Library, by: Person, *, days: float = 40, path: str = "criteres/E4.md", **more: object
) -> Proposal:
    """Submitted so many days ago; ``more`` are fields of the sheet, or the ``kind``."""
    kind = more.pop("kind", ProposalKind.MODIFY)
    assert isinstance(kind, ProposalKind)
    where = "" if kind is ProposalKind.CREATE else path
    return actions.submit(library, sheet(**more), kind=kind, path=where, by=by, at=ago(days))  # type: ignore[arg-type]


def in_discussion(
    library: Library, by: Person, editor: Person, *, days: float = 40, path: str = "criteres/E4.md", **more: object
) -> Proposal:
    """Admitted on the day of its submission: past thirty days its window is closed."""
    proposal = submitted(library, by, days=days, path=path, **more)
    actions.admit(proposal, by=editor, at=ago(days))
    return proposal


def verdict(outcome: Outcome = Outcome.ADOPTED, **more: object) -> Verdict:
    filled: dict[str, object] = {
        "outcome": outcome,
        "reason": "Prévenir tôt évite les ruptures.",
        "plain_reason": "Vous serez prévenu plus tôt.",
        "silences": SILENCES,
    }
    return Verdict(**(filled | more))  # type: ignore[arg-type]


def in_decision(
    library: Library,
    proposal: Proposal,
    editor: Person,
    outcome: Outcome = Outcome.ADOPTED,
    *,
    days: float = 0,
    **more: object,
) -> Decision:
    """With its first signature."""
    return actions.propose_decision(
        library, proposal, verdict(outcome, **more), form_id=str(uuid4()), by=editor, at=ago(days)
    )


def decided(
    library: Library,
    proposal: Proposal,
    first: Person,
    second: Person,
    outcome: Outcome = Outcome.ADOPTED,
    *,
    days: float = 0,
    **more: object,
) -> Decision:
    """Signed twice, and written in the library."""
    decision = in_decision(library, proposal, first, outcome, days=days, **more)
    return actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=second, at=ago(days))


def statement(library: Library, code: str = "E4") -> str:
    """The statement of a criterion in the draft."""
    return Document.read(library.read(f"criteres/{code}.md").text).section("Énoncé") or ""
