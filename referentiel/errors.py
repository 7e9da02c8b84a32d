"""What can go wrong, in the words of the domain. Pages and commands turn these into answers once, in one place.

Messages are French sentences for people, marked by :func:`N_` for extraction and translated by the layer that shows
them; ``%(name)s`` places are filled from the keyword values given with the message.
"""

from typing import ClassVar


def N_(message: str) -> str:
    """Mark a message for extraction without translating it."""
    return message


class Refused(Exception):
    """Something asked for was not done. Nothing was written; ``way_out`` says what the person can do next."""

    status: ClassVar[int] = 422
    title: ClassVar[str] = N_("Cela n’a pas été fait")

    def __init__(self, message: str, *, field: str | None = None, way_out: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.way_out = way_out
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotAllowed(Refused):
    """The permission table says no; the message says why."""

    status = 403
    title = N_("Vous ne pouvez pas faire cela")


class Unknown(Refused):
    """The thing does not exist, or is private to somebody else: the answer is the same."""

    status = 404
    title = N_("Cette page n’existe pas")


class Invalid(Refused):
    """A value does not pass; ``field`` names it."""

    status = 422
    title = N_("Il reste quelque chose à corriger")


class TextMoved(Refused):
    """A part that the change touches has moved since the change was written or signed."""

    status = 409
    title = N_("Le texte a changé entre-temps")


class Expired(Refused):
    """A link, a code or a session whose time has passed."""

    status = 410
    title = N_("Cela ne marche plus")


class TooLarge(Refused):
    """More bytes or fields than the route accepts."""

    status = 413
    title = N_("Votre envoi est trop lourd")


class TooOften(Refused):
    """Too many tries; ``retry_after`` is in seconds."""

    status = 429
    title = N_("Trop d’essais à la suite")

    def __init__(
        self,
        message: str,
        *,
        retry_after: int,
        field: str | None = None,
        way_out: str | None = None,
        **values: object,
    ) -> None:
        super().__init__(message, field=field, way_out=way_out, **values)
        self.retry_after = retry_after


class Busy(Refused):
    """Another write holds the library, or the disk refuses; the same act can be tried again."""

    status = 503
    title = N_("Un instant")
    retry_after = 5


class Unsure(Refused):
    """The act may or may not have taken effect; ``operation`` is the id under which the answer will be found."""

    status = 503
    title = N_("Nous ne savons pas encore")

    def __init__(self, message: str, *, operation: str, **values: object) -> None:
        super().__init__(message, field=None, way_out=None, **values)
        self.operation = operation


class FileError(Exception):
    """A file of the text is malformed: which file, which line (1 = first), and what to do, in French."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}, ligne {line} : {message}")
        self.file = file
        self.line = line
        self.message = message
