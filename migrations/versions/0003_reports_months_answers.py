"""Words signalled to another reader, figures of employees kept for a month, answers to a refused change of structure,
seats asked for later

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import referentiel.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RULES = ("names", "contact", "insult", "hate", "advert", "off_topic", "twice", "unlawful")


def upgrade() -> None:
    op.create_table(
        "comment_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(*RULES, name="rule", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (removed IS NULL)", name=op.f("ck_comment_reports_decided")),
        sa.CheckConstraint(
            "by_id IS NULL OR decided_by_id IS NULL OR by_id <> decided_by_id",
            name=op.f("ck_comment_reports_decided_by_another"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_comment_reports_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_reports_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_comment_reports_decided_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_reports")),
    )
    with op.batch_alter_table("comment_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_reports_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_comment_reports_waiting", ["decided_at", "at"], unique=False)

    op.create_table(
        "employees_months",
        sa.Column("proposal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("favourable", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("unfavourable", sa.Integer(), nullable=False),
        sa.Column("older", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("structures", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "favourable >= 0 AND reserved >= 0 AND unfavourable >= 0 AND older >= 0 AND people >= 0"
            " AND structures >= 0",
            name=op.f("ck_employees_months_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_employees_months_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "month", name=op.f("pk_employees_months")),
    )

    with op.batch_alter_table("structure_wishes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refused_at", referentiel.database.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_check_constraint(
            batch_op.f("ck_structure_wishes_refused_with_a_reason"), "(refused_at IS NULL) = (reason = '')"
        )
    with op.batch_alter_table("structure_wishes", schema=None) as batch_op:
        batch_op.alter_column("reason", server_default=None)

    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seats_asked", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_workshops_seats_asked"),
            "seats_asked IS NULL OR (seats_asked > seats AND seats_asked <= 300)",
        )


def downgrade() -> None:
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_workshops_seats_asked"), type_="check")
        batch_op.drop_column("seats_asked")

    # What was refused was no wish any more for the tables of before.
    op.execute("DELETE FROM structure_wishes WHERE refused_at IS NOT NULL")
    with op.batch_alter_table("structure_wishes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_structure_wishes_refused_with_a_reason"), type_="check")
        batch_op.drop_column("reason")
        batch_op.drop_column("refused_at")

    op.drop_table("employees_months")
    with op.batch_alter_table("comment_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_reports_waiting")
        batch_op.drop_index(batch_op.f("ix_comment_reports_comment_id"))

    op.drop_table("comment_reports")
