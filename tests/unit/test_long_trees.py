"""A long folder says the same as a short one, and what it makes is what Git would make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.library.long_trees import LongTree
from referentiel.library.objects import Entry, read_tree, tree_content

NAMES = st.text("ab.-0é", min_size=1, max_size=4)
ENTRIES = st.builds(Entry, st.booleans(), st.text("0123456789abcdef", min_size=40, max_size=40))
TREES = st.dictionaries(NAMES, ENTRIES, max_size=30)


@given(TREES)
def test_it_holds_what_it_was_read_from(entries: dict[str, Entry]) -> None:
    tree = LongTree(tree_content(entries))
    assert tree == entries == read_tree(tree.content)
    assert list(tree) == list(read_tree(tree.content))
    for name in ("a", "zz", "a.b"):
        assert tree.get(name) == entries.get(name)


@given(TREES, TREES)
def test_a_change_is_spliced_in_where_git_wants_it(entries: dict[str, Entry], changes: dict[str, Entry]) -> None:
    assert LongTree(tree_content(entries)).with_entries(changes) == tree_content({**entries, **changes})


@given(TREES, TREES, st.booleans())
def test_two_versions_differ_where_their_entries_do(
    before: dict[str, Entry], changes: dict[str, Entry], added: bool
) -> None:
    after = {**before, **changes} if added else changes
    found = LongTree(tree_content(before)).differing(LongTree(tree_content(after)))
    assert found == {name for name, _ in before.items() ^ after.items()}


def test_anything_but_files_and_folders_is_refused() -> None:
    good = tree_content({"a": Entry(False, "1" * 40)})
    for bad in (b"120000 b\0" + b"\x01" * 20, b"100644 b\0" + b"\x01" * 19, b"100644 \xff\0" + b"\x01" * 20, b"x"):
        for content in (good + bad, bad + good):
            with pytest.raises(ValueError, match=r"unexpected entry|decode"):
                LongTree(content)
