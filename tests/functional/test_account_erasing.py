"""Leaving: what one is told before, what goes, what stays, and who cannot leave yet."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.cli import main
from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.journal.queries import audit_fault, audit_lines
from referentiel.library.library import Library
from referentiel.people.accounts import administering
from referentiel.people.doors import linking
from referentiel.people.models import Person, ReturnWords, Session
from referentiel.permissions import College, Role
from referentiel.privacy.traces import forget_mails
from referentiel.proposals import actions as proposals
from referentiel.proposals.models import Draft, Proposal, ProposalAuthor
from referentiel.proposals.queries import case
from referentiel.proposals.states import Outcome, State, Step
from referentiel.proposals.workflow import check
from referentiel.web import stores
from referentiel.web.identity import open_session
from tests.cast import Someone, environment, forms_of, now
from tests.proposal_lives import in_decision, in_discussion, submitted

ON = Anchor(Target.CRITERION, "E4")


def text_of(someone: Someone) -> str:
    assert someone.page is not None
    return " ".join(someone.page.get_data(as_text=True).split())


def erased(person_id: int | None) -> Person:
    session.expire_all()
    return session.get_one(Person, person_id)


def said(someone: Someone, words: str, *, by: Someone | None = None) -> int:
    """The number of what somebody said, published when an editor is given."""
    spoken = comments.comment(ON, words, by=someone.person, at=now(), form=words)
    if by is not None:
        comments.publish(spoken, by=by.person, at=now())
    return spoken.id


# From one's page


def test_amina_reads_what_goes_and_what_stays_before_anything_happens(amina: Someone) -> None:
    amina.get("/mon-compte/effacer")
    for words in ("Ce qui part tout de suite", "Ce qui reste", "votre pseudonyme", "35 jours", "sans aucun lien avec"):
        assert words in text_of(amina)
    assert "adresse e‑mail" not in text_of(amina)
    assert erased(amina.person_id).erased_at is None


def test_amina_leaves_and_her_published_words_stay_without_her(amina: Someone, chloe: Someone, app: Flask) -> None:
    published, held = said(amina, "Un mot lu.", by=chloe), said(amina, "Un mot en attente.")
    open_session(amina.person, at=now())
    amina.follow(amina.fill("/mon-compte/effacer", words="garder"))
    assert "Votre compte est effacé" in text_of(amina)
    person = erased(amina.person_id)
    assert person.erased_at is not None
    assert (person.college, person.structure_id, person.pseudonym) == ("employees", None, None)
    assert session.scalar(select(func.count()).where(Session.person_id == person.id)) == 0
    assert session.get(Comment, held) is None
    kept = session.get_one(Comment, published)
    assert (kept.text, kept.author_id, kept.college) == ("Un mot lu.", None, College.EMPLOYEES)
    amina.get("/mon-compte", status=303)


def test_amina_takes_her_published_words_with_her(amina: Someone, chloe: Someone, passer_by: Someone) -> None:
    said(amina, "Un mot lu.", by=chloe)
    assert "Un mot lu." in passer_by.get("/criteres/E4/contributions").get_data(as_text=True)
    amina.fill("/mon-compte/effacer", words="effacer")
    assert "Un mot lu." not in passer_by.get("/criteres/E4/contributions").get_data(as_text=True)
    assert session.scalars(select(Comment.text)).all() == [""]


def test_a_reply_to_words_that_left_stays_under_an_empty_place(amina: Someone, bruno: Someone, chloe: Someone) -> None:
    first = said(amina, "Un mot lu.", by=chloe)
    answer = comments.reply(session.get_one(Comment, first), "Une réponse.", by=bruno.person, at=now(), form="r")
    comments.publish(answer, by=chloe.person, at=now())
    amina.fill("/mon-compte/effacer", words="effacer")
    page = bruno.get("/criteres/E4/contributions").get_data(as_text=True)
    assert "Une réponse." in page
    assert "Un mot lu." not in page


def test_without_a_choice_nothing_goes(amina: Someone) -> None:
    assert amina.fill("/mon-compte/effacer").status_code == 422
    assert "Choisissez ce que deviennent vos mots." in text_of(amina)
    assert erased(amina.person_id).erased_at is None


def test_the_form_to_erase_keeps_no_text_and_does_not_say_so(amina: Someone) -> None:
    page = amina.fill("/mon-compte/effacer").get_data(as_text=True)
    assert "Rien n’a été fait." in page
    assert "texte est gardé" not in page


def test_an_editor_gives_the_code_of_the_telephone_first(app: Flask, chloe: Someone) -> None:
    browser = Someone(app, "chloe, without her code", chloe.person_id)
    cookie, value = open_session(chloe.person, at=now())
    browser.client.set_cookie(cookie, value, domain="127.0.0.1")
    answer = browser.fill("/mon-compte/effacer", words="garder")
    assert answer.status_code == 403
    assert "second_factor_code" in text_of(browser)
    assert erased(chloe.person_id).erased_at is None
    chloe.fill("/mon-compte/effacer", words="garder")
    assert erased(chloe.person_id).erased_at is not None
    assert erased(chloe.person_id).granted == frozenset()


def test_the_last_administrator_is_told_why_they_stay_and_what_to_do(denis: Someone, chloe: Someone) -> None:
    denis.get("/mon-compte/effacer")
    assert "le dernier qui administre le site" in text_of(denis)
    assert "Donnez d’abord le rôle" in text_of(denis)
    assert 'name="words"' not in text_of(denis)
    [asked] = [form for form in forms_of(denis.get("/mon-compte")) if form.action.endswith("/messages")]
    denis.post("/mon-compte/effacer", {"words": "garder", **asked.values}, status=403)
    assert "le dernier qui administre le site" in text_of(denis)
    assert erased(denis.person_id).erased_at is None
    administering.give_roles(chloe.person, {Role.EDITOR, Role.ADMINISTRATOR}, by=denis.person, at=now())
    denis.fill("/mon-compte/effacer", words="garder")
    assert erased(denis.person_id).erased_at is not None


def test_a_suspended_administrator_is_not_one(denis: Someone, chloe: Someone) -> None:
    administering.give_roles(chloe.person, {Role.ADMINISTRATOR}, by=denis.person, at=now())
    administering.suspend(chloe.person, by=denis.person, at=now())
    denis.get("/mon-compte/effacer")
    assert "le dernier qui administre le site" in text_of(denis)


def test_nobody_comes_back_by_words_nor_by_a_link(app: Flask, bruno: Someone, settings: Settings) -> None:
    with writing() as rows:
        rows.add(ReturnWords(person_id=bruno.person_id, locator=7, secret=b"s" * 48, created_on=now().date()))
    linking.ask_link("bruno@tests.invalid", browser="b", next_url="/", secret=stores.secret(), at=now())
    bruno.fill("/mon-compte/effacer", words="garder")
    assert session.scalar(select(func.count()).select_from(ReturnWords)) == 0
    other = Someone(app, "bruno again")
    answer = other.fill("/connexion", to="/connexion", email="bruno@tests.invalid")
    assert answer.status_code == 303


def test_the_chain_of_the_audit_holds_and_says_that_an_account_went(bruno: Someone) -> None:
    bruno.fill("/mon-compte/effacer", words="garder")
    line = audit_lines(f"person:{bruno.person_id}")[0]
    assert (line.event, line.details) == ("person.erased", {"words": False})
    assert audit_fault() is None


# Proposals


def test_proposals_under_way_go_on_and_the_amended_wording_no_longer_waits_for_its_author(
    library: Library, bruno: Someone, chloe: Someone, bruno_colleague: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    changed = {"Énoncé": "Un autre texte, écrit par l’édition."}
    decision = in_decision(library, proposal, chloe.person, Outcome.ADOPTED_WITH_CHANGES, sections=changed)
    number = proposal.id
    bruno.fill("/mon-compte/effacer", words="garder")
    session.expire_all()
    going_on = session.get_one(Proposal, number)
    assert going_on.state is State.IN_DECISION
    assert going_on.author_ids == frozenset()
    check(case(going_on, at=now()), Step.SIGN, denis.person)
    assert decision.signatures


def test_a_proposal_that_nobody_else_can_complete_is_withdrawn(
    library: Library, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    proposal = submitted(library, bruno.person, days=3)
    proposals.ask_completion(proposal, reason="Il manque.", plain_reason="Il manque.", by=chloe.person, at=now())
    number = proposal.id
    bruno.fill("/mon-compte/effacer", words="garder")
    session.expire_all()
    assert session.get_one(Proposal, number).state is State.WITHDRAWN
    assert "Prévenir un mois avant" in passer_by.get(f"/propositions/{number}").get_data(as_text=True)


def test_a_proposal_with_a_living_co_author_stays_whole(
    library: Library, bruno: Someone, chloe: Someone, bruno_colleague: Someone
) -> None:
    proposal = submitted(library, bruno.person, days=3)
    number = proposal.id
    with writing() as rows:
        rows.add(ProposalAuthor(proposal_id=number, person_id=bruno_colleague.person_id))
    bruno.fill("/mon-compte/effacer", words="effacer")
    session.expire_all()
    kept = session.get_one(Proposal, number)
    assert (kept.state, kept.title) == (State.SUBMITTED, "Prévenir un mois avant")
    assert kept.author_ids == {bruno_colleague.person_id}


def test_drafts_go_with_their_author(library: Library, bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    bruno.send(button="brouillon", title="Un début")
    assert session.scalar(select(func.count()).select_from(Draft)) == 1
    session.rollback()
    bruno.fill("/mon-compte/effacer", words="garder")
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


# At the console


@pytest.fixture
def console(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], app: Flask):  # type: ignore[no-untyped-def]
    """Run ``referentiel erase``: its status and its one line."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str]:
        session.remove()
        capsys.readouterr()
        try:
            main(["erase", *arguments])
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        told = capsys.readouterr()
        line = told.out + told.err
        assert line.count("\n") == 1, line
        return status, line

    return run


def test_the_console_erases_by_address_and_by_number(console, bruno: Someone, amina: Someone) -> None:  # type: ignore[no-untyped-def]
    assert console("--email", "Bruno@tests.invalid") == (0, f"Le compte {bruno.person_id} est effacé.\n")
    assert erased(bruno.person_id).email is None
    status, line = console("--email", "bruno@tests.invalid")
    assert (status, line.startswith("Erreur : Aucun compte")) == (1, True)
    assert console("--number", str(amina.person_id), "--published-too")[0] == 0
    assert erased(amina.person_id).erased_at is not None


def test_the_console_erases_the_words_of_one_contribution(console, amina: Someone, chloe: Someone) -> None:  # type: ignore[no-untyped-def]
    number = said(amina, "Madame Untel crie.", by=chloe)
    assert console("--words", str(number)) == (0, f"Les mots de la contribution {number} sont effacés.\n")
    session.expire_all()
    assert session.get_one(Comment, number).text == ""
    assert console("--words", "123456789")[0] == 1


def test_the_console_keeps_the_last_administrator_and_says_why(console, denis: Someone) -> None:  # type: ignore[no-untyped-def]
    status, line = console("--email", "denis@tests.invalid")
    assert (status, "le dernier qui administre" in line) == (1, True)
    assert erased(denis.person_id).erased_at is None


def test_the_console_wants_to_know_one_thing_to_erase(console, denis: Someone) -> None:  # type: ignore[no-untyped-def]
    assert console() == (1, "Erreur : Dites quoi effacer : --email, --number ou --words, un seul des trois.\n")
    assert console("--number", "1", "--words", "2")[0] == 1


def test_mail_files_to_an_address_that_nobody_has_go(settings: Settings, bruno: Someone, chloe: Someone) -> None:
    settings.mail_path.mkdir(exist_ok=True)
    for name, to in (("1", "bruno@tests.invalid"), ("2", "Chloe@tests.invalid"), ("3", "parti@tests.invalid")):
        (settings.mail_path / f"{name}.eml").write_bytes(f"To: {to}\r\nSubject: x\r\n\r\nBonjour\r\n".encode())
    (settings.mail_path / ".4.eml.partial-1-1").write_bytes(b"To: parti@tests.invalid\r\nSubj")
    assert forget_mails(settings) == 2
    assert sorted(file.name for file in settings.mail_path.iterdir()) == ["1.eml", "2.eml"]
