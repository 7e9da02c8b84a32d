"""Reading the library: at the head, at an edition, at a commit; by several threads; after a fork."""

import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from referentiel.errors import FileError, Refused, Unknown
from referentiel.library.failures import Damaged
from referentiel.library.library import Library
from referentiel.library.objects import blob_id
from referentiel.library.seeding import MalformedContent
from referentiel.library.words import Readings
from tests.library_house import FIRST_DAY, House, copy_folder, house_in, write_content

MANIFEST = "a" * 64


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(copy_folder(tmp_path / "house")) as opened:
        yield opened


def seal(house: House, number: str, commit: str | None = None) -> str:
    commit = commit or house.library.head()
    message = f"commit: {commit}\napplication: 2026-02-01\n\n{MANIFEST}  criteres/A1.html\n"
    return house.library.tag_edition(number, commit, message, at=FIRST_DAY).tag_id


def test_a_text_is_read_at_the_head_at_an_edition_and_at_a_commit(house: House) -> None:
    first = house.library.head()
    seal(house, "2026.0")
    house.adopt("criteres/A1.md", {"Énoncé": "Seconde version."})
    for revision in ("2026.0", first):
        commit = house.library.resolve(revision)
        assert "Seconde version" not in house.library.read("criteres/A1.md", commit).text
    found = house.library.read("criteres/A1.md")
    assert "Seconde version." in found.text
    assert found.blob == blob_id(found.text) == house.library.files(house.library.resolve("main"))["criteres/A1.md"]
    assert house.library.text(found.blob) == found.text


@pytest.mark.parametrize(
    "revision",
    [
        "2026.9",
        "HEAD",
        "main~1",
        "--upload-pack=x",
        "refs/heads/main",
        "2026.0^{tree}",
        "2026.0\n",
        "0" * 40,
        "A" * 40,
        "main:criteres/A1.md",
        "٢٠٢٦.٠",
        "",
    ],
)
def test_no_other_form_of_revision_is_understood(house: House, revision: str) -> None:
    seal(house, "2026.0")
    with pytest.raises(Unknown):
        house.library.resolve(revision)


def test_a_commit_that_was_never_adopted_is_unknown(house: House) -> None:
    tree = house.library.snapshots.commit(house.library.head()).tree
    environment = {
        "GIT_AUTHOR_NAME": "x",
        "GIT_AUTHOR_EMAIL": "x",
        "GIT_COMMITTER_NAME": "x",
        "GIT_COMMITTER_EMAIL": "x",
    }
    stray = subprocess.run(
        ["git", "commit-tree", "-m", "stray", tree],
        cwd=house.library.path,
        capture_output=True,
        check=True,
        env={**os.environ, **environment},
    ).stdout.decode()
    with pytest.raises(Unknown):
        house.library.resolve(stray.strip())


@pytest.mark.parametrize("path", ["criteres/Z9.md", "criteres", "../x", "criteres/A1.md/x", "", "criteres//A1.md"])
def test_a_file_that_does_not_exist_is_unknown(house: House, path: str) -> None:
    with pytest.raises(Unknown):
        house.library.read(path)


def test_files_lists_every_path_as_git_does(house: House) -> None:
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--format=%(path) %(objectname)", "main"],
        cwd=house.library.path,
        capture_output=True,
        check=True,
    ).stdout.decode()
    files = house.library.files(house.library.head())
    assert [f"{path} {blob}" for path, blob in files.items()] == listed.splitlines()
    assert len(files) == 6
    assert list(files.under("chapitres")) == ["chapitres/A.md"]
    assert files.outside() == dict(files)
    assert files.outside("criteres", "rien") == {
        path: blob for path, blob in files.items() if not path.startswith("criteres/")
    }
    assert files.get("criteres/A9.md") is None


def test_a_sealed_number_never_changes(house: House) -> None:
    tag = seal(house, "2026.1")
    assert seal(house, "2026.1") == tag
    house.adopt("criteres/A1.md", {"Énoncé": "Après."})
    with pytest.raises(Refused, match="déjà scellée"):
        seal(house, "2026.1")
    with pytest.raises(Refused, match="numéro"):
        seal(house, "../2026.2")
    (edition,) = house.library.editions()
    assert (edition.number, edition.tag_id, edition.manifest) == ("2026.1", tag, {"criteres/A1.html": MANIFEST})
    assert edition.header["application"] == "2026-02-01"
    shown = subprocess.run(["git", "cat-file", "-t", "editions/2026.1"], cwd=house.library.path, capture_output=True)
    assert shown.stdout == b"tag\n"


def test_editions_come_in_the_order_of_their_numbers(house: House) -> None:
    for number in ("2026.10", "2026.2", "2026.2.1"):
        seal(house, number)
        assert number in [edition.number for edition in house.library.editions()]
    assert [edition.number for edition in house.library.editions()] == ["2026.2", "2026.2.1", "2026.10"]
    house.library.repositories.run("pack-refs", "--all")
    with house_in(house.folder) as other:
        assert [edition.number for edition in other.library.editions()] == ["2026.2", "2026.2.1", "2026.10"]
        assert other.library.head() == house.library.head()


def test_a_merge_by_words_is_found_or_not(house: House) -> None:
    base = "La structure accueille la personne.\n\nElle explique \\n tout."
    draft = base.replace("la personne", "chaque personne")
    proposed = base.replace("accueille", "reçoit")
    opposed = Readings(base, base.replace("tout", "peu"), base.replace("tout", "rien"))
    merged = house.library.merge_words([Readings(base, draft, proposed), opposed, Readings(base, base, proposed)])
    assert merged == ["La structure reçoit chaque personne.\n\nElle explique \\n tout.", None, proposed]


def test_merging_no_passage_asks_git_nothing(house: House) -> None:
    assert house.library.merge_words([]) == []


def test_eight_threads_read_the_right_texts(house: House) -> None:
    texts = {f"texte {number}\n" * (number + 1) for number in range(60)}
    made = {blob_id(text): text for text in texts}
    for text in texts:
        house.library.repositories.run("hash-object", "-w", "--stdin", given=text.encode())
    wrong: list[str] = []

    def read(start: int) -> None:
        names = sorted(made)
        for name in names[start:] + names[:start]:
            house.library.snapshots.clear()
            if house.library.text(name) != made[name]:
                wrong.append(name)
        house.library.close()

    threads = [threading.Thread(target=read, args=(start * 7,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_library_opened_before_a_fork_works_on_both_sides(house: House) -> None:
    blob = house.library.read("criteres/A1.md").blob
    child = os.fork()
    if child == 0:
        house.library.snapshots.clear()
        os._exit(0 if house.library.text(blob).startswith("---") else 1)
    assert os.waitpid(child, 0)[1] == 0
    house.library.snapshots.clear()
    assert house.library.text(blob).startswith("---")


def test_the_variables_of_the_machine_do_not_reach_git(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gitconfig").write_text("[core]\n\tfsync = none\n[alias]\n\tlog = !false\n")
    for name, value in {
        "GIT_DIR": str(tmp_path),
        "GIT_OBJECT_DIRECTORY": str(tmp_path),
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_TRACE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with house_in(house.folder) as other:
        assert other.library.repositories.run("config", "core.fsync") == b"all\n"
        assert other.library.repositories.run("config", "core.hooksPath") == b"/dev/null\n"
        other.adopt("criteres/A1.md", {"Énoncé": "Propre."})


def test_a_hook_put_in_the_library_is_not_run(house: House, tmp_path: Path) -> None:
    hooks = house.library.path / "hooks"
    hooks.mkdir()
    hook = hooks / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    hook.chmod(0o755)
    house.adopt("criteres/A1.md", {"Énoncé": "Sans crochet."})
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("where", [0, 1, 0.5, -1, None])
def test_a_damaged_object_is_a_clean_answer_and_the_others_stay_readable(house: House, where: float | None) -> None:
    """A byte flipped at the start (Git then calls the object missing), in the middle, at the end; or nothing left."""
    blob = house.library.read("criteres/A1.md").blob
    path = house.library.path / "objects" / blob[:2] / blob[2:]
    content = bytearray(path.read_bytes())
    if where is not None:
        content[int(len(content) * where) if isinstance(where, float) else where] ^= 0xFF
    path.chmod(0o644)
    path.write_bytes(content if where is not None else b"")
    house.library.snapshots.clear()
    with pytest.raises(Damaged):
        house.library.read("criteres/A1.md")
    assert "A2" in house.library.read("criteres/A2.md").text


@pytest.mark.parametrize("content", [b"", b"0123", b"\xff\xfe", b"g" * 41])
def test_a_truncated_reference_is_a_clean_answer(house: House, content: bytes) -> None:
    (house.library.path / "refs" / "heads" / "main").write_bytes(content)
    with pytest.raises(Damaged):
        house.library.head()


def test_opening_nothing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="referentiel init"):
        Library.open(tmp_path / "nowhere")


def test_creating_lists_every_malformed_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    content = write_content(tmp_path / "content")
    (content / "criteres" / "A1.md").write_text("sans en-tête\n")
    (content / "criteres" / "A2.md").write_bytes(b"---\ncode: A2\ntitre: \xff\n---\n")
    (content / "criteres" / "notes.txt").write_text("rien à faire ici\n")
    with pytest.raises(MalformedContent) as answer:
        Library.create(tmp_path / "library.git", content, at=FIRST_DAY)
    assert isinstance(answer.value, FileError)
    lines = str(answer.value).splitlines()
    assert [line.partition(" :")[0] for line in lines] == [
        "criteres/A1.md, ligne 1",
        "criteres/A2.md, ligne 3",
        "criteres/notes.txt, ligne 1",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content"]


def test_creating_twice_gives_the_same_root_and_never_writes_over(tmp_path: Path) -> None:
    content = write_content(tmp_path / "content")
    at = datetime(2026, 3, 1, tzinfo=UTC)
    first = Library.create(tmp_path / "one.git", content, at=at)
    second = Library.create(tmp_path / "two.git", content, at=at)
    assert first.head() == second.head()
    with pytest.raises(Refused, match="déjà une bibliothèque"):
        Library.create(tmp_path / "one.git", content, at=at)
