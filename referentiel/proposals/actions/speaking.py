"""Taking position on a wording."""

from datetime import datetime

from sqlalchemy import select

from referentiel.database import session, writing
from referentiel.errors import N_
from referentiel.people.models import Person
from referentiel.permissions import Action, College, require
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.freezing import keep_month
from referentiel.proposals.models import Position, Proposal
from referentiel.proposals.states import Stance, State


def take_position(
    proposal: Proposal, stance: Stance, *, revision: int | None = None, by: Person, at: datetime
) -> Position:
    """Say what one thinks of the current wording; saying it again changes it. The public sees it of employees when the
    month ends.

    ``revision`` is the number of the wording that the person read. Raises :class:`NotNow` when it is no longer the
    current one, or when the proposal is not in discussion.
    """
    with writing():
        require(by, Action.TAKE_POSITION)
        if proposal.state is not State.IN_DISCUSSION:
            raise NotNow(
                N_("La proposition est « %(state)s » : on donne son avis pendant la discussion."),
                state=proposal.state.label,
            )
        current = proposal.revision
        if revision is not None and revision != current.number:
            raise NotNow(
                N_("La proposition a une nouvelle rédaction depuis que vous l’avez lue."),
                way_out=N_("Lisez la nouvelle rédaction, puis donnez votre avis."),
            )
        position = session.scalars(
            select(Position).where(Position.revision_id == current.id, Position.person_id == by.id)
        ).one_or_none()
        before = position.college if position is not None else None
        if College.EMPLOYEES in (before, College(by.college)):
            keep_month([proposal.id], at=at)
        if position is None:
            position = Position(proposal_id=proposal.id, revision_id=current.id, person_id=by.id)
            session.add(position)
        position.college, position.structure_id = College(by.college), by.structure_id
        position.stance, position.taken_at = stance, at
    return position
