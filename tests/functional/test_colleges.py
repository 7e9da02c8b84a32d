"""What each college said of a proposal: the same on its page, in JSON and in the decision; counted at constant cost."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.database import db, session, writing
from referentiel.dates import long_date
from referentiel.library.library import Library
from referentiel.people.models import Person, Structure
from referentiel.permissions import College
from referentiel.privacy.archives import archive
from referentiel.proposals import act, actions, queries
from referentiel.proposals.hearing import Reach
from referentiel.proposals.models import Decision, DecisionCollege, Position, Proposal
from referentiel.proposals.states import Outcome, Stance
from tests.cast import Someone, now
from tests.proposal_lives import ago, decided, in_decision, in_discussion, sheet

YES, MAYBE, NO = Stance.FAVOURABLE, Stance.RESERVED, Stance.UNFAVOURABLE


@contextmanager
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


@pytest.fixture
def people(app: object) -> Callable[[College, int], list[Person]]:
    """So many people of a college, one after the other in two structures."""

    def made(college: College, count: int) -> list[Person]:
        with writing() as rows:
            houses = [Structure(name=f"{college} {n}", kind="ACI", territory=None) for n in range(2)]
            rows.add_all(houses)
            rows.flush()
            found = [
                Person(college=college.value, structure_id=houses[n % 2].id, created_at=ago(400)) for n in range(count)
            ]
            rows.add_all(found)
        return found

    return made


def say(proposal: Proposal, people: list[Person], *stances: Stance, days: float = 35) -> None:
    for person, stance in zip(people, stances, strict=True):
        actions.take_position(proposal, stance, by=person, at=ago(days))


# --- the cost


def test_positions_of_twelve_proposals_cost_as_much_as_of_two_and_say_the_same_as_one_by_one(
    library: Library, bruno: Someone, chloe: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    criteria = ("E1", "E2", "E3", "E4", "A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2")
    crowd = people(College.EMPLOYEES, 9)
    found = [in_discussion(library, bruno.person, chloe.person, path=f"criteres/{code}.md") for code in criteria]
    for number, proposal in enumerate(found):
        say(proposal, crowd[: number % 9], *[YES, NO, MAYBE, YES, YES, YES, NO, YES][: number % 9])
    actions.revise(library, found[8], sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=ago(30))
    session.expire_all()
    fresh = [session.get_one(Proposal, proposal.id) for proposal in found]
    with statements() as few:
        queries.positions_many(fresh[:2], at=now())
    with statements() as many:
        told = queries.positions_many(fresh, at=now())
    assert len(few) == len(many) == 2
    assert told == {proposal.id: queries.positions(proposal, at=now()) for proposal in fresh}


def test_the_archive_of_four_decisions_costs_as_much_as_that_of_one(
    settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    def one(code: str) -> None:
        proposal = in_discussion(library, bruno.person, chloe.person, path=f"criteres/{code}.md")
        decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED)

    def cost() -> int:
        session.expire_all()
        with statements() as sent:
            assert archive(settings, at=now()) is not None
        return len(sent)

    one("E1")
    first = cost()
    for code in ("E2", "E3", "E4", "A1"):
        one(code)
    assert cost() == first


# --- the matrix, on the page and in JSON


def figures(someone: Someone, proposal: Proposal) -> dict[str, dict[str, Any]]:
    told: Any = json.loads(someone.get(f"/propositions/{proposal.id}/colleges.json").get_data(as_text=True))
    return {row["college"]: row for row in told["colleges"]}


def words(someone: Someone, address: str) -> str:
    page = re.sub(r"<[^>]+>", " ", someone.get(address).get_data(as_text=True))
    return " ".join(page.replace("\xa0", " ").split())


def test_the_page_says_of_each_college_what_it_said_and_why_that_is_enough_or_not(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    say(proposal, people(College.SIAE, 6), YES, YES, YES, MAYBE, NO, NO)
    say(proposal, people(College.SPE, 3), YES, YES, NO)
    page = words(passer_by, f"/propositions/{proposal.id}")
    assert (
        "Favorable 3 Réservé 1 Défavorable 2 Ce collège a été entendu. 6 personnes ont parlé, de 2 structures" in page
    )
    assert "Pas encore entendu. 3 personnes ont parlé : il en faut 5. Ce collège est fondateur" in page
    assert "Pas encore entendu. Personne n’a encore parlé : il faut 5 personnes." in page
    told = figures(passer_by, proposal)
    assert (told["siae"]["favourable"], told["siae"]["reserved"], told["siae"]["unfavourable"]) == (3, 1, 2)
    assert (told["siae"]["people"], told["siae"]["structures"], told["siae"]["heard"]) == (6, 2, True)
    assert (told["spe"]["people"], told["spe"]["reach"], told["spe"]["heard"]) == (3, "few_people", False)
    assert told["partners"]["reach"] == "nobody"


def test_five_people_of_one_structure_are_told_that_a_structure_is_missing(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    say(proposal, people(College.SIAE, 10)[::2], YES, YES, YES, YES, YES)
    assert "5 personnes ont parlé, de 1 structure : il faut 2 structures." in words(
        passer_by, f"/propositions/{proposal.id}"
    )
    assert figures(passer_by, proposal)["siae"]["reach"] == "few_structures"


@pytest.mark.parametrize(("yes", "no"), [(4, 0), (3, 2), (7, 3), (9, 0), (6, 6)])
def test_what_the_page_hides_of_employees_is_in_no_figure_for_machines(
    library: Library,
    bruno: Someone,
    chloe: Someone,
    passer_by: Someone,
    people: Callable[[College, int], list[Person]],
    yes: int,
    no: int,
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    say(proposal, people(College.EMPLOYEES, yes + no), *[YES] * yes, *[NO] * no)
    told = figures(passer_by, proposal)["employees"]
    (row, *_rest) = queries.positions(proposal, at=now())
    assert (told["favourable"], told["unfavourable"], told["few"]) == (row.favourable, row.unfavourable, row.few)
    assert told["favourable"] is None or told["favourable"] == 0 or told["favourable"] >= 5
    assert told["unfavourable"] is None or told["unfavourable"] == 0 or told["unfavourable"] >= 5
    assert told["people"] is None
    assert told["structures"] is None


def test_what_employees_say_this_month_is_in_no_figure_before_it_ends(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    before = passer_by.get(f"/propositions/{proposal.id}/colleges.json")
    say(proposal, people(College.EMPLOYEES, 7), *[YES] * 7, days=0)
    after = passer_by.get(f"/propositions/{proposal.id}/colleges.json")
    assert after.get_data() == before.get_data()
    assert queries.heard(proposal)[College.EMPLOYEES].heard


def test_figures_that_have_not_changed_are_not_sent_again(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    address = f"/propositions/{proposal.id}/colleges.json"
    tag = passer_by.get(address).headers["ETag"]
    again = passer_by.get(address, status=304, headers={"If-None-Match": tag})
    assert again.get_data() == b""
    assert "Set-Cookie" not in again.headers
    say(proposal, people(College.SPE, 1), YES)
    assert passer_by.get(address, headers={"If-None-Match": tag}).headers["ETag"] != tag
    passer_by.get("/propositions/4321/colleges.json", status=404)


# --- a new wording asks again


def test_who_spoke_of_an_earlier_wording_says_it_again_in_one_press(
    library: Library, bruno: Someone, chloe: Someone, amina: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=20)
    actions.take_position(proposal, MAYBE, by=amina.person, at=ago(19))
    actions.take_position(proposal, YES, by=chloe.person, at=ago(19))
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=ago(5))
    asked = "Vous aviez dit « Réservé » sur la rédaction 1 : redites votre avis."
    assert asked in words(amina, f"/propositions/{proposal.id}")
    assert asked in words(amina, "/mes-contributions")
    assert "Vous aviez dit" not in words(passer_by, f"/propositions/{proposal.id}")
    assert figures(passer_by, proposal)["spe"]["older"] == 1
    amina.get("/mes-contributions")
    assert amina.send(to="/avis", button="Toujours « Réservé »").status_code == 303
    assert asked not in words(amina, f"/propositions/{proposal.id}")
    assert "Vous avez dit « Réservé » sur la rédaction 2." in words(amina, "/mes-contributions")
    chloe.get(f"/propositions/{proposal.id}")
    assert chloe.send(to="/avis", button="Maintenant « Défavorable »").status_code == 303
    told = figures(passer_by, proposal)["spe"]
    assert (told["favourable"], told["unfavourable"], told["older"]) == (0, 1, 0)
    rows = session.scalars(select(Position).order_by(Position.id)).all()
    assert [row.stance for row in rows] == [MAYBE, YES, MAYBE, NO], "what was said of the first wording stays"


def test_a_press_that_confirms_a_wording_replaced_meanwhile_counts_for_nothing(
    library: Library, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=20)
    actions.take_position(proposal, YES, by=chloe.person, at=ago(19))
    actions.revise(library, proposal, sheet(sections={"Énoncé": "Une autre phrase."}), by=bruno.person, at=ago(5))
    chloe.get(f"/propositions/{proposal.id}")
    actions.revise(
        library,
        session.get_one(Proposal, proposal.id),
        sheet(sections={"Énoncé": "Une troisième phrase."}),
        by=bruno.person,
        at=ago(4),
    )
    assert chloe.send(to="/avis", button="Toujours « Favorable »").status_code == 409
    assert len(session.scalars(select(Position)).all()) == 1


def test_lists_and_pages_say_in_days_when_the_discussion_ends(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    soon = in_discussion(library, bruno.person, chloe.person, days=28)
    over = in_discussion(library, bruno.person, chloe.person, days=40, path="criteres/E1.md")
    last = in_discussion(library, bruno.person, chloe.person, days=30, path="criteres/E2.md")
    late = in_discussion(library, bruno.person, chloe.person, days=94, path="criteres/E3.md")
    told = words(passer_by, "/propositions/")
    for said in ("La discussion finit dans 2 jours", "La discussion finit aujourd’hui", "En retard de 4 jours"):
        assert said in told
    assert "Réponse attendue dans 50 jours" in told
    assert "La discussion finit dans 2 jours" in words(passer_by, f"/propositions/{soon.id}")
    assert "La discussion finit aujourd’hui" in words(passer_by, f"/propositions/{last.id}")
    assert "La discussion est finie depuis 10 jours" in words(passer_by, f"/propositions/{over.id}")
    assert "En retard de 4 jours nous devions répondre" in words(passer_by, f"/propositions/{late.id}")


# --- the decision


def test_a_decision_keeps_what_each_college_had_said_and_never_counts_again(
    library: Library,
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
    people: Callable[[College, int], list[Person]],
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    siae = people(College.SIAE, 6)
    say(proposal, siae, YES, YES, YES, MAYBE, NO, NO)
    say(proposal, people(College.EMPLOYEES, 3), YES, YES, NO)
    decision = decided(library, proposal, chloe.person, denis.person)
    written = queries.written(library, 1)
    told = {row.college: row for row in written.said}
    assert (told[College.SIAE].favourable, told[College.SIAE].reserved, told[College.SIAE].unfavourable) == (3, 1, 2)
    assert (told[College.SIAE].people, told[College.SIAE].reach) == (6, Reach.ENOUGH)
    assert told[College.EMPLOYEES].few
    assert told[College.EMPLOYEES].favourable is None
    assert [row.said for row in in_order(decision)] == list(written.said)
    with writing():
        for row in session.scalars(select(Position).where(Position.college == College.SIAE)):
            session.delete(row)
    assert queries.written(library, 1).said == written.said
    assert act.read(Document.read(library.read("decisions/1.md").text)).said == written.said


def test_the_pages_of_a_decision_say_the_figures_of_its_file_word_for_word(
    library: Library,
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
    passer_by: Someone,
    people: Callable[[College, int], list[Person]],
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    say(proposal, people(College.SIAE, 6), YES, YES, YES, MAYBE, NO, NO)
    say(proposal, people(College.EMPLOYEES, 12), *[YES] * 9, *[NO] * 3)
    in_decision(library, proposal, chloe.person)
    read = words(denis, f"/propositions/{proposal.id}/signature")
    assert "Structures (SIAE) 3 1 2 0 6 2 oui jour de la signature" in read
    assert denis.send(button="Signer la décision").status_code == 303
    page = words(passer_by, "/decisions/1")
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in library.read("decisions/1.md").text.splitlines()
        if line.startswith("| ") and not line.startswith(("| Collège", "| ---"))
    ]
    assert len(lines) == len(College)
    for cells in lines:
        until = long_date(date.fromisoformat(cells[-1])) if cells[-1][:2] == "20" else cells[-1]
        said = " ".join([*cells[1:-1], until]).replace("\xa0", " ")
        assert said in page, said
        assert said in read, said


def test_a_figure_changed_after_the_first_signature_is_not_signed(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, people: Callable[[College, int], list[Person]]
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    say(proposal, people(College.SIAE, 6), YES, YES, YES, MAYBE, NO, NO)
    decision = in_decision(library, proposal, chloe.person)
    with writing():
        session.get_one(DecisionCollege, (decision.id, College.SIAE)).favourable = 30
    session.expire_all()
    with pytest.raises(RuntimeError, match="is not what was signed"):
        actions.sign(
            library,
            session.get_one(Decision, decision.id),
            digest=decision.digest,
            form_id=str(uuid4()),
            by=denis.person,
            at=now(),
        )


@pytest.mark.parametrize(
    "nonsense",
    [{"reach": Reach.NOBODY}, {"few": None}, {"few": True}],
    ids=["heard though nobody spoke", "few or not is not said", "figures of a few people"],
)
def test_the_database_refuses_figures_that_say_two_things(
    library: Library,
    bruno: Someone,
    chloe: Someone,
    people: Callable[[College, int], list[Person]],
    nonsense: dict[str, object],
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    say(proposal, people(College.SIAE, 6), YES, YES, YES, MAYBE, NO, NO)
    decision = in_decision(library, proposal, chloe.person)
    here = (DecisionCollege.decision_id == decision.id, DecisionCollege.college == College.SIAE)
    with pytest.raises(IntegrityError), writing():
        session.execute(update(DecisionCollege).where(*here).values(**nonsense))


def in_order(decision: Decision) -> list[DecisionCollege]:
    return sorted(decision.colleges, key=lambda row: list(College).index(row.college))
