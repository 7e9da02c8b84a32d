"""One proposal, one draft, and what happened to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from referentiel.database import session
from referentiel.errors import N_, Unknown
from referentiel.people.models import Person
from referentiel.proposals.conditions import Case
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of, under_way
from referentiel.proposals.models import Draft, Proposal, ProposalAuthor, Revision, StepLine


def proposal(number: int) -> Proposal:
    """A proposal by its public number. Raises :class:`Unknown`. One statement."""
    found = session.get(Proposal, number) if 0 < number < 2**31 else None
    if found is None:
        raise Unknown(N_("Cette proposition n’existe pas."))
    return found


def revision(of: Proposal, number: int) -> Revision:
    """One of its wordings, with its files. Raises :class:`Unknown`. One statement."""
    query = select(Revision).where(Revision.proposal_id == of.id, Revision.number == number)
    found = session.scalars(query.options(joinedload(Revision.files))).unique().one_or_none()
    if found is None:
        raise Unknown(N_("Cette rédaction n’existe pas."))
    return found


def case(of: Proposal, *, at: datetime, delays: Delays = LAW) -> Case:
    """The proposal as the workflow sees it, decision under way included. Two statements at most."""
    return case_of(of, at=at, delays=delays, decision=under_way(of))


def story(of: Proposal) -> Sequence[StepLine]:
    """Every step taken, oldest first. One statement."""
    return session.scalars(select(StepLine).where(StepLine.proposal_id == of.id).order_by(StepLine.id)).all()


def draft(number: int, *, by: Person) -> Draft:
    """One's own draft. Raises :class:`Unknown` alike for somebody else's and for a number never given."""
    found = session.get(Draft, number) if 0 < number < 2**31 else None
    if found is None or found.author_id != by.id:
        raise Unknown(N_("Ce brouillon n’existe pas."))
    return found


def draft_of_form(form_id: str, *, by: Person) -> Draft | None:
    """The draft that a form kept, if it is this person's. One statement."""
    return session.scalars(select(Draft).where(Draft.form_id == form_id, Draft.author_id == by.id)).one_or_none()


def drafts_of(person: Person) -> Sequence[Draft]:
    """One's own drafts, the latest first. One statement."""
    return session.scalars(select(Draft).where(Draft.author_id == person.id).order_by(Draft.updated_at.desc())).all()


def written_by(person: Person) -> Sequence[Proposal]:
    """The proposals that somebody wrote or is credited for, the latest first. One statement."""
    mine = select(ProposalAuthor.proposal_id).where(ProposalAuthor.person_id == person.id)
    return session.scalars(select(Proposal).where(Proposal.id.in_(mine)).order_by(Proposal.id.desc())).all()
