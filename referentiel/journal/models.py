"""Tables of the journal. An operation is kept for ever: ``main`` can be written again from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, CheckConstraint, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment
from referentiel.journal.authors import Author
from referentiel.journal.changes import FileChange, Order

OPEN, DONE, REFUSED = "open", "done", "refused"
MOVED, BUSY, RIGHTS, OTHER = "moved", "busy", "rights", "other"


class Operation(Base):
    """One write asked of the library, inserted before Git is touched. ``id`` is also the form's idempotency key.

    Once done: ``commit``, its ``parent``, and in ``paths`` where each file landed. Once refused: ``reason`` in French
    and ``cause``: *moved* (a part that the change touches has changed), *busy* (try again), *rights*, or *other*.
    """

    __tablename__ = "operations"
    __table_args__ = (
        CheckConstraint("state in ('open', 'done', 'refused')", name="state"),
        CheckConstraint("(state = 'done') = (\"commit\" is not null)", name="done_has_a_commit"),
        CheckConstraint("(state = 'refused') = (reason is not null)", name="refused_has_a_reason"),
        CheckConstraint("(state = 'refused') = (cause is not null)", name="refused_has_a_cause"),
        CheckConstraint("cause in ('moved', 'busy', 'rights', 'other')", name="cause"),
        CheckConstraint("(state = 'open') = (closed_at is null)", name="closed_has_a_time"),
        Index(None, "state", "time"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    state: Mapped[str] = mapped_column(String(8), default=OPEN)
    base: Mapped[str] = mapped_column(String(40))
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    message: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(String(200))
    author_email: Mapped[str] = mapped_column(String(200))
    time: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None]
    college: Mapped[str] = mapped_column(String(12))
    commit: Mapped[str | None] = mapped_column(String(40), unique=True)
    parent: Mapped[str | None] = mapped_column(String(40))
    paths: Mapped[dict[str, str] | None] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(String(8))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def order(self) -> Order:
        """What the library needs, as a value that no longer depends on the session.

        Raises ``ValueError`` when a stored text no longer has its hash.
        """
        return Order(
            id=self.id,
            base=self.base,
            changes=tuple(FileChange.from_json(row) for row in self.files),
            message=self.message,
            author=Author(self.author_name, self.author_email),
            time=self.time,
        )

    def final_path(self, path: str) -> str:
        """Where a file landed: ``criteres/nouveau-42.md`` became, say, ``criteres/E7.md``."""
        return (self.paths or {}).get(path, path)


class AuditLine(Base):
    """One act, chained to the one before by SHA-256. The database itself refuses to change a line, or to delete one
    that no purged stretch covers."""

    __tablename__ = "audit_lines"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    event: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    by_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditStretch(Base):
    """Where lines of the security log stood, once their time is over: the hash before them, their first, their last.

    A later line of the chain (``audit.purged``) says the same, so that a stretch added by hand is a fault.
    """

    __tablename__ = "audit_stretches"
    __table_args__ = (CheckConstraint("first_seq >= 1 AND last_seq >= first_seq", name="goes_forward"),)

    first_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(unique=True)
    previous: Mapped[str] = mapped_column(String(64))
    first_hash: Mapped[str] = mapped_column(String(64))
    last_hash: Mapped[str] = mapped_column(String(64))
    purged_at: Mapped[datetime] = mapped_column(Moment)


class OutboxItem(Base):
    """A side effect to come (mail, feed, mirror, sealing), written in the transaction of the act that causes it."""

    __tablename__ = "outbox_items"
    __table_args__ = (Index(None, "done_at", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    not_before: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


SQLITE_TRIGGERS = (
    DDL(  # type: ignore[no-untyped-call]
        "CREATE TRIGGER audit_lines_no_update BEFORE UPDATE ON audit_lines "
        "BEGIN SELECT RAISE(ABORT, 'audit_lines is append-only'); END"
    ),
    DDL(  # type: ignore[no-untyped-call]
        "CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines "
        "WHEN NOT EXISTS (SELECT 1 FROM audit_stretches WHERE OLD.seq BETWEEN first_seq AND last_seq) "
        "BEGIN SELECT RAISE(ABORT, 'audit_lines is append-only'); END"
    ),
)
POSTGRESQL_TRIGGERS = (
    DDL(  # type: ignore[no-untyped-call]
        "CREATE OR REPLACE FUNCTION audit_lines_append_only() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'audit_lines is append-only'; END $$ LANGUAGE plpgsql"
    ),
    DDL(  # type: ignore[no-untyped-call]
        "CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR TRUNCATE ON audit_lines "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_append_only()"
    ),
    DDL(  # type: ignore[no-untyped-call]
        "CREATE OR REPLACE FUNCTION audit_lines_purged() RETURNS trigger AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM audit_stretches WHERE OLD.seq BETWEEN first_seq AND last_seq) THEN RETURN OLD; "
        "END IF; RAISE EXCEPTION 'audit_lines is append-only'; END $$ LANGUAGE plpgsql"
    ),
    DDL(  # type: ignore[no-untyped-call]
        "CREATE TRIGGER audit_lines_purged BEFORE DELETE ON audit_lines "
        "FOR EACH ROW EXECUTE FUNCTION audit_lines_purged()"
    ),
)
for _ddl in SQLITE_TRIGGERS:
    event.listen(AuditLine.__table__, "after_create", _ddl.execute_if(dialect="sqlite"))
for _ddl in POSTGRESQL_TRIGGERS:
    event.listen(AuditLine.__table__, "after_create", _ddl.execute_if(dialect="postgresql"))
