"""The matrix route × person, as data in ``rights.txt``: a route that is missing from it fails, and so does a surprise.

The world: proposal 1 of Bruno in discussion, his draft 1, his session 1 to which nobody agreed yet, contribution 1 of
Amina, held. Columns: a passer-by, Amina
(employee), Bruno (SIAE, author), Chloé (editor), Denis (editor, publisher, administrator). Words: ``yes`` let in;
``sign-in`` asked who they are; ``no`` refused with a reason; ``404`` private, so it does not exist.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals import actions as proposals
from referentiel.proposals.models import Draft
from referentiel.proposals.states import ProposalKind
from referentiel.web.guard import access_of
from tests.cast import BASE, Someone
from tests.functional.test_workshops import opened_by
from tests.proposal_lives import in_discussion, sheet

FILE = Path(__file__).with_name("rights.txt")
VALUES = {
    "code": "E4",
    "key": "methode",
    "letter": "E",
    "kind": "pages",
    "on": "2026-06-01",
    "path": "criteres/E4.md",
    "format": "html",
    "token": "inconnu",
    "square": "inconnu",
    "id": "00000000-0000-0000-0000-000000000000",
    "person_id": "2",
    "session_id": "1",
    "edition": "2026.0",
}
NUMBERS: dict[str, Callable[[], int]] = {
    "commenting.": lambda: session.scalars(select(Comment.id)).one(),
    "answers.": lambda: session.scalars(select(Comment.id)).one(),
    "moderating.": lambda: session.scalars(select(Comment.id)).one(),
    "proposing.draft": lambda: session.scalars(select(Draft.id)).one(),
    "proposing.confirm_discard": lambda: session.scalars(select(Draft.id)).one(),
    "proposing.discard": lambda: session.scalars(select(Draft.id)).one(),
}
"""Which row a number names; elsewhere it is the proposal, 1"""
KEYS = {"glossaire": "aci", "outils": "pass-iae", "competences": "rendre-compte", "pages": "methode"}
"""An item of each kind, for the addresses of the API"""
LISTED = {
    "reading.listed": "glossaire",
    "reading.draft_listed": "glossaire",
    "published.listed": "glossaire",
    "previewing.listed": "glossaire",
}
LISTED["previewing.listed"] = "glossaire"
ROWS = {
    (row.split()[0], row.split()[1]): tuple(row.split()[2:])
    for row in FILE.read_text().splitlines()
    if row and not row.startswith("#")
}
METHODS = ("GET", "POST")
World = tuple[Someone, ...]


def word(response: TestResponse) -> str:
    """What an answer says about the right, whatever it says about the request."""
    if response.status_code == 404:
        return "404"
    where = response.headers.get("Location", "")
    asked = "/connexion" in where or (
        response.status_code == 403 and "Connectez-vous" in response.get_data(as_text=True)
    )
    if asked and "second-facteur" not in where:
        return "sign-in"
    return "no" if response.status_code == 403 else "yes"


@pytest.fixture
def world(
    app: Flask,
    library: Library,
    passer_by: Someone,
    amina: Someone,
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
) -> World:
    in_discussion(library, bruno.person, chloe.person, days=3)
    at = datetime.now(UTC)
    proposals.save_draft(
        sheet(),
        kind=ProposalKind.MODIFY,
        path="criteres/E5.md",
        base=library.head(),
        form_id=str(uuid4()),
        proposal_id=None,
        by=bruno.person,
        at=at,
    )
    comments.comment(Anchor(Target.CRITERION, "E4"), "Mes mots.", by=amina.person, at=at, form="1")
    opened_by(bruno)
    return passer_by, amina, bruno, chloe, denis


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, rule, address) of every route but the static files."""
    adapter = app.url_map.bind("127.0.0.1")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "static":
            continue
        values = {name: VALUES.get(name, "1") for name in rule.arguments}
        for prefix, number in NUMBERS.items():
            if rule.endpoint.startswith(prefix) and "/propositions/<int" not in rule.rule and "number" in values:
                values["number"] = str(number())
        if "cle" in values:
            values["cle"] = KEYS[rule.rule.split("/")[3]]
        if rule.endpoint in LISTED:
            values["kind"] = LISTED[rule.endpoint]
        if rule.rule.startswith("/editions/<number>/"):
            values["number"] = "2026.0"
        address = adapter.build(rule.endpoint, {n: int(v) if v.isdigit() else v for n, v in values.items()})
        for method in METHODS:
            if method in (rule.methods or ()):
                yield method, rule.rule.replace(" ", ""), address


def met(method: str, address: str, world: World) -> tuple[str, ...]:
    """What each person is told at an address. An act changes the world: it is then tried by one person after another,
    the least entitled first."""
    answers = []
    for someone in world:
        if method == "GET":
            response = someone.client.get(address, base_url=BASE)
        else:
            form = someone.client.get("/apparence", base_url=BASE).get_data(as_text=True)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
            assert token
            response = someone.client.post(
                address,
                base_url=BASE,
                data={"csrf_token": token[1]},
                headers={"Sec-Fetch-Site": "same-origin", "Origin": BASE},
            )
        assert response.status_code < 500, f"{someone.name} {method} {address}"
        answers.append(word(response))
    return tuple(answers)


def test_every_route_stands_in_the_matrix(app: Flask, world: World) -> None:
    assert {(method, rule) for method, rule, _ in routes(app)} == set(ROWS)


def test_every_view_says_who_may_pass(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if name != "static" and access_of(view) is None]
    assert silent == []


def test_each_reader_is_let_in_where_the_matrix_says(app: Flask, world: World) -> None:
    found = {(method, rule): met(method, address, world) for method, rule, address in routes(app) if method == "GET"}
    assert found == {key: row for key, row in ROWS.items() if key[0] == "GET"}


@pytest.mark.parametrize("rule", sorted(rule for method, rule in ROWS if method == "POST"))
def test_each_act_is_open_to_whom_the_matrix_says(rule: str, app: Flask, world: World) -> None:
    address = next(address for method, found, address in routes(app) if method == "POST" and found == rule)
    assert met("POST", address, world) == ROWS["POST", rule]
