"""What a signed answer must say to be believed, and what is read of it. A role or a college is never among that."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc.jwt import Token

from referentiel.blueprints.openid_line import Unproven
from referentiel.errors import Invalid
from referentiel.people.doors.emails import clean_email

KEYS_IN_HEADER = frozenset({"jwk", "jku", "x5c", "x5u", "crit"})
TWO_FACTORS = frozenset(
    {
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
    }
)
LONGEST_SUBJECT = 255
SKEW = 60
"""Seconds by which the clocks of two machines may differ"""

_SIRET = re.compile(r"[0-9]{14}")


def checked(
    token: Token, kind: Any, *, issuer: str, client_id: str, at: datetime, **expected: str
) -> Mapping[str, Any]:
    """The claims of a token whose signature was verified, if it is from this issuer, for us, about somebody, now.

    ``kind`` is a class of Authlib's claims, ``expected`` what it compares: the nonce, the access token. Raises
    :class:`joserfc.errors.JoseError` or :class:`Unproven`.
    """
    if not KEYS_IN_HEADER.isdisjoint(token.header):
        raise Unproven("a key in the header")
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        "sub": {"essential": True},
    }
    claims: Any = kind(token.claims, token.header, options, expected | {"client_id": client_id})
    claims.validate(now=int(at.timestamp()), leeway=SKEW)
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise Unproven("no subject")
    proven: Mapping[str, Any] = claims
    return proven


def two_factors(who: Mapping[str, Any]) -> bool:
    """Whether the identity token says that two factors were proven."""
    return who.get("acr") in TWO_FACTORS or "mfa" in (who.get("amr") or ())


def vouched_email(told: Mapping[str, Any], *, promised: bool) -> str | None:
    """The address, when the provider answers for it: it says so, or (``promised``) it never says and always does."""
    verified = told.get("email_verified")
    if verified is not True and not (verified is None and promised):
        return None
    try:
        return clean_email(str(told.get("email", "")))
    except Invalid:
        return None


def siret_of(told: Mapping[str, Any]) -> str | None:
    """The employer's fourteen digits, or None."""
    siret = told.get("siret")
    digits = re.sub(r"\s", "", siret) if isinstance(siret, str) else ""
    return digits if _SIRET.fullmatch(digits) else None
