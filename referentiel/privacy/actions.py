"""Erasing: an account, one contribution, and all of them again after an older backup was restored.

Each package says what becomes of its own rows; :mod:`privacy.parts` says it for the columns that only point to a
person. One transaction holds it all; the erasure list is on disk before that transaction is committed.
"""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from referentiel.comments import forgetting as comments
from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.errors import N_, NotAllowed, Unknown
from referentiel.journal.actions import audit
from referentiel.journal.models import AuditLine
from referentiel.library.library import Library
from referentiel.people.accounts import erasing as people
from referentiel.people.models import Person
from referentiel.permissions import Action, require
from referentiel.privacy import erasures, traces
from referentiel.privacy.erasures import Erasure, What, key_of
from referentiel.privacy.parts import PARTS, Fate
from referentiel.proposals import forgetting as proposals


def erase(
    person: Person,
    *,
    words: bool,
    by: Person | None,
    at: datetime,
    settings: Settings,
    library: Library,
    secret: bytes,
) -> None:
    """Erase an account; with ``words``, also the published words and wordings that are no part of a decision.

    ``by`` is the person, or None at the console. Raises :class:`NotAllowed` for the last administrator. One write;
    the traces go with the worker's next pass.
    """
    if by is not None:
        require(by, Action.MANAGE_ACCOUNT)
        if by.id != person.id:
            raise NotAllowed(N_("Chaque personne efface son propre compte."))
    with writing():
        if person.erased_at is not None:
            return
        refused = people.refusal(person)
        if refused is not None:
            raise refused
        what = What.WORDS_TOO if words else What.ACCOUNT
        theirs = [person, *_merged_into(person)]
        lines = [Erasure(at, what, key_of(secret, "people", one.id, one.created_at)) for one in theirs]
        _erase(library, person, words=words, by=by, at=at)
        # Asked is asked: should the commit fail, the list makes it good at the worker's next pass.
        erasures.append(settings.erasures_path, lines)


def erase_contribution(spoken: Comment, *, by: Person | None, at: datetime, settings: Settings, secret: bytes) -> None:
    """Take one contribution away from everywhere, published or not: for words that name somebody. One write."""
    if by is not None:
        require(by, Action.ADMINISTER)
    with writing():
        line = Erasure(at, What.CONTRIBUTION, key_of(secret, "comments", spoken.id, spoken.created_at))
        _erase_contribution(spoken, by=by, at=at)
        erasures.append(settings.erasures_path, [line])


def replay(*, settings: Settings, library: Library, secret: bytes) -> tuple[int, int]:
    """Erase again what the list says and the database still holds: (accounts, contributions). Twice is once.

    The last administrator goes too: the console invites another.
    Reads every account and every contribution that has words: about 10 µs each.
    """
    listed = {one.key: one for one in erasures.read(settings.erasures_path)}
    # The longest of two lines about one account: words too.
    for one in erasures.read(settings.erasures_path):
        if one.what is What.WORDS_TOO:
            listed[one.key] = one
    if not listed:
        return 0, 0
    people_rows = session.execute(select(Person.id, Person.created_at).where(Person.erased_at.is_(None))).all()
    found = [(number, key_of(secret, "people", number, made)) for number, made in people_rows]
    spoken_rows = session.execute(
        select(Comment.id, Comment.created_at).where(or_(Comment.text != "", Comment.note != ""))
    ).all()
    spoken = [(number, key_of(secret, "comments", number, made)) for number, made in spoken_rows]
    session.rollback()
    accounts = [(number, listed[key]) for number, key in found if key in listed]
    contributions = [(number, listed[key]) for number, key in spoken if key in listed]
    for number, one in accounts:
        with writing() as rows:
            person = rows.get_one(Person, number)
            # Whoever wrote the line may have finished meanwhile.
            if person.erased_at is None:
                _erase(library, person, words=one.what is What.WORDS_TOO, by=None, at=one.at)
    for number, one in contributions:
        with writing() as rows:
            there = rows.get(Comment, number)
            if there is not None and (there.text or there.note):
                _erase_contribution(there, by=None, at=one.at)
    return len(accounts), len(contributions)


def contribution(number: int) -> Comment:
    """Raises :class:`Unknown`. One statement."""
    found = session.get(Comment, number) if 0 < number < 2**31 else None
    if found is None:
        raise Unknown(N_("Il n’y a pas de contribution %(number)s."), number=number)
    return found


def account(*, number: int | None = None, email: str | None = None) -> Person:
    """An account that is not erased yet, by its number or its address. Raises :class:`Unknown`. One statement."""
    asked = Person.id == number if number is not None else Person.email == (email or "").strip().lower()
    found = session.scalar(select(Person).where(asked, Person.erased_at.is_(None)))
    if found is None:
        raise Unknown(N_("Aucun compte ne répond à cela : il n’existe pas, ou il est déjà effacé."))
    return found


def _merged_into(person: Person) -> list[Person]:
    """The accounts that became this one: a backup made before knows them still."""
    found: list[Person] = []
    waiting = [person.id]
    while waiting:
        into = (AuditLine.event == "person.merged", AuditLine.subject == f"person:{waiting.pop()}")
        gone = [int(details["from"]) for details in session.scalars(select(AuditLine.details).where(*into))]
        found += [one for one in (session.get(Person, number) for number in gone) if one is not None]
        waiting += gone
    return found


def _erase(library: Library, person: Person, *, words: bool, by: Person | None, at: datetime) -> None:
    person_id = person.id
    if person.email:
        traces.forget_address(person.email)
    proposals.forget_author(library, person, at=at, words=words)
    comments.forget_author(person_id, at=at, words=words)
    if words:
        people.forget_workshops(person_id)
    for part in PARTS:
        for link in part.links:
            column = part.model.__table__.c[link]
            if part.fate is Fate.DELETED:
                session.execute(delete(part.model).where(column == person_id))
            elif part.fate is Fate.CUT:
                session.execute(update(part.model).where(column == person_id).values({link: None}))
    session.expire_all()
    people.empty(person, at=at)
    audit("person.erased", f"person:{person_id}", by_id=by.id if by else None, at=at, details={"words": words})
    traces.ask(at=at)


def _erase_contribution(spoken: Comment, *, by: Person | None, at: datetime) -> None:
    number = spoken.id
    comments.forget_words(spoken, at=at)
    audit("comment.erased", f"comment:{number}", by_id=by.id if by else None, at=at, details={})
    traces.ask(at=at)
