"""Following: by the letter of the day for who has an address; what is not public is told to nobody."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.database import session
from referentiel.dates import PARIS, day, long_date
from referentiel.errors import NotAllowed
from referentiel.library.library import Library
from referentiel.notices import following
from referentiel.notices.models import Follow, Notice
from referentiel.people.models import Mail, Person
from referentiel.privacy.actions import erase
from referentiel.privacy.merging import merge_accounts
from referentiel.proposals import actions
from referentiel.proposals.states import ProposalKind
from referentiel.web import stores
from tests.cast import Someone
from tests.functional.test_notices import DAY, EVE, TOMORROW, Post, choose, work
from tests.functional.test_reading import words
from tests.proposal_lives import ago, decided, in_discussion, sheet, submitted

__all__ = ["work"]


def follow(someone: Someone, topic: str, **more: str) -> None:
    """By hand: the button of the page."""
    someone.fill(f"/{topic}", to="/suivre", button="Suivre par e‑mail", **more)
    assert someone.page is not None
    assert someone.page.status_code == 303


def letter_to(someone: Someone, mails: list, /) -> str:  # type: ignore[type-arg]
    """The whole letter of somebody, with ordinary spaces; empty when there is none."""
    mine = [mail for mail in mails if mail["To"] == someone.person.email]
    assert len(mine) <= 1
    return mine[0].get_content().replace("\xa0", " ") if mine else ""


def first_letters(work: Post) -> list:  # type: ignore[type-arg]
    """What happened is written down on the eve; the letter of the day leaves in the morning."""
    work(EVE)
    return work(DAY)


def next_letters(work: Post) -> list:  # type: ignore[type-arg]
    work(DAY)
    return work(TOMORROW)


def letters_of(work: Post, on: date) -> list:  # type: ignore[type-arg]
    """The worker passes before the hour of the letter, then after it."""
    early, late = (datetime.combine(on, time(hour), PARIS).astimezone(UTC) for hour in (6, 9))
    work(early)
    return work(late)


@pytest.mark.parametrize("topic", ["criteres/E4", "chapitres/E", "propositions/1"])
def test_a_page_is_followed_and_no_more_by_its_button(
    topic: str, library: Library, amina: Someone, chloe: Someone, bruno: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=3)
    follow(bruno, topic)
    page = words(bruno.follow())
    assert "Vous recevrez les nouvelles par e-mail" in page
    assert "Ne plus suivre" in page
    assert [row.topic for row in session.scalars(select(Follow))] == [topic]
    bruno.send(to="/suivre/arreter")
    assert "Suivre par e‑mail" in words(bruno.follow())
    assert session.scalars(select(Follow)).all() == []


def test_the_account_lists_what_is_followed_and_ends_it(
    library: Library, amina: Someone, chloe: Someone, bruno: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, days=3)
    assert "Rien pour le moment" in words(bruno.get("/mon-compte"))
    for topic in ("criteres/E4", "chapitres/E", "propositions/1"):
        follow(bruno, topic)
    page = words(bruno.get("/mon-compte"))
    for expected in ("Critère E4 : Passer d’une étape", "Chapitre E : Relier", "Proposition 1 : Prévenir"):
        assert expected in page
    bruno.send(to="/suivre/arreter")
    assert bruno.page is not None
    assert bruno.page.headers["Location"].endswith("/mon-compte#suivis")
    assert session.query(Follow).count() == 2


def test_without_an_address_or_an_account_a_page_offers_the_other_ways_and_no_form(
    amina: Someone, passer_by: Someone
) -> None:
    for someone in (amina, passer_by):
        page = words(someone.get("/criteres/E4"))
        assert 'action="/suivre"' not in page
        assert 'href="/flux/criteres/E4.atom"' in page
        assert 'href="/suivre#depuis"' in page
    assert "/connexion?suite=/criteres/E4%23suivre" in words(passer_by.get("/criteres/E4"))
    with pytest.raises(NotAllowed):
        following.follow(stores.library(), "criteres/E4", by=amina.person, at=DAY)
    assert session.query(Follow).count() == 0


@pytest.mark.parametrize("topic", ["criteres/Z9", "chapitres/Z", "propositions/99", "pages/methode", "x", "", "../e"])
def test_what_does_not_exist_is_not_followed(topic: str, bruno: Someone) -> None:
    bruno.get("/criteres/E4")
    bruno.send(to="/suivre", quoi=topic)
    assert bruno.page is not None
    assert bruno.page.status_code == 404
    assert session.query(Follow).count() == 0


def test_who_wanted_answers_alone_gets_what_they_follow_and_who_wanted_nothing_is_told_so(bruno: Someone) -> None:
    choose(bruno, Mail.ANSWERS)
    follow(bruno, "criteres/E4")
    assert bruno.person.mail == Mail.FOLLOWED
    choose(bruno, Mail.NONE)
    follow(bruno, "chapitres/E")
    assert "vous avez choisi de ne recevoir aucun message" in words(bruno.follow())
    assert bruno.person.mail == Mail.NONE


# --- what the letter of the day tells


def quiet(*people: Someone) -> None:
    """They want nothing but what they follow."""
    for someone in people:
        choose(someone, Mail.FOLLOWED)


@pytest.mark.parametrize("topic", ["criteres/E4", "chapitres/E", "propositions/1"])
def test_the_letter_of_the_day_tells_the_discussion_the_new_wording_and_the_decision(
    topic: str, work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    quiet(bruno, denis)
    proposal = submitted(library, amina.person, days=40)
    following.follow(library, topic, by=bruno.person, at=EVE)
    actions.admit(proposal, by=chloe.person, at=ago(40))
    actions.revise(
        library,
        proposal,
        sheet("Prévenir deux mois avant", sections={"Énoncé": "Deux mois avant."}),
        by=amina.person,
        at=ago(35),
    )
    told = letter_to(bruno, first_letters(work))
    assert "« Prévenir deux mois avant » : la discussion est ouverte." in told
    assert "une nouvelle rédaction est publiée." in told
    assert "/propositions/1" in told
    decided(library, proposal, chloe.person, denis.person, days=1)
    mails = next_letters(work)
    assert "la décision est prise." in letter_to(bruno, mails)
    assert "/decisions/1" in letter_to(bruno, mails)
    assert letter_to(denis, mails) == "", "who follows nothing is told nothing"


def test_a_proposal_elsewhere_is_no_news(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(bruno)
    following.follow(library, "criteres/E4", by=bruno.person, at=EVE)
    following.follow(library, "chapitres/A", by=bruno.person, at=EVE)
    in_discussion(library, amina.person, chloe.person, days=3, path="criteres/D1.md")
    assert letter_to(bruno, first_letters(work)) == ""


def test_the_chapter_that_a_criterion_leaves_is_told_too(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(bruno)
    following.follow(library, "chapitres/E", by=bruno.person, at=EVE)
    in_discussion(
        library,
        amina.person,
        chloe.person,
        days=3,
        kind=ProposalKind.MOVE,
        sections={},
        keys={"chapitre": "D", "apres": ""},
    )
    assert "la discussion est ouverte" in letter_to(bruno, first_letters(work))


def test_the_end_of_the_discussion_is_told_three_days_before(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(bruno)
    proposal = in_discussion(library, amina.person, chloe.person, days=0)
    ends = proposal.window_ends
    assert ends is not None
    following.follow(library, "propositions/1", by=bruno.person, at=EVE)
    assert "se ferme" not in letter_to(bruno, letters_of(work, ends - timedelta(days=5)))
    assert f"la discussion se ferme le {long_date(ends)}".replace("\xa0", " ") in letter_to(
        bruno, letters_of(work, ends - timedelta(days=3))
    )
    assert letter_to(bruno, letters_of(work, ends - timedelta(days=1))) == ""


def test_a_window_prolonged_before_its_end_is_told_at_its_new_end_alone(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(bruno)
    proposal = in_discussion(library, amina.person, chloe.person, days=25)
    first = proposal.window_ends
    following.follow(library, "propositions/1", by=bruno.person, at=EVE)
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Deux mois avant."}), by=amina.person, at=ago(0))
    ends = proposal.window_ends
    assert first is not None
    assert ends is not None
    assert ends > first
    assert "se ferme" not in letter_to(bruno, letters_of(work, first))
    assert "se ferme" in letter_to(bruno, letters_of(work, ends - timedelta(days=1)))


def test_a_discussion_prolonged_after_its_end_was_told_says_its_new_end(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(bruno)
    proposal = in_discussion(library, amina.person, chloe.person, days=29)
    first = proposal.window_ends
    following.follow(library, "propositions/1", by=bruno.person, at=EVE)
    assert first is not None
    assert "se ferme" in letter_to(bruno, letters_of(work, first))
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Deux mois avant."}), by=amina.person, at=ago(0))
    ends = proposal.window_ends
    assert ends is not None
    assert ends > first
    assert f"se ferme le {long_date(ends)}".replace("\xa0", " ") in letter_to(bruno, letters_of(work, ends))


def test_a_misprint_that_becomes_more_has_a_discussion_whose_end_is_told(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(bruno)
    fixed = {"Question au salarié": "Saviez-vous toujours ce qui venaient après ?"}
    proposal = in_discussion(library, amina.person, chloe.person, days=2, sections=fixed, change_class="typo")
    assert proposal.window_ends is None
    following.follow(library, "propositions/1", by=bruno.person, at=EVE)
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Deux mois avant."}), by=amina.person, at=ago(0))
    ends = proposal.window_ends
    assert ends is not None
    assert "se ferme" in letter_to(bruno, letters_of(work, ends))


def test_a_published_contribution_is_told_to_followers_of_the_proposal_without_its_words_nor_its_author(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    quiet(bruno)
    in_discussion(library, amina.person, chloe.person, days=3)
    first_letters(work)
    following.follow(library, "propositions/1", by=bruno.person, at=DAY)
    rows = [
        comments.comment(Anchor(Target.PROPOSAL, "1"), text, by=amina.person, at=DAY, form=text)
        for text in ("Un secret.", "Un autre.")
    ]
    assert letter_to(bruno, work(DAY)) == "", "words that nobody has read are no news"
    for row in rows:
        comments.publish(row, by=denis.person, at=DAY)
    told = letter_to(bruno, next_letters(work))
    assert told.count("une contribution est publiée") == 1
    assert "secret" not in told
    assert "Salarié" not in told


def test_a_contribution_taken_back_before_the_letter_is_no_news(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    quiet(bruno)
    in_discussion(library, amina.person, chloe.person, days=3)
    first_letters(work)
    following.follow(library, "propositions/1", by=bruno.person, at=DAY)
    row = comments.comment(Anchor(Target.PROPOSAL, "1"), "Un secret.", by=amina.person, at=DAY, form="1")
    comments.publish(row, by=denis.person, at=DAY)
    work(DAY)
    comments.withdraw(row, by=amina.person, at=DAY)
    assert letter_to(bruno, next_letters(work)) == ""


def test_who_acts_is_not_told_and_nobody_is_told_twice(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    quiet(chloe)
    for topic in ("criteres/E4", "chapitres/E"):
        following.follow(library, topic, by=chloe.person, at=EVE)
        following.follow(library, topic, by=bruno.person, at=EVE)
    choose(bruno, Mail.ALL)
    in_discussion(library, amina.person, chloe.person, days=3)
    mails = first_letters(work)
    assert letter_to(bruno, mails).count("la discussion est ouverte") == 1
    assert "la discussion est ouverte" not in letter_to(chloe, mails)


def test_the_link_of_the_letter_ends_the_letters_and_keeps_the_list(
    work: Post, library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    quiet(bruno)
    following.follow(library, "criteres/E4", by=bruno.person, at=EVE)
    in_discussion(library, amina.person, chloe.person, days=3)
    [mail] = [one for one in first_letters(work) if one["To"] == bruno.person.email]
    address = str(mail["List-Unsubscribe"]).strip("<>").partition("8000")[2]
    passer_by.fill(address)
    assert bruno.person.mail == Mail.ANSWERS
    assert session.query(Follow).count() == 1
    assert "vous avez choisi de ne pas les recevoir" in words(bruno.get("/mon-compte"))


# --- one's data


def test_what_is_followed_is_among_one_s_data_goes_with_the_account_and_is_one_after_a_merging(
    settings: object, library: Library, bruno: Someone, bruno_colleague: Someone, denis: Someone
) -> None:
    for topic in ("criteres/E4", "chapitres/E"):
        following.follow(library, topic, by=bruno.person, at=EVE)
    following.follow(library, "criteres/E4", by=bruno_colleague.person, at=EVE)
    assert "Mes pages suivies" in words(bruno.get("/mon-compte/mes-donnees"))
    merge_accounts(bruno_colleague.person, into=bruno.person, by=denis.person, at=DAY, sure=True)
    assert [(row.person_id, row.topic) for row in session.scalars(select(Follow).order_by(Follow.topic))] == [
        (bruno.person_id, "chapitres/E"),
        (bruno.person_id, "criteres/E4"),
    ]
    erase(
        bruno.person, words=False, by=None, at=DAY, settings=stores.settings(), library=library, secret=stores.secret()
    )
    assert session.query(Follow).count() == 0


def test_the_database_forgets_what_a_person_follows_with_the_person(library: Library, bruno: Someone) -> None:
    following.follow(library, "criteres/E4", by=bruno.person, at=EVE)
    following.follow(library, "criteres/E4", by=bruno.person, at=EVE)
    assert session.query(Follow).count() == 1
    assert session.query(Notice).count() == 0
    assert session.get(Person, bruno.person_id) is not None
    following.unfollow("criteres/E4", by=bruno.person)
    following.unfollow("criteres/E4", by=bruno.person)
    assert session.query(Follow).count() == 0


# --- by nothing at all


def test_a_day_typed_in_the_form_has_its_own_address(passer_by: Someone) -> None:
    assert 'name="jour"' in words(passer_by.get("/suivre"))
    passer_by.get("/depuis?jour=2026-02-01", status=302)
    assert "Ce qui change depuis le 1er février 2026" in words(passer_by.follow())
    passer_by.get("/depuis?jour=01/02/2026", status=302)
    assert "Ce qui change depuis le 1er février 2026" in words(passer_by.follow())
    passer_by.get("/depuis", status=302)
    passer_by.get("/depuis?jour=hier", status=404)
    passer_by.get("/depuis/0001-01-01", status=404)
    passer_by.get("/depuis/0001-01-02")
    passer_by.get("/depuis/9999-12-31")


def test_what_was_adopted_proposed_and_published_since_a_day_is_told_before_any_edition(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    decided(library, in_discussion(library, amina.person, chloe.person, days=60), chloe.person, denis.person, days=12)
    in_discussion(library, amina.person, chloe.person, days=5, path="criteres/D1.md", title="Un autre")
    page = words(passer_by.get(f"/depuis/{day(ago(20)).isoformat()}"))
    assert "Décidé depuis, pas encore publié" in page
    assert 'href="/decisions/1"' in page
    assert "Proposé depuis" in page
    assert 'href="/propositions/2"' in page
    assert 'href="/propositions/1"' not in page
    later = words(passer_by.get(f"/depuis/{day(ago(2)).isoformat()}"))
    assert "Décidé depuis" not in later
    assert "Proposé depuis" not in later


def test_a_day_before_the_first_edition_is_read_from_the_first_edition(passer_by: Someone) -> None:
    page = words(passer_by.get("/depuis/2020-01-01"))
    assert "Ce qui change depuis le 1er janvier 2020" in page
    assert "édition 2026.0" in page
