"""The identity provider, as OpenID Connect speaks with it: discovery, code with PKCE, answers that are all signed.

The profile is ProConnect's. One provider, named in the settings; nothing is asked of any other host, no redirect is
followed, and what it answers is read within a size and a time. Loaded only when its settings are there.
"""

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException
from requests.exceptions import InvalidJSONError

from referentiel.blueprints.openid_claims import checked, siret_of, two_factors, vouched_email
from referentiel.blueprints.openid_line import Line, Unproven
from referentiel.errors import N_, Refused
from referentiel.people.doors.openid import Begun, Introduction, Tried

ALGORITHMS = ("RS256", "ES256")
"""Asymmetric ones alone: nobody who only knows our secret, or none, can sign for the provider"""
CLAIMS = json.dumps({"id_token": {"amr": {"essential": True}}}, separators=(",", ":"))
"""``amr`` is not told unless it is asked for"""
PATIENCE = 5.0
"""Seconds for one answer"""
FRESH = 3600
"""Seconds for which what the provider publishes of itself is kept"""
PLACES = 2
"""Threads that may wait for the provider at once: pages are read by the others meanwhile"""

_FAULTS = (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError, AttributeError, OverflowError)

log = logging.getLogger(__name__)


class NotAnswering(Refused):
    """The provider is down, slow, or busy."""

    status = 503
    title = N_("Le service de connexion ne répond pas")
    retry_after = 30


class NotTrusted(Refused):
    """What came back cannot be proven to come from the provider, for us, now. The log says which proof was missing."""

    status = 400
    title = N_("Cette connexion n’a pas abouti")


class Provider:
    """The provider of the settings. Safe for threads: what it publishes of itself is kept an hour, or as long as it
    does not answer."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        scopes: str,
        promised: bool,
        name: str,
        back: str,
        patience: float = PATIENCE,
    ) -> None:
        """``promised``: addresses are vouched for even when nothing says so; ``back``: where browsers come back."""
        self.issuer = issuer
        self.name = name
        self._client_id = client_id
        self._secret = client_secret
        self._scopes = scopes
        self._promised = promised
        self._back = back
        self._patience = patience
        self._places = threading.BoundedSemaphore(PLACES)
        self._kept: dict[str, tuple[float, Any]] = {}

    def door(self, begun: Begun, *, again: bool = False) -> str:
        """The address where a browser goes to say who it is. ``again`` asks the provider not to use its own session.

        Every parameter is one that ProConnect documents: it refuses any other.
        """
        with self._conversation() as line:
            address: str
            address, _ = line.create_authorization_url(
                self._about(line)["authorization_endpoint"],
                state=begun.state,
                code_verifier=begun.verifier,
                nonce=begun.nonce,
                claims=CLAIMS,
                prompt="login" if again else None,
            )
            return address

    def introduce(self, code: str, tried: Tried, *, at: datetime) -> Introduction:
        """Who comes back with this code: two or three questions to the provider, and every proof checked.

        Raises :class:`NotAnswering` or :class:`NotTrusted`.
        """
        with self._conversation() as line:
            about = self._about(line)
            given = line.fetch_token(about["token_endpoint"], code=code, code_verifier=tried.verifier)
            id_token, access_token = str(given["id_token"]), str(given["access_token"])
            who = self._proven(line, id_token, CodeIDToken, at, nonce=tried.nonce, access_token=access_token)
            answer = line.read(about["userinfo_endpoint"], Authorization=f"Bearer {access_token}")
            if answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/jwt":
                raise Unproven("userinfo is not signed")
            told = self._proven(line, answer.text, JWTClaims, at)
            if told["sub"] != who["sub"]:
                raise Unproven("userinfo of somebody else")
            return Introduction(
                issuer=self.issuer,
                subject=who["sub"],
                email=vouched_email(told, promised=self._promised),
                siret=siret_of(told),
                second_factor=two_factors(who),
                id_token=id_token,
            )

    def came_from(self, issuer: str | None) -> bool:
        """Whether an answer that names its issuer names this one (RFC 9207)."""
        return issuer is None or issuer == self.issuer

    def way_out(self, id_token: str, *, state: str, back: str) -> str | None:
        """The address where a browser ends the provider's own session; None when it has no such page."""
        with self._conversation() as line:
            address = self._about(line).get("end_session_endpoint")
        if not address:
            return None
        return f"{address}?{urlencode({'id_token_hint': id_token, 'state': state, 'post_logout_redirect_uri': back})}"

    @contextmanager
    def _conversation(self) -> Iterator[Line]:
        if not self._places.acquire(timeout=self._patience):
            raise self._silent()
        try:
            with Line(
                patience=self._patience,
                client_id=self._client_id,
                client_secret=self._secret,
                token_endpoint_auth_method="client_secret_post",  # noqa: S106 (a way, not a secret)
                scope=self._scopes,
                redirect_uri=self._back,
                code_challenge_method="S256",
            ) as line:
                yield line
        except (InvalidJSONError, *_FAULTS) as error:
            log.warning("the identity provider is not believed: %s", _why(error))
            raise NotTrusted(
                N_("La réponse de %(name)s n’a pas pu être vérifiée. Rien n’a été ouvert."), name=self.name
            ) from error
        except RequestException as error:
            log.warning("the identity provider does not answer: %s", type(error).__name__)
            raise self._silent() from error
        finally:
            self._places.release()

    def _silent(self) -> NotAnswering:
        return NotAnswering(N_("%(name)s ne répond pas en ce moment. Ce n’est pas votre faute."), name=self.name)

    def _about(self, line: Line) -> Mapping[str, Any]:
        """What the provider says of itself: its issuer is ours, and each of its addresses is on the issuer's host."""
        about: Mapping[str, Any] = self._published(
            line, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", self._check
        )
        return about

    def _check(self, page: Any) -> Mapping[str, Any]:
        if page["issuer"] != self.issuer:
            raise Unproven("another issuer")
        needed = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        told = {name: page[name] for name in (*needed, "end_session_endpoint") if page.get(name)}
        ours = urlsplit(self.issuer)
        for name in needed:
            _ = told[name]
        for address in told.values():
            if urlsplit(address)[:2] != ours[:2]:
                raise Unproven("an address outside of the issuer's host")
        return told

    def _keys(self, line: Line, *, fresh: bool = False) -> KeySet:
        keys: KeySet = self._published(line, self._about(line)["jwks_uri"], KeySet.import_key_set, fresh=fresh)
        return keys

    def _published(self, line: Line, address: str, made: Any, *, fresh: bool = False) -> Any:
        at, found = self._kept.get(address, (0.0, None))
        if found is not None and not fresh and monotonic() - at < FRESH:
            return found
        try:
            found = made(line.read(address).json())
        except RequestException:
            if found is None or fresh:
                raise
        self._kept[address] = (monotonic(), found)
        return found

    def _proven(self, line: Line, raw: str, kind: Any, at: datetime, **expected: str) -> Mapping[str, Any]:
        """The claims of what the provider signed for us and that still holds. A key that we do not know yet, or one
        that has changed, is asked for once."""
        try:
            token = jwt.decode(raw, self._keys(line), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, BadSignatureError):
            token = jwt.decode(raw, self._keys(line, fresh=True), algorithms=ALGORITHMS)
        return checked(token, kind, issuer=self.issuer, client_id=self._client_id, at=at, **expected)


def _why(error: Exception) -> str:
    """For the operator: never a word that somebody else chose."""
    return str(error) if isinstance(error, JoseError | Unproven) else type(error).__name__
