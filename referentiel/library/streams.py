"""Reading a whole history in a few processes, for what must be made again from Git."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from referentiel.journal.messages import trailers
from referentiel.library.failures import Damaged
from referentiel.library.objects import NO_OBJECT, Commit
from referentiel.library.repositories import Repositories
from referentiel.library.snapshots import Change, Snapshots

LONG = 600.0
DECISIONS = "decisions"
_FIELDS = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%B%x00"

History = list[tuple[str, Commit, list[Change]]]


def commits_with_changes(snapshots: Snapshots, head: str) -> History:
    """Every commit of the first-parent line up to ``head``, oldest first, with what it changed.

    A decision's file never changes once written, and its folder may hold thousands: comparing that folder at each
    commit would cost the square of their number. Its additions are found by the trailer instead.
    """
    history: History = [(name, commit, []) for name, commit in commits(snapshots.repositories, head)]
    changes = _raw_changes(snapshots, head)
    decisions = dict(snapshots.files(head).items_under(DECISIONS))
    for name, commit, mine in history:
        mine += changes.pop(name, [])
        for number in trailers(commit.message).get("Decision", ()):
            path = f"{DECISIONS}/{number}.md"
            if path in decisions:
                mine.append(Change(path, None, decisions.pop(path)))
        mine.sort()
    return history


def commits(repositories: Repositories, head: str) -> list[tuple[str, Commit]]:
    """The first-parent line up to ``head``, oldest first. One process: about 10 µs a commit."""
    # A NUL ends each field and each commit: no field can hold one.
    form = f"--format=tformat:{_FIELDS}"
    output = repositories.run("log", "-z", "--first-parent", "--reverse", form, "--end-of-options", head, timeout=LONG)
    fields = output.decode(errors="replace").split("\0")
    found = []
    for place in range(0, len(fields) - 7, 8):
        name, tree, parents, author, email, time, message = fields[place : place + 7]
        found.append((name, Commit(tree, parents.partition(" ")[0] or None, author, email, int(time), message)))
    return found


def _raw_changes(snapshots: Snapshots, head: str) -> dict[str, list[Change]]:
    places = [name for name in snapshots.files(head).at_root() if name != DECISIONS]
    output = snapshots.repositories.run(
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--format=tformat:%H",
        "--end-of-options",
        head,
        "--",
        *places,
        timeout=LONG,
    ).decode(errors="replace")
    found: dict[str, list[Change]] = {}
    mine: list[Change] = []
    for line in output.split("\n"):
        if line.startswith(":"):
            facts, _, path = line.partition("\t")
            _, _, before, after, _ = facts.split(" ")
            mine.append(Change(path, None if before == NO_OBJECT else before, None if after == NO_OBJECT else after))
        elif line:
            mine = found[line] = []
    return found


def blob_texts(repositories: Repositories, names: Sequence[str]) -> Iterator[str]:
    """The texts of these blobs, in order, from one process: about 20 µs each. Raises ``Damaged``."""
    for name, kind, content in contents(repositories, names):
        if kind != "blob":
            raise Damaged(name)
        yield content.decode()


def contents(repositories: Repositories, names: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    """Id, kind and content of each object, in order; the kind of one that cannot be read is empty."""
    start = 0
    while start < len(names):
        # Git ends at an object that is damaged: another process goes on after it.
        for found in _contents(repositories, names[start:]):
            start += 1
            yield found


def _contents(repositories: Repositories, names: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{name}\n" for name in names).encode())
        asked.flush()
        asked.seek(0)
        process = repositories.repo.git.execute(
            ["git", "cat-file", "--batch", "--buffer"], istream=cast(BinaryIO, asked), as_process=True
        )
        stream = process.stdout
        if stream is None:
            raise RuntimeError("git gives no stream")
        for name in names:
            header = stream.readline().split()
            content = stream.read(int(header[2])) if len(header) == 3 else b""
            if len(header) == 3 and len(content) == int(header[2]):
                stream.read(1)
                yield name, header[1].decode(), content
            else:
                yield name, "", b""
                if len(header) != 2:
                    return
