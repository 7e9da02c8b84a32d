"""The cast: invented people of the tests, each with a college, a role and a browser.

Amina, employee in insertion, has no e-mail; Bruno works in a SIAE; Chloé is a counsellor of the public employment
service and an editor; Denis, of the State service, edits, publishes and administers; the passer-by is nobody.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referentiel.config import Settings
from referentiel.database import session
from referentiel.people.models import Person
from referentiel.permissions import Role
from referentiel.web import clock
from tests.pages import check_page

BASE = "http://127.0.0.1:8000"

PEOPLE: dict[str, dict[str, Any]] = {
    "amina": {"college": "employees", "structure": "Chantier des Lilas", "roles": set()},
    "bruno": {
        "college": "siae",
        "structure": "Chantier des Lilas",
        "roles": {Role.FACILITATOR},
        "email": "bruno@tests.invalid",
    },
    "chloe": {
        "college": "spe",
        "structure": "Mission locale du Val",
        "roles": {Role.EDITOR},
        "email": "chloe@tests.invalid",
    },
    "denis": {
        "college": "partners",
        "structure": "Direction régionale",
        "roles": {Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR},
        "email": "denis@tests.invalid",
    },
    "bruno_colleague": {
        "college": "siae",
        "structure": "Régie du Pont",
        "roles": {Role.EDITOR},
        "email": "collegue@tests.invalid",
    },
}


@dataclass
class Form:
    """A form as the page gives it: where it goes and what it holds before anybody types."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """(name, value, words) of each submit button"""


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self._form = url, [], None
        self._text: str | None = None
        self._select: str | None = None
        self._button: list[str] | None = None

    forms: list[Form]
    _form: Form | None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(urljoin(self.url, given.get("action") or self.url), given.get("method", "get").lower())
            self.forms.append(self._form)
        form = self._form
        if form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"submit", "image", "file"}:
                return
            if kind in {"radio", "checkbox"}:
                if "checked" in given:
                    form.values.setdefault(name, []).append(given.get("value", "on"))
                return
            form.values.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea" and name:
            form.values.setdefault(name, []).append("")
            self._text = name
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            form.values.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._button = [name, given.get("value", ""), ""]

    def handle_data(self, data: str) -> None:
        if self._text and self._form:
            self._form.values[self._text][-1] += data
        if self._button is not None:
            self._button[2] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            if self._text and self._form:
                # HTML drops one newline just after <textarea>.
                value = self._form.values[self._text]
                value[-1] = value[-1].removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "button" and self._button is not None:
            if self._form is not None:
                name, value, words = self._button
                self._form.buttons.append((name, value, " ".join(words.split())))
            self._button = None


def forms_of(response: TestResponse) -> list[Form]:
    """Every form of a page, with the address it goes to made absolute."""
    parser = _Forms(response.request.url)
    parser.feed(response.get_data(as_text=True))
    return parser.forms


class Someone:
    """A person and a browser. Every page that comes back is checked as a page."""

    def __init__(self, app: Flask, name: str, person_id: int | None = None) -> None:
        self.app = app
        self.name = name
        self.person_id = person_id
        self.client: FlaskClient = app.test_client()
        self.page: TestResponse | None = None

    @property
    def person(self) -> Person:
        """The person's row, read now, in the test's own session."""
        row = session.get(Person, self.person_id)
        assert row is not None, f"{self.name} has no account"
        return row

    def _checked(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.get_data() and not 300 <= response.status_code < 400:
            check_page(response)
        self.page = response
        return response

    def get(self, path: str, *, status: int = 200, **options: Any) -> TestResponse:
        """Open an address; the status is asserted."""
        options.setdefault("base_url", BASE)
        response = self._checked(self.client.get(path, **options))
        assert response.status_code == status, explain(response)
        return response

    def post(self, path: str, data: Any = None, *, status: int | None = None, **options: Any) -> TestResponse:
        """Send a form as it is given, with the headers that a browser adds."""
        options.setdefault("base_url", BASE)
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": BASE} | dict(options.pop("headers", {}))
        response = self._checked(self.client.post(path, data=data, headers=headers, **options))
        if status is not None:
            assert response.status_code == status, explain(response)
        return response

    def fill(self, path: str, /, *, to: str | None = None, button: str | None = None, **fields: Any) -> TestResponse:
        """Open ``path``, fill in its form and send it.

        ``to`` is a part of the form's address when the page has several, ``button`` words of the button pressed.
        Fields are checked to exist; a list gives several values. The answer is not followed.
        """
        self.get(path)
        return self.send(to=to, button=button, **fields)

    def send(self, *, to: str | None = None, button: str | None = None, **fields: Any) -> TestResponse:
        """Fill in and send the form of the page in hand."""
        assert self.page is not None
        form = self._form(to, button)
        data: dict[str, Any] = {name: list(values) for name, values in form.values.items()}
        text = self.page.get_data(as_text=True)
        for name, value in fields.items():
            assert re.search(rf'name="{re.escape(name)}"', text), f"no field {name!r} in the form to {form.action}"
            data[name] = value
        for name, value, words in form.buttons:
            if name and (button is None or button in words):
                data[name] = value
                break
        address = urlsplit(form.action)
        path = address.path + (f"?{address.query}" if address.query else "")
        return self.post(path, data) if form.method == "post" else self.get(path, query_string=data)

    def _form(self, to: str | None, button: str | None) -> Form:
        assert self.page is not None
        found = [
            form
            for form in forms_of(self.page)
            if (to is None or to in form.action)
            and (button is None or any(button in words for _, _, words in form.buttons))
        ]
        if to is None and button is None:
            found = [form for form in found if form.method == "post"] or found
        assert found, f"no form to {to!r} with a button {button!r} on {self.page.request.path}"
        return found[0]

    def follow(self, response: TestResponse | None = None) -> TestResponse:
        """Follow a redirect as a browser does."""
        response = response or self.page
        assert response is not None
        assert response.status_code in {301, 302, 303, 307, 308}, explain(response)
        return self.get(urljoin(BASE, response.headers["Location"]).removeprefix(BASE))


def explain(response: TestResponse) -> str:
    """What a failed assertion says: the status, where it leads, and the words of the page."""
    text = re.sub(r"<(style|script|svg)\b.*?</\1>", "", response.get_data(as_text=True), flags=re.S)
    main = re.search(r"<main.*?</main>", text, flags=re.S)
    words = " ".join(re.sub(r"<[^>]+>", " ", main.group(0) if main else text).split())
    where = response.headers.get("Location", "")
    return f"{response.request.method} {response.request.path} answered {response.status_code} {where}\n{words[:1500]}"


def stand_still(app: Flask) -> None:
    """Stop the application's clock, so that no count of tries begins again in the middle of a test."""
    instant = now()
    clock.set_clock(app, lambda: instant)


def now() -> datetime:
    return datetime.now(UTC)


def environment(settings: Settings) -> dict[str, str]:
    """What a command needs to find the same instance, and the same database."""
    return {
        "REFERENTIEL_INSTANCE": str(settings.instance),
        "REFERENTIEL_DATABASE_URL": settings.database_url,
        "REFERENTIEL_FORMATS": settings.formats,
    }
