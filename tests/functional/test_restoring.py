"""A database restored from one day beside a library of another: proposals are what the library made of them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from referentiel.app import create_app
from referentiel.commands.backup import BUNDLE, SUMS, back_up, sums
from referentiel.commands.reconcile import agree
from referentiel.commands.restore import put_back
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.library.backups import bundle
from referentiel.library.library import Library
from referentiel.proposals import queries, verification
from referentiel.proposals.models import DecisionState, Proposal
from referentiel.proposals.states import Outcome, State
from referentiel.web.stores import library as library_of
from tests.cast import Someone
from tests.postgresql import Server
from tests.proposal_lives import decided, in_decision, in_discussion

WORDING = "Tout passage est préparé un mois avant, et écrit."


@contextmanager
def restored(backup: Path, folder: Path, server: Server | None) -> Iterator[tuple[Flask, Library]]:
    """The application over what a backup gave back."""
    there = Settings(instance=folder, database_url=server.create("restored") if server else "")
    put_back(there, backup)
    app = create_app(there)
    with app.app_context():
        yield app, library_of()
        session.remove()
        db.engine.dispose()
    if server:
        server.drop("restored")


@pytest.fixture
def days(
    app: Flask, settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone, tmp_path: Path
) -> Path:
    """A backup whose database is of the first day and whose library is of the second: four decisions later."""
    by = bruno.person
    adopted = in_discussion(library, by, chloe.person, path="criteres/E4.md")
    waiting = in_discussion(library, by, chloe.person, path="criteres/E2.md", sections={"Énoncé": WORDING})
    signed_once = in_decision(library, waiting, chloe.person)
    refused = in_discussion(library, by, chloe.person, path="criteres/A1.md", sections={"Énoncé": WORDING})
    day_one = back_up(settings, library, tmp_path / "backups", at=datetime.now(UTC))
    decided(library, adopted, chloe.person, denis.person)
    decided(library, refused, chloe.person, denis.person, Outcome.REFUSED)
    sign(library, signed_once, denis)
    late = in_discussion(library, by, chloe.person, path="criteres/A2.md", sections={"Énoncé": WORDING})
    decided(library, late, chloe.person, denis.person)
    (day_one / BUNDLE).unlink()
    bundle(library, day_one / BUNDLE)
    (day_one / SUMS).write_text(json.dumps(sums(day_one)))
    return Path(shutil.move(day_one, tmp_path / "day-one"))


def sign(library: Library, decision: object, by: Someone) -> None:
    by.fill(f"/propositions/{decision.proposal_id}/signature", button="Signer")  # type: ignore[attr-defined]


def test_what_the_library_decided_enters_the_life_of_its_proposals_again_and_twice_is_once(
    days: Path, tmp_path: Path, server: Server | None
) -> None:
    with restored(days, tmp_path / "again", server) as (app, library):
        told = agree(library, at=datetime.now(UTC))
        assert sum("prend effet de nouveau" in line for line in told) == 3
        assert agree(library, at=datetime.now(UTC)) == []
        assert [str(finding) for finding in verification.check(library)] == []
        states = {one.path: one.state for one in session.query(Proposal).all()}
        assert states == {
            "criteres/E4.md": State.ADOPTED,
            "criteres/E2.md": State.ADOPTED,
            "criteres/A1.md": State.REFUSED,
        }
        waited = queries.decision(3)
        assert (waited.state, [one.rank for one in waited.signatures]) == (DecisionState.EFFECTIVE, [1])
        page = Someone(app, "a passer-by").get(f"/propositions/{waited.proposal_id}")
        assert "Adoptée" in page.text
        for number in (1, 2, 3, 4):
            assert "Vous serez prévenu plus tôt." in Someone(app, "a passer-by").get(f"/decisions/{number}").text
        assert "n’est plus dans la base" in Someone(app, "a passer-by").get("/decisions/4").text


def test_a_proposal_that_says_something_else_than_the_library_is_named(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    decision = decided(library, proposal, chloe.person, denis.person)
    assert list(verification.check(library)) == []
    session.connection().exec_driver_sql(f"UPDATE decisions SET commit_id = '{'0' * 40}' WHERE id = {decision.id}")
    session.expire_all()
    assert [finding.invariant for finding in verification.check(library)] == ["I7"]
    session.rollback()
    session.connection().exec_driver_sql(f"UPDATE proposals SET decision_number = 99 WHERE id = {proposal.id}")
    session.expire_all()
    assert "sans décision" in str(next(iter(verification.check(library))))
    session.rollback()
