"""The pages of the pretended identity provider, and its place on HTTP. Nothing here knows the protocol."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlencode

STYLE = (
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#161616;"
    "background:#fff}a{display:block;padding:.75rem 1rem;margin:.5rem 0;border:2px solid #1a4d8f;border-radius:.5rem;"
    "color:#1a4d8f;text-decoration:none;overflow-wrap:anywhere}.mark{background:#fff3cd;padding:.75rem 1rem;"
    "border-radius:.5rem}"
)


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    kind: str
    body: str
    location: str = ""


def page(title: str, body: str, status: int = 200) -> Answer:
    """A page that says first that it is pretended."""
    html = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>'
        f'<p class="mark"><b>Démonstration.</b> Ce fournisseur d’identité est inventé, comme ces personnes.</p>'
        f"<h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return Answer(status, "text/html; charset=utf-8", html)


def as_json(value: object, status: int = 200) -> Answer:
    return Answer(status, "application/json", json.dumps(value))


def choice(number: str, subject: str, words: str, **more: str) -> str:
    """A link by which the page that waits under this number is answered."""
    target = urlencode({"demande": number, "personne": subject, **more})
    return f'<a href="/api/v2/choisir?{escape(target)}">{escape(words)}</a>'


def handler(answer_to: Callable[[str, str, Mapping[str, str], str], Answer]) -> type[BaseHTTPRequestHandler]:
    """What reads a request of any method and writes its answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply("GET", "")

        def do_POST(self) -> None:
            self._reply("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def _reply(self, method: str, body: str) -> None:
            answer = answer_to(method, self.path, dict(self.headers.items()), body)
            raw = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Cache-Control", "no-store")
            if answer.location:
                self.send_header("Location", answer.location)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing: what is asked holds codes."""

    return Handler
