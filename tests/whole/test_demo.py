"""The demonstration: months lived by the real actions and rules, one link for each of the cast, and nothing unsaid."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from referentiel.blueprints import demo_links
from referentiel.blueprints.demo_links import Player, players
from referentiel.commands import demo
from referentiel.commands.demo_story import NAMES
from referentiel.comments import queries as comments
from referentiel.comments.models import Comment
from referentiel.comments.moderation import State as CommentState
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.queries import all_editions, in_force
from referentiel.errors import NotAllowed, Refused
from referentiel.library.verification import verify
from referentiel.people.doors.linking import link_of
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals import queries as proposals
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import ProposalKind, Step
from referentiel.proposals.states import State as ProposalState
from referentiel.proposals.workflow import steps_for
from referentiel.web.stores import library as library_of
from tests.cast import Someone
from tests.functional.test_commenting import page_of
from tests.openid_provider import come_in

pytestmark = pytest.mark.xdist_group("demo")

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The story, lived once for this file."""
    settings = Settings(instance=tmp_path_factory.mktemp("demo") / "instance-demo")
    demo.build(settings, now=NOW)
    return settings


@pytest.fixture
def site(lived: Settings, tmp_path: Path) -> Iterator[Flask]:
    """The demonstration over a copy."""
    shutil.copytree(lived.instance, tmp_path / "instance", symlinks=True)
    app = demo.open_app(Settings(instance=tmp_path / "instance"))
    app.testing = True
    with app.app_context():
        yield app
        session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(site: Flask) -> dict[str, Player]:
    return {player.name: player for player in players(Path(site.instance_path))}


def become(site: Flask, player: Player) -> Someone:
    someone = Someone(site, player.name)
    someone.fill(f"/demonstration/{player.token}", to=player.token)
    return someone


def test_there_are_proposals_in_every_state_and_two_editions(site: Flask) -> None:
    states = Counter(session.scalars(select(Proposal.state)))
    assert set(states) == set(ProposalState) - {ProposalState.DRAFT}
    assert [str(edition.number) for edition in all_editions(library_of())] == ["2026.0", "2026.1"]
    force = in_force(library_of(), NOW)
    assert force is not None
    assert str(force.number) == "2026.1"


def test_an_edition_waits_for_its_confirmation(site: Flask, cast: dict[str, Player]) -> None:
    plan = session.scalars(select(EditionPlan).where(EditionPlan.slot.is_not(None))).one()
    assert plan.state is PlanState.PREPARED
    assert plan.prepared_by_college == College.PARTNERS


def test_a_criterion_is_withdrawn_and_its_page_says_what_replaces_it(site: Flask) -> None:
    someone = Someone(site, "a passer-by")
    for address in ("/criteres/D5", "/editions/2026.1/criteres/D5"):
        someone.get(address)
        assert "Les équipes étaient évaluées deux fois".lower() in page_of(someone).lower(), address
        assert "/criteres/D3" in page_of(someone)


def test_an_erratum_is_read_beside_the_edition_and_another_is_under_discussion(site: Flask) -> None:
    someone = Someone(site, "a passer-by")
    someone.get("/editions/2026.1/errata")
    assert "chaque jour de travail" in page_of(someone)
    asked = session.scalars(select(Proposal).where(Proposal.kind == ProposalKind.ERRATUM)).all()
    assert {proposal.state for proposal in asked} == {ProposalState.ADOPTED, ProposalState.IN_DISCUSSION}


def test_a_proposal_is_ready_for_each_step_of_the_cast(site: Flask, cast: dict[str, Player]) -> None:
    """Each of the four finds their steps; together they can take every step that people take."""
    people = [session.get_one(Person, link_of(player.token, at=NOW).person_id) for player in cast.values()]
    ready: set[Step] = set()
    for proposal in session.scalars(select(Proposal)):
        case = proposals.case(proposal, at=NOW)
        for person in people:
            ready |= {button.step for button in steps_for(case, person) if button.allowed}
    assert ready >= set(Step) - {Step.SUBMIT, Step.RESUME}


def test_the_people_are_of_four_colleges_and_say_that_they_are_invented(site: Flask) -> None:
    people = session.scalars(select(Person)).unique().all()
    assert {person.college for person in people} == set(College)
    assert all(person.name is None or "(personne de démonstration)" in person.name for person in people)
    assert all(person.email is None or person.email.endswith("@demonstration.invalid") for person in people)
    assert all(person.email is None for person in people if person.college == College.EMPLOYEES)


def test_voices_wait_are_published_and_are_removed_and_some_figures_are_shown(site: Flask) -> None:
    states = Counter(session.scalars(select(Comment.state).where(Comment.text != "")))
    assert all(states[state] >= 3 for state in CommentState)
    answered = session.scalars(select(Comment.key).where(Comment.face.is_not(None)).distinct()).all()
    shown = [code for code in answered if comments.faces(code, at=NOW, smallest=5)]
    assert len(answered) > len(shown) >= 5


def test_every_promise_of_the_write_path_holds(site: Flask) -> None:
    assert verify(library_of(), at=NOW) == []


def test_no_name_nor_address_of_anybody_enters_git(lived: Settings) -> None:
    """rgpd-02: authors are colleges and numbers, the committer is the application."""
    log = subprocess.run(
        ["git", "--git-dir", str(lived.library_path), "log", "--all", "--format=%an%n%ae%n%cn%n%ce%n%B"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert log.count("Operation:") >= 8
    assert not re.search(r"\b(\d{1,3}\.){3}\d{1,3}\b", log)
    assert all(address.endswith("@referentiel.invalid") for address in re.findall(r"[\w.+-]+@[\w.-]+", log))
    for name in (*NAMES.values(), "Amina", "Lilas", "démonstration"):
        assert not re.search(rf"\b{name}\b", log), name


def test_a_link_is_used_again_and_switches_the_person(site: Flask, cast: dict[str, Player]) -> None:
    someone = become(site, cast["Bruno"])
    someone.get("/mon-compte")
    assert "Bruno (personne de démonstration)" in page_of(someone)
    someone.fill(f"/demonstration/{cast['Chloé'].token}", to=cast["Chloé"].token)
    someone.get("/mon-compte")
    assert "Chloé (personne de démonstration)" in page_of(someone)
    become(site, cast["Bruno"]).get("/mon-compte")


def test_the_links_prove_the_second_factor(site: Flask, cast: dict[str, Player]) -> None:
    become(site, cast["Denis"]).get("/administration/")
    become(site, cast["Chloé"]).get("/bureau")


def test_opening_a_link_changes_nothing_until_its_button_is_pressed(site: Flask, cast: dict[str, Player]) -> None:
    someone = Someone(site, "somebody")
    someone.get(f"/demonstration/{cast['Denis'].token}")
    someone.get("/mon-compte", status=303)


def test_a_link_that_nobody_printed_opens_nothing(site: Flask) -> None:
    Someone(site, "somebody").get("/demonstration/abc", status=404)


def test_amina_finds_a_question_and_bruno_a_proposal(site: Flask, cast: dict[str, Player]) -> None:
    amina = become(site, cast["Amina"])
    amina.follow()
    amina.fill("/criteres/F5/avis", visage="yes", texte="On m’a appelée deux fois.")
    become(site, cast["Bruno"]).get("/propositions/")


@pytest.mark.parametrize("path", ["/", "/referentiel/", "/criteres/E4", "/criteres/C7", "/propositions/", "/editions/"])
def test_what_a_passer_by_opens_is_filled(path: str, site: Flask) -> None:
    Someone(site, "a passer-by").get(path)


def test_the_door_exists_in_no_other_instance(app: Flask, settings: Settings) -> None:
    assert not any(rule.rule.startswith("/demonstration") for rule in app.url_map.iter_rules())
    with pytest.raises(NotAllowed):
        demo_links.install(app, settings)


def test_the_door_does_not_open_in_production(app: Flask, lived: Settings) -> None:
    with pytest.raises(NotAllowed):
        demo_links.install(app, replace(lived, public_url="https://referentiel.example"))


def test_demo_is_refused_in_production() -> None:
    with pytest.raises(Refused):
        demo.scratch_settings({"REFERENTIEL_PUBLIC_URL": "https://referentiel.example"})


def test_demo_is_refused_on_a_filled_instance_and_touches_nothing(settings: Settings) -> None:
    before = sorted(path.name for path in settings.instance.iterdir())
    with pytest.raises(Refused):
        demo.build(settings, now=NOW)
    assert sorted(path.name for path in settings.instance.iterdir()) == before


def test_demo_uses_neither_the_mail_server_nor_the_database_of_the_operator() -> None:
    settings = demo.scratch_settings(
        {"REFERENTIEL_SMTP_URL": "smtp://mail.example", "REFERENTIEL_DATABASE_URL": "postgresql://db/prod"}
    )
    assert (settings.smtp_url, settings.database_url, settings.upstream) == ("", "", "")
    assert settings.instance == Path("instance-demo")


def test_the_cast_comes_in_by_a_pretended_provider_that_the_operator_s_settings_never_reach(
    lived: Settings, tmp_path: Path
) -> None:
    asked = {"ISSUER": "https://proconnect.example", "CLIENT_ID": "us", "CLIENT_SECRET": "secret"}
    assert not demo.scratch_settings({f"REFERENTIEL_OIDC_{name}": value for name, value in asked.items()}).openid
    shutil.copytree(lived.instance, tmp_path / "instance", symlinks=True)
    provider = demo.pretended_provider()
    provider.start()
    app = demo.open_app(provider.settings(Settings(instance=tmp_path / "instance")))
    app.testing = True
    with app.app_context():
        someone = Someone(app, "somebody")
        come_in(someone, "Bruno (personne de démonstration)")
        someone.get("/mon-compte")
        assert "Bruno (personne de démonstration)" in page_of(someone)
        come_in(Someone(app, "another"), "Une personne sans compte (personne de démonstration)", status=403)
        session.remove()
        db.engine.dispose()
    provider.stop()


def test_a_second_start_keeps_what_was_done(lived: Settings, tmp_path: Path) -> None:
    shutil.copytree(lived.instance, tmp_path / "demo", symlinks=True)
    before = json.loads((tmp_path / "demo" / demo_links.MARKER).read_text(encoding="utf-8"))
    command = [str(Path(sys.executable).with_name("referentiel")), "demo", "--no-serve"]
    environ = {**os.environ, "REFERENTIEL_INSTANCE": str(tmp_path / "demo")}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "demo" / demo_links.MARKER).read_text(encoding="utf-8")) == before
