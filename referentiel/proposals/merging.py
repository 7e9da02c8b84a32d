"""Two accounts of one professional become one: what of their proposals forbids it, and what to do before rows move.

Every rule that asks for two people looks at accounts: one person with two of them could have written and signed, or
signed twice. Making the accounts one would then say something else of a decision than what it was: it is refused.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, delete, func, select, union

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.database import session
from referentiel.errors import N_, NotAllowed
from referentiel.proposals.freezing import keep_month, spoken_of_by
from referentiel.proposals.models import (
    Credit,
    Decision,
    DecisionState,
    Position,
    Proposal,
    ProposalAuthor,
    Signature,
    StepLine,
)
from referentiel.proposals.states import DECIDED, Step

EXAMINED = (Step.ADMIT, Step.ASK_COMPLETION, Step.DECLARE_INADMISSIBLE, Step.PROPOSE_DECISION, Step.SEND_BACK)
JUDGED = (Step.ADMIT, Step.ASK_COMPLETION, Step.DECLARE_INADMISSIBLE)

WROTE_AND_SIGNED = N_("L’un a écrit une proposition, l’autre a signé sa décision (numéro : %(numbers)s).")
WROTE_AND_EXAMINED = N_("L’un a écrit une proposition, l’autre l’a examinée (numéro : %(numbers)s).")
SIGNED_TWICE = N_("Les deux ont signé une même décision, qui demande deux personnes (proposition : %(numbers)s).")
JUDGED_TWICE = N_("L’un a déclaré une proposition irrecevable, l’autre a lu le recours (numéro : %(numbers)s).")
COUNTED_TWICE = N_(
    "Les deux se sont exprimés sur une proposition décidée, qui a compté deux personnes (numéro : %(numbers)s)."
)


def obstacles(one: int, two: int) -> Iterator[NotAllowed]:
    """What these two accounts did that one person may not do twice, or not at all. Five statements."""
    accounts = (one, two)
    signed = (
        select(Decision.proposal_id, Signature.person_id, Signature.decision_id)
        .join(Decision, Decision.id == Signature.decision_id)
        .where(Signature.person_id.in_(accounts), Decision.state != DecisionState.VOID)
        .subquery()
    )
    wrote = union(
        select(ProposalAuthor.proposal_id, ProposalAuthor.person_id).where(ProposalAuthor.person_id.in_(accounts)),
        # Whoever is credited judges no more than who proposes.
        select(Credit.proposal_id, Comment.author_id)
        .join(Comment, Comment.id == Credit.contribution)
        .where(Comment.author_id.in_(accounts)),
    ).subquery()
    examined = (
        select(StepLine.proposal_id, StepLine.by_id)
        .where(StepLine.by_id.in_(accounts), StepLine.step.in_(EXAMINED), StepLine.proposal_id.is_not(None))
        .distinct()
        .subquery()
    )
    yield from _each(
        WROTE_AND_SIGNED,
        select(wrote.c.proposal_id).join(
            signed, (signed.c.proposal_id == wrote.c.proposal_id) & (signed.c.person_id != wrote.c.person_id)
        ),
    )
    yield from _each(
        WROTE_AND_EXAMINED,
        select(wrote.c.proposal_id).join(
            examined, (examined.c.proposal_id == wrote.c.proposal_id) & (examined.c.by_id != wrote.c.person_id)
        ),
    )
    # Signatures that fell keep their rows: one person has one at most on each decision.
    yield from _each(
        SIGNED_TWICE,
        select(Decision.proposal_id)
        .join(Signature, Signature.decision_id == Decision.id)
        .where(Signature.person_id.in_(accounts))
        .group_by(Decision.id, Decision.proposal_id)
        .having(func.count() > 1),
    )
    yield from _each(
        JUDGED_TWICE,
        select(Proposal.id)
        .join(StepLine, StepLine.proposal_id == Proposal.id)
        .where(
            Proposal.declared_inadmissible_by_id.in_(accounts),
            StepLine.by_id.in_(accounts),
            StepLine.by_id != Proposal.declared_inadmissible_by_id,
            StepLine.step.in_(JUDGED),
            StepLine.at >= Proposal.appealed_at,
        ),
    )
    yield from _each(COUNTED_TWICE, _counted_twice(accounts))


def settle(other: int, into: int, *, at: datetime) -> None:
    """Before rows move: what both have on the same thing, once. Inside the caller's ``writing()``.

    What the public sees of employees on those proposals stays until the month ends.
    """
    keep_month(spoken_of_by(other, into), at=at)
    co_authored = select(ProposalAuthor.proposal_id).where(ProposalAuthor.person_id == into)
    session.execute(
        delete(ProposalAuthor)
        .where(ProposalAuthor.person_id == other, ProposalAuthor.proposal_id.in_(co_authored))
        .execution_options(synchronize_session=False)
    )
    for revision in session.scalars(
        select(Position.revision_id)
        .where(Position.person_id.in_((other, into)))
        .group_by(Position.revision_id)
        .having(func.count() > 1)
    ).all():
        theirs = select(Position).where(Position.revision_id == revision, Position.person_id.in_((other, into)))
        older = session.scalars(theirs.order_by(Position.taken_at, Position.id)).first()
        if older is not None:
            session.delete(older)
    session.flush()


def _counted_twice(accounts: tuple[int, int]) -> Select[Any]:
    """The decided proposals on which each of the two accounts was a voice."""
    decided = select(Proposal.id).where(Proposal.state.in_(DECIDED))
    commented = (
        select(Proposal.id, Comment.author_id)
        .join(Comment, (Comment.kind == Target.PROPOSAL) & (Comment.key == cast(Proposal.id, String)))
        .where(Comment.author_id.in_(accounts), Comment.published_at.is_not(None))
    )
    took = select(Position.proposal_id, Position.person_id).where(Position.person_id.in_(accounts))
    voices = union(took, commented).subquery()
    number, person = voices.c
    return select(number).where(number.in_(decided)).group_by(number).having(func.count(person.distinct()) > 1)


def _each(sentence: str, numbers: Select[Any]) -> Iterator[NotAllowed]:
    """One sentence for all the proposals that it is about; none when there is none."""
    found = sorted(set(session.scalars(numbers)))
    if found:
        yield NotAllowed(sentence, numbers=", ".join(str(number) for number in found))
