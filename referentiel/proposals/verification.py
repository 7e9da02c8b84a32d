"""The promise I7 for proposals: what a page says of a proposal is what its operation did. Two queries and the draft."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from referentiel.database import session
from referentiel.journal.models import DONE, Operation
from referentiel.library.library import Library
from referentiel.library.verification import Finding
from referentiel.proposals import act
from referentiel.proposals.models import Decision, DecisionState, Proposal
from referentiel.proposals.states import DECIDED


def check(library: Library) -> Iterator[Finding]:
    """One finding for each decision or proposal that says something else than the journal and the library."""
    written = select(Operation.id, Operation.commit).where(Operation.state == DONE)
    done = {row.id: row.commit for row in session.execute(written)}
    files = library.files(library.head())
    numbers = set()
    query = select(Decision).options(joinedload(Decision.proposal)).order_by(Decision.id)
    for decision in session.scalars(query).all():
        if decision.state is DecisionState.EFFECTIVE:
            numbers.add(decision.number)
            yield from _effective(decision, done, files)
        elif decision.state is DecisionState.WRITING and decision.operation_id in done:
            yield _finding(decision.proposal_id, "sa décision est écrite dans la bibliothèque, et sa page l’ignore")
    for proposal in session.scalars(select(Proposal).where(Proposal.state.in_(DECIDED))).all():
        if proposal.decision_number not in numbers:
            yield _finding(proposal.id, f"elle est « {proposal.state.label} » sans décision qui ait pris effet")


def _effective(decision: Decision, done: dict[str, str | None], files: Collection[str]) -> Iterator[Finding]:
    number = decision.number or 0
    if done.get(decision.operation_id or "", "") != decision.commit_id:
        yield _finding(decision.proposal_id, f"la décision {number} ne nomme pas le commit de son opération")
    if act.path(number) not in files:
        yield _finding(decision.proposal_id, f"la bibliothèque n’a pas la décision {number}")


def _finding(proposal: int, message: str) -> Finding:
    return Finding("I7", f"proposition {proposal}", f"{message} ; « referentiel reconcile » la remet d’accord")
