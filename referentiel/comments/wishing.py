"""« Je voudrais que… »: a wish in plain words, that somebody else may make a wording of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from referentiel.comments.actions import once, row_of, sending_of, words_of
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import WORKING_DAYS, State, due
from referentiel.comments.voices import Voice, in_order, voice_of
from referentiel.database import session
from referentiel.errors import N_, NotAllowed, Unknown
from referentiel.people.models import Person
from referentiel.permissions import Action, College, require


def wish(on: Anchor, text: str, *, by: Person, at: datetime, form: str, working_days: int = WORKING_DAYS) -> Comment:
    """Wish that something changes. Held until somebody has read it, as any words.

    Raises :class:`NotAllowed` to other colleges than the employees': they write a wording.
    """
    require(by, Action.COMMENT)
    if by.college != College.EMPLOYEES:
        raise NotAllowed(
            N_("Les souhaits sont ceux des salariés en insertion. Vous pouvez écrire une proposition."),
            way_out=N_("Ouvrez « Proposer » : vous y choisissez un critère."),
        )
    if on.kind not in (Target.CRITERION, Target.REFERENTIAL):
        raise ValueError("a wish is on a criterion, or on the whole text")
    words = words_of(text)

    def make(sending: str) -> Comment:
        row = row_of(on, sending, by, at, text=words, read_by=due(at, working_days))
        row.wish = True
        return row

    return once(by, Action.COMMENT, sending_of(form, on, "wish", words), make)


@dataclass(frozen=True, slots=True)
class Wishes:
    """One page of the wishes that everybody reads, the newest month first, and how many there are."""

    voices: tuple[Voice, ...]
    total: int


def shown_wishes(limit: int = 20, offset: int = 0) -> Wishes:
    """The published wishes. Two statements; the rows of all of them are read, about 15 µs each."""
    theirs = (Comment.wish, Comment.state == State.PUBLISHED, Comment.closed_at.is_(None), Comment.text != "")
    total = session.scalar(select(func.count()).select_from(Comment).where(*theirs)) or 0
    rows = in_order(session.scalars(select(Comment).where(*theirs)), newest_first=True)
    return Wishes(tuple(voice_of(row) for row in rows[offset : offset + limit]), total)


def shown_wish(number: int) -> Comment:
    """A wish that everybody can read. Raises :class:`Unknown`. One statement."""
    found = session.get(Comment, number)
    if found is None or not found.wish or not found.shown:
        raise Unknown(N_("Ce souhait n’existe pas, ou n’est plus là."))
    return found
