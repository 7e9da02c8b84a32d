"""One press and no more letters: the address in each of them says who and from what, and nobody else can make one."""

import hmac
import re
from base64 import urlsafe_b64encode
from enum import StrEnum

from referentiel.database import session, writing
from referentiel.errors import N_, Unknown
from referentiel.people.doors.keys import derived
from referentiel.people.models import Mail, Person

_TOKEN = re.compile(r"([1-9]\d{0,9})-(jour|tout)-([\w-]{22})", re.ASCII)


class What(StrEnum):
    """What a letter's own link ends."""

    DIGEST = "jour"
    ALL = "tout"


def token(person_id: int, what: What, *, secret: bytes) -> str:
    """The part of the address. It lasts: a letter of last year must still be able to end the letters."""
    return f"{person_id}-{what}-{_mark(person_id, what, secret)}"


def read(given: str, *, secret: bytes) -> tuple[int, What]:
    """Who, and from what. Raises :class:`Unknown` on anything that we did not write."""
    found = _TOKEN.fullmatch(given)
    if found is None or not hmac.compare_digest(
        _mark(int(found[1]), What(found[2]), secret).encode(), found[3].encode()
    ):
        raise Unknown(
            N_("Ce lien n’est pas entier. Copiez-le tout entier, ou choisissez vos messages sur votre compte.")
        )
    return int(found[1]), What(found[2])


def stop(given: str, *, secret: bytes) -> What:
    """Send no more of these letters. Twice is once; an account that has gone since is told nothing else.

    Raises :class:`Unknown`.
    """
    person_id, what = read(given, secret=secret)
    with writing():
        person = session.get(Person, person_id)
        if person is not None and what is What.ALL:
            person.mail = Mail.NONE.value
        elif person is not None and person.mail in (Mail.ALL.value, Mail.FOLLOWED.value):
            person.mail = Mail.ANSWERS.value
    return what


def _mark(person_id: int, what: What, secret: bytes) -> str:
    key = derived(secret, "unsubscribe")
    return urlsafe_b64encode(hmac.digest(key, f"{person_id} {what}".encode(), "sha256")[:16]).decode().rstrip("=")
