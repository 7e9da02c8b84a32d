"""What pages list of the library, kept in SQL: all of it can be made again from Git by ``referentiel rebuild``."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.database import Base, Moment


class Version(Base):
    """One file in one commit of ``main``. ``seq`` is the order of history; ``number`` counts commits, the root is 1.

    ``proposal``, ``decision``, ``change_class`` and ``college`` come from the commit's trailers and author: they are
    empty for the first text.
    """

    __tablename__ = "versions"
    __table_args__ = (
        CheckConstraint("status in ('added', 'changed', 'removed')", name="status"),
        Index(None, "path", "seq", "change_class"),
        Index(None, "commit"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(String(200))
    commit: Mapped[str] = mapped_column(String(40))
    blob: Mapped[str | None] = mapped_column(String(40))
    before_blob: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(Text)
    change_class: Mapped[str | None] = mapped_column(String(12))
    proposal: Mapped[int | None] = mapped_column(index=True)
    decision: Mapped[int | None] = mapped_column(index=True)
    meeting: Mapped[int | None]
    operation: Mapped[str | None] = mapped_column(String(36))
    college: Mapped[str] = mapped_column(String(12))
    committed_at: Mapped[datetime] = mapped_column(Moment, index=True)


class ParagraphOrigin(Base):
    """The version that gave a paragraph of the draft its wording, and the last typing correction, if any.

    ``part`` is ``section:Énoncé`` or ``key:titre``; ``ordinal`` counts the paragraphs of a part from 0.
    """

    __tablename__ = "paragraph_origins"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    part: Mapped[str] = mapped_column(String(200), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    paragraph: Mapped[str] = mapped_column(String(16))
    version_seq: Mapped[int] = mapped_column(ForeignKey("versions.seq"), index=True)
    retouched_seq: Mapped[int | None] = mapped_column(ForeignKey("versions.seq"))

    version: Mapped[Version] = relationship(foreign_keys=[version_seq], lazy="joined")
    retouched: Mapped[Version | None] = relationship(foreign_keys=[retouched_seq], lazy="joined")


class Projected(Base):
    """Up to which commit the tables above go. One row."""

    __tablename__ = "projected"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    seq: Mapped[int]
