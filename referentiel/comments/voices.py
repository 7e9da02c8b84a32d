"""People's words as everybody sees them: a college and a month, nothing that leads to a person."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from referentiel.comments.anchors import Anchor
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule, month
from referentiel.criteria.wording import Run, runs
from referentiel.permissions import College


@dataclass(frozen=True)
class Voice:
    """Published words, or the place where some stood: ``gone`` (text empty) says why nothing is read there.

    Nothing here leads to a person: a college and a month. ``month`` is its first day; ``typed`` says that a facilitator
    wrote it for its author, and read it back aloud.
    """

    id: int
    anchor: Anchor
    college: College
    month: date
    text: str
    removed_by: Rule | None = None
    gone: bool = False
    typed: bool = False
    replies: tuple["Voice", ...] = field(default=())
    replacement: str | None = None
    """The words suggested instead of the passage"""
    wish: bool = False
    reattached: bool = False
    """True when it was attached again, from ``first_section`` and ``first_quotation``"""
    first_section: str = ""
    first_quotation: str = ""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The passage and the words suggested instead, as a small difference. About 50 µs."""
        return runs(self.anchor.quotation, self.replacement) if self.replacement is not None else ()


def voice_of(row: Comment, replies: tuple[Voice, ...] = ()) -> Voice:
    """One contribution as everybody sees it. No statement."""
    return Voice(
        id=row.id,
        anchor=row.anchor,
        college=row.college,
        month=month(row.created_at),
        text=row.text if row.shown else "",
        removed_by=row.rule if row.closed_at is None else None,
        gone=not row.shown,
        typed=row.typed and row.shown,
        replies=replies,
        replacement=row.replacement if row.shown else None,
        wish=row.wish,
        reattached=row.reattached_at is not None,
        first_section=row.first_section,
        first_quotation=row.first_quotation if row.shown else "",
    )


def in_order(rows: Iterable[Comment], *, newest_first: bool = False) -> list[Comment]:
    """By month; inside a month in an order that is always the same and says nothing of who came first."""
    shuffled = sorted(rows, key=lambda row: hashlib.sha256(str(row.id).encode()).digest())
    return sorted(shuffled, key=lambda row: month(row.created_at), reverse=newest_first)
