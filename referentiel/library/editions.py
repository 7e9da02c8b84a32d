"""The tags of the editions: a header, then one ``sha256  path`` a line. Read once each, for a tag never changes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from referentiel.library.cache import Cache
from referentiel.library.environment import IDENTITY
from referentiel.library.failures import Damaged, Missing
from referentiel.library.objects import object_id, read_tag, tag_content
from referentiel.library.references import EDITIONS, NUMBER, checked_number, editions, read_reference
from referentiel.library.repositories import Repositories
from referentiel.library.snapshots import Snapshots

_MANIFEST = re.compile(r"^([0-9a-f]{64})  (\S.*)$")
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*): ?(.*)$")


@dataclass(frozen=True)
class EditionTag:
    """A sealed edition: its commit, the id of its tag, the header's ``key: value`` lines, and path → SHA-256."""

    number: str
    commit: str
    tag_id: str
    header: Mapping[str, str]
    manifest: Mapping[str, str]
    message: str


class Editions:
    """All the tags of one library."""

    def __init__(self, repositories: Repositories, snapshots: Snapshots) -> None:
        self._repositories, self._snapshots = repositories, snapshots
        self._tags: Cache[tuple[str, str], EditionTag] = Cache(500)
        self._known: tuple[object, tuple[EditionTag, ...]] | None = None

    def reference(self, number: str) -> str:
        """The full name of an edition's reference. Raises ``Refused`` on a number of another form."""
        return EDITIONS + checked_number(number)

    def id_of(self, number: str) -> str:
        """The tag that a number holds, zeros when it is free."""
        return read_reference(self._repositories, self.reference(number))

    def all(self) -> tuple[EditionTag, ...]:
        """In the order of the numbers."""
        seen = self._stamp()
        if self._known is None or self._known[0] != seen:
            read = tuple(self.read(number, tag) for number, tag in editions(self._repositories).items())
            self._known = seen, read
        return self._known[1]

    def find(self, number: str) -> EditionTag | None:
        """The edition of this number, None when nobody sealed it or when it is no number."""
        return next((tag for tag in self.all() if tag.number == number), None) if NUMBER.match(number) else None

    def read(self, number: str, tag: str) -> EditionTag:
        """The tag of this id. Raises ``Damaged``."""
        return self._tags.get((number, tag), lambda _key: self._read(number, tag))

    def make(self, number: str, commit: str, message: str, at: datetime) -> tuple[str, bytes]:
        """Id and content of the tag of an edition. The same arguments give the same bytes."""
        message = message.rstrip("\n") + "\n"
        content = tag_content(f"editions/{checked_number(number)}", commit, IDENTITY, at, message)
        return object_id("tag", content), content

    def _read(self, number: str, tag: str) -> EditionTag:
        try:
            commit, message = read_tag(self._repositories.read(tag)[1])
        except (Missing, ValueError) as error:
            raise Damaged(f"{EDITIONS}{number}") from error
        header: dict[str, str] = {}
        manifest: dict[str, str] = {}
        for line in message.split("\n"):
            if match := _MANIFEST.match(line):
                manifest[match[2]] = match[1]
            elif not manifest and (match := _HEADER.match(line)):
                header[match[1]] = match[2]
        return EditionTag(number, commit, tag, header, manifest, message)

    def _stamp(self) -> object:
        """Changes whenever a tag is added: the state of the folder and of the packed references."""
        stamps = []
        for path in (self._repositories.path / EDITIONS, self._repositories.path / "packed-refs"):
            try:
                state = path.stat()
                stamps.append((state.st_mtime_ns, state.st_ino, state.st_size))
            except FileNotFoundError:
                stamps.append((0, 0, 0))
        return tuple(stamps)
