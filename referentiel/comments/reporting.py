"""Published words are read again when a moderator asks for it, by another one: whoever wrote them, asking is the same.

A moderator who could take published words away at once, save those of their own structure, would learn by trying which
ones come from there. So nobody can: whoever asks does not decide, and is told the same thing each time.
"""

from datetime import datetime

from sqlalchemy import select

from referentiel.comments.actions import LONGEST_NOTE, log
from referentiel.comments.models import Comment, CommentReport
from referentiel.comments.moderation import WORKING_DAYS, Rule, State
from referentiel.comments.reported import Reported, decides, reported
from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.errors import N_, NotAllowed, Unknown
from referentiel.journal.actions import audit
from referentiel.people.models import Person
from referentiel.permissions import Action, require

NOTHING_WAITS = N_("Rien n’attend votre relecture ici : c’est déjà fait, ou une autre personne doit s’en occuper.")
"""Said to whoever cannot decide, whatever the reason: each of them alone would tell something"""


def report(spoken: Comment, rule: Rule, *, by: Person, at: datetime) -> None:
    """Ask somebody else to read published words again. Asking twice while it waits is asking once.

    Raises :class:`Unknown` when nobody can read the words: never for where they come from.
    """
    with writing() as rows:
        require(by, Action.REPORT)
        if not spoken.shown:
            raise Unknown(N_("Cette contribution n’est plus publiée : il n’y a rien à relire."))
        mine = select(CommentReport.id).where(
            CommentReport.comment_id == spoken.id, CommentReport.by_id == by.id, CommentReport.decided_at.is_(None)
        )
        if session.scalar(mine.limit(1)) is not None:
            return
        rows.add(CommentReport(comment_id=spoken.id, rule=rule, by_id=by.id, at=at))
        audit("comment.reported", f"comment:{spoken.id}", by_id=by.id, at=at, details={"rule": rule})


def leave(spoken: Comment, *, by: Person, at: datetime) -> None:
    """Read again, the words stay published. Raises :class:`NotAllowed` when it is not for ``by`` to say."""
    with writing():
        found = _to_decide(spoken, by, at)
        _close(found, by, at, removed=False)
        audit("comment.left", f"comment:{spoken.id}", by_id=by.id, at=at, details={})


def take_down(spoken: Comment, rule: Rule, note: str = "", *, by: Person, at: datetime) -> None:
    """Read again, the words are published no longer: ``rule`` says why to everybody, ``note`` to their author alone.

    Raises :class:`NotAllowed` when it is not for ``by`` to say.
    """
    kept_note = clean(note, field="precision", limit=LONGEST_NOTE) if note.strip() else ""
    with writing():
        found = _to_decide(spoken, by, at)
        _close(found, by, at, removed=True)
        spoken.state, spoken.rule, spoken.note = State.REMOVED, rule, kept_note
        log(spoken, by, at, since=found.reports[0].at)


def _to_decide(spoken: Comment, by: Person, at: datetime) -> Reported:
    require(by, Action.REPORT)
    found = reported(spoken.id, at=at, working_days=WORKING_DAYS)
    if found is None or not decides(by, found):
        raise NotAllowed(NOTHING_WAITS)
    return found


def _close(found: Reported, by: Person, at: datetime, *, removed: bool) -> None:
    """All that waited about these words has its answer."""
    for one in found.reports:
        one.decided_at, one.decided_by_id, one.removed = at, by.id, removed
    session.flush()
