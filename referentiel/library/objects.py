"""The bytes of Git's objects, as pure functions: a blob, a tree, a commit, a tag, and their names."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

FILE, FOLDER = b"100644", b"40000"
NO_OBJECT = "0" * 40


def object_id(kind: str, content: bytes) -> str:
    """The name that Git gives to an object: SHA-1 of its header and content, 40 hex digits."""
    return hashlib.sha1(b"%s %d\0%s" % (kind.encode(), len(content), content), usedforsecurity=False).hexdigest()


def blob_id(text: str) -> str:
    """The blob id of a text, computed: nothing is stored."""
    return object_id("blob", text.encode())


class Entry(NamedTuple):
    """A line of a tree: a file or a folder, and the object that holds it."""

    folder: bool
    id: str


Tree = dict[str, Entry]


def read_tree(content: bytes) -> Tree:
    """Raises ``ValueError`` on a tree that holds anything but files and folders with UTF-8 names."""
    entries: Tree = {}
    place, end = 0, len(content)
    while place < end:
        space = content.index(b" ", place)
        null = content.index(b"\0", space)
        mode = content[place:space]
        if mode not in (FILE, FOLDER) or null + 21 > end:
            raise ValueError(f"unexpected entry in a tree: mode {mode!r}")
        entries[content[space + 1 : null].decode()] = Entry(mode == FOLDER, content[null + 1 : null + 21].hex())
        place = null + 21
    return entries


def tree_content(entries: Tree) -> bytes:
    """The bytes of a tree. Git sorts a folder as if its name ended with a slash."""
    lines = sorted((name.encode() + (b"/" if entry.folder else b""), entry) for name, entry in entries.items())
    return b"".join(entry_line(name.rstrip(b"/"), entry) for name, entry in lines)


def entry_line(name: bytes, entry: Entry) -> bytes:
    """One entry as a tree holds it."""
    return b"%s %s\0%s" % (FOLDER if entry.folder else FILE, name, bytes.fromhex(entry.id))


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as this library writes it: at most one parent, author and committer at the same second, in UTC."""

    tree: str
    parent: str | None
    author: str
    email: str
    time: int
    message: str

    def content(self, committer: tuple[str, str]) -> bytes:
        """The bytes of the object: nothing but these fields and the committer enters them."""
        lines = [f"tree {self.tree}"]
        if self.parent:
            lines.append(f"parent {self.parent}")
        lines.append(f"author {self.author} <{self.email}> {self.time} +0000")
        lines.append(f"committer {committer[0]} <{committer[1]}> {self.time} +0000")
        return ("\n".join(lines) + "\n\n" + self.message).encode()


def read_commit(content: bytes) -> Commit:
    """Raises ``ValueError`` on what is not a commit. Of several parents the first is kept: that is our order."""
    head, _, message = content.decode(errors="replace").partition("\n\n")
    tree, parent, author, email, time = "", None, "", "", 0
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        if key == "tree":
            tree = value
        elif key == "parent" and parent is None:
            parent = value
        elif key == "author":
            who, _, when = value.rpartition("> ")
            author, _, email = who.rpartition(" <")
            time = int(when.split()[0])
    if len(tree) != 40:
        raise ValueError("not a commit")
    return Commit(tree, parent, author, email, time, message)


def tag_content(name: str, commit: str, tagger: tuple[str, str], at: datetime, message: str) -> bytes:
    """The bytes of an annotated tag on a commit."""
    return (
        f"object {commit}\ntype commit\ntag {name}\n"
        f"tagger {tagger[0]} <{tagger[1]}> {int(at.timestamp())} +0000\n\n{message}"
    ).encode()


def read_tag(content: bytes) -> tuple[str, str]:
    """The commit that a tag names, and its message. Raises ``ValueError`` on what is not a tag on a commit."""
    head, _, message = content.decode(errors="replace").partition("\n\n")
    fields = dict(line.partition(" ")[::2] for line in head.split("\n"))
    if fields.get("type") != "commit" or len(fields.get("object", "")) != 40:
        raise ValueError("not a tag on a commit")
    return fields["object"], message
