"""A second reading of words that were not published: their author asks for it, once; somebody else makes it."""

from datetime import datetime

from referentiel.comments.actions import LONGEST_NOTE, log, still_there
from referentiel.comments.models import Comment, CommentAppeal
from referentiel.comments.moderation import WORKING_DAYS, State, due
from referentiel.comments.readings import second_reading
from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.journal.actions import audit
from referentiel.people.models import Person
from referentiel.permissions import Action, require


def appeal(spoken: Comment, words: str = "", *, by: Person, at: datetime, working_days: int = WORKING_DAYS) -> None:
    """Ask somebody else to read these words again. ``words`` say why, if one likes. Asking twice is asking once.

    Raises :class:`Refused` when the words are not kept from being published, or were read a second time already.
    """
    said = clean(words, field="texte", limit=LONGEST_NOTE) if words.strip() else ""
    with writing() as rows:
        require(by, Action.APPEAL_REMOVAL, spoken)
        still_there(spoken)
        asked = session.get(CommentAppeal, spoken.id)
        if asked is not None and asked.decided_at is None:
            return
        if asked is not None:
            raise Refused(N_("Une autre personne a déjà relu cette contribution : cela se demande une seule fois."))
        if spoken.state is not State.REMOVED:
            raise Refused(N_("Cette contribution n’a pas été écartée : il n’y a rien à relire une deuxième fois."))
        rows.add(CommentAppeal(comment_id=spoken.id, words=said, at=at))
        spoken.promised_on = due(at, working_days)
        # The line outlives the link between words and their author: it must not be that link.
        audit("comment.appealed", f"comment:{spoken.id}", by_id=None, at=at, details={})


def judge(spoken: Comment, note: str, *, upheld: bool, by: Person, at: datetime) -> None:
    """Answer an appeal: publish after all when it is ``upheld``, or not. ``note`` says why to the author alone.

    The same answer twice is one. Raises :class:`Unknown` without an appeal, :class:`Invalid` (field ``precision``)
    without words, :class:`Refused` when somebody answered otherwise.
    """
    if not note.strip():
        raise Invalid(N_("Écrivez à la personne pourquoi vous décidez ainsi."), field="precision")
    kept = clean(note, field="precision", limit=LONGEST_NOTE)
    with writing():
        found = session.get(CommentAppeal, spoken.id)
        if found is None:
            raise Unknown(N_("Aucun recours n’attend ici."))
        still_there(spoken)
        if found.decided_at is not None:
            if found.upheld is upheld and found.decided_by_id == by.id:
                return
            raise Refused(N_("Une autre personne a déjà répondu à ce recours."))
        reading = second_reading(spoken.id, at=at, working_days=WORKING_DAYS)
        require(by, Action.JUDGE_REMOVAL, reading)
        found.decided_at, found.decided_by_id, found.upheld, found.note = at, by.id, upheld, kept
        if upheld:
            spoken.state, spoken.rule, spoken.note, spoken.published_at = State.PUBLISHED, None, "", at
        log(spoken, by, at, since=found.at, appeal_of=reading.removal)
