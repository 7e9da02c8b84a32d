"""What pages of proposals share about the contributions that they take up."""

from referentiel.comments.voices import Voice, voice_of
from referentiel.comments.wishing import shown_wish
from referentiel.errors import Unknown
from referentiel.web.numbers import whole_number


def wish_shown(number: str | None) -> Voice | None:
    """The wish that an address or a form names; none when nobody can read it."""
    found = whole_number(number)
    try:
        return voice_of(shown_wish(found)) if found is not None else None
    except Unknown:
        return None
