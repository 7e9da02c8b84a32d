"""Reading words before everybody does: the rules, and by when. Pure.

Words are *held* until somebody who does not know the place they come from has read them. A face alone has no words: it
names nobody and waits for nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime

from referentiel.criteria.vocabulary import Labelled
from referentiel.dates import PARIS, day, working_days_after
from referentiel.errors import N_

WORKING_DAYS = 5
"""Within how many working days words are read, when no setting says otherwise"""


class State(Labelled):
    """Where words are; a face alone is published at once."""

    HELD = "held", N_("En attente de relecture")
    PUBLISHED = "published", N_("Publiée")
    REMOVED = "removed", N_("Non publiée")


class Rule(Labelled):
    """Why words are removed: a short list, shown in the public register and to their author."""

    NAMES = "names", N_("Une personne est nommée ou peut être reconnue")
    CONTACT = "contact", N_("Un téléphone, un e-mail ou une adresse est donné")
    INSULT = "insult", N_("Une personne ou un groupe est insulté ou menacé")
    HATE = "hate", N_("Des propos discriminent ou appellent à la haine")
    ADVERT = "advert", N_("C’est une publicité")
    OFF_TOPIC = "off_topic", N_("Cela ne parle pas du référentiel ni de l’accompagnement")
    TWICE = "twice", N_("La même chose a déjà été envoyée")
    UNLAWFUL = "unlawful", N_("La loi l’interdit pour une autre raison")


class Face(Labelled):
    """An answer to a criterion's question. Questions are worded so that yes is the good answer."""

    YES = "yes", N_("Oui")
    PARTLY = "partly", N_("Un peu")
    NO = "no", N_("Non")


def month(at: datetime) -> date:
    """The first day of the month in Paris: all that the screen says of when somebody spoke."""
    return day(at).replace(day=1)


def month_start(at: datetime) -> datetime:
    """The moment when the month of ``at`` began in Paris: figures stop there."""
    first = month(at)
    return datetime(first.year, first.month, 1, tzinfo=PARIS)


def due(sent: datetime, working_days: int) -> date:
    """The day before whose end words sent at ``sent`` are read: neither weekends nor public holidays count."""
    return working_days_after(day(sent), working_days)


@dataclass(frozen=True)
class Faces:
    """How many people gave each answer before ``until``, the first day of a month. Never made for a small group.

    None is a number that would show a few people: from one to ``smallest`` - 1. The total is hidden with any of them,
    or a subtraction would give it back: two that are hidden and make two together are one and one.
    """

    yes: int | None
    partly: int | None
    no: int | None
    total: int | None
    until: date

    @classmethod
    def of(cls, yes: int, partly: int, no: int, *, until: date, smallest: int) -> "Faces":
        shown = [None if 0 < number < smallest else number for number in (yes, partly, no)]
        total = None if None in shown else yes + partly + no
        return cls(shown[0], shown[1], shown[2], total, until)

    @property
    def seen(self) -> int:
        """The sum of the numbers that are shown: the length of a whole bar."""
        return sum(number or 0 for number in (self.yes, self.partly, self.no))
