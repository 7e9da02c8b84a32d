"""The letters of what people are told: an answer to them at once, the rest once a day. Words alone are pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.database import session
from referentiel.dates import day, long_date
from referentiel.notices.desk import Desk
from referentiel.notices.letters import (
    FOR_THE_DAY,
    Letter,
    answer_letter,
    credited_letter,
    digest_letter,
    step_letter,
    structure_letter,
)
from referentiel.notices.models import Notice
from referentiel.notices.reminding import ASK_AGAIN, ask_again_letter, reminder, waits_for
from referentiel.notices.telling import BY_THE_DAY, DIGEST
from referentiel.notices.unsubscribing import What, token
from referentiel.people.accounts.settling import REFUSED as REFUSED_STRUCTURE
from referentiel.people.models import Mail, Person
from referentiel.proposals.actions.reminding import EVENT as REMINDER
from referentiel.proposals.door import CLOSING
from referentiel.proposals.models import Decision, Proposal


@dataclass(frozen=True, slots=True)
class Told:
    """What the notices of one letter speak of, by number."""

    proposals: Mapping[int, Proposal]
    decisions: Mapping[int, Decision]
    shown: frozenset[int]
    """The contributions that everybody can still read"""


def notice_letters(payload: Mapping[str, Any], desk: Desk) -> list[Letter]:
    """The letter of one notice; none once it was sent, or when the person wants it no more."""
    notice = session.get(Notice, payload["notice"])
    person = session.get(Person, notice.person_id) if notice is not None and notice.sent_at is None else None
    if notice is None or person is None or not person.email or not person.active or not _wants(person, notice):
        return []
    letter = _digest(notice, person.email, desk) if notice.kind == DIGEST else _answer(notice, person.email, desk)
    return [letter] if letter else []


def note_sent(payload: Mapping[str, Any], *, at: datetime) -> None:
    """The letter left, or there was none to send: its notices are done with. Inside the caller's ``writing()``."""
    notice = session.get(Notice, payload["notice"])
    if notice is None:
        return
    notice.sent_at = at
    if notice.kind == DIGEST:
        session.execute(update(Notice).where(*_of_the_day(notice)).values(sent_at=at))


def _wants(person: Person, notice: Notice) -> bool:
    return person.mail in BY_THE_DAY if notice.kind == DIGEST else person.mail != Mail.NONE.value


def _answer(notice: Notice, to: str, desk: Desk) -> Letter | None:
    base, stop = desk.settings.base_url, _stop(notice, What.ALL, desk)
    if notice.kind == "step":
        proposal = session.get(Proposal, notice.payload["proposal"])
        if proposal is None:
            return None
        address = f"{base}/propositions/{proposal.id}"
        write = step_letter if notice.person_id in proposal.author_ids else credited_letter
        return write(to, address, proposal.id, proposal.title, notice.payload["step"], stop)
    if notice.kind == ASK_AGAIN:
        return _ask_again(notice, to, desk, stop)
    if notice.kind == REFUSED_STRUCTURE:
        return structure_letter(to, f"{base}/mon-compte", stop)
    said = session.get(Comment, notice.payload["comment"])
    if said is None or said.closed_at is not None:
        return None
    address = f"{base}{_place(said)}" if notice.kind == "reply" else f"{base}/mes-contributions#contribution-{said.id}"
    return answer_letter(to, address, notice.kind, stop)


def _ask_again(notice: Notice, to: str, desk: Desk, stop: str) -> Letter | None:
    """None once they have said it again, or when it would no longer count."""
    proposal, ends = session.get(Proposal, notice.payload["proposal"]), notice.payload.get("ends")
    if proposal is None or not waits_for(proposal, notice.person_id):
        return None
    address = f"{desk.settings.base_url}/propositions/{proposal.id}#avis"
    return ask_again_letter(to, address, proposal.id, proposal.title, date.fromisoformat(ends) if ends else None, stop)


def _digest(notice: Notice, to: str, desk: Desk) -> Letter | None:
    rows = session.scalars(select(Notice).where(*_of_the_day(notice)).order_by(Notice.id)).all()
    told = _told_of(rows)
    # Several contributions on one proposal are one line.
    lines = list(dict.fromkeys(line for row in rows if (line := _line(row, told, desk.settings.base_url))))
    if not lines:
        return None
    return digest_letter(
        to, day(datetime.fromisoformat(notice.payload["until"])), lines, _stop(notice, What.DIGEST, desk)
    )


def _of_the_day(digest: Notice) -> Sequence[ColumnElement[bool]]:
    """What the letter of a day holds: the same rows however often it is tried."""
    until = datetime.fromisoformat(digest.payload["until"])
    return (
        Notice.person_id == digest.person_id,
        Notice.at_once.is_(False),
        Notice.sent_at.is_(None),
        Notice.created_at < until,
    )


def _told_of(notices: Sequence[Notice]) -> Told:
    """Three statements, however many there are."""
    proposals = {row.payload.get("proposal") for row in notices} - {None}
    decisions = {row.payload.get("decision") for row in notices} - {None}
    spoken = {row.payload.get("comment") for row in notices} - {None}
    return Told(
        {row.id: row for row in session.scalars(select(Proposal).where(Proposal.id.in_(proposals)))},
        {row.id: row for row in session.scalars(select(Decision).where(Decision.id.in_(decisions)))},
        frozenset(row.id for row in session.scalars(select(Comment).where(Comment.id.in_(spoken))) if row.shown),
    )


def _line(notice: Notice, told: Told, base: str) -> tuple[str, str] | None:
    """What is new in one sentence, and where it is read. No statement."""
    if notice.kind == "edition_announced":
        closing = long_date(date.fromisoformat(notice.payload["closing"]))
        return (
            f"Une édition se prépare : elle prend les propositions reçues jusqu’au {closing}.",
            f"{base}/propositions/",
        )
    if notice.kind == "edition_published":
        number = notice.payload["number"]
        return f"L’édition {number} est publiée.", f"{base}/editions/{number}/"
    proposal = told.proposals.get(notice.payload["proposal"])
    if proposal is None:
        return None
    start, address = f"Proposition {proposal.id}, « {proposal.title} » :", f"{base}/propositions/{proposal.id}"
    if notice.kind == "proposal_comment":
        shown = notice.payload["comment"] in told.shown
        return (f"{start} une contribution est publiée.", f"{address}#contributions") if shown else None
    if notice.kind == CLOSING:
        ends = long_date(date.fromisoformat(notice.payload["window_ends"]))
        return f"{start} la discussion se ferme le {ends}.", f"{address}#avis"
    if notice.kind == REMINDER:
        said = reminder(proposal, notice.payload)
        return (f"{start} {said}", address) if said else None
    decision = told.decisions.get(notice.payload["decision"])
    if decision is not None and decision.number is not None:
        address = f"{base}/decisions/{decision.number}"
    return f"{start} {FOR_THE_DAY[notice.payload['step']]}", address


def _place(said: Comment) -> str:
    top = said.parent_id or said.id
    if said.kind is Target.REFERENTIAL:
        return f"/souhaits/{top}"
    page = f"/propositions/{said.key}" if said.kind is Target.PROPOSAL else f"/criteres/{said.key}/contributions"
    return f"{page}#contribution-{top}"


def _stop(notice: Notice, what: What, desk: Desk) -> str:
    return f"{desk.settings.base_url}/desabonnement/{token(notice.person_id, what, secret=desk.secret)}"
