"""The code of a collective session, and the key of its poster. Pure.

Both are made from the session's nonce and the instance's secret: a copy of the database holds neither. Six signs of
thirty make 729 million codes, for a few hours each; a wrong one slows a locator of 22 bits, as for a card.
"""

import hmac
import re
from base64 import urlsafe_b64encode

from referentiel.people.cards.codes import ALPHABET, HALF
from referentiel.people.doors.keys import derived

LENGTH = 6
NONCE = 16
KEY_BYTES = 16


def code_of(nonce: bytes, secret: bytes) -> str:
    """``K7P-4XM``: what is printed on the poster and said aloud."""
    number = int.from_bytes(hmac.digest(derived(secret, "workshop code"), nonce, "sha256"))
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return f"{''.join(signs[:3])}-{''.join(signs[3:])}"


def read(text: str) -> str | None:
    """The six signs that somebody typed, whatever the case and the signs between; None when it is another thing."""
    signs = "".join(re.findall(r"[^\W_]+", text)).upper()
    return signs if len(signs) == LENGTH and all(sign in ALPHABET for sign in signs) else None


def looked_up(signs: str, secret: bytes) -> str:
    """What finds the session of these six signs: their HMAC, 64 hexadecimal characters."""
    return hmac.digest(derived(secret, "workshop look-up"), signs.encode(), "sha256").hex()


def locator_of(signs: str, secret: bytes) -> int:
    """What wrong tries slow down: 22 bits of the look-up, beyond the locators of cards."""
    return (1 << HALF) + int(looked_up(signs, secret)[:16], 16) % (1 << HALF)


def key_of(nonce: bytes, secret: bytes) -> str:
    """The 128 bits of the poster's QR, safe in an address."""
    mac = hmac.digest(derived(secret, "workshop poster"), nonce, "sha256")[:KEY_BYTES]
    return urlsafe_b64encode(mac).decode().rstrip("=")


def is_key(text: str, nonce: bytes, secret: bytes) -> bool:
    """Whether this is the key of that session's poster, in constant time."""
    return hmac.compare_digest(text.encode(), key_of(nonce, secret).encode())
