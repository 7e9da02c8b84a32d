"""What becomes of a decision once the library holds it, or once its operation is refused.

Registered with the journal under the kind ``decision``: recovery runs the same effects as the page.
"""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from referentiel.criteria.paths import code_of
from referentiel.database import session
from referentiel.errors import N_
from referentiel.journal import actions as journal
from referentiel.journal.models import MOVED, Operation
from referentiel.people.models import Person
from referentiel.permissions import Role
from referentiel.proposals.conditions import Given
from referentiel.proposals.delays import LAW
from referentiel.proposals.door import Hand, case_of, log, step
from referentiel.proposals.models import Decision, DecisionState
from referentiel.proposals.states import Step

KIND = "decision"


def _decision_of(operation: Operation) -> Decision:
    query = select(Decision).where(Decision.operation_id == operation.id)
    return session.scalars(query.options(joinedload(Decision.proposal))).one()


def _done(operation: Operation) -> None:
    """The library holds the decision: its state and that of its proposal say so.

    The table was asked when the second signature was given, in the transaction of the operation: it is not asked again
    of what Git already holds.
    """
    decision = _decision_of(operation)
    proposal = decision.proposal
    source, at = proposal.state, operation.closed_at or operation.time
    decision.state, decision.commit_id = DecisionState.EFFECTIVE, operation.commit
    proposal.state, proposal.resume_on = decision.outcome.state, decision.resume_on
    proposal.decision_number, proposal.decided_at = decision.number, decision.signed_at
    if decision.outcome.adopts:
        proposal.adopted_path = operation.final_path(proposal.path)
        proposal.code = code_of(proposal.adopted_path)
    log(
        proposal,
        Step.SIGN,
        source,
        proposal.state,
        Given(reason=decision.reason, plain_reason=decision.plain_reason),
        by=Hand(operation.by_id, operation.college) if operation.by_id else None,
        at=at,
        decision_id=decision.id,
        revision_id=decision.revision_id,
    )


def _refused(operation: Operation) -> None:
    """Nothing was written. The text moved: both signatures fall and the discussion resumes. Otherwise sign again."""
    decision = _decision_of(operation)
    proposal = decision.proposal
    at = operation.closed_at or operation.time
    decision.number = decision.operation_id = decision.signed_at = None
    if operation.cause != MOVED:
        decision.state = DecisionState.PENDING
        decision.signatures[:] = [signature for signature in decision.signatures if signature.rank == 1]
        return
    decision.state = DecisionState.PENDING
    session.flush()
    case = case_of(proposal, at=at, delays=LAW, decision=decision)
    given = Given(reason=N_("Le texte a changé entre-temps : la rédaction ne s’applique plus."), text_moved=True)
    step(proposal, Step.SEND_BACK, case, given, by=None, at=at, decision_id=decision.id)
    decision.state = DecisionState.VOID


def _rights(operation: Operation) -> bool:
    """Whether the second signatory may still sign: asked before a crash is repaired by replaying."""
    person = session.get(Person, operation.by_id) if operation.by_id else None
    return person is not None and Role.EDITOR in person.roles


journal.register_effect(KIND, _done, _refused, _rights)
