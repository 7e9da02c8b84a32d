"""What one person thinks of proposals; whom to ask again because the wording is no longer the one that they read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from referentiel.database import session
from referentiel.people.models import Person
from referentiel.proposals.models import Position, Proposal, Revision
from referentiel.proposals.states import Stance, State


@dataclass(frozen=True, slots=True)
class OwnPosition:
    """The last position of a person on a proposal, and the number of the wording that it speaks of."""

    proposal: Proposal
    stance: Stance
    wording: int
    revision_id: int

    @property
    def others(self) -> tuple[Stance, ...]:
        """What they could say instead."""
        return tuple(stance for stance in Stance if stance is not self.stance)

    @property
    def to_say_again(self) -> bool:
        """The discussion goes on about another wording than the one that they read."""
        return self.proposal.state is State.IN_DISCUSSION and self.wording < self.proposal.revision_number


def own_position(proposal: Proposal, person: Person | None) -> OwnPosition | None:
    """The person's last position on this proposal, whatever the wording. One statement."""
    if person is None:
        return None
    found = session.execute(
        select(Position.stance, Revision.number, Revision.id)
        .join(Revision, Revision.id == Position.revision_id)
        .where(Position.proposal_id == proposal.id, Position.person_id == person.id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()
    return OwnPosition(proposal, *found) if found else None


def own_positions(person: Person) -> Sequence[OwnPosition]:
    """Their last position on each proposal, the latest proposal first. One statement."""
    rows = session.execute(
        select(Proposal, Position.stance, Revision.number, Revision.id)
        .join(Position, Position.proposal_id == Proposal.id)
        .join(Revision, Revision.id == Position.revision_id)
        .where(Position.person_id == person.id)
        .order_by(Proposal.id.desc(), Revision.number)
    )
    # Of several wordings, the last one replaces the others and keeps the place of the first.
    last = {proposal.id: OwnPosition(proposal, stance, number, wording) for proposal, stance, number, wording in rows}
    return tuple(last.values())


def to_ask_again(proposal: Proposal) -> frozenset[int]:
    """Who took position on an earlier wording and has said nothing of the present one, by number. One statement."""
    rows = session.scalars(
        select(Position.person_id)
        .join(Revision, Revision.id == Position.revision_id)
        .where(Position.proposal_id == proposal.id)
        .group_by(Position.person_id)
        .having(func.max(Revision.number) < proposal.revision_number)
    )
    return frozenset(rows)
