"""What the address of a comparison asks for: two states, who reads, which page; and what concerns them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from flask_babel import gettext as _

from referentiel.editions.comparing.concerns import Role, concerns
from referentiel.editions.comparing.differences import Difference, ItemChange
from referentiel.editions.comparing.fates import Fate
from referentiel.editions.edition import Edition


@dataclass(frozen=True)
class Side:
    """One of the two states: what the address calls it, what the screen calls it, its commit."""

    name: str
    commit: str
    edition: Edition | None

    @property
    def words(self) -> str:
        if self.edition is None:
            return str(_("la version de travail"))
        return str(_("l’édition\u00a0%(number)s", number=self.edition.number))

    @property
    def root(self) -> str:
        """Where its items are read."""
        return f"/editions/{self.name}" if self.edition else "/travail"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: two states, who reads, which page of the list."""

    before: Side
    after: Side
    role: Role | None
    page: int
    pages: int = 1

    def at_most(self, pages: int) -> "Asked":
        """The same, on a page that exists."""
        last = max(1, pages)
        return replace(self, page=min(self.page, last), pages=last)

    def of(self, role: str) -> str:
        """The same comparison for somebody else, as an address; for anybody when empty."""
        given = {"de": self.before.name, "a": self.after.name, **({"pour": role} if role else {})}
        return f"/comparer?{urlencode(given)}"

    @property
    def address(self) -> str:
        return self.of(self.role.value if self.role else "")

    @property
    def who(self) -> str:
        """After « Ce qui change »: ``pour une structure ACI``; empty for anybody."""
        if self.role is None:
            return ""
        if self.role.is_structure:
            return str(_("pour une structure %(type)s", type=self.role.value))
        if self.role is Role.EMPLOYEE:
            return str(_("pour les salariés en insertion"))
        return str(_("pour les prescripteurs"))


@dataclass(frozen=True)
class Changes:
    """Everything that differs, sorted for who asks: ``shown`` concerns them, ``elsewhere`` does not."""

    criteria: tuple[ItemChange, ...]
    shown: tuple[ItemChange, ...]
    elsewhere: tuple[ItemChange, ...]
    others: tuple[ItemChange, ...]

    @classmethod
    def of(cls, difference: Difference, role: Role | None) -> "Changes":
        return cls(
            criteria=difference.criteria,
            shown=tuple(one for one in difference.criteria if concerns(role, one)),
            elsewhere=tuple(one for one in difference.criteria if not concerns(role, one)),
            others=difference.others,
        )

    @cached_property
    def counts(self) -> Mapping[Fate, int]:
        """How many of those shown had each fate."""
        return Counter(one.fate for one in self.shown)
