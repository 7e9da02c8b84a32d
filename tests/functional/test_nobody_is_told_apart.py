"""What is published of employees is a college and a month: no name, no structure, and no order that tells who spoke."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from referentiel.comments import actions, queries
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face, State
from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.people.models import Person, Workshop
from referentiel.web.guard import PUBLIC, access_of
from tests.cast import BASE, Someone, now
from tests.proposal_lives import in_discussion
from tests.workshop_lives import facilitating, workshop

PLACE = "Chantier des Lilas"
PSEUDONYM = "Lampe turquoise"
SPEAKERS = 24


def speak(held: Workshop, count: int, on: Anchor) -> list[Comment]:
    """One after the other, as in a room: a person, a face, words; published in the same order."""
    said = []
    began = now() - timedelta(hours=1)
    for place in range(count):
        with writing() as rows:
            person = Person(
                college="employees",
                structure_id=held.structure_id,
                workshop_id=held.id,
                pseudonym=PSEUDONYM,
                created_at=began,
            )
            rows.add(person)
        at = began + timedelta(seconds=place)
        said.append(actions.comment(on, f"Parole numéro {place:02}.", by=person, at=at, form=str(place)))
        if on.kind is Target.CRITERION:
            actions.answer_question(on, Face.PARTLY, "", by=person, at=at, form=f"face {place}")
    with writing():
        for place, row in enumerate(said):
            row.state, row.published_at = State.PUBLISHED, began + timedelta(seconds=100 + place)
    return said


@pytest.fixture
def held(app: Flask, chloe: Someone) -> Workshop:
    return workshop(by=facilitating(chloe), structure=PLACE, seats=60)


def tells_an_order(places: Sequence[int]) -> bool:
    """Whether more than three in four of the neighbours stand in the order in which people spoke, or its reverse."""
    rising = sum(one < other for one, other in pairwise(places))
    return max(rising, len(places) - 1 - rising) > 0.75 * (len(places) - 1)


def test_the_measure_of_an_order_knows_one_when_it_sees_one() -> None:
    order = list(range(SPEAKERS))
    assert tells_an_order(order)
    assert tells_an_order(order[::-1])
    Random(1).shuffle(order)
    assert not tells_an_order(order)


def orders_of(pages: Sequence[str]) -> list[list[int]]:
    """The places at which people spoke, in the order in which each page shows their words."""
    return [[int(place) for place in re.findall(r'class="said"[^>]*>\W*Parole numéro (\d\d)', page)] for page in pages]


@pytest.mark.parametrize("kind", [Target.CRITERION, Target.PROPOSAL])
def test_the_words_of_a_workshop_are_shown_in_an_order_that_says_nothing(
    app: Flask, library: Library, held: Workshop, passer_by: Someone, bruno: Someone, chloe: Someone, kind: Target
) -> None:
    if kind is Target.PROPOSAL:
        in_discussion(library, bruno.person, chloe.person, days=3)
    key, addresses = {
        Target.CRITERION: ("E4", ("/criteres/E4", "/criteres/E4/contributions")),
        Target.PROPOSAL: ("1", ("/propositions/1", "/propositions/1/contributions")),
    }[kind]
    said = speak(held, SPEAKERS, Anchor(kind, key))
    pages = [passer_by.get(address).get_data(as_text=True) for address in addresses]
    whole = [order for order in orders_of(pages) if len(order) >= SPEAKERS]
    assert whole, "one page shows them all"
    assert not any(tells_an_order(order) for order in whole)
    assert orders_of([passer_by.get(addresses[1]).get_data(as_text=True)]) == [orders_of(pages)[1]], "always the same"
    numbers = [row.id for row in sorted(said, key=lambda row: row.text)]
    assert not tells_an_order(numbers), "nor do the numbers in addresses"


def test_replies_are_shuffled_too(app: Flask, held: Workshop) -> None:
    top, *others = speak(held, SPEAKERS, Anchor(Target.CRITERION, "E4"))
    with writing():
        for row in others:
            row.parent_id, row.parent_is_reply, row.is_reply = top.id, False, True
    [thread] = [voice for voice in queries.on_item("E4") if voice.replies]
    assert not tells_an_order([int(voice.text[-3:-1]) for voice in thread.replies])


def test_what_waits_to_be_read_tells_no_order_of_arrival(app: Flask, held: Workshop, bruno_colleague: Someone) -> None:
    """Who reads words may have been in the room."""
    said = speak(held, SPEAKERS, Anchor(Target.CRITERION, "E4"))
    with writing():
        for row in said:
            row.state, row.published_at = State.HELD, None
    pages = [bruno_colleague.get(f"/moderation/?page={page}").get_data(as_text=True) for page in (1, 2)]
    shown = [place for order in orders_of(pages) for place in order]
    assert sorted(shown) == list(range(SPEAKERS))
    assert not tells_an_order(shown)


def addresses(app: Flask, filled: Callable[[str], str]) -> list[str]:
    """Every address that anybody may open, JSON and feeds included."""
    adapter, found = app.url_map.bind("127.0.0.1"), []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
            continue
        if access_of(app.view_functions[rule.endpoint]) != PUBLIC:
            continue
        values = {name: filled(name) for name in rule.arguments}
        if rule.endpoint.endswith("listed"):
            values["kind"] = "glossaire"
        found.append(adapter.build(rule.endpoint, {n: int(v) if v.isdigit() else v for n, v in values.items()}))
    return found


@pytest.mark.parametrize("count", [4, 6])
def test_no_public_page_tells_a_structure_or_a_pseudonym(
    app: Flask, library: Library, held: Workshop, passer_by: Someone, bruno: Someone, chloe: Someone, count: int
) -> None:
    in_discussion(library, bruno.person, chloe.person, days=3)
    speak(held, count, Anchor(Target.CRITERION, "E4"))
    speak(held, count, Anchor(Target.PROPOSAL, "1"))
    number = str(session.scalars(select(Comment.id)).first())
    given = {"code": "E4", "key": "methode", "kind": "pages", "on": "2026-06-01", "path": "criteres/E4.md"}
    for address in addresses(app, lambda name: given.get(name, number if name == "comment" else "1")):
        answer = passer_by.client.get(address, base_url=BASE)
        body = answer.get_data()
        for word in (PLACE, PSEUDONYM):
            assert word.encode() not in body, f"{address} tells {word!r}"


@pytest.mark.parametrize("who", ["chloe", "bruno_colleague", "denis"])
def test_who_reads_words_before_everybody_is_not_told_where_they_come_from(
    app: Flask, held: Workshop, who: str, request: pytest.FixtureRequest
) -> None:
    someone: Someone = request.getfixturevalue(who)
    [said, *_others] = speak(held, 4, Anchor(Target.CRITERION, "E4"))
    with writing():
        said.state, said.published_at = State.HELD, None
    for path in ("/moderation/", f"/moderation/{said.id}/ne-pas-publier", "/bureau", "/criteres/E4/contributions"):
        page = someone.get(path).get_data(as_text=True)
        assert PLACE not in page, path
        assert PSEUDONYM not in page, path
