"""What a page of contributions knows of its reader: which words are theirs, which suggestions they may apply."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from referentiel.comments.anchors import Target
from referentiel.comments.queries import own_numbers
from referentiel.comments.voices import Voice
from referentiel.people.models import Person
from referentiel.permissions import Action, may
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.talks import Talk, credited
from referentiel.proposals.states import State


@dataclass(frozen=True, slots=True)
class Taken:
    """A proposal that took words up, and in which of its wordings."""

    proposal: int
    revision: int


@dataclass(frozen=True, slots=True)
class Reader:
    """``own`` are the numbers of their own words, ``applies`` the proposal on which they may apply suggestions."""

    own: frozenset[int] = frozenset()
    applies: int | None = None
    credited: Mapping[int, Sequence[Taken]] = field(default_factory=dict)


def reader_of_item(voices: Iterable[Voice], kind: Target, key: str, who: Person | None) -> Reader:
    """On a criterion, or on the whole text. One statement when wishes are there, one more for who is signed in."""
    taken = {
        number: tuple(Taken(proposal.id, row.revision_number) for row, proposal in rows)
        for number, rows in credited([voice.id for voice in voices if voice.wish]).items()
    }
    return Reader(own=own_numbers(who, kind, key) if who else frozenset(), credited=taken)


def reader_of_proposal(proposal: Proposal, said: Talk, who: Person | None) -> Reader:
    """On a proposal. One statement for who is signed in; none for a passer-by."""
    applies = proposal.state is State.IN_DISCUSSION and bool(may(who, Action.APPLY_SUGGESTION, proposal))
    return Reader(
        own=own_numbers(who, Target.PROPOSAL, str(proposal.id)) if who else frozenset(),
        applies=proposal.id if applies else None,
        credited={
            number: tuple(Taken(row.proposal_id, row.revision_number) for row in rows)
            for number, rows in said.credited.items()
        },
    )
