"""After a restoration: what the library decided while the database slept enters the life of its proposals again.

Git knows the decision, its reasons and its colleges; it knows nobody's name. A second signature that only the lost days
of the database knew is therefore not made up: the decision says that it took effect, and when.
"""

from collections.abc import Iterator

from sqlalchemy import select

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key
from referentiel.database import session, writing
from referentiel.journal.models import Operation
from referentiel.library.objects import blob_id
from referentiel.library.reconciling import RESTORED
from referentiel.permissions import College
from referentiel.proposals import act
from referentiel.proposals.actions.deciding import act_of, college_row
from referentiel.proposals.door import log, under_way
from referentiel.proposals.models import (
    Basis,
    Decision,
    DecisionCollege,
    DecisionFile,
    DecisionState,
    Proposal,
    Revision,
)
from referentiel.proposals.states import Outcome, State, Step
from referentiel.proposals.workflow import Given


def catch_up() -> list[str]:
    """Give their state back to the proposals that the library decided; a French line for each. Twice is once.

    To be called after ``library.reconciling.reconcile``, which gives the journal its operations back.
    """
    known = select(Decision.operation_id).where(Decision.operation_id.is_not(None))
    waiting = session.scalars(select(Operation.id).where(Operation.kind == RESTORED, Operation.id.not_in(known))).all()
    session.rollback()
    return [line for place in sorted(waiting, key=_number) for line in _caught_up(place)]


def _number(identity: str) -> int:
    operation = session.get_one(Operation, identity)
    return next((said.number for said in _acts(operation)), 0)


def _acts(operation: Operation) -> Iterator[act.Written]:
    """The decision that an operation wrote: one at most."""
    for row in operation.files:
        if kind_and_key(row["path"])[0] is Kind.DECISION:
            yield act.read(Document.read(row["text"], row["path"]))


def _caught_up(identity: str) -> Iterator[str]:
    """Nothing for a proposal, or a wording, that the database never knew: the file of the library is read instead."""
    with writing() as rows:
        operation = rows.get_one(Operation, identity)
        for said in _acts(operation):
            proposal = rows.get(Proposal, said.proposal)
            revision = (
                next((one for one in proposal.revisions if one.number == said.revision), None) if proposal else None
            )
            if proposal is not None and revision is not None:
                _take_effect(_decision(proposal, revision, said, operation), said.item, operation)
                yield f"proposition {proposal.id} : la décision {said.number} prend effet de nouveau"


def _decision(proposal: Proposal, revision: Revision, said: act.Written, operation: Operation) -> Decision:
    """The row of the decision: the one that waited for its second signature when it says the same, else a new one."""
    made = Decision(
        proposal=proposal,
        revision=revision,
        state=DecisionState.VOID,
        outcome=said.outcome,
        change_class=said.change_class,
        reason=said.reason,
        plain_reason=said.plain_reason,
        resume_on=said.resume_on,
        proposed_at=operation.time,
        form_id=operation.id,
    )
    if said.outcome is Outcome.ADOPTED_WITH_CHANGES:
        made.amended_at = made.author_answered_at = operation.time
        made.amended_files = list(_amended(operation))
    made.colleges = list(_colleges(said))
    made.digest = act_of(made).digest
    waited = under_way(proposal)
    if waited is not None and waited.digest == made.digest:
        made = waited
    elif waited is not None:
        waited.state = DecisionState.VOID
    session.add(made)
    made.number, made.operation_id, made.signed_at = said.number, operation.id, operation.time
    return made


def _amended(operation: Operation) -> Iterator[DecisionFile]:
    for row in operation.files:
        if kind_and_key(row["path"])[0] is not Kind.DECISION:
            yield DecisionFile(path=row["path"], before_blob=row["before"], text=row["text"], blob=blob_id(row["text"]))


def _colleges(written: act.Written) -> Iterator[DecisionCollege]:
    figures = {row.college: row for row in written.said}
    for college in College:
        basis = Basis.NOT_REQUIRED
        if college in written.heard:
            basis = Basis.HEARD
        elif college in written.silences:
            basis = Basis.SILENCE_JUSTIFIED
        yield college_row(college, basis, written.silences.get(college, ""), figures.get(college))


def _take_effect(decision: Decision, item: str, operation: Operation) -> None:
    """``item`` is the code of what was proposed on, as the act tells it."""
    proposal = decision.proposal
    decision.state, decision.commit_id = DecisionState.EFFECTIVE, operation.commit
    proposal.state, proposal.resume_on = decision.outcome.state, decision.resume_on
    proposal.decision_number, proposal.decided_at = decision.number, decision.signed_at
    if decision.outcome.adopts:
        written = [row["path"] for row in operation.files if kind_and_key(row["path"])[0] is not Kind.DECISION]
        main = next((path for path in written if kind_and_key(path)[1] == item), written[0])
        proposal.adopted_path = main
        proposal.code = kind_and_key(main)[1]
    session.flush()
    log(
        proposal,
        Step.SIGN,
        State.IN_DECISION,
        proposal.state,
        Given(reason=decision.reason, plain_reason=decision.plain_reason),
        by=None,
        at=operation.time,
        decision_id=decision.id,
        revision_id=decision.revision_id,
    )
