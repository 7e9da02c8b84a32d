"""The bytes of Git's objects: what we compute is what Git would write."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.library.objects import (
    Commit,
    Entry,
    blob_id,
    object_id,
    read_commit,
    read_tag,
    read_tree,
    tag_content,
    tree_content,
)

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
IDS = st.text("0123456789abcdef", min_size=40, max_size=40)


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    return subprocess.run(["git", *arguments], cwd=folder, input=given, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", ".")
    return tmp_path


def test_a_text_has_the_id_that_git_gives_it(repository: Path) -> None:
    for text in ("", "Énoncé\n", "œ" * 10_000):
        assert git(repository, "hash-object", "--stdin", given=text.encode()).strip() == blob_id(text)


@given(st.dictionaries(NAMES, st.builds(Entry, st.booleans(), IDS)))
def test_a_tree_written_is_read_back_the_same(entries: dict[str, Entry]) -> None:
    assert read_tree(tree_content(entries)) == entries


def test_a_folder_sorts_as_git_wants(repository: Path) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", given=b"x").strip()
    empty = git(repository, "hash-object", "-w", "-t", "tree", "--stdin").strip()
    entries = {"a": Entry(True, empty), "a.md": Entry(False, blob), "a0": Entry(False, blob)}
    content = tree_content(entries)
    name = git(repository, "hash-object", "-w", "-t", "tree", "--stdin", given=content).strip()
    assert name == object_id("tree", content)
    listed = [line.split("\t")[1] for line in git(repository, "ls-tree", name).splitlines()]
    assert listed == ["a.md", "a", "a0"]


def test_a_tree_with_a_link_or_a_program_is_refused() -> None:
    for mode in (b"120000", b"100755", b"160000"):
        with pytest.raises(ValueError, match="unexpected entry"):
            read_tree(mode + b" name\0" + b"\x01" * 20)


def test_a_commit_is_made_of_its_fields_alone(repository: Path) -> None:
    tree = git(repository, "hash-object", "-w", "-t", "tree", "--stdin").strip()
    commit = Commit(tree, None, "Collège des SIAE", "proposal-4@referentiel.invalid", 1_767_600_000, "Sujet\n\nA: b\n")
    content = commit.content(("Référentiel partagé", "application@referentiel.invalid"))
    assert content == commit.content(("Référentiel partagé", "application@referentiel.invalid"))
    name = git(repository, "hash-object", "-w", "-t", "commit", "--stdin", given=content).strip()
    assert name == object_id("commit", content)
    assert read_commit(content) == commit
    assert git(repository, "fsck", "--strict", "--no-dangling") == ""


def test_a_tag_names_its_commit(repository: Path) -> None:
    content = tag_content("editions/2026.1", "1" * 40, ("A", "a@b"), datetime(2026, 1, 5, tzinfo=UTC), "key: value\n")
    assert read_tag(content) == ("1" * 40, "key: value\n")
    with pytest.raises(ValueError, match="not a tag"):
        read_tag(content.replace(b"type commit", b"type blob"))
