"""Errata beside an edition: its frames, their list, the history of a criterion, and all that lives with their files."""

import json
from pathlib import Path
from uuid import uuid4

import feedparser
from flask import Flask

from referentiel.commands.backup import BUNDLE, SUMS, back_up, sums
from referentiel.commands.reconcile import agree
from referentiel.config import Settings
from referentiel.database import session
from referentiel.dates import day
from referentiel.editions.errata import errata_of, still_in
from referentiel.editions.numbering import Number, next_number
from referentiel.editions.preparing.completeness import Gap
from referentiel.editions.preparing.queries import lacks
from referentiel.editions.queries import changes_between, edition, shelf_of
from referentiel.editions.sealing.publishing import keep_up
from referentiel.editions.sealing.verification import check_errata
from referentiel.journal.authors import Author
from referentiel.journal.changes import FileChange, Order
from referentiel.journal.models import Operation
from referentiel.library.backups import bundle
from referentiel.library.library import Library
from referentiel.library.planning import plan
from referentiel.library.projection import compare
from referentiel.notices.following import topics_of
from referentiel.people.models import Person
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import State
from referentiel.proposals.verification import check as check_proposals
from referentiel.search import actions as search
from referentiel.web import frames
from tests.cast import Someone, explain
from tests.edition_lives import adopted
from tests.edition_lives import published as published_edition
from tests.errata_lives import CORRECTED, EDITION, WORDS, adopted_erratum, discussed, reported
from tests.functional.test_frames import lose_the_database
from tests.functional.test_restoring import restored
from tests.postgresql import Server
from tests.proposal_lives import ago, decided

PATH = f"errata/{EDITION}/E4-1.md"
TITLE = {"wrong": "sans couture", "right": "sans coupure"}


def test_the_frame_is_made_again_with_the_erratum_around_the_same_bytes(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    address = f"/editions/{EDITION}/criteres/E4"
    shelf = shelf_of(library)
    frames.remake(shelf, day(ago(0)))
    before = passer_by.get(address).get_data(as_text=True)
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    assert frames.remake(shelf, day(ago(0))) > 0
    after = passer_by.get(address).get_data(as_text=True)
    sealed = passer_by.get(f"/editions/{EDITION}/scelle/criteres/E4.html").get_data(as_text=True)
    assert CORRECTED not in before
    assert CORRECTED in after
    assert sealed in after
    assert frames.remake(shelf, day(ago(0))) == 0


def test_the_text_in_force_is_read_with_its_errata_and_the_draft_without(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    adopted_erratum(library, bruno.person, chloe.person, denis.person, code="E", section="titre", **TITLE)
    for address, name in (
        ("/criteres/E4", "E4-1"),
        ("/criteres/E4?presentation=facile", "E4-1"),
        ("/chapitres/E", "E-1"),
    ):
        assert f"/editions/{EDITION}/errata#{name}" in passer_by.get(address).get_data(as_text=True)
    assert "erratum corrige" not in passer_by.get("/criteres/E2").get_data(as_text=True)
    assert "erratum corrige" not in passer_by.get("/travail/criteres/E4").get_data(as_text=True)


def test_errata_are_news_of_editions_and_of_the_criterion(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    for feed in ("editions", "criteres/E4"):
        entries = feedparser.parse(passer_by.get(f"/flux/{feed}.atom").get_data(as_text=True)).entries
        (told,) = [entry for entry in entries if "erratum" in entry.title]
        assert told.link.endswith(f"/editions/{EDITION}/errata#E4-1")
        assert told.id.endswith(f":editions/{EDITION}/errata/E4-1")


def test_lists_of_proposals_find_an_erratum_by_its_criterion_and_rivals_by_their_passage(
    bruno: Someone, chloe: Someone, passer_by: Someone, library: Library
) -> None:
    first = discussed(library, bruno.person, chloe.person, days=3)
    second = discussed(library, bruno.person, chloe.person, days=2, right="une transmission orale")
    for code in ("E4", "e4"):
        page = passer_by.get(f"/propositions/?critere={code}").get_data(as_text=True)
        assert f"/propositions/{first.id}" in page
        assert f"Édition {EDITION}, E4" in page
    assert f"/propositions/{first.id}" not in passer_by.get("/propositions/?critere=E").get_data(as_text=True)
    assert f'href="/propositions/{second.id}"' in passer_by.get(f"/propositions/{first.id}").get_data(as_text=True)
    joined = chloe.fill(
        f"/propositions/{second.id}/reunir", target=str(first.id), reason="La même.", plain_reason="La même."
    )
    assert joined.status_code == 303, explain(joined)
    page = passer_by.get(f"/propositions/{first.id}/rivales?avec={second.id}").get_data(as_text=True)
    assert f"Le texte de l’édition {EDITION}" in page
    assert "par écrit<span" in page


def test_the_list_of_errata_needs_no_database(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library, app: Flask
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    adopted_erratum(library, bruno.person, chloe.person, denis.person, right="une transmission orale")
    lose_the_database(app)
    page = passer_by.get(f"/editions/{EDITION}/errata").get_data(as_text=True)
    assert "Remplacé par E4-2" in page
    assert "une transmission orale" in page
    tag = passer_by.page.headers["ETag"] if passer_by.page else ""
    passer_by.get(f"/editions/{EDITION}/errata", status=304, headers={"If-None-Match": tag})


def test_an_edition_without_errata_says_so_and_how_to_report_one(passer_by: Someone) -> None:
    page = passer_by.get(f"/editions/{EDITION}/errata").get_data(as_text=True)
    assert "Aucun erratum" in page
    assert f'href="/editions/{EDITION}/signaler"' in page


def test_the_history_of_the_criterion_tells_its_errata_and_counts_no_version_more(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    page = passer_by.get("/criteres/E4/historique").get_data(as_text=True)
    assert f"Édition {EDITION}, erratum E4-1" in page
    assert "Version 2" not in page
    assert "erratum E4-1" not in passer_by.get("/criteres/E2/historique").get_data(as_text=True)


def test_who_follows_the_criterion_follows_its_errata(bruno: Someone, library: Library) -> None:
    proposal = reported(library, bruno.person)
    assert "criteres/E4" in topics_of(library, proposal)


def test_verification_knows_errata_and_names_one_that_quotes_nothing(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    keep_up(library)
    assert list(check_errata(library)) == []
    assert (compare(library), list(search.compare(library))) == ([], [])
    text = library.read(PATH).text.replace(WORDS, "des mots que personne n’a écrits")
    wrong = FileChange(f"errata/{EDITION}/E4-2.md", None, text, frozenset({"file"}))
    library.apply(order(library, wrong))
    assert [(one.subject, one.message) for one in check_errata(library)] == [
        (f"errata/{EDITION}/E4-2.md", "cite des mots que l’édition ne dit pas")
    ]


def order(library: Library, change: FileChange) -> Order:
    return Order(
        str(uuid4()),
        library.head(),
        (change,),
        "By hand",
        Author.of("spe", "proposal-1"),
        ago(0).replace(microsecond=0),
    )


# --- what else lives with errata: the next edition, a lost database, a library played again


def test_an_erratum_is_no_change_of_the_text_and_the_next_edition_tells_it_no_more(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    last = edition(library, EDITION)
    beside = ("errata", "decisions")
    assert library.files(library.head()).outside(*beside) == library.files(last.commit).outside(*beside)
    assert next_number(
        last.number, changes_between(library, last.commit, library.head()), published=day(ago(0))
    ) == Number.read(f"{EDITION}.1")
    assert [one.name for one in still_in(library, EDITION, library.head())] == ["E4-1"]
    assert [(one.key, one.what) for one in lacks(library)[Gap.WRONG_WORDS]] == [("E4", (WORDS,))]
    adopted(
        library,
        bruno.person,
        chloe.person,
        denis.person,
        sections={"Énoncé": "Tout passage est préparé avec une transmission écrite."},
    )
    assert still_in(library, EDITION, library.head()) == ()
    sealed = published_edition(library, denis.person, chloe.person)
    assert not any(path.startswith("texte/errata") or "errata" in path for path in sealed.manifest)
    assert errata_of(library, str(sealed.number)) == ()
    assert [one.name for one in errata_of(library, EDITION)] == ["E4-1"]


def test_a_database_of_before_the_erratum_takes_it_from_git_and_numbers_the_next(
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
    library: Library,
    settings: Settings,
    tmp_path: Path,
    server: Server | None,
) -> None:
    proposal = discussed(library, bruno.person, chloe.person)
    number, by, first, second = proposal.id, bruno.person_id, chloe.person_id, denis.person_id
    before = back_up(settings, library, tmp_path / "backups", at=ago(0))
    decided(library, proposal, chloe.person, denis.person)
    (before / BUNDLE).unlink()
    bundle(library, before / BUNDLE)
    (before / SUMS).write_text(json.dumps(sums(before)))
    with restored(before, tmp_path / "again", server) as (_app, again):
        assert f"proposition {number}\u00a0: la décision 1 prend effet de nouveau" in agree(again, at=ago(0))
        row = session.get_one(Proposal, number)
        assert (row.state, row.adopted_path, row.code) == (State.ADOPTED, PATH, f"{EDITION}/E4-1")
        assert list(check_proposals(again)) == []
        people = [session.get_one(Person, one) for one in (by, first, second)]
        more = adopted_erratum(again, *people, wrong="sans période sans solution", right="sans rupture")
        assert more.proposal.code == f"{EDITION}/E4-2"


def test_the_same_order_on_the_same_head_gives_the_same_commit(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    decision = adopted_erratum(library, bruno.person, chloe.person, denis.person)
    operation = session.get_one(Operation, decision.operation_id)
    assert plan(library.snapshots, operation.order, operation.parent or "").commit == decision.commit_id
