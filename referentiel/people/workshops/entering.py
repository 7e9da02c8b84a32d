"""The one field where people write what they hold: a card, return words, or the code of a session."""

from datetime import datetime, timedelta

from referentiel.people.cards import issuing as cards
from referentiel.people.cards.visits import Entered
from referentiel.people.doors.keys import digest
from referentiel.people.workshops import codes as workshop_codes
from referentiel.people.workshops import holding as workshops


def enter(
    text: str,
    *,
    secret: bytes,
    at: datetime,
    life: timedelta,
    instead_of: str | None = None,
    browser: str | None = None,
    form: str = "",
) -> Entered:
    """Come in with whatever is typed: nine signs or four words, or the six signs of a session. One write.

    ``browser`` is the key of the browser, ``form`` the number of the form: a card is used up by its first press, but a
    session's code is not, and somebody else may come in next on the same telephone. Raises as ``cards.enter`` does.
    """
    signs = workshop_codes.read(text)
    if signs is None:
        return cards.enter(text, secret=secret, at=at, life=life, instead_of=instead_of, browser=browser)
    return workshops.enter_by_code(
        signs, secret=secret, at=at, life=life, instead_of=instead_of, browser=same_press(browser, form)
    )


def same_press(browser: str | None, form: str) -> str | None:
    """What two presses of one form have in common, and two forms of one browser have not."""
    return digest(f"{browser} {form}") if browser and form else None
