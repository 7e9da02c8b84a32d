"""A moderator asks that published words be read again: the same page and the same answer whoever wrote them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from referentiel.comments import actions, reported, reporting
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment, CommentEvent, CommentReport
from referentiel.comments.moderation import Rule, State
from referentiel.database import session, writing
from referentiel.errors import NotAllowed, Refused, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from tests.cast import BASE, Someone, now
from tests.functional.test_commenting import page_of, published, said
from tests.proposal_lives import in_discussion

WORDS = "On m’a prévenue la veille."


@pytest.fixture
def house(amina: Someone, chloe: Someone) -> Someone:
    """Chloé is an editor of Amina's structure: what she must not learn of words is that they come from there."""
    with writing():
        chloe.person.structure_id = amina.person.structure_id
    return chloe


@pytest.fixture
def pair(amina: Someone, denis: Someone, bruno_colleague: Someone) -> tuple[Comment, Comment]:
    """The same words, of somebody of the structure and of somebody of another."""
    with writing() as rows:
        other = Person(
            college="employees",
            structure_id=bruno_colleague.person.structure_id,
            created_at=amina.person.created_at,
            roles=(),
        )
        rows.add(other)
    inside = published(amina, WORDS, denis)
    outside = actions.comment(
        Anchor(Target.CRITERION, "E4"), WORDS, by=other, at=inside.created_at, form="the same words"
    )
    actions.publish(outside, by=denis.person, at=inside.created_at + timedelta(days=1))
    return inside, outside


def opened(who: Someone, path: str) -> TestResponse:
    """Whatever the answer is."""
    return who.client.get(path, base_url=BASE)


def told(response: TestResponse) -> tuple[int, str, str]:
    """Status, address, bytes: without the numbers, nor what is drawn anew for each form."""
    body = re.sub(r'name="csrf_token"[^>]*value="[^"]+"|value="[^"]+"[^>]*name="csrf_token"', "", response.text)
    return response.status_code, plain(response.headers.get("Location", "")), plain(body)


def plain(text: str) -> str:
    drawn = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}|\d{6,}"
    return re.sub(drawn, "N", text)


def test_all_that_is_told_of_two_words_is_the_same_wherever_they_come_from(
    house: Someone, pair: tuple[Comment, Comment]
) -> None:
    """Opened, wrongly sent, sent, followed, sent again, then looked for in the queue and on the desk."""

    def life(row: Comment) -> list[tuple[int, str, str]]:
        path = f"/moderation/{row.id}"
        seen = [told(house.get(f"{path}/signaler"))]
        seen.append(told(house.fill(f"{path}/signaler")))
        for _press in range(2):
            sent = house.fill(f"{path}/signaler", regle="names")
            seen += [told(sent), told(house.follow(sent))]
        seen += [told(house.get(address)) for address in ("/moderation/", "/bureau", "/moderation/registre")]
        return seen

    one, other = (life(row) for row in pair)
    assert one == other


@pytest.mark.parametrize("state", ["published", "signalled by another", "decided", "taken away", "taken back"])
def test_no_address_of_moderation_answers_otherwise_for_words_of_the_structure(
    house: Someone, pair: tuple[Comment, Comment], amina: Someone, denis: Someone, bruno_colleague: Someone, state: str
) -> None:
    """Words signalled by another are in the queue of who may decide; nobody else knows that they are signalled."""
    for row in pair:
        if state != "published":
            reporting.report(
                row, Rule.NAMES, by=denis.person if state == "signalled by another" else house.person, at=now()
            )
        if state == "decided":
            reporting.leave(row, by=denis.person, at=now())
        if state == "taken away":
            reporting.take_down(row, Rule.NAMES, by=denis.person, at=now())
        if state == "taken back":
            actions.withdraw(row, by=session.get_one(Person, row.author_id), at=now())
    rows = pair[:1] if state == "signalled by another" else pair
    house.get("/moderation/")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', house.get("/apparence").text)
    assert token
    seen = []
    for row in rows:
        path, form = f"/moderation/{row.id}", {"csrf_token": token[1], "regle": "names"}
        answers = [
            opened(house, f"{path}/ne-pas-publier"),
            opened(house, f"/moderation/recours/{row.id}"),
        ]
        answers += [house.post(f"{path}/{act}", form) for act in ("laisser", "publier", "ne-pas-publier")]
        seen.append([told(answer) for answer in answers])
    assert all(one == seen[0] for one in seen)
    assert seen[0][0][0] == seen[0][1][0] == seen[0][2][0] == 404
    assert session.get_one(Comment, pair[0].id).state is (State.REMOVED if state == "taken away" else State.PUBLISHED)


def test_an_appeal_that_waits_says_nothing_to_an_editor_of_the_structure(
    house: Someone, amina: Someone, denis: Someone
) -> None:
    row, unknown = said(amina, WORDS), 987_654_321
    actions.remove(row, Rule.NAMES, by=denis.person, at=now())
    for path in ("/moderation/recours/", "/moderation/"):
        known, nothing = (
            told(house.get(f"{path}{number}" + ("" if "recours" in path else "/ne-pas-publier"), status=404))
            for number in (row.id, unknown)
        )
        assert known == nothing


def test_somebody_else_whom_the_structure_allows_decides(
    house: Someone, pair: tuple[Comment, Comment], bruno_colleague: Someone, denis: Someone, passer_by: Someone
) -> None:
    """Two others read them: each finds in the queue what is not of their structure."""
    for row in pair:
        house.fill(f"/moderation/{row.id}/signaler", regle="names")
    house.get("/moderation/")
    assert WORDS not in page_of(house)
    bruno_colleague.get("/moderation/")
    page = page_of(bruno_colleague)
    assert f"signalee-{pair[0].id}" in page
    assert f"signalee-{pair[1].id}" not in page
    assert "Une personne est nommée ou peut être reconnue" in page
    bruno_colleague.follow(bruno_colleague.fill(f"/moderation/{pair[0].id}/ne-pas-publier", regle="names"))
    denis.get("/moderation/")
    denis.send(to=f"/moderation/{pair[1].id}/laisser")
    assert "La contribution reste publiée." in denis.follow().text
    states = {row.id: session.get_one(Comment, row.id).state for row in pair}
    assert states == {pair[0].id: State.REMOVED, pair[1].id: State.PUBLISHED}
    assert "Contribution retirée par la modération" in passer_by.get("/criteres/E4/contributions").text
    assert session.scalars(select(CommentReport).where(CommentReport.decided_at.is_(None))).all() == []


def test_who_asks_never_decides_even_of_words_from_elsewhere(chloe: Someone, denis: Someone, bruno: Someone) -> None:
    row = published(bruno, WORDS, denis)
    reporting.report(row, Rule.NAMES, by=chloe.person, at=now())
    assert reported.waiting(chloe.person, at=now(), working_days=5).total == 0
    for act in (reporting.leave, lambda *a, **k: reporting.take_down(a[0], Rule.NAMES, **k)):
        with pytest.raises(NotAllowed):
            act(row, by=chloe.person, at=now())
    assert reported.waiting(denis.person, at=now(), working_days=5).total == 1


def test_nobody_takes_published_words_away_alone(chloe: Someone, denis: Someone, bruno: Someone) -> None:
    row = published(bruno, WORDS, denis)
    with pytest.raises(Refused, match="signalez-la"):
        actions.remove(row, Rule.NAMES, by=chloe.person, at=now())
    with pytest.raises(NotAllowed):
        reporting.take_down(row, Rule.NAMES, by=chloe.person, at=now())


def test_who_wrote_the_words_does_not_decide(chloe: Someone, denis: Someone, bruno_colleague: Someone) -> None:
    row = published(denis, WORDS, chloe)
    reporting.report(row, Rule.NAMES, by=chloe.person, at=now())
    assert reported.waiting(denis.person, at=now(), working_days=5).total == 0
    assert reported.waiting(bruno_colleague.person, at=now(), working_days=5).total == 1


def test_asking_twice_is_asking_once_and_asking_again_after_an_answer_is_asking(
    chloe: Someone, denis: Someone, bruno: Someone
) -> None:
    row = published(bruno, WORDS, denis)
    for _press in range(2):
        reporting.report(row, Rule.NAMES, by=chloe.person, at=now())
    reporting.leave(row, by=denis.person, at=now())
    reporting.report(row, Rule.INSULT, by=chloe.person, at=now())
    assert len(session.scalars(select(CommentReport)).all()) == 2


@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_only_editors_signal(who: str, request: pytest.FixtureRequest, bruno: Someone, denis: Someone) -> None:
    row = published(bruno, WORDS, denis)
    someone: Someone = request.getfixturevalue(who)
    someone.get(f"/moderation/{row.id}/signaler", status=403)
    assert "/signaler" not in someone.get("/criteres/E4/contributions").text


def test_what_is_not_published_is_not_signalled(amina: Someone, chloe: Someone) -> None:
    row = said(amina, WORDS)
    chloe.get(f"/moderation/{row.id}/signaler", status=404)
    with pytest.raises(Unknown):
        reporting.report(row, Rule.NAMES, by=chloe.person, at=now())


def test_words_on_a_proposal_lead_back_to_it(library: Library, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    proposal = in_discussion(library, bruno.person, denis.person, days=3)
    row = published(bruno, WORDS, denis, on=Anchor(Target.PROPOSAL, str(proposal.id)))
    sent = chloe.fill(f"/moderation/{row.id}/signaler", regle="advert")
    assert sent.headers["Location"].startswith(f"/propositions/{proposal.id}#")
    assert "Votre demande est notée." in chloe.follow(sent).text


def test_the_register_counts_from_the_request_and_the_desk_counts_what_is_late(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    asked = datetime(2026, 3, 2, 9, tzinfo=UTC)
    row = published(bruno, WORDS, denis, at=datetime(2025, 6, 2, 9, tzinfo=UTC))
    reporting.report(row, Rule.ADVERT, by=chloe.person, at=asked)
    assert "contribution signalée" in denis.get("/bureau").text
    assert "En retard" in denis.get("/moderation/").text
    reporting.take_down(row, Rule.ADVERT, by=denis.person, at=asked + timedelta(days=3))
    event = session.scalars(select(CommentEvent).where(CommentEvent.state == State.REMOVED)).one()
    assert event.days == 3
    assert "3 jours" in passer_by.get("/moderation/registre").text
    assert "contribution signalée" not in denis.get("/bureau").text


def test_words_taken_back_leave_the_queue(bruno: Someone, chloe: Someone, denis: Someone) -> None:
    row = published(bruno, WORDS, denis)
    reporting.report(row, Rule.NAMES, by=chloe.person, at=now())
    actions.withdraw(row, by=bruno.person, at=now())
    assert reported.waiting(denis.person, at=now(), working_days=5).total == 0


@pytest.mark.parametrize("half", ["decided_at", "decided_by_id"])
def test_the_database_refuses_half_an_answer_and_the_answer_of_who_asked(
    bruno: Someone, chloe: Someone, denis: Someone, half: str
) -> None:
    row = published(bruno, WORDS, denis)
    reporting.report(row, Rule.NAMES, by=chloe.person, at=now())
    asked = session.scalars(select(CommentReport)).one()
    with pytest.raises(IntegrityError), writing():
        setattr(asked, half, now() if half == "decided_at" else chloe.person_id)
