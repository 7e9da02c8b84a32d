"""What time brings to what is kept about people: answers noted, links cut, accounts closed, logs and letters deleted.

Nothing that a public act rests on is deleted before the acts are in an archive; when the archive cannot be written,
nothing of it is deleted. Each part is one write of its own: cut short, the next pass goes on from there.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, and_, exists, or_, select

from referentiel.comments.links import cards_accounts, cut_links, to_cut
from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.dates import PARIS, day
from referentiel.errors import NotAllowed
from referentiel.journal.purging import purge_security_log, security_lines
from referentiel.library.library import Library
from referentiel.people.accounts.idling import to_close, warn_idle
from referentiel.people.keeping import Keeping
from referentiel.people.models import Person, Session
from referentiel.people.upkeep import bare, ended_workshops, old_cards
from referentiel.privacy import traces
from referentiel.privacy.actions import erase
from referentiel.privacy.archives import archive
from referentiel.proposals.answering import note_answers
from referentiel.proposals.freezing import keep_month, spoken_of_by
from referentiel.proposals.models import Draft, Position, Proposal, ProposalAuthor, StepLine
from referentiel.proposals.states import CLOSED, State

log = logging.getLogger(__name__)

ENDED = CLOSED | {State.INADMISSIBLE}


def keep_to_time(settings: Settings, library: Library, *, secret: bytes, at: datetime) -> Mapping[str, int]:
    """Do all that is due; gives how much of each, without what was nothing. Run again at once, it does nothing."""
    keep = Keeping.of(settings)
    done = {
        "answers noted": note_answers(at=at, appeal=keep.appeal),
        "warned": warn_idle(at=at, keep=keep),
    }
    if anything_rests(at=at, keep=keep):
        done["archived"] = int(archive(settings, at=at) is not None)
        _keep_months(at=at, keep=keep)
        done["links cut"] = cut_links(at=at, keep=keep)
        done["accounts closed"] = _close(spent(at=at, keep=keep), settings, library, secret=secret, at=at)
        done["idle accounts closed"] = _close(to_close(at=at, keep=keep), settings, library, secret=secret, at=at)
        done["workshops and cards"] = bare(at=at, keep=keep)
        seals = {edition.header.get("audit", "") for edition in library.editions()}
        done["security log"] = purge_security_log(log_begins(at, keep), at=at, ends=seals)
        if done["links cut"] or done["workshops and cards"] or done["security log"]:
            with writing():
                traces.ask(at=at)
    return {name: number for name, number in done.items() if number}


def anything_rests(*, at: datetime, keep: Keeping) -> bool:
    """True when something that public acts were counted from has had its time. Six reads."""
    found = bool(
        session.scalar(select(Comment.id).where(to_cut(at=at, keep=keep)).limit(1))
        or spent(at=at, keep=keep)
        or to_close(at=at, keep=keep)
        or ended_workshops(at=at, keep=keep)
        or old_cards(at=at, keep=keep)
        or security_lines(log_begins(at, keep))
    )
    session.rollback()
    return found


def _keep_months(*, at: datetime, keep: Keeping) -> None:
    """A link that is cut is a voice less: what the public sees of employees says so when the month ends."""
    past = select(Comment.author_id).where(to_cut(at=at, keep=keep), Comment.author_id.is_not(None)).distinct()
    people = [number for number in session.scalars(past) if number is not None]
    session.rollback()
    if people:
        with writing():
            keep_month(spoken_of_by(*people), at=at)


def log_begins(at: datetime, keep: Keeping) -> datetime:
    """The midnight in Paris before which the security log is deleted: one purge a day, not one a line."""
    return datetime.combine(day(at - keep.security_log), time(), PARIS).astimezone(UTC)


def spent(*, at: datetime, keep: Keeping) -> list[Person]:
    """Accounts opened with a card that nothing keeps any more: no words are linked to them, no proposal of theirs or
    position on one waits or has just ended, nobody is signed in. One statement."""
    theirs = Person.id
    waits = or_(Proposal.state.not_in(ENDED), _moved_since(at - keep.answered))
    recent = at - keep.unanswered
    wrote = exists(
        select(ProposalAuthor.proposal_id)
        .join(Proposal, Proposal.id == ProposalAuthor.proposal_id)
        .where(ProposalAuthor.person_id == theirs, Proposal.submitted_at > recent, waits)
    )
    stood = exists(
        select(Position.id)
        .join(Proposal, Proposal.id == Position.proposal_id)
        .where(Position.person_id == theirs, Position.taken_at > recent, waits)
    )
    nothing = and_(
        Person.created_at <= at - keep.answered,
        ~exists(select(Comment.id).where(Comment.author_id == theirs)),
        ~exists(select(Session.id).where(Session.person_id == theirs, Session.expires_at > at)),
        ~exists(select(Draft.id).where(Draft.author_id == theirs, Draft.updated_at > at - keep.answered)),
        ~wrote,
        ~stood,
    )
    rows = select(Person).where(cards_accounts(), Person.erased_at.is_(None), nothing).order_by(Person.id)
    return list(session.scalars(rows))


def _moved_since(moment: datetime) -> ColumnElement[bool]:
    return exists(select(StepLine.id).where(StepLine.proposal_id == Proposal.id, StepLine.at > moment))


def _close(people: list[Person], settings: Settings, library: Library, *, secret: bytes, at: datetime) -> int:
    """Empty each account as its own person could; published words stay. The last administrator's waits."""
    closed = 0
    for person in people:
        try:
            erase(person, words=False, by=None, at=at, settings=settings, library=library, secret=secret)
            closed += 1
        except NotAllowed:
            log.warning("the last administrator does not come any more", extra={"kind": "idle"})
    return closed
