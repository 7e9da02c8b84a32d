"""Addresses that mails can be sent to. Pure."""

import re

from referentiel.criteria.characters import clean
from referentiel.errors import N_, Invalid

MOST = 254
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\.]+(\.[^\s@<>()\[\],;:\"\\.]+)+")


def clean_email(text: str, *, field: str = "email") -> str:
    """The address in lower case. Raises :class:`Invalid` on ``field`` for anything that is not one address."""
    address = clean(text, field=field, limit=MOST, lines=False).lower()
    if not _ADDRESS.fullmatch(address):
        raise Invalid(N_("Écrivez une adresse e-mail entière, comme nom@exemple.fr."), field=field)
    return address
