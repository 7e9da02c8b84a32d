"""The write path from end to end: an operation in SQL, a commit in Git, and what people are told."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from referentiel.database import session, writing
from referentiel.errors import Busy, Invalid, Refused, TextMoved, Unsure
from referentiel.journal import actions as journal
from referentiel.journal import queries
from referentiel.journal.changes import FileChange
from referentiel.journal.messages import trailers
from referentiel.journal.models import AuditLine, Operation, OutboxItem
from referentiel.library.actions import carry_out
from referentiel.library.library import Library
from referentiel.library.lock import writer_lock
from referentiel.library.recovery import recover
from referentiel.library.verification import verify
from tests.library_house import CRITERION, FIRST_DAY, KIND, House, copy_folder, house_in, on_server
from tests.patience import PATIENCE
from tests.postgresql import Server


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    with house_in(on_server(copy_folder(tmp_path / "house"), server)) as opened:
        yield opened
        assert [str(finding) for finding in verify(opened.library)] == []


def test_one_signed_decision_is_one_commit(house: House) -> None:
    before = house.library.head()
    applied = house.adopt("criteres/A1.md", {"Énoncé": "Chaque personne est accueillie."}, college="siae")
    commit = house.library.snapshots.commit(house.library.head())
    operation = queries.operation(trailers(commit.message)["Operation"][0])
    assert house.library.head() == applied.commit
    assert (commit.parent, commit.author) == (before, "Collège des SIAE")
    assert trailers(commit.message)["Proposal"] == ["42"]
    assert operation is not None
    assert (operation.state, operation.commit, operation.parent) == ("done", applied.commit, before)
    assert house.section("criteres/A1.md", "Énoncé") == "Chaque personne est accueillie."
    assert house.told() == [(operation.id, "done")]


def test_no_person_enters_git(house: House) -> None:
    house.adopt("criteres/A1.md", {"Énoncé": "Autre."})
    shown = subprocess.run(
        ["git", "log", "--format=%an %ae %cn %ce"], cwd=house.library.path, capture_output=True, check=True
    ).stdout.decode()
    assert set(shown.replace(">", "").splitlines()) == {
        "Collège des salariés en insertion proposal-42@referentiel.invalid "
        "Référentiel partagé application@referentiel.invalid",
        "Référentiel partagé application@referentiel.invalid Référentiel partagé application@referentiel.invalid",
    }
    reflog = (house.library.path / "logs" / "refs" / "heads" / "main").read_text()
    assert all("application@referentiel.invalid" in line for line in reflog.splitlines())


def test_changes_of_other_sections_are_carried_over(house: House) -> None:
    start = house.library.head()
    late = house.edit("criteres/A1.md", {"Pourquoi": "Parce que.", "key:rang": "15"})
    house.adopt("criteres/A1.md", {"Énoncé": "Adopté d’abord."})
    carry_out(house.library, house.begin([late], base=start), at=house.tick())
    text = house.library.read("criteres/A1.md").text
    assert "Adopté d’abord." in text
    assert "Parce que." in text
    assert "rang: 15" in text


def test_a_section_that_moved_is_never_written_over(house: House) -> None:
    start = house.library.head()
    late = house.edit("criteres/A1.md", {"Énoncé": "Seconde.", "Pourquoi": "Aussi."})
    house.adopt("criteres/A1.md", {"Énoncé": "Première."})
    head = house.library.head()
    operation = house.begin([late], base=start)
    with pytest.raises(TextMoved, match="A1 : Énoncé"):
        carry_out(house.library, operation, at=house.tick())
    assert house.library.head() == head
    assert (operation.state, operation.cause) == ("refused", "moved")
    assert house.told()[-1] == (operation.id, "refused")
    with pytest.raises(TextMoved):
        carry_out(house.library, operation, at=house.tick())


def test_the_same_wording_written_twice_is_still_told(house: House) -> None:
    """Both sides wrote the same words: the second one signed a change of a text that is no longer there."""
    start = house.library.head()
    late = house.edit("criteres/A1.md", {"Énoncé": "Les mêmes mots."})
    house.adopt("criteres/A1.md", {"Énoncé": "Les mêmes mots."})
    with pytest.raises(TextMoved):
        carry_out(house.library, house.begin([late], base=start), at=house.tick())


def test_a_form_sent_twice_is_one_commit(house: House) -> None:
    key = str(uuid4())
    change = house.edit("criteres/A1.md", {"Énoncé": "Une fois."})
    first = carry_out(house.library, house.begin([change], id=key), at=house.tick())
    again = carry_out(house.library, house.begin([change], id=key), at=house.tick())
    assert (again.commit, again.found) == (first.commit, True)
    assert house.told() == [(key, "done")]
    with pytest.raises(Invalid):
        house.begin([change], id=key, proposal=43)


def test_a_new_criterion_gets_the_next_code_of_its_chapter_and_no_code_comes_back(house: House) -> None:
    def new(name: str, chapter: str) -> FileChange:
        text = CRITERION.format(code=name, chapter=chapter, rank=90).replace(
            "voir_aussi: []", f"voir_aussi: [A1, {name}]"
        )
        return FileChange(f"criteres/{name}.md", None, text, frozenset({"file"}), chapter)

    house.adopt("criteres/A4.md", {"key:etat": "retire", "key:remplace_par": "[A1]"})
    operation = house.begin(
        [new("nouveau-42", "A"), new("nouveau-43", "A"), new("nouveau-44", "B")], subject="nouveau-42"
    )
    applied = carry_out(house.library, operation, at=house.tick())
    assert applied.paths == {
        "criteres/nouveau-42.md": "criteres/A5.md",
        "criteres/nouveau-43.md": "criteres/A6.md",
        "criteres/nouveau-44.md": "criteres/B1.md",
    }
    text = house.library.read("criteres/A5.md").text
    assert "code: A5\n" in text
    assert "voir_aussi: [A1, A5]\n" in text
    assert "selon nouveau-42" in text, "words of a section are nobody's to change"
    assert house.library.snapshots.commit(applied.commit).message.startswith("A5\n")
    assert operation.final_path("criteres/nouveau-43.md") == "criteres/A6.md"


def test_several_new_items_of_one_order_name_each_other_by_the_codes_that_they_get(house: House) -> None:
    def new(folder: str, name: str, front: str, chapter: str | None = None) -> FileChange:
        text = f"---\n{front}\n---\n\n## Définition\n\nDes mots.\n"
        return FileChange(f"{folder}/{name}.md", None, text, frozenset({"file"}), chapter)

    criterion = CRITERION.format(code="nouveau-42-2", chapter="nouveau-42", rank=10)
    criterion = criterion.replace("outils: []", "outils: [nouveau-42-4]")
    operation = house.begin(
        [
            FileChange("criteres/nouveau-42-2.md", None, criterion, frozenset({"file"}), "nouveau-42"),
            new("chapitres", "nouveau-42", "code: nouveau-42\ntitre: Un chapitre"),
            new("glossaire", "nouveau-42-3", "terme: Aller vers"),
            new("outils", "nouveau-42-4", "nom: Œuvre & outil"),
            new("outils", "nouveau-42-5", "nom: Œuvre et outil"),
        ]
    )
    paths = carry_out(house.library, operation, at=house.tick()).paths
    letter = paths["chapitres/nouveau-42.md"][-4]
    assert paths["criteres/nouveau-42-2.md"] == f"criteres/{letter}1.md"
    assert paths["glossaire/nouveau-42-3.md"] == "glossaire/aller-vers.md"
    assert paths["outils/nouveau-42-4.md"] == "outils/oeuvre-outil.md"
    text = house.library.read(f"criteres/{letter}1.md").text
    assert f"chapitre: {letter}\n" in text
    assert "outils: [oeuvre-outil]\n" in text
    again = carry_out(house.library, house.begin([new("outils", "nouveau-43", "nom: Œuvre, outil")]), at=house.tick())
    assert again.paths["outils/nouveau-43.md"] == "outils/oeuvre-outil-2.md"


def test_what_is_cited_meanwhile_is_not_withdrawn_without_a_successor(house: House) -> None:
    withdrawal = house.edit("criteres/A2.md", {"key:etat": "retire"})
    start = house.library.head()
    house.adopt("criteres/A1.md", {"key:voir_aussi": "[A2]"})
    with pytest.raises(TextMoved, match="A1 renvoie à A2"):
        carry_out(house.library, house.begin([withdrawal], base=start), at=house.tick())
    successor = house.edit("criteres/A2.md", {"key:etat": "retire", "key:remplace_par": "[A3]"})
    carry_out(house.library, house.begin([successor], base=start), at=house.tick())


def test_an_order_of_several_files_is_written_whole_or_not_at_all(house: House) -> None:
    start = house.library.head()
    changes = [house.edit(f"criteres/A{n}.md", {"Énoncé": f"Les mots de A{n}."}) for n in (1, 2, 3)]
    house.adopt("criteres/A2.md", {"Énoncé": "D’autres mots."})
    with pytest.raises(TextMoved):
        carry_out(house.library, house.begin(changes, base=start), at=house.tick())
    assert "Les mots de A" not in "".join(house.library.read(f"criteres/A{n}.md").text for n in (1, 2, 3))


def test_a_file_that_breaks_the_form_never_enters(house: House) -> None:
    change = house.edit("criteres/A1.md", {"key:niveau": "facultatif"})
    operation = house.begin([change])
    with pytest.raises(Invalid, match=r"criteres/A1\.md, ligne 6"):
        carry_out(house.library, operation, at=house.tick())
    assert operation.state == "refused"


def test_a_comment_does_not_wait_for_the_library(house: House) -> None:
    """While the lock is awaited no SQL transaction is open: others write in SQL meanwhile."""
    operation = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Lent."})])
    house.library.patience = PATIENCE
    awaiting = threading.Event()
    house.library.failpoints = lambda step: awaiting.set() if step == "lock awaited" else None

    def comment() -> None:
        with house.app.app_context():
            with writing():
                journal.post("comment", {}, at=FIRST_DAY)
            session.remove()

    with writer_lock(house.library.path):
        decide = threading.Thread(target=_decide, args=(house, operation.id))
        decide.start()
        assert awaiting.wait(5)
        others = [threading.Thread(target=comment) for _ in range(4)]
        for thread in others:
            thread.start()
        for thread in others:
            thread.join(PATIENCE)
        session.rollback()
        assert operation.state == "open"
        assert session.scalar(select(func.count(OutboxItem.id)).where(OutboxItem.kind == "comment")) == 4
    decide.join()
    session.rollback()
    assert operation.state == "done"


def _decide(house: House, identity: str) -> None:
    with house.app.app_context():
        operation = queries.operation(identity)
        assert operation is not None
        carry_out(house.library, operation, at=FIRST_DAY)
        session.remove()


def test_a_library_that_stays_busy_is_said_and_written_down(house: House) -> None:
    house.library.patience = 0.1
    operation = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Occupé."})])
    with writer_lock(house.library.path), pytest.raises(Busy):
        carry_out(house.library, operation, at=house.tick())
    assert (operation.state, operation.cause) == ("refused", "busy")
    house.adopt("criteres/A1.md", {"Énoncé": "Occupé."})


def test_when_even_the_refusal_cannot_be_written_the_answer_is_that_we_do_not_know(
    house: House, tmp_path: Path
) -> None:
    start = house.library.head()
    late = house.edit("criteres/A1.md", {"Énoncé": "Seconde."})
    house.adopt("criteres/A1.md", {"Énoncé": "Première."})
    operation = house.begin([late], base=start)
    identity = operation.id

    def falls(_operation: Operation) -> None:
        raise OSError("the disk of the database is full")

    journal.register_effect(KIND, falls, falls)
    with pytest.raises(Unsure) as answer:
        carry_out(house.library, operation, at=house.tick())
    assert answer.value.operation == identity
    with house_in(house.folder) as after:
        assert recover(after.library, at=house.tick()).refused == [identity]


def test_when_the_database_fails_after_git_recovery_says_done_once(house: House) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Écrit."})])
    identity = operation.id

    def falls(_operation: Operation) -> None:
        raise OSError("the disk of the database is full")

    journal.register_effect(KIND, falls, falls)
    with pytest.raises(Unsure):
        carry_out(house.library, operation, at=house.tick())
    assert house.section("criteres/A1.md", "Énoncé") == "Écrit."
    with house_in(house.folder) as after:
        assert recover(after.library, at=house.tick()).found == [identity]
        assert recover(after.library, at=house.tick()).found == []
        assert after.told() == [(identity, "done")]


def test_recovery_replays_on_the_same_base_and_gives_the_hash_that_would_have_been(
    house: House, tmp_path: Path
) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Rejoué."})])
    twin = Library.open(shutil.copytree(house.library.path, tmp_path / "twin.git"))
    expected = twin.apply(operation.order).commit
    settled = recover(house.library, at=house.tick() + timedelta(hours=5))
    assert settled.replayed == [operation.id]
    assert house.library.head() == expected


def test_recovery_refuses_when_the_base_moved(house: House) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Pourquoi": "Autre."})])
    house.adopt("criteres/A2.md", {"Énoncé": "Entre-temps."})
    assert recover(house.library, at=house.tick()).refused == [operation.id]
    assert operation.cause == "moved"


def test_recovery_refuses_when_the_person_lost_the_right(house: House) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Sans droit."})])
    head = house.library.head()
    journal.register_effect(KIND, lambda _: None, lambda _: None, rights=lambda _: False)
    assert recover(house.library, at=house.tick()).refused == [operation.id]
    assert (operation.cause, house.library.head()) == ("rights", head)


def test_an_operation_that_cannot_be_settled_does_not_hold_the_others_back(house: House) -> None:
    gone = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Perdue."})])
    with writing() as rows:
        rows.execute(update(Operation).where(Operation.id == gone.id).values(kind="nobody's"))
    other = house.begin([house.edit("criteres/A2.md", {"Énoncé": "Réglée."})])
    assert recover(house.library, at=house.tick()).replayed == [other.id]
    assert [one.id for one in queries.open_operations()] == [gone.id]
    with writing() as rows:
        rows.execute(update(Operation).where(Operation.id == gone.id).values(kind=KIND))
    assert recover(house.library, at=house.tick()).refused == [gone.id]


def test_a_paused_process_cannot_apply_what_recovery_refused(house: House) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Pourquoi": "En pause."})])
    order = operation.order
    house.adopt("criteres/A2.md", {"Énoncé": "Entre-temps."})
    recover(house.library, at=house.tick())
    head = house.library.head()
    with pytest.raises(Refused):
        house.library.apply(order)
    assert house.library.head() == head


def test_recovery_leaves_alone_what_a_living_process_is_at(house: House) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Pourquoi": "Vivant."})])
    house.adopt("criteres/A2.md", {"Énoncé": "Entre-temps."})
    awaiting, go_on = threading.Event(), threading.Event()

    def wait(step: str) -> None:
        if step == "lock awaited":
            awaiting.set()
            go_on.wait(5)

    with house_in(house.folder, failpoints=wait) as slow:
        identity = operation.id
        session.rollback()
        thread = threading.Thread(target=_decide, args=(slow, identity))
        thread.start()
        assert awaiting.wait(5)
    house.library.patience = 0.1
    assert recover(house.library, at=house.tick()).refused == []
    with pytest.raises(Unsure):
        carry_out(house.library, operation, at=house.tick())
    go_on.set()
    thread.join()
    session.rollback()
    assert operation.state == "done"
    assert house.section("criteres/A1.md", "Pourquoi") == "Vivant."


def test_the_database_itself_refuses_to_change_an_audit_line(house: House) -> None:
    house.adopt("criteres/A1.md", {"Énoncé": "Tracé."})
    for statement in (update(AuditLine).values(event="autre"), delete(AuditLine)):
        with pytest.raises(DatabaseError, match="append-only"), writing() as rows:
            rows.execute(statement)
    assert queries.audit_fault() is None
    assert queries.audit_head() == queries.audit_lines()[0].hash
    assert [line.event for line in queries.audit_lines("proposal:42")] == ["operation.done"]


def test_the_outbox_leaves_with_its_act_or_not_at_all(house: House) -> None:
    def falls() -> None:
        with writing():
            journal.post("mail", {"to": 1}, at=FIRST_DAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        falls()
    assert queries.due(FIRST_DAY) == []
    with writing():
        journal.post("mail", {"to": 2}, at=FIRST_DAY, not_before=FIRST_DAY + timedelta(minutes=5))
    assert queries.due(FIRST_DAY) == []
    late = FIRST_DAY + timedelta(minutes=5)
    (item,) = queries.due(late)
    with writing():
        journal.postpone(item, "refused by the server", at=late)
    assert (item.tries, item.not_before) == (1, late + timedelta(minutes=1))
    with writing():
        journal.settle(item, at=late)
    assert queries.due(late + timedelta(days=1)) == []
    assert session.scalars(select(OutboxItem.done_at)).one() == late


def test_acts_are_written_inside_a_transaction_only(house: House) -> None:
    with pytest.raises(RuntimeError, match="inside writing"):
        journal.audit("x", "y", by_id=None, at=FIRST_DAY, details={})
    with pytest.raises(LookupError, match="no effect"), writing():
        journal.begin(
            id=str(uuid4()),
            kind="nobody's",
            subject="s",
            base="0" * 40,
            files=[],
            message="m",
            author=None,  # type: ignore[arg-type]
            by_id=None,
            college="siae",
            at=FIRST_DAY,
        )
