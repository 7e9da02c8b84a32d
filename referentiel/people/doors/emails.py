"""Addresses that mails can be sent to. Pure."""

import re

from referentiel.criteria.characters import clean
from referentiel.errors import N_, Invalid

MOST = 254
_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@)(?!.*=\?){_WORD}(\.{_WORD})*@{_LABEL}(\.{_LABEL})+")
"""What a header holds as it is written. ``=?`` opens an encoded word: a mail program would read another address."""


def clean_email(text: str, *, field: str = "email") -> str:
    """The address in lower case, its domain in ASCII (IDNA).

    Raises :class:`Invalid` on ``field`` for anything that is not one address.
    """
    typed = clean(text, field=field, limit=MOST, lines=False).lower()
    name, _, domain = typed.rpartition("@")
    if name and not name.isascii():
        raise Invalid(
            N_("Avant le @, une adresse s’écrit sans accent : les mails n’arrivent pas aux autres. Vérifiez-la."),
            field=field,
        )
    address = f"{name}@{_in_ascii(domain)}"
    if len(address) > MOST or not _ADDRESS.fullmatch(address):
        raise Invalid(N_("Écrivez une adresse e-mail entière, comme nom@exemple.fr."), field=field)
    return address


def _in_ascii(domain: str) -> str:
    """As the network knows it; nothing when it has no such name."""
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
