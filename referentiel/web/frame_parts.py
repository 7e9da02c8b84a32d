"""What a frame says around sealed bytes: when the edition holds, the same page elsewhere, what to quote, what to take.

From files alone: the seals and the sealed contents. No session, no query.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from html import unescape
from pathlib import Path

from flask_babel import ngettext

from referentiel.criteria.erratum import Erratum
from referentiel.criteria.paths import Kind
from referentiel.editions.discussed import Discussed
from referentiel.editions.edition import Edition, in_force, newer_than
from referentiel.editions.lifetimes import Lifetime, There, around, lifetime, presence, withdrawn_in
from referentiel.editions.pages.addresses import ALONE, heading, permanent
from referentiel.editions.shelf import Shelf
from referentiel.editions.summary import CriterionLine, Summary
from referentiel.web.citing import citation
from referentiel.web.downloads import Download, downloads

CONTENTS = "sommaire"
MOST_HEADINGS = 16
"""A longer list of headings helps nobody: a glossary has its own"""
_HEADING = re.compile(r'<h2 id="([^"<>]+)">([^<]+)</h2>')


@dataclass(frozen=True)
class Frame:
    """One page of one edition, among all the editions of a day."""

    shelf: Shelf
    editions: tuple[Edition, ...]
    edition: Edition
    page: str
    today: date
    site: str
    fragment: str
    errata: tuple[Erratum, ...] = ()
    """Those of the whole edition that hold"""
    asked: tuple[Discussed, ...] = ()
    """The corrections of the whole edition that are not decided"""

    @property
    def number(self) -> str:
        return str(self.edition.number)

    @property
    def is_contents(self) -> bool:
        return self.page == CONTENTS

    @property
    def heading(self) -> str:
        """The title of the sealed page."""
        return heading(self.fragment)

    @property
    def headings(self) -> list[tuple[str, str]]:
        """(anchor, words) of the sealed sections."""
        found = [(one[1], unescape(one[2])) for one in _HEADING.finditer(self.fragment)]
        return found if 2 < len(found) <= MOST_HEADINGS else []

    def has(self, anchor: str) -> bool:
        """Whether the sealed page has a section of this anchor."""
        return f' id="{anchor}"' in self.fragment

    @property
    def corrections(self) -> tuple[Erratum, ...]:
        """The errata of this page; the contents tell those of the whole edition."""
        return tuple(one for one in self.errata if self.is_contents or one.path == f"{self.page}.md")

    @property
    def discussed(self) -> tuple[Discussed, ...]:
        """The corrections asked of this page."""
        return tuple(one for one in self.asked if one.path == f"{self.page}.md")

    @property
    def life(self) -> Lifetime:
        return lifetime(self.editions, self.edition, self.today)

    @property
    def current(self) -> Edition | None:
        """The edition in force that day."""
        return in_force(self.editions, self.today)

    @property
    def following(self) -> Edition | None:
        newer = newer_than(self.editions, self.edition.number)
        return newer[0] if newer else None

    @property
    def latest(self) -> Edition | None:
        """The last published, when it is newer than this one."""
        newer = newer_than(self.editions, self.edition.number)
        return newer[-1] if newer else None

    @property
    def previous(self) -> Edition | None:
        return next((one for one in self.editions if str(one.number) == self.edition.previous), None)

    @cached_property
    def _withdrawn(self) -> dict[str, frozenset[str]]:
        return {str(one.number): withdrawn_pages(self.shelf, one) for one in self.editions}

    @property
    def elsewhere(self) -> tuple[There, ...]:
        """The same page in the neighbouring editions, oldest first; empty when there is no other edition."""
        found = around(self.editions, self.edition, self.page, self.today, self._withdrawn)
        return found if len(found) > 1 else ()

    @property
    def withdrawn_in(self) -> Edition | None:
        """The edition that withdrew what this page tells, before or after this one."""
        return withdrawn_in(self.editions, self.page, self._withdrawn)

    @property
    def is_withdrawn(self) -> bool:
        """Whether this page is the one that tells the withdrawal."""
        return self.page in self._withdrawn[self.number]

    def address_in(self, edition: Edition) -> str:
        """The same page in another edition; its contents when it has no such page."""
        there = presence(edition, self.page, ()) != "absent"
        return permanent(edition.number, self.page if there else CONTENTS)

    @property
    def same_criterion_in_force(self) -> str:
        """Where the criterion is read with what is said of it; empty when the edition in force does not have it."""
        kept = self.current is not None and f"{self.page}.html" in self.current.manifest
        return f"/{self.page}" if kept and self.page.startswith("criteres/") else ""

    @property
    def neighbours(self) -> tuple[CriterionLine | None, CriterionLine | None]:
        """The criteria before and after this one in the edition."""
        kind, _slash, code = self.page.partition("/")
        return self._summary.neighbours(code) if kind == Kind.CRITERION else (None, None)

    @property
    def citation(self) -> str:
        return citation(
            self.edition, referential=self._summary.title, page=self.page, title=self.heading, site=self.site
        )

    @property
    def address(self) -> str:
        return self.site + permanent(self.edition.number, self.page)

    @property
    def alone(self) -> str:
        """Where the page is a file that needs nothing else; empty in an edition that was sealed without these."""
        path = f"{ALONE}/{self.page}.html"
        return f"/editions/{self.number}/scelle/{path}" if path in self.edition.manifest else ""

    @property
    def downloads(self) -> tuple[Download, ...]:
        """The whole edition, in each form that was sealed."""
        return downloads(self.edition)

    @cached_property
    def _summary(self) -> Summary:
        return sealed_summary(self.shelf, self.edition)


def marks(errata: Iterable[Erratum]) -> str:
    """A style sheet that marks each corrected passage of an edition: its sealed bytes cannot hold a mark."""
    counted = Counter((f"{one.kind}/{one.key}", one.anchor) for one in errata)
    return "".join(
        f'[data-page="{page}"] {f"""[id="{anchor}"]""" if anchor else "h1"}::after{{content:"{_mark(times)}"}}\n'
        for (page, anchor), times in sorted(counted.items())
    )


def _mark(times: int) -> str:
    words: str = ngettext(
        "Erratum\u00a0: à lire en haut de la page", "%(num)d errata\u00a0: à lire en haut de la page", times
    )
    return words


def withdrawn_pages(shelf: Shelf, edition: Edition) -> frozenset[str]:
    """The pages of an edition that tell that something is withdrawn; kept."""
    return _withdrawn_pages(shelf.sealed(str(edition.number), "sommaire.json"), edition.commit)


def sealed_summary(shelf: Shelf, edition: Edition) -> Summary:
    """The contents of an edition, from its sealed file; the last are kept."""
    return _summary(shelf.sealed(str(edition.number), "sommaire.json"), edition.commit)


@lru_cache(maxsize=2)
def _summary(path: str, _commit: str) -> Summary:
    return Summary.from_data(json.loads(Path(path).read_bytes()))


@lru_cache(maxsize=256)
def _withdrawn_pages(path: str, commit: str) -> frozenset[str]:
    summary = _summary(path, commit)
    criteria = (f"{Kind.CRITERION}/{line.code}" for line in summary.criteria if line.withdrawn)
    chapters = (f"{Kind.CHAPTER}/{chapter.code}" for chapter in summary.chapters if chapter.withdrawn)
    others = (f"{gone.kind}/{gone.line.key}" for gone in summary.tombstones)
    return frozenset((*criteria, *chapters, *others))
