"""A token that proves nothing, or that is for another time, place or person, opens nothing."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from referentiel.commands.demo_openid_pages import Answer, as_json
from tests.cast import Someone
from tests.openid_provider import Liar, choose, come_in, honest, leave
from tests.openid_walks import nothing_opened


def signed(claims: dict[str, Any], key: Any, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", **header}, claims, key)


def by_another_key(provider: Liar, claims: dict[str, Any], **header: Any) -> str:
    return signed(claims, RSAKey.generate_key(2048, {"kid": provider.key.kid}), kid=provider.key.kid, **header)


def with_its_own_key(provider: Liar, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048)
    return signed(claims, key, jwk=key.as_dict(private=False))


def by_hand(claims: dict[str, Any], alg: str, key: bytes = b"", **header: Any) -> str:
    """What no library would sign for us: no algorithm, or an HMAC under a key that everybody knows."""
    parts = [json.dumps(part).encode() for part in ({"alg": alg, **header}, claims)]
    text = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.digest(key, text, "sha256") if key else b""
    return (text + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


def unsigned(claims: dict[str, Any]) -> str:
    return by_hand(claims, "none")


Signing = Callable[[Liar, dict[str, Any]], str]
SIGNATURES: dict[str, Signing] = {
    "alg none": lambda provider, claims: unsigned(claims),
    "alg none in capitals": lambda provider, claims: by_hand(claims, "NoNe", kid=provider.key.kid),
    "no alg": lambda provider, claims: by_hand(claims, ""),
    "HS256 with the public key": lambda provider, claims: by_hand(
        claims, "HS256", provider.key.as_pem(private=False), kid=provider.key.kid
    ),
    "HS256 with our secret": lambda provider, claims: by_hand(
        claims, "HS256", provider.secret.encode(), kid=provider.key.kid
    ),
    "a key in the header": with_its_own_key,
    "a key that is not published": by_another_key,
    "an algorithm off the list": lambda provider, claims: jwt.encode(
        {"alg": "PS256", "kid": provider.key.kid or ""}, claims, RSAKey.generate_key(2048), ["PS256"]
    ),
    "an algorithm that nobody knows": lambda provider, claims: by_hand(claims, "XYZ", b"x", kid=provider.key.kid),
    "a part that must be understood": lambda provider, claims: by_hand(claims, "RS256", b"x", crit=["exp"], exp=1),
    "no token at all": lambda provider, claims: "",
    "something else": lambda provider, claims: "x.y.z",
}
IDENTITIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "n" * 43},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-site"},
    "many audiences and nobody in charge": {"aud": ["another-site", "referentiel-demonstration"]},
    "another site in charge": {"azp": "another-site"},
    "another issuer": {"iss": "https://evil.example"},
    "an issuer almost alike": {"iss": "http://127.0.0.1/api/v2/"},
    "the end long passed": {"exp": 1_700_000_000},
    "no end": {"exp": None},
    "an end that is not a time": {"exp": "demain"},
    "issued in the future": {"iat": 4_000_000_000},
    "nobody": {"sub": ""},
    "a number for somebody": {"sub": 7},
    "methods that are not a list": {"amr": "mfa"},
    "the hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


def answers(someone: Someone, provider: Liar, cases: Iterable[str], lie: Callable[[str], None]) -> dict[str, int]:
    """What each lie is answered when Bruno comes in: one browser, one walk a lie."""
    found = {}
    for what in cases:
        lie(what)
        page = someone.get(path := choose(leave(someone), "Bruno"), status=400)
        assert "Rien n’a été ouvert" in page.get_data(as_text=True), f"{what}: {path}"
        assert "Revenir à la page de connexion" in page.get_data(as_text=True)
        found[what] = page.status_code
    return found


def test_an_identity_token_that_proves_nothing_opens_nothing(browser: Someone, provider: Liar) -> None:
    """oidc-02"""

    def lie(what: str) -> None:
        provider.sign_as = lambda claims: SIGNATURES[what](provider, claims)

    assert len(answers(browser, provider, SIGNATURES, lie)) == len(SIGNATURES)
    assert nothing_opened()
    provider.sign_as = None
    come_in(browser, "Bruno")


def changed(told: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (told | change).items() if value is not None}


def test_an_identity_token_for_another_time_place_or_person_opens_nothing(browser: Someone, provider: Liar) -> None:
    def lie(what: str) -> None:
        provider.twist_identity = lambda told: changed(told, IDENTITIES[what])

    assert len(answers(browser, provider, IDENTITIES, lie)) == len(IDENTITIES)
    assert nothing_opened()
    provider.twist_identity = honest
    come_in(browser, "Bruno")


USERINFOS: dict[str, dict[str, Any]] = {
    "somebody else": {"sub": "sub-chloe"},
    "nobody": {"sub": None},
    "another audience": {"aud": "another-site"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "the end long passed": {"exp": 1_700_000_000},
}


def test_userinfo_of_somebody_else_or_for_another_site_opens_nothing(browser: Someone, provider: Liar) -> None:
    def lie(what: str) -> None:
        provider.twist_person = lambda told: changed(told, USERINFOS[what])

    assert len(answers(browser, provider, USERINFOS, lie)) == len(USERINFOS)
    assert nothing_opened()


TELLINGS: dict[str, Callable[[Liar, dict[str, Any]], Answer]] = {
    "in plain JSON": lambda provider, told: as_json(told),
    "in JSON that says it is signed": lambda provider, told: Answer(200, "application/jwt", json.dumps(told)),
    "signed, and sent as JSON": lambda provider, told: Answer(200, "application/json", provider.sign(told)),
    "signed by nobody": lambda provider, told: Answer(200, "application/jwt", unsigned(told)),
    "signed by another": lambda provider, told: Answer(200, "application/jwt", by_another_key(provider, told)),
    "not at all": lambda provider, told: Answer(404, "text/plain", ""),
}


def test_userinfo_that_is_not_signed_by_the_provider_is_not_read(browser: Someone, provider: Liar) -> None:
    def lie(what: str) -> None:
        provider.tell_as = lambda told: TELLINGS[what](provider, told)

    assert len(answers(browser, provider, TELLINGS, lie)) == len(TELLINGS)
    assert nothing_opened()
