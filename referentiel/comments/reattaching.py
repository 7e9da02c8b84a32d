"""Attaching words again, when those that they spoke of have gone: in the same item, and nowhere else."""

from dataclasses import replace
from datetime import datetime

from referentiel.comments.actions import still_there
from referentiel.comments.anchors import Anchor, Wording, find, quote
from referentiel.comments.models import Comment
from referentiel.database import writing
from referentiel.errors import N_, Invalid, Refused
from referentiel.journal.actions import audit
from referentiel.people.models import Person
from referentiel.permissions import Action, require


def reattach(
    spoken: Comment, wording: Wording, *, blob: str, section: str = "", passage: str = "", by: Person, at: datetime
) -> None:
    """Say of which words of ``wording``, the same item as it is now (its blob is ``blob``), these words speak.

    Their author may, or an editor. What they were first said of stays with them, and is shown. Nothing moves words to
    another item. Attaching to the same place twice is once. Raises :class:`Invalid` on ``rubrique`` or ``citation``,
    :class:`Refused` when the words that they speak of are still there, or on a reply.
    """
    on = place_of(spoken, wording, blob, section, passage)
    with writing():
        mine = spoken.author_id == by.id
        require(by, Action.REATTACH_OWN if mine else Action.REATTACH, spoken)
        still_there(spoken)
        if spoken.is_reply:
            raise Refused(N_("Une réponse suit la contribution à laquelle elle répond."))
        if on == spoken.anchor:
            return
        if spoken.replacement is not None:
            _suggests_there(spoken, on, mine)
        if find(spoken.anchor, wording) is not None:
            raise Refused(
                N_("Les mots dont parle cette contribution sont encore dans le texte : elle reste à sa place."),
                way_out=N_("Ouvrez les contributions : elle y est avec son passage."),
            )
        if spoken.reattached_at is None:
            spoken.first_section, spoken.first_quotation = spoken.section, spoken.quotation
        spoken.section, spoken.blob, spoken.path = on.section, on.blob, on.path
        spoken.quotation, spoken.before, spoken.after = on.quotation, on.before, on.after
        spoken.reattached_at = at
        # The line outlives the link between words and their author: it must not be that link.
        audit("comment.reattached", f"comment:{spoken.id}", by_id=None if mine else by.id, at=at, details={})


def _suggests_there(spoken: Comment, on: Anchor, mine: bool) -> None:
    """Other words are suggested for one passage: their author alone can say for which other one they hold."""
    if not mine:
        raise Refused(N_("C’est une suggestion : qui l’a écrite peut seul·e dire quel passage elle remplace."))
    if not on.quotation:
        raise Invalid(N_("Copiez le passage que vos mots remplacent maintenant."), field="citation")
    if on.quotation.split() == (spoken.replacement or "").split():
        raise Invalid(N_("Ce passage dit déjà ce que vous proposez."), field="citation")


def place_of(spoken: Comment, wording: Wording, blob: str, section: str, passage: str) -> Anchor:
    """The anchor asked for, in the same item alone. Raises :class:`Invalid`; ValueError for another item."""
    if (spoken.kind, spoken.key) != (wording.kind, wording.key) or spoken.path != wording.path:
        raise ValueError("words never move to another item")
    whole = replace(spoken.anchor, section="", quotation="", before="", after="", blob=blob)
    if not section and not passage.strip():
        return whole
    if section not in wording.sections:
        raise Invalid(N_("Choisissez une rubrique de la liste."), field="rubrique")
    there = replace(whole, section=section)
    return quote(there, wording.sections[section], passage) if passage.strip() else there
