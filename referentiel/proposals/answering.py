"""When each contribution got its answer: computed by the worker from what is public, and written on its row.

An answer is a decision later than the words on what they speak of, the end of the proposal that they speak of, a
published reply by somebody else, or a refusal to publish that no appeal leaves open. Nobody is told here: the answer is
where its author comes back, and this is the moment from which the link to them begins to run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment, CommentAppeal, CommentEvent
from referentiel.comments.moderation import State as CommentState
from referentiel.criteria.changes import ChangeClass
from referentiel.database import session, writing
from referentiel.proposals.models import Credit, Decision, DecisionState, Proposal, StepLine
from referentiel.proposals.states import Outcome, State

CRITERIA = "criteres/"
FINAL = (Outcome.ADOPTED, Outcome.ADOPTED_WITH_CHANGES, Outcome.REFUSED)


@dataclass(frozen=True)
class Answers:
    """Everything that answers somebody, read once: moments in order, by what they answer."""

    on_criteria: Mapping[str, list[datetime]]
    on_proposals: Mapping[int, datetime]
    replies: Mapping[int, datetime]
    refusals: Mapping[int, datetime]
    credited: Mapping[int, Collection[int]] = field(default_factory=dict)

    def to(self, spoken: Comment) -> datetime | None:
        """The first of the answers to these words."""
        if spoken.closed_at is not None:
            return spoken.closed_at
        if spoken.state is CommentState.REMOVED:
            return self.refusals.get(spoken.id)
        return min((at for at in self._to_published(spoken) if at >= spoken.created_at), default=None)

    def _to_published(self, spoken: Comment) -> Iterable[datetime]:
        """Words that proposals took up wait for what becomes of the last of these, and for nothing else."""
        if spoken.id in self.credited:
            ends = [self.on_proposals.get(number) for number in self.credited[spoken.id]]
            yield from [max(at for at in ends if at)] if all(ends) else []
            return
        if spoken.id in self.replies:
            yield self.replies[spoken.id]
        if spoken.kind is Target.CRITERION:
            yield from self.on_criteria.get(spoken.key, ())
        elif spoken.kind is Target.PROPOSAL and int(spoken.key) in self.on_proposals:
            yield self.on_proposals[int(spoken.key)]


def note_answers(*, at: datetime, appeal: timedelta) -> int:
    """Write on each contribution that still has its author when it was answered; returns how many changed.

    ``appeal`` is how long the author of an inadmissible proposal may ask for a second look. Reads every such
    contribution: about 20 µs each. One write, when something changed.
    """
    answers = Answers(_on_criteria(), _on_proposals(at, appeal), _replies(), _refusals(), _credited())
    rows = session.scalars(select(Comment).where(Comment.author_id.is_not(None)).execution_options(yield_per=500))
    changed = {spoken.id: found for spoken in rows if (found := answers.to(spoken)) != spoken.answered_at}
    session.rollback()
    if not changed:
        return 0
    with writing() as current:
        current.execute(update(Comment), [{"id": number, "answered_at": found} for number, found in changed.items()])
    session.expire_all()
    return len(changed)


def _on_criteria() -> Mapping[str, list[datetime]]:
    """Code → when each final decision on it was signed."""
    found: dict[str, list[datetime]] = defaultdict(list)
    rows = session.execute(
        select(Proposal.path, Proposal.adopted_path, Decision.signed_at)
        .join(Decision, Decision.proposal_id == Proposal.id)
        .where(Decision.state == DecisionState.EFFECTIVE, Decision.outcome.in_(FINAL))
        # A corrected misprint answers nobody who spoke of the text.
        .where(Decision.change_class != ChangeClass.TYPO)
    )
    for path, adopted, signed in rows:
        for one in {path, adopted}:
            if one and signed and one.startswith(CRITERIA):
                found[one.removeprefix(CRITERIA).removesuffix(".md")].append(signed)
    return found


def _on_proposals(at: datetime, appeal: timedelta) -> Mapping[int, datetime]:
    """Proposal → when it ended for good. One that joined another ends with it; one that is inadmissible, after the
    time to appeal."""
    last = select(StepLine.proposal_id, func.max(StepLine.at).label("at")).group_by(StepLine.proposal_id).subquery()
    rows = session.execute(
        select(Proposal.id, Proposal.state, Proposal.decided_at, Proposal.merged_into_id, last.c.at).outerjoin(
            last, last.c.proposal_id == Proposal.id
        )
    ).all()
    ends: dict[int, datetime] = {}
    joined: dict[int, int] = {}
    for number, state, decided, into, ended in rows:
        if state in {State.ADOPTED, State.ADOPTED_WITH_CHANGES, State.REFUSED} and decided:
            ends[number] = decided
        elif (state is State.WITHDRAWN and ended) or (state is State.INADMISSIBLE and ended and ended <= at - appeal):
            ends[number] = ended
        elif into is not None:
            joined[number] = into
    for number in joined:
        target, seen = number, set()
        while target in joined and target not in seen:
            seen.add(target)
            target = joined[target]
        if target in ends:
            ends[number] = ends[target]
    return ends


def _replies() -> Mapping[int, datetime]:
    """Contribution → its first published reply by somebody else."""
    reply = aliased(Comment)
    rows = session.execute(
        select(Comment.id, func.min(reply.published_at))
        .join(reply, reply.parent_id == Comment.id)
        .where(
            reply.state == CommentState.PUBLISHED,
            (reply.author_id != Comment.author_id) | reply.author_id.is_(None),
        )
        .group_by(Comment.id)
    )
    return {number: published for number, published in rows if published}


def _credited() -> Mapping[int, Collection[int]]:
    """Contribution → the proposals that took it up."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, proposal in session.execute(select(Credit.contribution, Credit.proposal_id)):
        found[number].append(proposal)
    return found


def _refusals() -> Mapping[int, datetime]:
    """Contribution → when it was refused: the answer to the appeal when there was one; not while one waits."""
    refused = session.execute(
        select(CommentEvent.comment_id, func.max(CommentEvent.at))
        .where(CommentEvent.state == CommentState.REMOVED, CommentEvent.comment_id.is_not(None))
        .group_by(CommentEvent.comment_id)
    )
    appeals = {appeal.comment_id: appeal.decided_at for appeal in session.scalars(select(CommentAppeal))}
    found = {number: appeals.get(number, moment) for number, moment in refused if number is not None}
    return {number: moment for number, moment in found.items() if moment is not None}
