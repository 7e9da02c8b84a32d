"""The number of a card or of return words: 44 bits, written as four words or as nine characters. Pure.

The high half is a locator, kept as it is so that the row can be found; the low half is a secret, kept as scrypt of a
keyed digest. Wrong tries slow their locator down, whether anything answers to it or not.
"""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from referentiel.errors import N_, Invalid
from referentiel.people.cards.words import WORDS, place_of
from referentiel.people.doors.keys import derived

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty signs that nobody mistakes for one another"""

LENGTH = 9
BITS = 44
HALF = BITS // 2
WORD_BITS = 11
FIELD = "code"

FREE_TRIES = 5
FIRST_WAIT = 30
LONGEST_WAIT = 900
FORGOTTEN_AFTER = timedelta(days=1)

_SALT = 16
_COST = {"n": 2**11, "r": 8, "p": 1, "dklen": 32}


def new_number() -> int:
    return secrets.randbits(BITS)


def halves(number: int) -> tuple[int, int]:
    """Locator and secret, 22 bits each."""
    return number >> HALF, number & ((1 << HALF) - 1)


def as_words(number: int) -> tuple[str, ...]:
    """``("lampe", "pont", "citron", "vélo")``."""
    mask = (1 << WORD_BITS) - 1
    return tuple(WORDS[(number >> shift) & mask] for shift in range(BITS - WORD_BITS, -1, -WORD_BITS))


def as_code(number: int) -> str:
    """``ABC-DEF-GHJ``."""
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    written = "".join(reversed(signs))
    return f"{written[:3]}-{written[3:6]}-{written[6:]}"


def read(text: str) -> int:
    """The number that somebody typed, in either writing, whatever the case, the accents and the signs between.

    Raises :class:`Invalid` on ``code`` when it is neither four known words nor nine known characters.
    """
    parts = re.findall(r"[^\W_]+", text)
    if len(parts) == BITS // WORD_BITS:
        places = [place_of(part) for part in parts]
        if None not in places:
            number = 0
            for place in places:
                number = (number << WORD_BITS) | (place or 0)
            return number
    signs = "".join(parts).upper()
    if len(signs) == LENGTH and all(sign in ALPHABET for sign in signs):
        number = 0
        for sign in signs:
            number = number * len(ALPHABET) + ALPHABET.index(sign)
        if number < 1 << BITS:
            return number
    raise Invalid(
        N_("Écrivez les lettres et les chiffres du code, ou quatre mots. Vérifiez-les un par un."), field=FIELD
    )


def hashed(number: int, key: bytes, salt: bytes | None = None) -> bytes:
    """Salt, then scrypt of the number: 48 bytes, about 5 ms. A copy of the database without ``key`` is of no use."""
    salt = salt if salt is not None else secrets.token_bytes(_SALT)
    keyed = hmac.digest(derived(key, "codes"), number.to_bytes(6), "sha256")
    return salt + hashlib.scrypt(keyed, salt=salt, **_COST)


def matches(number: int, kept: bytes | None, key: bytes) -> bool:
    """Whether ``kept`` was made from this number. Takes the same time when there is nothing to compare with."""
    salt = (kept or bytes(_SALT))[:_SALT]
    return hmac.compare_digest(hashed(number, key, salt), kept or b"") and kept is not None


def wait_after(count: int) -> timedelta:
    """How long a locator waits after so many wrong tries: nothing for five, then 30 s, doubled up to 15 minutes."""
    if count < FREE_TRIES:
        return timedelta(0)
    return timedelta(seconds=min(FIRST_WAIT * 2 ** min(count - FREE_TRIES, 10), LONGEST_WAIT))
