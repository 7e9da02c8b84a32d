"""Keys and digests. Pure: every key comes from the instance's secret, one for each use."""

import hashlib
import hmac
import secrets
from base64 import b32encode, urlsafe_b64encode


def derived(secret: bytes, use: str) -> bytes:
    """A 32-byte key for one use."""
    return hmac.digest(secret, f"referentiel/{use}".encode(), "sha256")


def digest(token: str) -> str:
    """How a random token is kept: SHA-256, 64 hexadecimal characters. The token must hold 128 bits or more."""
    return hashlib.sha256(token.encode()).hexdigest()


def token(bits: int = 256) -> str:
    """A new random token, safe in an address."""
    return secrets.token_urlsafe(bits // 8)


def mailed_token(secret: bytes, nonce: bytes) -> str:
    """The 256-bit token of a link or an invitation: stored nowhere, made again from its row for the mail."""
    return urlsafe_b64encode(hmac.digest(derived(secret, "mailed"), nonce, "sha256")).decode().rstrip("=")


def link_digits(secret: bytes, nonce: bytes) -> str:
    """The six digits that a link opened elsewhere shows."""
    number = int.from_bytes(hmac.digest(derived(secret, "digits"), nonce, "sha256")[:8])
    return f"{number % 1_000_000:06d}"


def totp_secret(secret: bytes, seed: bytes) -> str:
    """The base32 secret of a second factor. A copy of the database alone does not hold it."""
    return b32encode(hmac.digest(derived(secret, "totp"), seed, "sha256")[:20]).decode()
