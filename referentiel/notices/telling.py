"""Who is told what: an event of the outbox becomes a row for each person, once. No letter is written here.

An answer to somebody is told at once to them; what is new for everybody waits for the letter of the day, and so does
what is new of something that they follow. People without an address, those who came with a card first of all, are told
nothing: their answers are where they come back.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import aliased

from referentiel.comments.actions import EVENT as COMMENT
from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment, CommentEvent
from referentiel.comments.moderation import State as CommentState
from referentiel.database import session, writing
from referentiel.dates import day, last_hour
from referentiel.journal.actions import post
from referentiel.library.library import Library
from referentiel.notices.facts import News, readers
from referentiel.notices.following import PROPOSALS, topics_of
from referentiel.notices.letters import FOR_THE_DAY, STEPS
from referentiel.notices.models import Follow, Notice
from referentiel.notices.reminding import asked_again, of_reminder
from referentiel.people.accounts.settling import REFUSED as REFUSED_STRUCTURE
from referentiel.people.models import Mail, Person
from referentiel.proposals.actions.crediting import EVENT as CREDIT
from referentiel.proposals.actions.reminding import EVENT as REMINDER
from referentiel.proposals.door import CLOSING
from referentiel.proposals.models import Proposal, StepLine
from referentiel.proposals.states import State, Step

NOTICE = "notice"
"""The kind, in the outbox, of what is written to one person"""
DIGEST = "digest"
BY_THE_DAY = (Mail.ALL.value, Mail.FOLLOWED.value)
"""The choices of who gets a letter of the day"""
FOR_EVERYBODY = {Step.ADMIT.value, Step.SIGN.value}
"""The steps of a proposal that the letter of the day tells"""


FOR_CREDITED = {Step.SIGN.value, Step.MERGE_INTO.value}
"""The steps that those whose words the proposal took up are told of at once"""


def of_proposal(payload: Mapping[str, Any]) -> list[News]:
    proposal, line = session.get(Proposal, payload["proposal"]), session.get(StepLine, payload["line"])
    step = payload["step"]
    if proposal is None or line is None:
        return []
    return [
        *(asked_again(proposal, line) if step == Step.REVISE.value else ()),
        News(
            f"proposal:{proposal.id}:step:{line.id}",
            "step",
            {"proposal": proposal.id, "step": step, "decision": line.decision_id},
            to=(proposal.author_ids if step in STEPS else frozenset())
            | (proposal.credited_ids if step in FOR_CREDITED else frozenset()),
            for_everybody=step in FOR_EVERYBODY,
            touched=proposal if step in FOR_THE_DAY else None,
            by_id=line.by_id,
        ),
    ]


def of_carried_over(payload: Mapping[str, Any]) -> list[News]:
    proposal = session.get(Proposal, payload["proposal"])
    if proposal is None:
        return []
    event = f"proposal:{proposal.id}:carried:{payload['plan']}"
    return [News(event, "step", {"proposal": proposal.id, "step": "carry_over"}, to=proposal.author_ids)]


def of_comment(payload: Mapping[str, Any]) -> list[News]:
    """What moderation did: to the author, and when a reply is published, to whom it answers."""
    act = session.get(CommentEvent, payload["event"])
    said = session.get(Comment, act.comment_id) if act and act.comment_id else None
    if act is None or said is None or said.closed_at is not None:
        return []
    about = {"comment": said.id}
    kind = "appeal" if act.appeal_of_id else act.state.value
    news = [News(f"comment:{said.id}:event:{act.id}", kind, about, to=_numbers(said.author_id), by_id=act.by_id)]
    parent = session.get(Comment, said.parent_id) if said.parent_id else None
    if parent is not None and act.state is CommentState.PUBLISHED:
        to = _numbers(parent.author_id)
        news.append(News(f"comment:{parent.id}:reply:{said.id}", "reply", about, to=to, by_id=said.author_id))
    if said.kind is Target.PROPOSAL and act.state is CommentState.PUBLISHED:
        on = {"proposal": int(said.key), "comment": said.id}
        topics = (f"{PROPOSALS}/{said.key}",)
        news.append(News(f"comment:{said.id}:shown", "proposal_comment", on, topics=topics, by_id=said.author_id))
    return news


def of_credit(payload: Mapping[str, Any]) -> list[News]:
    """Words taken up by a proposal: to who said them, unless they took up their own."""
    proposal, said = session.get(Proposal, payload["proposal"]), session.get(Comment, payload["contribution"])
    if proposal is None or said is None or said.closed_at is not None:
        return []
    event = f"proposal:{proposal.id}:credit:{said.id}"
    kind = "taken_up" if said.wish else "applied"
    about = {"comment": said.id, "proposal": proposal.id}
    return [News(event, kind, about, to=_numbers(said.author_id), by_id=proposal.author_id)]


def of_closing(payload: Mapping[str, Any]) -> list[News]:
    """The discussion ends soon, unless it was prolonged since, or is over."""
    proposal = session.get(Proposal, payload["proposal"])
    ends = payload["window_ends"]
    if proposal is None or proposal.state is not State.IN_DISCUSSION or proposal.window_ends is None:
        return []
    if proposal.window_ends.isoformat() != ends:
        return []
    about = {"proposal": proposal.id, "window_ends": ends}
    return [News(f"proposal:{proposal.id}:closing:{ends}", CLOSING, about, touched=proposal)]


def of_announcement(payload: Mapping[str, Any]) -> list[News]:
    closing = payload["closing"]
    event = f"edition:{payload['plan']}:closing:{closing}"
    return [News(event, "edition_announced", {"closing": closing}, for_everybody=True)]


def of_edition(payload: Mapping[str, Any]) -> list[News]:
    number = payload["number"]
    return [News(f"edition:{number}", "edition_published", {"number": number}, for_everybody=True)]


def of_refused_structure(payload: Mapping[str, Any]) -> list[News]:
    """To who asked for it: where the answer is, never its words."""
    number = payload["person"]
    return [News(f"structure:{number}:refused:{payload['at']}", REFUSED_STRUCTURE, {}, to=(number,))]


def nobody(payload: Mapping[str, Any]) -> list[News]:
    """Shown by a page; nobody is written to."""
    return []


TELLERS: Mapping[str, Callable[[Mapping[str, Any]], list[News]]] = {
    "proposal": of_proposal,
    "proposal_carried_over": of_carried_over,
    CLOSING: of_closing,
    COMMENT: of_comment,
    CREDIT: of_credit,
    REMINDER: of_reminder,
    "edition_announced": of_announcement,
    "edition_published": of_edition,
    REFUSED_STRUCTURE: of_refused_structure,
    "edition_prepared": nobody,
    "edition_confirmed": nobody,
    "edition_failed": nobody,
}


def tell(kind: str, payload: Mapping[str, Any], *, at: datetime, library: Library) -> None:
    """Write down who is told of this event. Inside the caller's ``writing()``; doing it again adds nothing."""
    for news in TELLERS[kind](payload):
        told = set(session.scalars(select(Notice.person_id).where(Notice.event == news.event)))
        for number in readers(Person.id.in_(tuple(news.to)), Person.mail != Mail.NONE.value):
            if number not in told and number != news.by_id:
                told.add(number)
                tell_one(number, news.event, news.kind, news.payload, at=at)
        rest = [number for number in _of_the_day(news, library) if number not in told and number != news.by_id]
        if rest:
            common = {"event": news.event, "kind": news.kind, "payload": dict(news.payload), "created_at": at}
            session.execute(insert(Notice), [common | {"person_id": n, "at_once": False} for n in rest])


def tell_one(person_id: int, event: str, kind: str, payload: Mapping[str, Any], *, at: datetime) -> None:
    """One person, at once: the row, and the letter in the outbox. Inside the caller's ``writing()``."""
    row = Notice(person_id=person_id, event=event, kind=kind, payload=dict(payload), at_once=True, created_at=at)
    session.add(row)
    session.flush()
    post(NOTICE, {"notice": row.id}, at=at)


def gather_digests(*, at: datetime, hour: int) -> int:
    """Once a day, from ``hour`` in Paris: one letter for each person for whom something waits. Returns how many.

    The letter of a day is itself an event, so a second one is never made. One statement when there is nothing to do.
    """
    until = last_hour(at, hour)
    event = f"{DIGEST}:{day(until).isoformat()}"
    made = aliased(Notice)
    waits = (Notice.at_once.is_(False), Notice.sent_at.is_(None), Notice.created_at < until)
    people = set(
        session.scalars(
            select(Notice.person_id)
            .where(*waits, ~exists().where(made.person_id == Notice.person_id, made.event == event))
            .distinct()
        )
    )
    if not people:
        return 0
    with writing():
        wanted = people & set(readers(Person.mail.in_(BY_THE_DAY)))
        session.execute(delete(Notice).where(*waits, Notice.person_id.in_(people - wanted)))
        for number in sorted(wanted):
            tell_one(number, event, DIGEST, {"until": until.isoformat()}, at=at)
    return len(wanted)


def _of_the_day(news: News, library: Library) -> list[int]:
    """Who reads this in the letter of the day, by number: everybody who wants it all, and those who follow it."""
    topics = {*news.topics, *(topics_of(library, news.touched) if news.touched is not None else ())}
    follow = Person.id.in_(select(Follow.person_id).where(Follow.topic.in_(topics)))
    found = set(readers(follow, Person.mail.in_(BY_THE_DAY))) if topics else set()
    if news.in_charge:
        found |= set(readers(Person.id.in_(tuple(news.in_charge)), Person.mail.in_(BY_THE_DAY)))
    if news.for_everybody:
        found |= set(readers(Person.mail == Mail.ALL.value))
    return sorted(found)


def _numbers(*given: int | None) -> tuple[int, ...]:
    return tuple(number for number in given if number is not None)
