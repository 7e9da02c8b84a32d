"""How long each thing may take: pure, in whole calendar days of Europe/Paris.

A delay of *n* days that starts on a day ends with the *n*-th day after it, included: what had thirty days from the
first of November can still be done on the first of December, and no longer on the second.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from referentiel.config import Settings
from referentiel.criteria.changes import ChangeClass
from referentiel.dates import day


@dataclass(frozen=True, slots=True)
class Delays:
    """The delays of a proposal's life, in days; the defaults are the law's."""

    window: int = 30
    after_revision: int = 10
    decision: int = 90
    appeal: int = 30
    amendment: int = 10

    @classmethod
    def of(cls, settings: Settings) -> "Delays":
        return cls(
            window=settings.window_days,
            after_revision=settings.window_after_revision_days,
            decision=settings.decision_days,
            appeal=settings.appeal_days,
            amendment=settings.amendment_days,
        )

    def promised(self, since: datetime) -> date:
        """The last day on which a decision keeps the promise made at submission."""
        return day(since) + timedelta(days=self.decision)

    def window_end(self, admitted: datetime, change_class: ChangeClass) -> date | None:
        """The last day of the consultation; none for a typo, which has no window."""
        if change_class is ChangeClass.TYPO:
            return None
        return day(admitted) + timedelta(days=self.window)

    def window_after(
        self, current: date | None, admitted: datetime, revised: datetime, change_class: ChangeClass
    ) -> date | None:
        """The last day of the consultation after a new wording: never sooner, and at least ``after_revision`` away.

        A typo that becomes more than a typo gets the whole window that it did not have.
        """
        whole = self.window_end(admitted, change_class)
        if whole is None:
            return current
        return max(current or whole, day(revised) + timedelta(days=self.after_revision))

    def window_resumed(self, current: date | None, resumed: datetime) -> date | None:
        """A discussion that resumes leaves people the time that a new wording would."""
        if current is None:
            return None
        return max(current, day(resumed) + timedelta(days=self.after_revision))


LAW = Delays()


def days_left(until: date, today: date) -> int:
    """0 on the last day, negative when late."""
    return (until - today).days
