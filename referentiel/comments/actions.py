"""What people do with words: comment, answer, reply, take back; and what moderation does: publish, remove.

Each action is one writing transaction. Sending the same form twice leaves one row: the row is known by the form's
number and its content together, so that words changed after a first sending are never lost.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment, CommentAppeal, CommentEvent
from referentiel.comments.moderation import WORKING_DAYS, Face, Rule, State, due
from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.errors import N_, Invalid, NotAllowed, Refused, Unknown
from referentiel.journal.actions import audit, post
from referentiel.people.models import Person
from referentiel.permissions import Action, College, Role, require

LONGEST = 5_000
"""Characters in one contribution."""

LONGEST_NOTE = 500

EVENT = "comment"
"""The kind, in the outbox, of what moderation did: its author is told where they want it"""


def comment(on: Anchor, text: str, *, by: Person, at: datetime, form: str, working_days: int = WORKING_DAYS) -> Comment:
    """Say something about an item, a section or a passage. Held until somebody has read it.

    ``working_days`` is what is promised to its author today: the row keeps the day. Raises :class:`Invalid` (field
    ``texte``) when there are no words, or words that cannot be kept.
    """
    require(by, Action.COMMENT)
    words = words_of(text)

    def make(sending: str) -> Comment:
        return row_of(on, sending, by, at, text=words, read_by=due(at, working_days))

    return once(by, Action.COMMENT, sending_of(form, on, "", words), make)


def answer_question(
    on: Anchor, face: Face, text: str, *, by: Person, at: datetime, form: str, working_days: int = WORKING_DAYS
) -> Comment:
    """Answer the question of criterion ``on.key`` by a face, with words or without.

    One answer a person and a criterion: a new one replaces. A face without words is published at once, for there is
    nothing to read; words are held. Raises :class:`NotAllowed` to other colleges than the employees'.
    """
    require(by, Action.COMMENT)
    if by.college != College.EMPLOYEES:
        raise NotAllowed(
            N_("Cette question s’adresse aux salariés en insertion. Vous pouvez écrire une contribution."),
            way_out=N_("Ouvrez la page des contributions du critère."),
        )
    if on.kind is not Target.CRITERION:
        raise ValueError("only a criterion asks a question")
    words = words_of(text) if text.strip() else ""

    def make(sending: str) -> Comment:
        earlier = session.scalar(
            select(Comment).where(
                Comment.author_id == by.id,
                Comment.kind == on.kind,
                Comment.key == on.key,
                Comment.face.is_not(None),
                Comment.closed_at.is_(None),
            )
        )
        if earlier is not None:
            if (earlier.face, earlier.text) == (face, words):
                return earlier
            _close(earlier, at)
            session.flush()
        row = row_of(on, sending, by, at, text=words, face=face, read_by=due(at, working_days) if words else None)
        if not words:
            row.state, row.published_at = State.PUBLISHED, at
        return row

    return once(by, Action.COMMENT, sending_of(form, on, face.value, words), make)


def reply(
    parent: Comment, text: str, *, by: Person, at: datetime, form: str, working_days: int = WORKING_DAYS
) -> Comment:
    """Reply to published words. One level: there is no reply to a reply. Held until somebody has read it."""
    require(by, Action.REPLY)
    words = words_of(text)

    def make(sending: str) -> Comment:
        session.refresh(parent)
        if not parent.shown:
            raise Unknown(N_("Cette contribution n’est plus là : vous ne pouvez pas y répondre."))
        if parent.is_reply:
            raise Invalid(N_("Répondez à la première contribution de cet échange."), field="texte")
        row = row_of(parent.anchor, sending, by, at, text=words, read_by=due(at, working_days))
        row.parent_id, row.parent_is_reply, row.is_reply = parent.id, False, True
        return row

    return once(by, Action.REPLY, sending_of(form, parent.anchor, str(parent.id), words), make)


def withdraw(spoken: Comment, *, by: Person, at: datetime) -> None:
    """Take one's own words back: the words are deleted at once. Others are told that they do not exist."""
    with writing():
        require(by, Action.COMMENT)
        if spoken.author_id != by.id:
            raise Unknown(N_("Cette contribution n’existe pas."))
        if spoken.closed_at is None:
            _close(spoken, at)


def publish(spoken: Comment, *, by: Person, at: datetime) -> None:
    """Let everybody read these words. Doing it twice changes nothing."""
    with writing():
        require(by, Action.MODERATE, spoken)
        still_there(spoken)
        if spoken.state is State.PUBLISHED:
            return
        if spoken.state is State.REMOVED:
            raise Refused(N_("Une autre personne a déjà décidé de ne pas publier cette contribution."))
        spoken.state, spoken.published_at = State.PUBLISHED, at
        log(spoken, by, at, since=spoken.created_at)


def remove(spoken: Comment, rule: Rule, note: str = "", *, by: Person, at: datetime) -> None:
    """Do not publish these words: ``rule`` says why to everybody, ``note`` to their author alone.

    Raises :class:`Refused` for words that are published: they are reported first.
    """
    kept_note = clean(note, field="precision", limit=LONGEST_NOTE) if note.strip() else ""
    with writing():
        require(by, Action.MODERATE, spoken)
        still_there(spoken)
        if spoken.state is State.REMOVED:
            return
        if spoken.state is State.PUBLISHED:
            raise Refused(N_("Cette contribution est publiée : signalez-la, et une autre personne la relira."))
        spoken.state, spoken.rule, spoken.note = State.REMOVED, rule, kept_note
        log(spoken, by, at, since=spoken.created_at)


def words_of(text: str) -> str:
    """What somebody wrote, cleaned. Raises :class:`Invalid` (field ``texte``) without words."""
    if not text.strip():
        raise Invalid(N_("Écrivez votre contribution."), field="texte")
    return clean(text, field="texte", limit=LONGEST)


def row_of(
    on: Anchor, sending: str, by: Person, at: datetime, *, text: str, read_by: date | None, face: Face | None = None
) -> Comment:
    """What ``by`` says of this place, held until somebody has read it. Not added to any session."""
    return Comment(
        sending=sending,
        kind=on.kind,
        key=on.key,
        path=on.path,
        section=on.section,
        blob=on.blob,
        quotation=on.quotation,
        before=on.before,
        after=on.after,
        author_id=by.id,
        college=College(by.college),
        structure_id=by.structure_id,
        workshop_id=by.workshop_id,
        typed=by.typed,
        face=face,
        text=text,
        state=State.HELD,
        created_at=at,
        promised_on=read_by,
    )


def sending_of(form: str, on: Anchor, more: str, words: str) -> str:
    """By what a sending is known: the form's number and all that it says."""
    parts = (form, on.kind.value, on.key, on.section, on.quotation, more, words, *filter(None, (on.path,)))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def once(by: Person, action: Action, sending: str, make: Callable[[str], Comment]) -> Comment:
    """The row of this sending: found if it is there already, even when both arrive at the same instant.

    The right is asked for again inside: the account may have been erased while this one waited for its turn.
    """
    sent = select(Comment).where(Comment.author_id == by.id, Comment.sending == sending)
    try:
        with writing():
            require(by, action)
            row = session.scalar(sent)
            if row is None:
                row = make(sending)
                session.add(row)
                session.flush()
    except IntegrityError:
        row = session.scalar(sent)
        if row is None:
            raise
    return row


def _close(spoken: Comment, at: datetime) -> None:
    spoken.closed_at, spoken.text, spoken.note, spoken.replacement = at, "", "", None
    appealed = session.get(CommentAppeal, spoken.id)
    if appealed is not None:
        appealed.words = appealed.note = ""


def still_there(spoken: Comment) -> None:
    """Raises :class:`Refused` when their author took the words back."""
    if spoken.closed_at is not None:
        raise Refused(N_("La personne qui a écrit cette contribution l’a reprise : il n’y a plus rien à relire."))


def log(spoken: Comment, by: Person, at: datetime, *, since: datetime, appeal_of: CommentEvent | None = None) -> None:
    """One line in the public register, one in the audit, one message for who must be told: none holds the words.

    ``since`` is when somebody began to wait; ``appeal_of`` the removal that was judged. Inside ``writing()``.
    """
    state, rule = spoken.state, spoken.rule
    event = CommentEvent(
        comment_id=spoken.id,
        state=state,
        rule=rule,
        role=Role.EDITOR,
        by_id=by.id,
        at=at,
        days=max(0, (day(at) - day(since)).days),
        appeal_of_id=appeal_of.id if appeal_of else None,
    )
    session.add(event)
    session.flush()
    post(EVENT, {"event": event.id}, at=at)
    said = f"comment.{state.value}" if appeal_of is None else f"comment.appeal_{state.value}"
    audit(said, f"comment:{spoken.id}", by_id=by.id, at=at, details={"rule": rule or ""})
