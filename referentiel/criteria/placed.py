"""What has a path in the text has a kind and a key: said once for whatever bears such a path. Pure."""

from typing import Protocol

from referentiel.criteria.paths import Kind, kind_and_key


class _HasPath(Protocol):
    @property
    def path(self) -> str: ...


class Placed:
    """Something whose ``path`` is that of an item of the main tree."""

    __slots__ = ()

    @property
    def kind(self: _HasPath) -> Kind:
        """The kind of that item."""
        return kind_and_key(self.path)[0]

    @property
    def key(self: _HasPath) -> str:
        """How that item is called among its like: ``E4``."""
        return kind_and_key(self.path)[1]
