"""Tables of what people say, and of what moderation did with it."""

import secrets
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.moderation import Face, Rule, State
from referentiel.database import Base, Moment, closed_list, only_where
from referentiel.permissions import College, Role


def _kept(members: type[StrEnum], name: str) -> Enum:
    return closed_list(members, name, length=16)


def _draw_number() -> int:
    """A number that says nothing of the order in which people wrote: those of one workshop must not be told apart."""
    return 100_000 + secrets.randbelow(900_000_000)


class Comment(Base):
    """What somebody said: words, or an answer by a face, or both; on an item, or in reply to words on it.

    ``college`` and ``structure_id`` are those of the author on that day, and stay when the author's account is erased.
    ``closed_at`` is set when the author took the words back or answered again: nobody is shown them any more.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("text <> '' OR face IS NOT NULL OR closed_at IS NOT NULL", name="words_or_face"),
        CheckConstraint("(state = 'removed') = (rule IS NOT NULL)", name="removed_with_a_rule"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_when"),
        CheckConstraint("face IS NULL OR (kind = 'criterion' AND parent_id IS NULL)", name="face_answers_a_question"),
        CheckConstraint(
            "replacement IS NULL OR (replacement <> '' AND quotation <> '' AND kind = 'proposal'"
            " AND parent_id IS NULL)",
            name="suggests_on_a_passage",
        ),
        CheckConstraint(
            "NOT wish OR (face IS NULL AND parent_id IS NULL AND kind IN ('criterion', 'referential'))",
            name="a_wish_is_words",
        ),
        CheckConstraint("kind <> 'referential' OR wish OR is_reply", name="the_whole_text_is_wished_on"),
        # One level of threads: a row says whether it is a reply, and a reply points to a row that says it is not one.
        CheckConstraint("(parent_id IS NOT NULL) = is_reply", name="reply_has_a_parent"),
        CheckConstraint("(parent_id IS NULL) = (parent_is_reply IS NULL)", name="parent_kind"),
        CheckConstraint("parent_is_reply IS NULL OR NOT parent_is_reply", name="one_level"),
        UniqueConstraint("id", "is_reply"),
        ForeignKeyConstraint(["parent_id", "parent_is_reply"], ["comments.id", "comments.is_reply"]),
        UniqueConstraint("author_id", "sending", name="uq_comments_sent_once"),
        Index("ix_comments_item", "kind", "key", "state"),
        Index("ix_comments_waiting", "state", "created_at"),
        Index(
            "uq_comments_one_answer",
            "author_id",
            "key",
            unique=True,
            **only_where("face IS NOT NULL AND closed_at IS NULL"),
        ),
        Index("ix_comments_wishes", "state", **only_where("wish")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=_draw_number)
    sending: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Target] = mapped_column(_kept(Target, "kind"))
    key: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(200), default="")
    section: Mapped[str] = mapped_column(String(200), default="")
    blob: Mapped[str] = mapped_column(String(40), default="")
    quotation: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    college: Mapped[College] = mapped_column(_kept(College, "college"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id", ondelete="SET NULL"))
    face: Mapped[Face | None] = mapped_column(_kept(Face, "face"))
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[State] = mapped_column(_kept(State, "state"), default=State.HELD)
    rule: Mapped[Rule | None] = mapped_column(_kept(Rule, "rule"))
    note: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(index=True)
    parent_is_reply: Mapped[bool | None]
    is_reply: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshops.id", ondelete="SET NULL"), index=True)
    typed: Mapped[bool] = mapped_column(default=False)
    """True when a facilitator typed it for its author, and read it back aloud"""
    promised_on: Mapped[date | None] = mapped_column()
    """The day by whose end its author was told that it would be read"""
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its author was given an answer to find: from then on the link to them is kept for a time, then cut"""
    replacement: Mapped[str | None] = mapped_column(Text)
    """The wording that its author suggests instead of the quotation, on a proposal"""
    wish: Mapped[bool] = mapped_column(default=False)
    """True for words that begin with "Je voudrais que": somebody else may make a wording of them"""
    first_section: Mapped[str] = mapped_column(String(200), default="")
    first_quotation: Mapped[str] = mapped_column(Text, default="")
    """What it was first said of, when it was attached again to other words"""
    reattached_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.kind, self.key, self.section, self.blob, self.quotation, self.before, self.after, self.path)

    @property
    def waiting(self) -> bool:
        """True while somebody has to read these words."""
        return self.state is State.HELD and self.closed_at is None

    @property
    def shown(self) -> bool:
        """True when everybody can read these words."""
        return self.state is State.PUBLISHED and self.closed_at is None and bool(self.text)


class CommentEvent(Base):
    """One act of moderation. It outlives the words: rule, moment, role and delay are a public register.

    ``appeal_of_id`` is the removal that a second reader has judged; ``days`` then count from the appeal.
    """

    __tablename__ = "comment_events"
    __table_args__ = (
        CheckConstraint("state <> 'held'", name="an_act"),
        CheckConstraint("(state = 'removed') = (rule IS NOT NULL)", name="removed_with_a_rule"),
        CheckConstraint("days >= 0", name="days"),
        CheckConstraint("appeal_of_id IS NULL OR appeal_of_id <> id", name="judges_another"),
        Index("ix_comment_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"), index=True)
    state: Mapped[State] = mapped_column(_kept(State, "state"))
    rule: Mapped[Rule | None] = mapped_column(_kept(Rule, "rule"))
    role: Mapped[Role] = mapped_column(_kept(Role, "role"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment)
    days: Mapped[int]
    appeal_of_id: Mapped[int | None] = mapped_column(ForeignKey("comment_events.id"), unique=True)


class CommentAppeal(Base):
    """The author of removed words asks another person to read them again: once."""

    __tablename__ = "comment_appeals"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name="decided"),
        Index("ix_comment_appeals_waiting", "decided_at", "at"),
    )

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    upheld: Mapped[bool | None] = mapped_column()
    """True when the words are published after all"""
    note: Mapped[str] = mapped_column(Text, default="")


class CommentReport(Base):
    """A moderator asks another one to read published words again. It says which rule, and nothing else: no words.

    Whoever asks never decides: the answer, and who may give it, would tell them where the words come from.
    """

    __tablename__ = "comment_reports"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (removed IS NULL)", name="decided"),
        CheckConstraint("by_id IS NULL OR decided_by_id IS NULL OR by_id <> decided_by_id", name="decided_by_another"),
        Index("ix_comment_reports_waiting", "decided_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    rule: Mapped[Rule] = mapped_column(_kept(Rule, "rule"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    removed: Mapped[bool | None] = mapped_column()
