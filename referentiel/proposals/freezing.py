"""Before an act changes what the public sees of employees in this month: what it saw is kept until the month ends."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, cast, delete, or_, select

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import month, month_start
from referentiel.database import session
from referentiel.permissions import College
from referentiel.proposals.hearing import hear
from referentiel.proposals.models import Position, Proposal
from referentiel.proposals.months import EmployeesMonth
from referentiel.proposals.queries.hearings import last_substance, voices
from referentiel.proposals.queries.positions import counted
from referentiel.proposals.states import Stance


def keep_month(proposals: Iterable[int], *, at: datetime) -> None:
    """Keep the figures of employees on these proposals, by their numbers, as they were when the month of ``at`` began.

    To be called before the change, inside the caller's ``writing()``. A month that is kept is never kept again; those
    of before go. One statement when there is nothing to do, else seven, whatever the number of proposals.
    """
    asked = set(proposals)
    known = select(EmployeesMonth.proposal_id).where(EmployeesMonth.month == month(at))
    rows = session.scalars(select(Proposal).where(Proposal.id.in_(asked), Proposal.id.not_in(known))).all()
    if not rows:
        return
    numbers = [proposal.id for proposal in rows]
    session.execute(delete(EmployeesMonth).where(EmployeesMonth.proposal_id.in_(numbers)))
    until, since = month_start(at), last_substance(numbers)
    found, stances = voices(numbers, since, employees_until=until), counted(rows, until)
    for proposal in rows:
        counts, older = stances[proposal.id][College.EMPLOYEES]
        told = hear(found[proposal.id])[College.EMPLOYEES]
        session.add(
            EmployeesMonth(
                proposal_id=proposal.id,
                month=month(at),
                wording=proposal.revision_number,
                favourable=counts.get(Stance.FAVOURABLE, 0),
                reserved=counts.get(Stance.RESERVED, 0),
                unfavourable=counts.get(Stance.UNFAVOURABLE, 0),
                older=older,
                people=told.people,
                structures=told.structures,
            )
        )
    session.flush()


def spoken_of_by(*people: int) -> list[int]:
    """The proposals on which one of these people speaks as an employee. One statement."""
    took = select(Position.proposal_id).where(Position.person_id.in_(people), Position.college == College.EMPLOYEES)
    said = select(Comment.key).where(
        Comment.author_id.in_(people), Comment.kind == Target.PROPOSAL, Comment.college == College.EMPLOYEES
    )
    mine = or_(Proposal.id.in_(took), cast(Proposal.id, String).in_(said))
    return list(session.scalars(select(Proposal.id).where(mine)))
