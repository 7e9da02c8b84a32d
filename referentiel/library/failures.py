"""What the library says when it cannot, and the steps at which a test may make it fall."""

from collections.abc import Callable

from referentiel.errors import N_, Busy, Refused, Unknown

Failpoints = Callable[[str], None]


def no_failpoint(_step: str) -> None:
    """Production: nothing happens at a named step."""


class Damaged(Refused):
    """An object or a reference of the library cannot be read; ``verify`` names it and ``verify --fix`` mends it."""

    status = 503
    title = N_("Cette page est abîmée")

    def __init__(self, what: str) -> None:
        super().__init__(
            N_("Une partie du texte ne peut pas être lue (%(what)s). L’équipe peut la réparer."),
            way_out=N_("Les autres pages restent lisibles. Revenez un peu plus tard."),
            what=what,
        )
        self.what = what


class Unknowable(Exception):
    """Whether the write took effect cannot be told now: recovery will."""


class Missing(LookupError):
    """No such object in the library."""


def unknown_revision() -> Unknown:
    """The one answer to a revision that does not exist or that nobody may name."""
    return Unknown(N_("Cette version du texte n’existe pas."))


def busy() -> Busy:
    """Another write holds the library for longer than we wait."""
    return Busy(N_("Une autre décision s’enregistre en ce moment. Rien n’a été écrit : recommencez dans un instant."))


def disk_refuses() -> Busy:
    """The disk is full or fails; what had been begun is not referenced by anything."""
    return Busy(N_("Le disque n’accepte pas l’écriture. Rien n’a été enregistré : recommencez, ou prévenez l’équipe."))
