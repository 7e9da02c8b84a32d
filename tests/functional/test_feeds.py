"""Feeds, read as a reader of feeds does: valid, under names that stay, without anybody's name nor unread words."""

import re
from typing import Any
from uuid import uuid4

import feedparser  # type: ignore[import-untyped]
import pytest
from werkzeug.test import TestResponse

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.database import writing
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal
from tests.cast import BASE, Someone
from tests.edition_lives import second_edition
from tests.functional.test_reading import statements, words
from tests.proposal_lives import ago, in_decision, in_discussion, sheet

FEEDS = ("editions", "propositions", "propositions/1", "criteres/E4", "chapitres/E")


def answer_of(someone: Someone, name: str, **options: Any) -> TestResponse:
    return someone.client.get(f"/flux/{name}.atom", base_url=BASE, **options)


def read(someone: Someone, name: str, **options: Any) -> Any:
    """The feed as feedparser reads it: valid, or the test fails."""
    response = answer_of(someone, name, **options)
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    assert "Set-Cookie" not in response.headers
    found = feedparser.parse(response.get_data(), response_headers={"content-type": response.headers["Content-Type"]})
    assert found.bozo == 0, found.get("bozo_exception")
    assert found.version == "atom10"
    assert found.feed.title
    assert found.feed.updated.endswith("Z")
    for one in (found.feed, *found.entries):
        assert re.fullmatch(r"tag:127\.0\.0\.1,2026:[a-z0-9A-Z/._-]+", one.id), one.id
        assert one.link.startswith(BASE)
    names = [entry.id for entry in found.entries]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.updated) for entry in found.entries)
    return found


def titles(someone: Someone, name: str) -> list[str]:
    return [entry.title.replace("\xa0", " ") for entry in read(someone, name).entries]


@pytest.fixture
def life(library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone) -> Proposal:
    """Proposal 1 adopted, edition 2026.1, proposal 2 in discussion with a title that XML does not like."""
    second_edition(library, amina.person, chloe.person, denis.person, note="Une note <b>& un</b> signe.")
    return in_discussion(library, bruno.person, chloe.person, days=3, title="Prévenir & <expliquer> « tôt » 🙂")


@pytest.mark.parametrize("name", FEEDS)
def test_each_feed_is_valid_and_stays_the_same_until_something_is_new(
    name: str, life: Proposal, passer_by: Someone
) -> None:
    first = answer_of(passer_by, name)
    assert read(passer_by, name).entries
    again = answer_of(passer_by, name)
    assert again.get_data() == first.get_data()
    tag = first.headers["ETag"]
    same = answer_of(passer_by, name, headers={"If-None-Match": tag})
    assert same.status_code == 304
    assert same.get_data() == b""
    assert "max-age" in first.headers["Cache-Control"]


@pytest.mark.parametrize("name", FEEDS)
def test_what_was_there_keeps_its_name_and_its_day_when_something_is_new(
    name: str, life: Proposal, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    before = {entry.id: entry.updated for entry in read(passer_by, name).entries}
    tag = answer_of(passer_by, name).headers["ETag"]
    actions.revise(
        library, life, sheet("Un autre titre", sections={"Énoncé": "Autre."}), by=life.authors[0].person, at=ago(0)
    )
    spoken = comments.comment(Anchor(Target.PROPOSAL, "1"), "Mes mots.", by=amina.person, at=ago(0), form="1")
    comments.publish(spoken, by=denis.person, at=ago(0))
    after = {entry.id: entry.updated for entry in read(passer_by, name).entries}
    assert before.items() <= after.items()
    assert (answer_of(passer_by, name).headers["ETag"] != tag) == (name != "editions")


def test_the_feed_of_editions_tells_each_edition(life: Proposal, passer_by: Someone) -> None:
    found = read(passer_by, "editions")
    assert [entry.title.replace("\xa0", " ") for entry in found.entries] == ["Édition 2026.1", "Édition 2026.0"]
    assert found.entries[0].link == f"{BASE}/editions/2026.1/"
    assert "Une note <b>& un</b> signe." in found.entries[0].summary or "& un" in found.entries[0].summary


def test_the_feed_of_proposals_tells_their_steps(life: Proposal, passer_by: Someone) -> None:
    found = titles(passer_by, "propositions")
    assert found[0] == "Proposition 2, « Prévenir & <expliquer> « tôt » 🙂 » : la discussion est ouverte"
    assert "Proposition 1, « Prévenir un mois avant » : la décision est prise" in found
    decision = next(e for e in read(passer_by, "propositions").entries if "décision est prise" in e.title)
    assert decision.link == f"{BASE}/decisions/1"
    assert decision.summary == "Vous serez prévenu plus tôt."


@pytest.mark.parametrize("name", ["criteres/E4", "chapitres/E"])
def test_the_feed_of_an_item_tells_what_was_adopted_once_and_what_is_proposed(
    name: str, life: Proposal, passer_by: Someone
) -> None:
    found = titles(passer_by, name)
    assert found.count("E4 : nouveau texte adopté") == 1
    assert not [title for title in found if "Proposition 1" in title and "décision est prise" in title]
    assert "Proposition 2, « Prévenir & <expliquer> « tôt » 🙂 » : la discussion est ouverte" in found
    assert "E4 : texte de départ" in found
    assert all("Proposition" not in title for title in titles(passer_by, "criteres/D1"))


def test_unread_words_are_in_no_feed_and_published_ones_are_told_without_what_they_say(
    life: Proposal, library: Library, amina: Someone, denis: Someone, passer_by: Someone
) -> None:
    before = [answer_of(passer_by, name).get_data() for name in FEEDS]
    row = comments.comment(Anchor(Target.PROPOSAL, "1"), "Un secret de Karim.", by=amina.person, at=ago(0), form="1")
    assert [answer_of(passer_by, name).get_data() for name in FEEDS] == before
    comments.publish(row, by=denis.person, at=ago(0))
    text = answer_of(passer_by, "propositions/1").get_data(as_text=True)
    assert "une contribution est publiée" in text
    assert "Salariés en insertion" in text
    assert "secret" not in text
    entry = next(e for e in read(passer_by, "propositions/1").entries if "contribution" in e.title)
    month = read(passer_by, "propositions/1")
    assert entry.updated[8:10] in ("28", "29", "30", "31", "01"), "the first day of a month in Paris, in UTC"
    assert month.feed.link == f"{BASE}/propositions/1"
    comments.withdraw(row, by=amina.person, at=ago(0))
    assert "contribution" not in answer_of(passer_by, "propositions/1").get_data(as_text=True)


def test_the_reason_of_a_decision_is_in_no_feed_before_its_second_signature(
    life: Proposal, library: Library, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    actions.withdraw(life, reason="", by=life.authors[0].person, at=ago(2))
    other = in_discussion(library, life.authors[0].person, chloe.person, days=40, title="Encore")
    decision = in_decision(library, other, chloe.person, plain_reason="Rien n’est encore décidé.")
    feeds = [answer_of(passer_by, name).get_data(as_text=True) for name in (*FEEDS, f"propositions/{other.id}")]
    assert any("une décision est proposée" in feed for feed in feeds)
    assert not any("Rien n’est encore décidé" in feed for feed in feeds)
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    assert "Rien n’est encore décidé" in answer_of(passer_by, f"propositions/{other.id}").get_data(as_text=True)


def test_no_name_nor_address_nor_hour_is_in_a_feed(life: Proposal, passer_by: Someone, bruno: Someone) -> None:
    with writing():
        bruno.person.name = "Bruno Zéphyrin"
    for name in FEEDS:
        text = answer_of(passer_by, name).get_data(as_text=True)
        assert "Zéphyrin" not in text
        assert "@" not in text
        assert {found[1] for found in re.finditer(r"T(\d\d:\d\d:\d\d)Z", text)} <= {"22:00:00", "23:00:00"}


@pytest.mark.parametrize("name", ["criteres/Z9", "chapitres/Z", "propositions/99", "pages/methode", "criteres/../x"])
def test_a_feed_of_what_does_not_exist_is_a_404(name: str, passer_by: Someone) -> None:
    assert answer_of(passer_by, name).status_code == 404


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("/criteres/E4", "criteres/E4"),
        ("/chapitres/E", "chapitres/E"),
        ("/propositions/1", "propositions/1"),
        ("/propositions/", "propositions"),
        ("/editions/", "editions"),
        ("/", "editions"),
        ("/suivre", "propositions"),
    ],
)
def test_a_page_names_its_feed_for_programs(page: str, name: str, life: Proposal, passer_by: Someone) -> None:
    links = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*>', words(passer_by.get(page)))
    assert any(f'href="/flux/{name}.atom"' in link for link in links)


def test_a_feed_costs_the_same_whatever_it_holds(
    life: Proposal, library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    counts = []
    for _ in range(2):
        answer_of(passer_by, "chapitres/E")
        with statements() as sent:
            answer_of(passer_by, "chapitres/E")
        counts.append(len(sent))
        for path in ("criteres/E1.md", "criteres/E2.md", "criteres/E3.md"):
            in_discussion(library, amina.person, chloe.person, days=3, path=path)
    assert counts[0] == counts[1] <= 4


def link(found: Any, relation: str) -> str | None:
    return next((one.href for one in found.feed.links if one.rel == relation), None)


def pages(someone: Someone, name: str) -> list[Any]:
    """A feed from its newest entries to its oldest, as a reader of RFC 5005 goes through it."""
    found = [read(someone, name)]
    while following := link(found[-1], "next"):
        found.append(read(someone, name, query_string=following.partition("?")[2]))
        assert link(found[-1], "self") == following
        assert link(found[-1], "previous") == link(found[-2], "self")
        assert link(found[-1], "first") == link(found[0], "self")
    assert link(found[0], "previous") is None
    return found


def test_a_long_feed_comes_by_pages_of_fifty_that_hold_each_entry_once(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    for number in range(28):
        in_discussion(library, bruno.person, chloe.person, days=60 - number, title=f"Prévenir, {number}")
    for name, total in (("propositions", 56), ("criteres/E4", 57), ("chapitres/E", 63)):
        found = pages(passer_by, name)
        assert [len(page.entries) for page in found] == [50, total - 50], name
        names = [entry.id for page in found for entry in page.entries]
        assert len(set(names)) == total
        days = [entry.updated for page in found for entry in page.entries]
        assert days == sorted(days, reverse=True)
        assert {page.feed.id for page in found} == {found[0].feed.id}
    assert len(pages(passer_by, "editions")) == 1


def test_a_page_of_a_feed_that_does_not_exist_is_a_404_and_what_is_no_page_is_the_first(
    life: Proposal, passer_by: Someone
) -> None:
    for name in FEEDS:
        first = answer_of(passer_by, name).get_data()
        for raw in ("-1", "0", "abc", "", "1e9", "\0", "9" * 10_000, "../..", "1"):
            assert answer_of(passer_by, name, query_string={"page": raw}).get_data() == first, raw
        for raw in ("2", "201", "999999"):
            assert answer_of(passer_by, name, query_string={"page": raw}).status_code == 404
