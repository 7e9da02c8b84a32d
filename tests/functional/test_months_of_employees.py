"""What the public sees of employees on a proposal changes when a month ends, and at no other moment."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from referentiel.comments import actions as comments
from referentiel.comments import reporting
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.people.models import Person, Structure
from referentiel.permissions import College
from referentiel.privacy.actions import erase
from referentiel.privacy.merging import merge_accounts
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Proposal
from referentiel.proposals.months import EmployeesMonth
from referentiel.proposals.states import Stance
from tests.cast import Someone
from tests.proposal_lives import sheet, submitted

OCTOBER = datetime(2026, 10, 12, 9, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 10, 9, tzinfo=UTC)
LATER = NOVEMBER + timedelta(days=5)
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)
SECRET = b"s" * 32


@pytest.fixture
def proposal(library: Library, bruno: Someone, chloe: Someone) -> Proposal:
    found = submitted(library, bruno.person, days=0)
    with writing():
        # The first wording is of September.
        for revision in found.revisions:
            session.execute(
                revision.__table__.update().values(created_at=datetime(2026, 9, 1, tzinfo=UTC))  # type: ignore[attr-defined]
            )
    actions.admit(found, by=chloe.person, at=OCTOBER)
    return found


@pytest.fixture
def crowd(app: object) -> list[Person]:
    """Fourteen employees of two structures, with an address: two of them may be one person."""
    with writing() as rows:
        houses = [Structure(name=f"Atelier {letter}", kind="ACI", territory=None) for letter in "AB"]
        rows.add_all(houses)
        rows.flush()
        places = [house.id for house in houses]
        people = [
            Person(
                college="employees",
                structure_id=places[n % 2],
                email=f"employee{n}@tests.invalid",
                created_at=OCTOBER - timedelta(days=30),
            )
            for n in range(14)
        ]
        rows.add_all(people)
    return people


@pytest.fixture
def voted(proposal: Proposal, crowd: list[Person]) -> list[Person]:
    """In October seven said yes, and five said no."""
    for number, one in enumerate(crowd[:12]):
        stance = Stance.FAVOURABLE if number < 7 else Stance.UNFAVOURABLE
        actions.take_position(proposal, stance, by=one, at=OCTOBER)
    return crowd


def shown(proposal: Proposal, at: datetime) -> tuple[object, ...]:
    """All that a page says of employees."""
    session.expire_all()
    fresh = session.get_one(Proposal, proposal.id)
    row = queries.positions(fresh, at=at)[0]
    assert row.college is College.EMPLOYEES
    heard = queries.heard_in_public(fresh, at=at)[College.EMPLOYEES].heard
    return row.favourable, row.unfavourable, row.few, row.older, heard


def test_who_changes_an_older_position_changes_nothing_before_the_month_ends(
    proposal: Proposal, voted: Sequence[Person]
) -> None:
    assert shown(proposal, NOVEMBER) == (7, 5, False, 0, True)
    actions.take_position(proposal, Stance.UNFAVOURABLE, by=voted[0], at=NOVEMBER)
    assert shown(proposal, LATER) == (7, 5, False, 0, True)
    actions.take_position(proposal, Stance.RESERVED, by=voted[1], at=LATER)
    assert shown(proposal, LATER) == (7, 5, False, 0, True)
    assert shown(proposal, DECEMBER) == (5, 6, False, 0, True)


def test_two_changes_of_one_person_in_a_month_are_one_at_its_end(proposal: Proposal, voted: Sequence[Person]) -> None:
    for stance in (Stance.UNFAVOURABLE, Stance.FAVOURABLE, Stance.UNFAVOURABLE):
        actions.take_position(proposal, stance, by=voted[0], at=NOVEMBER)
        assert shown(proposal, NOVEMBER)[:2] == (7, 5)
    assert shown(proposal, DECEMBER)[:2] == (6, 6)


def test_who_leaves_the_college_leaves_its_figures_when_the_month_ends(
    proposal: Proposal, voted: Sequence[Person]
) -> None:
    with writing():
        voted[0].college = "spe"
    actions.take_position(proposal, Stance.FAVOURABLE, by=voted[0], at=NOVEMBER)
    assert shown(proposal, NOVEMBER)[:2] == (7, 5)
    assert shown(proposal, DECEMBER)[:2] == (6, 5)


def test_two_accounts_that_become_one_are_counted_as_two_until_the_month_ends(
    proposal: Proposal, voted: Sequence[Person], denis: Someone
) -> None:
    merge_accounts(voted[0], into=voted[1], by=denis.person, at=NOVEMBER, sure=True)
    assert shown(proposal, LATER)[:2] == (7, 5)
    assert shown(proposal, DECEMBER)[:2] == (6, 5)


def test_two_accounts_that_spoke_of_two_wordings_are_counted_as_two_until_the_month_ends(
    library: Library, proposal: Proposal, voted: Sequence[Person], bruno: Someone, denis: Someone
) -> None:
    clearer = sheet(sections={"Énoncé": "Phrase plus claire, préparée un mois avant."}, change_class="clarity")
    actions.revise(library, proposal, clearer, by=bruno.person, at=OCTOBER)
    actions.take_position(session.get_one(Proposal, proposal.id), Stance.FAVOURABLE, by=voted[0], at=OCTOBER)
    assert shown(proposal, NOVEMBER)[3] == 11
    merge_accounts(voted[1], into=voted[0], by=denis.person, at=NOVEMBER, sure=True)
    assert shown(proposal, LATER)[3] == 11
    assert shown(proposal, DECEMBER)[3] == 10


def test_an_account_that_is_erased_moves_nothing_before_the_month_ends(
    app: object, library: Library, settings: Settings, proposal: Proposal, voted: Sequence[Person], chloe: Someone
) -> None:
    for one in voted[7:12]:
        row = comments.comment(
            Anchor(Target.PROPOSAL, str(proposal.id)), "Oui.", by=one, at=OCTOBER, form=one.email or ""
        )
        comments.publish(row, by=chloe.person, at=OCTOBER)
    before = shown(proposal, NOVEMBER)
    erase(voted[7], words=True, by=voted[7], at=NOVEMBER, settings=settings, library=library, secret=SECRET)
    assert shown(proposal, LATER) == before


def test_a_new_wording_makes_them_all_older_whatever_they_change_meanwhile(
    library: Library, proposal: Proposal, voted: Sequence[Person], bruno: Someone
) -> None:
    actions.take_position(proposal, Stance.UNFAVOURABLE, by=voted[0], at=NOVEMBER)
    clearer = sheet(sections={"Énoncé": "Phrase plus claire, préparée un mois avant."}, change_class="clarity")
    actions.revise(library, proposal, clearer, by=bruno.person, at=NOVEMBER)
    assert shown(proposal, LATER) == (0, 0, False, 12, True)
    actions.take_position(session.get_one(Proposal, proposal.id), Stance.FAVOURABLE, by=voted[0], at=LATER)
    assert shown(proposal, LATER) == (0, 0, False, 12, True)
    assert shown(proposal, DECEMBER)[3:] == (11, True)


def test_a_wording_of_substance_silences_everybody_at_once_for_it_is_the_act_of_its_author(
    library: Library, proposal: Proposal, voted: Sequence[Person], bruno: Someone
) -> None:
    actions.take_position(proposal, Stance.UNFAVOURABLE, by=voted[0], at=NOVEMBER)
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre demande."}), by=bruno.person, at=NOVEMBER)
    assert shown(proposal, LATER)[4] is False


def test_the_fifth_voice_is_heard_at_once_by_who_decides_and_by_the_public_when_the_month_ends(
    proposal: Proposal, crowd: list[Person], passer_by: Someone
) -> None:
    for one in crowd[:4]:
        actions.take_position(proposal, Stance.FAVOURABLE, by=one, at=OCTOBER)
    assert shown(proposal, NOVEMBER)[4] is False
    actions.take_position(proposal, Stance.FAVOURABLE, by=crowd[4], at=NOVEMBER)
    assert queries.heard(proposal)[College.EMPLOYEES].heard
    assert shown(proposal, LATER)[4] is False
    assert shown(proposal, DECEMBER)[4] is True


@pytest.mark.parametrize("how", ["taken back", "taken away"])
def test_words_that_go_are_heard_by_the_public_until_the_month_ends(
    proposal: Proposal, crowd: list[Person], chloe: Someone, denis: Someone, bruno_colleague: Someone, how: str
) -> None:
    rows: list[Comment] = []
    for one in crowd[:5]:
        on = Anchor(Target.PROPOSAL, str(proposal.id))
        rows.append(comments.comment(on, "Oui.", by=one, at=OCTOBER, form=one.email or ""))
        comments.publish(rows[-1], by=denis.person, at=OCTOBER)
    assert shown(proposal, NOVEMBER)[4] is True
    if how == "taken back":
        comments.withdraw(rows[0], by=crowd[0], at=NOVEMBER)
    else:
        reporting.report(rows[0], Rule.ADVERT, by=chloe.person, at=NOVEMBER)
        reporting.take_down(rows[0], Rule.ADVERT, by=denis.person, at=NOVEMBER)
    assert not queries.heard(proposal)[College.EMPLOYEES].heard
    assert shown(proposal, LATER)[4] is True
    assert shown(proposal, DECEMBER)[4] is False


def test_one_month_is_kept_for_each_proposal_and_it_names_nobody(proposal: Proposal, voted: Sequence[Person]) -> None:
    for at in (NOVEMBER, LATER, DECEMBER):
        actions.take_position(proposal, Stance.RESERVED, by=voted[0], at=at)
    (kept,) = session.scalars(select(EmployeesMonth)).all()
    assert (kept.month.month, kept.favourable, kept.reserved) == (12, 6, 1)
    assert not any(key.column.table.name == "people" for key in EmployeesMonth.__table__.foreign_keys)


def test_the_page_says_the_frozen_figures(
    proposal: Proposal, crowd: list[Person], passer_by: Someone, bruno: Someone
) -> None:
    """On the page of the day when the test runs: five employees who speak today are not heard yet."""
    for one in crowd[:6]:
        actions.take_position(proposal, Stance.FAVOURABLE, by=one, at=datetime.now(UTC))
    page = passer_by.get(f"/propositions/{proposal.id}").get_data(as_text=True)
    assert "Ce collège a été entendu." not in page
    assert queries.heard(proposal)[College.EMPLOYEES].heard
