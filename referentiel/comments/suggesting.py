"""Suggesting other words for a passage of a proposal, with the reason why."""

from datetime import datetime

from referentiel.comments.actions import LONGEST, once, row_of, sending_of, words_of
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import WORKING_DAYS, due
from referentiel.criteria.characters import clean
from referentiel.errors import N_, Invalid
from referentiel.people.models import Person
from referentiel.permissions import Action, require


def suggest(
    on: Anchor,
    text: str,
    replacement: str,
    *,
    by: Person,
    at: datetime,
    form: str,
    working_days: int = WORKING_DAYS,
) -> Comment:
    """Say why ``replacement`` would be better than ``on.quotation``. Held until somebody has read it, as any words.

    Raises :class:`Invalid` on ``texte`` without a reason, on ``citation`` without a passage, on ``remplacement`` when
    it says the same or cannot be kept.
    """
    require(by, Action.COMMENT)
    if on.kind is not Target.PROPOSAL:
        raise ValueError("words are suggested on a proposal")
    words, other = words_of(text), clean_replacement(replacement)
    if not on.quotation:
        raise Invalid(N_("Copiez d’abord le passage que vos mots remplacent."), field="citation")
    if on.quotation.split() == other.split():
        raise Invalid(N_("Votre suggestion est vide : elle dit la même chose que le passage."), field="remplacement")

    def make(sending: str) -> Comment:
        row = row_of(on, sending, by, at, text=words, read_by=due(at, working_days))
        row.replacement = other
        return row

    return once(by, Action.COMMENT, sending_of(form, on, other, words), make)


def clean_replacement(typed: str) -> str:
    """The words suggested, as they can be kept. Raises :class:`Invalid` (field ``remplacement``)."""
    if not typed.strip():
        raise Invalid(N_("Votre suggestion est vide : écrivez les mots que vous proposez."), field="remplacement")
    return clean(typed.strip(), field="remplacement", limit=LONGEST)
