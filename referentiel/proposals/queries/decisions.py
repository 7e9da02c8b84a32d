"""Decisions: the one under way, and those that are public acts."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.dates import day
from referentiel.errors import N_, Unknown
from referentiel.library.library import Library
from referentiel.proposals.act import Written, path, read
from referentiel.proposals.door import under_way
from referentiel.proposals.models import Decision, DecisionState, Proposal


def decision(number: int) -> Decision:
    """A public act by its number. Raises :class:`Unknown` until both signatures have taken effect. Five statements."""
    found = (
        session.scalars(
            select(Decision)
            .where(Decision.number == number, Decision.state == DecisionState.EFFECTIVE)
            .options(joinedload(Decision.proposal), joinedload(Decision.revision))
        ).one_or_none()
        if 0 < number < 2**31
        else None
    )
    if found is None:
        raise Unknown(N_("Cette décision n’existe pas."))
    return found


def written(library: Library, number: int, *, at: str | None = None) -> Written:
    """A public act as the library holds it, at a commit or at the head. Raises :class:`Unknown` when it holds none.

    No SQL.
    """
    if number < 1:
        raise Unknown(N_("Cette décision n’existe pas."))
    try:
        return read(Document.read(library.read(path(number), at).text, path(number)))
    except Unknown:
        raise Unknown(N_("Cette décision n’existe pas.")) from None


def decision_under_way(of: Proposal) -> Decision:
    """The decision that waits for its second signature. Raises :class:`Unknown` when there is none."""
    found = under_way(of)
    if found is None:
        raise Unknown(N_("Aucune décision n’attend de signature sur cette proposition."))
    return found


def last_decision(of: Proposal) -> Decision | None:
    """The last one that took effect. One statement when the proposal was decided, else none."""
    if of.decision_number is None:
        return None
    return session.scalars(select(Decision).where(Decision.number == of.decision_number)).one_or_none()


def numbers(*, before: int | None = None, size: int = 50) -> tuple[Sequence[int], int]:
    """The numbers of the public acts, highest first, from below ``before`` on; and how many there are in all.

    Two statements.
    """
    effective = Decision.state == DecisionState.EFFECTIVE
    total = session.scalar(select(func.count()).select_from(Decision).where(effective)) or 0
    query = select(Decision.number).where(effective, Decision.number.is_not(None))
    if before is not None:
        query = query.where(Decision.number < before)
    found = session.scalars(query.order_by(Decision.number.desc()).limit(size))
    return [number for number in found if number is not None], total


def days_of_decisions() -> list[tuple[int, date]]:
    """Each public act by its number, with the day of its second signature. One statement."""
    rows = session.execute(
        select(Decision.number, Decision.signed_at)
        .where(Decision.state == DecisionState.EFFECTIVE)
        .order_by(Decision.number)
    )
    return [(number, day(signed)) for number, signed in rows if number is not None and signed is not None]


def decisions(*, page: int = 1, size: int = 20) -> tuple[Sequence[Decision], int]:
    """One page of the public acts, latest first, and how many there are. Two statements; 0.5 ms for 20,000."""
    total = session.scalar(select(func.count()).select_from(Decision).where(_effective)) or 0
    return latest_decisions(size, after=(page - 1) * size), total


def latest_decisions(size: int, *, after: int = 0) -> Sequence[Decision]:
    """The last public acts, latest first; ``after`` leaves out as many. One statement."""
    query = select(Decision).where(_effective).options(joinedload(Decision.proposal))
    return session.scalars(query.order_by(Decision.number.desc()).limit(size).offset(after)).all()


_effective = Decision.state == DecisionState.EFFECTIVE
