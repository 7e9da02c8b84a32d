"""Proposals that correct a published edition; the note of revision of an edition to come; indexes

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_proposals_promises", "proposals", ["state", "decision_due", "decided_at", "college"]),
    ("ix_decisions_state_number", "decisions", ["state", "number"]),
    ("ix_versions_path_seq_change_class", "versions", ["path", "seq", "change_class"]),
)
FORMER = ("ix_versions_path_seq", "versions", ["path", "seq"])
"""The last of the indexes stands in its place"""
VERBS = ("modify", "create", "withdraw", "move", "merge", "split", "restore")


def closed(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _verbs(table: str, known: tuple[str, ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_kind"), closed("kind", known))


def upgrade() -> None:
    for table in ("proposals", "drafts"):
        _verbs(table, (*VERBS, "erratum"))
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.drop_index(FORMER[0], table_name=FORMER[1])
    with op.batch_alter_table("edition_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision_note", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("edition_plans", schema=None) as batch_op:
        batch_op.drop_column("revision_note")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
    op.create_index(*FORMER)
    # A verb that the tables of before do not know is said as the nearest one that they know.
    for table in ("drafts", "proposals"):
        op.execute(f"UPDATE {table} SET kind = 'create' WHERE kind = 'erratum'")
        _verbs(table, VERBS)
