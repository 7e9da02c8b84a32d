"""Each promise of the write path is broken on purpose, named by ``verify``, and mended by ``--fix`` when it can be."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text, update

from referentiel.database import session, writing
from referentiel.journal.models import Operation
from referentiel.library.actions import carry_out
from referentiel.library.environment import IDENTITY
from referentiel.library.failures import Missing
from referentiel.library.library import Library
from referentiel.library.loose import Made, loose_path, made, store
from referentiel.library.objects import NO_OBJECT, Commit, tag_content
from referentiel.library.repair import fix
from referentiel.library.replaying import replay
from referentiel.library.snapshots import write_trees
from referentiel.library.verification import Finding, verify
from tests.library_house import FIRST_DAY, House, copy_folder, house_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(copy_folder(tmp_path / "house")) as opened:
        for number in range(3):
            opened.adopt("criteres/A1.md", {"Énoncé": f"Version {number}."})
        yield opened


def named(house: House) -> list[str]:
    house.library.snapshots.clear()
    return sorted({finding.invariant for finding in verify(house.library)})


def commit_by_hand(house: House, files: dict[str, bytes], message: str) -> str:
    """What somebody who writes in the library without us would do."""
    head = house.library.head()
    batch: dict[str, Made] = {}
    blobs = {path: made("blob", content, batch) for path, content in files.items()}
    tree = write_trees(house.library.snapshots, house.library.snapshots.commit(head).tree, blobs, batch)
    commit = Commit(tree, head, "Un Nom", "un.nom@example.org", 1_770_000_000, message)
    name = made("commit", commit.content(IDENTITY), batch)
    store(house.library.path / "objects", batch)
    house.library.repositories.run("update-ref", "refs/heads/main", name)
    return name


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.chmod(0o644)
    path.write_bytes(content)


def test_all_is_well(house: House) -> None:
    assert verify(house.library) == []


def test_i1_a_done_operation_that_main_lost(house: House) -> None:
    parent = house.library.snapshots.commit(house.library.head()).parent or ""
    house.library.repositories.run("update-ref", "refs/heads/main", parent)
    assert "I1" in named(house)


def test_i2_a_commit_without_its_operation(house: House) -> None:
    commit_by_hand(house, {"criteres/A2.md": b"---\ncode: A2\n---\n"}, "Sans trailer\n")
    assert "I2" in named(house)


def test_i2_an_operation_carried_twice(house: House) -> None:
    message = house.library.snapshots.commit(house.library.head()).message
    commit_by_hand(house, {"criteres/A2.md": b"---\ncode: A2\n---\n"}, message)
    assert "I2" in named(house)


def test_i3_an_operation_that_stays_open(house: House) -> None:
    operation = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Ouvert."})])
    assert named(house) == ["I3"]
    assert verify(house.library, at=operation.time) == []
    assert fix(house.library, at=house.tick()) == [f"opération {operation.id} : rejouée"]
    assert verify(house.library) == []


@pytest.mark.parametrize("what", ["blob", "tree", "commit", "parent"])
def test_i4_a_damaged_object_is_named_and_mended_from_the_journal(house: House, what: str) -> None:
    head = house.library.head()
    commit = house.library.snapshots.commit(head)
    name = {
        "blob": house.library.read("criteres/A1.md").blob,
        "tree": commit.tree,
        "commit": head,
        "parent": commit.parent or "",
    }[what]
    flip(loose_path(house.library.path / "objects", name))
    assert "I4" in named(house)
    done = fix(house.library, at=house.tick())
    assert f"objet rétabli : {name}" in done
    assert house.library.head() == head
    assert verify(house.library) == []
    assert fix(house.library, at=house.tick()) == []


def test_i4_a_missing_object_is_mended_from_a_backup(house: House, tmp_path: Path) -> None:
    bundle = tmp_path / "backup.bundle"
    house.library.repositories.run("bundle", "create", str(bundle), "--all")
    with writing():
        session.execute(text("DELETE FROM operations WHERE kind = 'seed'"))
    blob = house.library.files(house.library.head())["criteres/A3.md"]
    loose_path(house.library.path / "objects", blob).unlink()
    assert "I4" in named(house)
    assert any(blob in line for line in fix(house.library, at=house.tick(), backups=[bundle]))
    assert house.library.read("criteres/A3.md").blob == blob


def test_i4_a_damaged_pack_is_named_and_mended(house: House) -> None:
    house.library.repositories.run("repack", "-a", "-d", "-q")
    (pack,) = (house.library.path / "objects" / "pack").glob("*.pack")
    flip(pack)
    assert "I4" in named(house)
    assert f"paquet abîmé mis de côté : {pack.name}" in fix(house.library, at=house.tick())
    assert verify(house.library) == []


@pytest.mark.parametrize("content", [b"", b"0123456789", NO_OBJECT.encode(), b"1" * 40])
def test_i4_a_truncated_reference_is_named_and_restored(house: House, content: bytes) -> None:
    head = house.library.head()
    house.library.tag_edition("2026.1", head, f"commit: {head}\n\n{'a' * 64}  x.html\n", at=FIRST_DAY)
    (house.library.path / "refs" / "heads" / "main").write_bytes(content)
    assert "I4" in named(house)
    assert fix(house.library, at=house.tick())[0] == f"refs/heads/main rétabli à {head}"
    (house.library.path / "refs" / "tags" / "editions" / "2026.1").write_bytes(content)
    assert "I4" in named(house)
    fix(house.library, at=house.tick())
    assert verify(house.library) == []


def test_i4_a_main_that_disappeared_with_its_log_comes_back_from_the_journal(house: House) -> None:
    head = house.library.head()
    for folder in ("refs", "logs/refs"):
        (house.library.path / folder / "heads" / "main").unlink()
    (house.library.path / "HEAD").write_text("ref: refs/heads/mai")
    fix(house.library, at=house.tick())
    assert house.library.head() == head
    assert verify(house.library) == []


def test_i4_a_row_that_points_to_nothing(house: House) -> None:
    session.rollback()
    connection = session.connection().connection.driver_connection
    assert connection is not None
    connection.execute("ROLLBACK")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("UPDATE paragraph_origins SET version_seq = 99999 WHERE part = 'key:code'")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("BEGIN")
    assert "I4" in named(house)


def test_i5_a_tag_that_does_not_agree(house: House) -> None:
    head = house.library.head()
    wrong = {
        "2026.1": tag_content("editions/2026.1", head, IDENTITY, FIRST_DAY, f"commit: {'b' * 40}\n\n{'a' * 64}  x\n"),
        "2026.2": tag_content("editions/2026.2", head, IDENTITY, FIRST_DAY, "sans manifeste\n"),
    }
    for number, content in wrong.items():
        batch: dict[str, Made] = {}
        name = made("tag", content, batch)
        store(house.library.path / "objects", batch)
        house.library.repositories.run("update-ref", f"refs/tags/editions/{number}", name)
    assert [finding.subject for finding in verify(house.library) if finding.invariant == "I5"] == [
        "édition 2026.1",
        "édition 2026.2",
    ]


def unreadable(_library: Library) -> Iterator[Finding]:
    yield Finding("I5", "édition 2026.1", "un fichier scellé diffère")
    raise Missing("0" * 40)


def test_what_stands_above_the_library_is_checked_too_and_may_be_unreadable(house: House) -> None:
    found = verify(house.library, also={"au-dessus": unreadable})
    assert [(one.invariant, one.subject) for one in found] == [("I5", "édition 2026.1"), ("I4", "au-dessus")]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("notes/prive.md", b"---\n---\n"),
        ("criteres/A2.md", b"---\ncode: A2\n---\n\xff\n"),
        ("criteres/A2.md", "---\ncode: A2\n---\nE\u0301nonce\n".encode()),
        ("criteres/A2.md", b"---\ncode: A2\n---\nbip\x07\n"),
    ],
)
def test_i6_a_path_or_a_text_that_has_no_place(house: House, path: str, content: bytes) -> None:
    commit_by_hand(house, {path: content}, f"À la main\n\nOperation: {uuid4()}\n")
    assert "I6" in named(house)


def test_i7_an_operation_said_refused_that_main_holds(house: House) -> None:
    with writing():
        session.execute(
            update(Operation)
            .where(Operation.commit == house.library.head())
            .values(state="refused", commit=None, reason="non", cause="other")
        )
    assert "I7" in named(house)


def test_i7_a_signed_text_changed_in_the_database(house: House) -> None:
    operation = house.begin([house.edit("criteres/A2.md", {"Énoncé": "Signé."})])
    carry_out(house.library, operation, at=house.tick())
    with writing():
        files = [{**row, "text": row["text"].replace("Signé", "Truqué")} for row in operation.files]
        session.execute(update(Operation).where(Operation.id == operation.id).values(files=files))
    assert "I7" in named(house)


def test_i7_a_commit_that_the_database_does_not_know(house: House) -> None:
    text_of = house.library.read("criteres/A2.md").text.replace("premier", "second").encode()
    commit_by_hand(house, {"criteres/A2.md": text_of}, f"Inconnue\n\nOperation: {uuid4()}\n")
    assert "I7" in named(house)


def test_i7_an_audit_line_changed_behind_our_back(house: House) -> None:
    with writing():
        session.execute(text("DROP TRIGGER audit_lines_no_update"))
        session.execute(text("UPDATE audit_lines SET event = 'autre' WHERE seq = 2"))
    assert [f.message for f in verify(house.library)] == ["la chaîne est rompue à la ligne 2"]


def test_a_lost_library_is_written_again_from_the_journal_with_the_same_hashes(house: House, tmp_path: Path) -> None:
    head = house.library.head()
    assert replay(tmp_path / "again.git") == head
    shown = subprocess.run(["git", "rev-parse", "main"], cwd=tmp_path / "again.git", capture_output=True, check=True)
    assert shown.stdout.decode().strip() == head
