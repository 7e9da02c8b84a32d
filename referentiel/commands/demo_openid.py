"""A pretended identity provider on loopback, for the demonstration and the tests: OpenID Connect as ProConnect does.

It asks for no password: its page lists invented people, and whoever presses a name becomes that person. It is as strict
as the true one about what it is asked: unknown parameters, short ``state`` or ``nonce``, another return address, a code
used twice or without its verifier are refused. Loaded by name, with the ``openid`` extra alone.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from referentiel.blueprints.openid import BACK, LEFT
from referentiel.commands.demo_openid_pages import Answer, as_json, choice, handler, page
from referentiel.config import Settings

CLIENT_ID = "referentiel-demonstration"
NAME = "un compte de démonstration"
KNOWN = frozenset(
    {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims", "acr_values", "prompt"),
        *("login_hint", "siret_hint", "idp_hint", "response_mode", "code_challenge", "code_challenge_method"),
    }
)
LEAST = 32
"""Characters of ``state`` and of ``nonce``"""
CODE_LIFE = 30
TOKEN_LIFE = 60


@dataclass(frozen=True)
class Account:
    """An invented person, as this provider knows them."""

    subject: str
    name: str
    email: str
    siret: str = ""


@dataclass(frozen=True)
class Grant:
    """What somebody let a site know of them: first by a code, then by an access token."""

    asked: Mapping[str, str]
    account: Account
    two_factors: bool
    until: float


class Refusal(Exception):
    """What the provider refuses, in the words of the protocol."""


class PretendedProvider:
    """The provider, served by threads of its own from :meth:`start` to :meth:`stop`. A test overrides what it wants to
    be wrong."""

    def __init__(self, accounts: Sequence[Account], *, port: int = 0) -> None:
        self.accounts = {account.subject: account for account in accounts}
        self.now: Callable[[], float] = time.time
        self.secret = secrets.token_urlsafe(32)
        self.returns = (frozenset[str](), frozenset[str]())
        self.asked: dict[str, Mapping[str, str]] = {}
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self.key = self.new_key()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler(self.answer))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/api/v2"

    def start(self) -> "PretendedProvider":
        threading.Thread(target=self._server.serve_forever, name="pretended-provider", daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self, settings: Settings) -> Settings:
        """The settings of a site that has this provider for door, and is registered there."""
        self.returns = frozenset({settings.base_url + BACK}), frozenset({settings.base_url + LEFT})
        return replace(
            settings,
            oidc_issuer=self.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=self.secret,
            oidc_name=NAME,
            oidc_email="promised",
        )

    def new_key(self) -> RSAKey:
        return RSAKey.generate_key(2048, {"kid": secrets.token_hex(8), "use": "sig", "alg": "RS256"})

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Answer:
        """One request, whatever its method."""
        parts = urlsplit(target)
        pairs = parse_qsl(body if method == "POST" else parts.query)
        given = dict(pairs)
        doors: dict[str, Callable[[], Answer]] = {
            "/.well-known/openid-configuration": lambda: as_json(self.describe()),
            "/jwks": lambda: as_json(self.keys()),
            "/authorize": lambda: self.welcome(given),
            "/choisir": lambda: self.choose(given),
            "/token": lambda: as_json(self.exchange(given)),
            "/userinfo": lambda: self.userinfo(self._bearer(headers)),
            "/session/end": lambda: self.leave(given),
        }
        door = doors.get(parts.path.removeprefix("/api/v2"))
        try:
            if door is None or len(pairs) != len(given) or (method == "POST") != parts.path.endswith("/token"):
                raise Refusal("not found")
            return door()
        except Refusal as refusal:
            if parts.path.endswith(("/token", "/userinfo")):
                return as_json({"error": str(refusal)}, 400)
            return page("Le fournisseur refuse cette demande", f"<p>{escape(str(refusal))}</p>", 400)

    def describe(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "jwks_uri": f"{self.issuer}/jwks",
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self) -> dict[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))

    def welcome(self, given: Mapping[str, str]) -> Answer:
        """The page where somebody says who they are."""
        unknown = given.keys() - KNOWN
        if unknown:
            raise Refusal(f"Y000400: unknown parameter {', '.join(sorted(unknown))}")
        if given.get("client_id") != CLIENT_ID or given.get("redirect_uri") not in self.returns[0]:
            raise Refusal("invalid client or redirect_uri")
        if given.get("response_type") != "code" or "openid" not in given.get("scope", "").split():
            raise Refusal("invalid response_type or scope")
        if min(len(given.get("state", "")), len(given.get("nonce", ""))) < LEAST:
            raise Refusal("state or nonce under 32 characters")
        if given.get("code_challenge_method") != "S256" or not given.get("code_challenge"):
            raise Refusal("PKCE S256 is required")
        number = secrets.token_urlsafe(16)
        self.asked[number] = given
        people = "".join(
            f"<h2>{escape(one.name)}</h2><p>{escape(one.email)}</p>{choice(number, one.subject, 'Entrer')}"
            f"{choice(number, one.subject, 'Entrer avec un second facteur', deux='1')}"
            for one in self.accounts.values()
        )
        return page("Qui êtes-vous ?", people + "<h2>Ou bien</h2>" + choice(number, "", "Refuser et revenir au site"))

    def choose(self, given: Mapping[str, str]) -> Answer:
        """Somebody chose: the browser goes back with a code, or with a refusal."""
        asked = self.asked.pop(given.get("demande", ""), None)
        if asked is None:
            raise Refusal("this page was already used")
        back = {"state": asked["state"], "iss": self.issuer}
        account = self.accounts.get(given.get("personne", ""))
        if account is None:
            back |= {"error": "access_denied", "error_description": "User auth aborted"}
        else:
            code = secrets.token_urlsafe(32)
            self.codes[code] = Grant(asked, account, "deux" in given, self.now() + CODE_LIFE)
            back["code"] = code
        return Answer(303, "text/plain", "", f"{asked['redirect_uri']}?{urlencode(self.back(back))}")

    def back(self, parameters: dict[str, str]) -> dict[str, str]:
        """What the browser carries back."""
        return parameters

    def exchange(self, given: Mapping[str, str]) -> dict[str, Any]:
        """A code for an identity token and an access token."""
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, self.secret):
            raise Refusal("invalid_client")
        grant = self.codes.pop(given.get("code", ""), None)
        if grant is None or grant.until < self.now() or given.get("grant_type") != "authorization_code":
            raise Refusal("invalid_grant")
        if given.get("redirect_uri") != grant.asked["redirect_uri"]:
            raise Refusal("invalid_grant")
        if create_s256_code_challenge(given.get("code_verifier", "")) != grant.asked["code_challenge"]:
            raise Refusal("invalid_grant")
        access = secrets.token_urlsafe(32)
        self.tokens[access] = replace(grant, until=self.now() + TOKEN_LIFE)
        id_token = self.sign(self.identity(grant))
        return {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_LIFE, "id_token": id_token}

    def identity(self, grant: Grant) -> dict[str, Any]:
        """The claims of the identity token."""
        now = int(self.now())
        told: dict[str, Any] = {"exp": now + TOKEN_LIFE, "iat": now, "nonce": grant.asked["nonce"], "acr": "eidas1"}
        if '"amr"' in grant.asked.get("claims", ""):
            told["amr"] = ["pwd", "mfa"] if grant.two_factors else ["pwd"]
        return self._common(grant) | told

    def person(self, grant: Grant) -> dict[str, Any]:
        """The claims of userinfo: what the scopes asked for, and nothing else."""
        account = grant.account
        wanted = grant.asked["scope"].split()
        told = {"email": account.email, "siret": account.siret}
        return self._common(grant) | {name: value for name, value in told.items() if name in wanted and value}

    def userinfo(self, grant: Grant) -> Answer:
        return Answer(200, "application/jwt", self.sign(self.person(grant)))

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid or ""}, claims, self.key)

    def leave(self, given: Mapping[str, str]) -> Answer:
        """The end of the provider's own session."""
        try:
            token = jwt.decode(given.get("id_token_hint", ""), KeySet([self.key]), algorithms=["RS256"])
        except (JoseError, ValueError) as error:
            raise Refusal("invalid id_token_hint") from error
        back = given.get("post_logout_redirect_uri", "")
        if token.claims["aud"] != CLIENT_ID or back not in self.returns[1] or len(given.get("state", "")) < LEAST:
            raise Refusal("invalid post_logout_redirect_uri or state")
        return Answer(303, "text/plain", "", f"{back}?{urlencode({'state': given['state']})}")

    def _common(self, grant: Grant) -> dict[str, Any]:
        return {"iss": self.issuer, "aud": CLIENT_ID, "sub": grant.account.subject}

    def _bearer(self, headers: Mapping[str, str]) -> Grant:
        grant = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if grant is None or grant.until < self.now():
            raise Refusal("invalid_token")
        return grant
