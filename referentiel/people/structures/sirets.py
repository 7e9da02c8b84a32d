"""SIRET numbers: fourteen digits, of which the last proves the others. Pure."""

import re

from referentiel.errors import N_, Invalid

LENGTH = 14
LA_POSTE = "356000000"
"""The SIREN of the only company whose offices follow another rule: the sum of their digits is a multiple of five"""
_BETWEEN = re.compile("[\\s.\u00a0\u202f-]")


def clean_siret(text: str, *, field: str = "siret") -> str:
    """The fourteen digits alone; ``""`` when nothing was typed. Spaces, dots and hyphens do not count.

    Raises :class:`Invalid` on ``field`` for anything that cannot be a SIRET.
    """
    digits = _BETWEEN.sub("", text)
    if not digits:
        return ""
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        raise Invalid(N_("Un SIRET a quatorze chiffres : vérifiez que rien ne manque."), field=field)
    if not proves(digits):
        raise Invalid(N_("Ce SIRET contient une erreur : vérifiez chaque chiffre."), field=field)
    return digits


def proves(digits: str) -> bool:
    """Whether fourteen ASCII digits hold together: Luhn's sum, or that of La Poste's offices. Zeros alone do not."""
    if not digits.strip("0"):
        return False
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    return luhn(digits) % 10 == 0


def luhn(digits: str) -> int:
    """Luhn's sum: each second digit from the right doubled, the digits of the double added."""
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))


def spaced(siret: str | None) -> str:
    """As people read it: ``123 456 789 00012``, with no-break spaces; nothing for none."""
    return "\N{NO-BREAK SPACE}".join((siret[:3], siret[3:6], siret[6:9], siret[9:])) if siret else ""
