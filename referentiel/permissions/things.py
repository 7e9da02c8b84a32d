"""What the table sees of people and of things: protocols, never models."""

from collections.abc import Collection
from typing import Protocol

from referentiel.permissions.roles import Role


class Actor(Protocol):
    """A person as the table sees one. A suspended or erased account has no role at all."""

    @property
    def id(self) -> int: ...
    @property
    def college(self) -> str: ...
    @property
    def structure_id(self) -> int | None: ...
    @property
    def roles(self) -> Collection[Role]: ...


class Authored(Protocol):
    """A proposal or a draft: its proposer and credited co-authors, without the erased ones."""

    @property
    def author_ids(self) -> Collection[int]: ...


class Credited(Protocol):
    """A proposal that took up suggestions or wishes: whose, as long as it is known."""

    @property
    def credited_ids(self) -> Collection[int]: ...


class Judged(Authored, Protocol):
    """A proposal that was perhaps declared inadmissible once: by whom, so that another editor reads the appeal."""

    @property
    def declared_inadmissible_by_id(self) -> int | None: ...


class Signed(Authored, Protocol):
    """A proposal in decision: who gave the first signature, and from which college."""

    @property
    def first_signatory_id(self) -> int | None: ...
    @property
    def first_signatory_college(self) -> str | None: ...


class Spoken(Protocol):
    """A comment: who wrote it, when the link is still kept."""

    @property
    def author_id(self) -> int | None: ...


class Placed(Protocol):
    """Words, or the collective session where they are said: the structure of who speaks, when it is known."""

    @property
    def structure_id(self) -> int | None: ...


class Reread(Protocol):
    """Words not published, whose author asks for a second reading: who read them first, and from which structure."""

    @property
    def first_reader_id(self) -> int | None: ...
    @property
    def first_reader_structure_id(self) -> int | None: ...


class Signalled(Protocol):
    """Published words that somebody asks another to read again."""

    @property
    def reporter_ids(self) -> Collection[int]: ...


class Prepared(Protocol):
    """An edition that waits for its confirmation."""

    @property
    def prepared_by_id(self) -> int | None: ...
    @property
    def prepared_by_college(self) -> str | None: ...


class Held(Placed, Protocol):
    """A collective session: who opened it, from which college, and the second person who agreed, if any."""

    @property
    def opened_by_id(self) -> int | None: ...
    @property
    def opened_by_college(self) -> str: ...
    @property
    def second_id(self) -> int | None: ...
    @property
    def second_college(self) -> str | None: ...
