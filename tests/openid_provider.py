"""The pretended identity provider of the demonstration, that lies on demand, and how a browser goes through it."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

from referentiel.commands.demo_openid import Account, Grant, PretendedProvider
from referentiel.commands.demo_openid_pages import Answer
from tests.cast import Someone

PEOPLE = (
    Account("sub-bruno", "Bruno", "bruno@tests.invalid", "11000101300017"),
    Account("sub-chloe", "Chloé", "chloe@tests.invalid"),
    Account("sub-eve", "Ève", "eve@tests.invalid"),
)
Twist = Callable[[dict[str, Any]], dict[str, Any]]


def honest(told: dict[str, Any]) -> dict[str, Any]:
    return told


class Liar(PretendedProvider):
    """Says what the true one would not. Each twist is honest until a test gives another."""

    def __init__(self) -> None:
        super().__init__(PEOPLE)
        self.twist_description: Twist = honest
        self.twist_identity: Twist = honest
        self.twist_person: Twist = honest
        self.twist_return: Twist = honest
        self.sign_as: Callable[[dict[str, Any]], str] | None = None
        self.tell_as: Callable[[dict[str, Any]], Answer] | None = None
        self.instead: Answer | None = None
        self.heard: list[tuple[str, str]] = []

    def answer(self, method: str, target: str, headers: Any, body: str) -> Answer:
        self.heard.append((method, target))
        return self.instead or super().answer(method, target, headers, body)

    def describe(self) -> dict[str, Any]:
        return self.twist_description(super().describe())

    def identity(self, grant: Grant) -> dict[str, Any]:
        return self.twist_identity(super().identity(grant))

    def person(self, grant: Grant) -> dict[str, Any]:
        return self.twist_person(super().person(grant))

    def back(self, parameters: dict[str, str]) -> dict[str, str]:
        return self.twist_return(parameters)

    def sign(self, claims: dict[str, Any]) -> str:
        # The nonce is in the identity token alone.
        if self.sign_as is not None and "nonce" in claims:
            return self.sign_as(claims)
        return super().sign(claims)

    def userinfo(self, grant: Grant) -> Answer:
        return self.tell_as(self.person(grant)) if self.tell_as else super().userinfo(grant)


def leave(someone: Someone, suite: str = "/propositions/") -> str:
    """Press the provider's button; the address where the page goes on to."""
    someone.fill(f"/connexion?suite={suite}", to="/connexion/fournisseur")
    return onwards(someone)


def onwards(someone: Someone) -> str:
    """Where the page in hand goes on to by itself."""
    assert someone.page is not None
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', someone.page.get_data(as_text=True))
    assert found, someone.page.get_data(as_text=True)
    return html.unescape(found[1])


def choose(address: str, name: str, *, two_factors: bool = False) -> str:
    """Press a name on the provider's page; the address where it sends the browser back."""
    page = requests.get(address, timeout=30)
    assert page.status_code == 200, page.text
    words = "Entrer avec un second facteur" if two_factors else "Entrer"
    part = page.text.partition(f"<h2>{name}</h2>")[2]
    target = re.search(rf'<a href="([^"]+)">{words}</a>', part)
    assert target, page.text
    return pressed(page.url, html.unescape(target[1]))


def refuse(address: str) -> str:
    """Press the button that refuses; the address where it sends the browser back."""
    page = requests.get(address, timeout=30)
    target = re.search(r'<a href="([^"]+)">Refuser', page.text)
    assert target, page.text
    return pressed(page.url, html.unescape(target[1]))


def pressed(base: str, target: str) -> str:
    parts = urlsplit(base)
    gone = requests.get(f"{parts.scheme}://{parts.netloc}{target}", timeout=30, allow_redirects=False)
    return path_of(gone.headers["Location"])


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def come_in(someone: Someone, name: str, *, two_factors: bool = False, status: int = 303, suite: str = "/") -> Any:
    """The whole way: the button, the provider's page, and back."""
    return someone.get(choose(leave(someone, suite), name, two_factors=two_factors), status=status)
