"""A correction that is asked for and not decided: the sealed page says so until it is, with or without the database."""

import shutil
from uuid import uuid4

import pytest
from flask import Flask

from referentiel.commands.work import remake_frames, tell_corrections_asked
from referentiel.criteria.paths import erratum_path
from referentiel.database import session
from referentiel.editions.discussed import discussed as told
from referentiel.editions.queries import shelf_of
from referentiel.editions.shelf import DISCUSSED, FRAMES
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import Outcome, ProposalKind
from tests.cast import Someone
from tests.errata_lives import CORRECTED, EDITION, adopted_erratum, discussed, erratum_sheet, reported
from tests.functional.test_frames import lose_the_database
from tests.functional.test_reading import words
from tests.proposal_lives import ago, decided, in_decision

PAGE, LIST = f"/editions/{EDITION}/criteres/E4", f"/editions/{EDITION}/errata"
TITLE = {"section": "titre", "wrong": "sans trou", "right": "sans coupure"}
OPEN = "Une correction de ce passage est en discussion :"
SENT = "Une correction de ce passage est demandée, la discussion n’est pas encore ouverte :"


def a_round() -> object:
    """What the worker does at each pass, of what concerns editions."""
    tell_corrections_asked(ago(0))
    return remake_frames(ago(0))


def says(passer_by: Someone, address: str = PAGE) -> str:
    a_round()
    session.remove()
    return words(passer_by.get(address))


def link(number: int) -> str:
    return f'href="/propositions/{number}"'


@pytest.mark.parametrize("address", [PAGE, LIST])
def test_from_the_day_it_is_sent_until_it_is_decided(
    address: str, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    assert OPEN not in says(passer_by, address)
    number = reported(library, bruno.person).id
    page = says(passer_by, address)
    assert SENT in page
    assert link(number) in page
    actions.admit(queries.proposal(number), by=chloe.person, at=ago(40))
    page = says(passer_by, address)
    assert OPEN in page
    assert SENT not in page
    assert link(number) in page
    in_decision(library, queries.proposal(number), chloe.person)
    assert OPEN in says(passer_by, address), "one signature of two decides nothing"
    decision = queries.decision_under_way(queries.proposal(number))
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    page = says(passer_by, address)
    assert OPEN not in page
    assert CORRECTED in page


def test_it_leads_to_the_section_and_is_told_on_that_page_alone(
    bruno: Someone, chloe: Someone, passer_by: Someone, library: Library
) -> None:
    statement, title = discussed(library, bruno.person, chloe.person).id, reported(library, bruno.person, **TITLE).id
    page = says(passer_by)
    assert '<a href="#enonce">Énoncé</a>. ' + OPEN in page
    assert "Le titre. " + SENT in page
    assert link(statement) in page
    assert link(title) in page
    for other in (f"/editions/{EDITION}/criteres/E2", f"/editions/{EDITION}/chapitres/E", f"/editions/{EDITION}/"):
        assert "Une correction de ce passage" not in says(passer_by, other)
    assert says(passer_by, LIST).count("Une correction de ce passage") == 2
    passer_by.get(f"/propositions/{statement}")
    passer_by.get(f"/propositions/{title}")


def refused(library: Library, number: int, chloe: Someone, denis: Someone) -> None:
    decided(library, queries.proposal(number), chloe.person, denis.person, Outcome.REFUSED)


def joined(library: Library, number: int, chloe: Someone, denis: Someone) -> None:
    other = discussed(library, chloe.person, denis.person, code="E2", section="titre", wrong="trois", right="quatre").id
    actions.merge_into(
        queries.proposal(number),
        queries.proposal(other),
        reason="La même.",
        plain_reason="La même.",
        by=denis.person,
        at=ago(0),
    )


@pytest.mark.parametrize("end", [refused, joined])
def test_it_goes_with_what_ends_it(
    end: object, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    number = discussed(library, bruno.person, chloe.person).id
    assert OPEN in says(passer_by)
    end(library, number, chloe, denis)  # type: ignore[operator]
    assert "Une correction de ce passage" not in says(passer_by)
    assert link(number) not in says(passer_by, LIST)


def test_withdrawn_it_goes_and_inadmissible_it_goes_until_somebody_looks_again(
    bruno: Someone, chloe: Someone, passer_by: Someone, library: Library
) -> None:
    first = discussed(library, bruno.person, chloe.person).id
    actions.withdraw(queries.proposal(first), reason="Je me suis trompé.", by=bruno.person, at=ago(0))
    assert "Une correction de ce passage" not in says(passer_by)
    second = reported(library, bruno.person, days=3).id
    actions.declare_inadmissible(
        queries.proposal(second), reason="Le texte est juste.", plain_reason="C’est juste.", by=chloe.person, at=ago(2)
    )
    assert "Une correction de ce passage" not in says(passer_by)
    actions.appeal(queries.proposal(second), by=bruno.person, at=ago(1))
    assert SENT in says(passer_by)


def test_a_draft_is_told_to_nobody_and_the_last_wording_says_where(
    bruno: Someone, chloe: Someone, passer_by: Someone, library: Library
) -> None:
    actions.save_draft(
        erratum_sheet(),
        kind=ProposalKind.ERRATUM,
        path=erratum_path(EDITION, "E4", "nouveau-1"),
        base=library.edition(EDITION).commit,
        form_id=str(uuid4()),
        by=bruno.person,
        at=ago(1),
    )
    assert "Une correction de ce passage" not in says(passer_by)
    number = discussed(library, bruno.person, chloe.person).id
    again = erratum_sheet(
        wrong="On prépare ce changement avec vous.",
        right="On prépare ce changement tôt avec vous.",
        section="Facile à lire",
    )
    actions.revise(library, queries.proposal(number), again, by=bruno.person, at=ago(0))
    page = says(passer_by)
    assert '<a href="#facile-a-lire">Facile à lire</a>. ' + OPEN in page
    assert '<a href="#enonce">Énoncé</a>. ' + OPEN not in page
    assert [(one.section, one.key, one.proposal) for one in told(shelf_of(library), EDITION)] == [
        ("Facile à lire", "E4", number)
    ]


def test_the_database_may_be_down_and_frames_be_lost(
    app: Flask, bruno: Someone, chloe: Someone, passer_by: Someone, library: Library
) -> None:
    number = discussed(library, bruno.person, chloe.person).id
    assert OPEN in says(passer_by)
    lose_the_database(app)
    assert OPEN in words(passer_by.get(PAGE))
    assert link(number) in words(passer_by.get(LIST))
    shutil.rmtree(shelf_of(library).path / EDITION / FRAMES / "fr")
    page = words(passer_by.get(PAGE))
    assert OPEN in page, "a frame made again says what was told last"
    assert link(number) in page


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[[1]]",
        b"\xff\xfe[]",
        b"[" * 100_000,
        b'[["criteres/../E4","titre",1,true]]',
        b'[["criteres/Z9.md","titre",1,true]]',
        b'[["criteres/E4.md","\\ud800",1,true]]',
        b'[["criteres/E4.md","titre",1e400,true]]',
    ],
    ids=["empty", "short", "no text", "deep", "no path", "no item", "no character", "no number"],
)
def test_a_file_that_nobody_can_read_leaves_the_page_as_it_is(
    damaged: bytes, bruno: Someone, chloe: Someone, passer_by: Someone, library: Library
) -> None:
    discussed(library, bruno.person, chloe.person)
    a_round()
    (shelf_of(library).path / EDITION / FRAMES / DISCUSSED).write_bytes(damaged)
    remake_frames(ago(0))
    assert "Une correction de ce passage" not in words(passer_by.get(PAGE))
    assert "Une correction de ce passage" not in words(passer_by.get(LIST))
    assert OPEN in says(passer_by), "the next round writes it again"


def test_a_stamp_that_nobody_can_read_is_written_again(library: Library) -> None:
    assert a_round()
    stamp = shelf_of(library).path / EDITION / FRAMES / "fr" / "pour"
    stamp.write_bytes(b"\xff" + stamp.read_bytes())
    assert a_round()
    assert not a_round()


def test_nothing_is_written_twice_and_nobody_s_words_are_in_the_files(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person, right="une transmission orale")
    number = discussed(library, bruno.person, chloe.person, **TITLE).id
    assert tell_corrections_asked(ago(0)) == 1
    assert remake_frames(ago(0))
    assert (tell_corrections_asked(ago(0)), remake_frames(ago(0))) == (0, 0)
    proposal = session.get_one(Proposal, number)
    files = [path.read_text() for path in (shelf_of(library).path / EDITION / FRAMES).rglob("*") if path.is_file()]
    for theirs in (proposal.title, TITLE["right"]):
        assert not any(theirs in text for text in files)
