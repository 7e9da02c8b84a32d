"""Suggestions, wishes, passages of a proposal, words attached again; contributions credited by number

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import referentiel.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLLEGES = ("employees", "siae", "spe", "partners")
SPOKEN_OF = ("criterion", "proposal", "edition")
KIND = "ck_comments_kind"
FIRST_VERBS = ("modify", "create", "withdraw")
MAILS = ("all", "answers", "none")
VERBS = (*FIRST_VERBS, "move", "merge", "split", "restore")

JUDGED = "ck_step_lines_judged_with_reasons"
FIRST_JUDGED = ("ask_completion", "declare_inadmissible")
ALL_JUDGED = ("ask_completion", "declare_inadmissible", "propose_decision", "sign", "merge_into")
UNSAID = "Sans raison écrite : ce jour-là, le site n’en demandait pas."

STAGES = ("last_days", "over", "soon", "late")
REACHES = ("nobody", "few_people", "few_structures", "enough")
FIGURES = ("favourable", "reserved", "unfavourable", "older", "people", "structures")
COUNTED = {
    "heard_when_enough_spoke": "reach IS NULL OR (basis = 'heard') = (reach = 'enough')",
    "counted_whole": "reach IS NULL OR few IS NOT NULL",
    "few_are_not_counted": "NOT few OR (favourable IS NULL AND reserved IS NULL AND unfavourable IS NULL)",
}


def closed(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _verbs(table: str, known: tuple[str, ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_kind"), closed("kind", known))


def _reasons(steps: tuple[str, ...]) -> None:
    with op.batch_alter_table("step_lines", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(JUDGED), type_="check")
        batch_op.create_check_constraint(
            op.f(JUDGED),
            f"NOT ({closed('step', steps)}) OR (length(trim(reason)) > 0 AND length(trim(plain_reason)) > 0)",
        )


def _mails(known: tuple[str, ...]) -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_people_mail"), type_="check")
        batch_op.create_check_constraint(op.f("ck_people_mail"), closed("mail", known))


def upgrade() -> None:
    # Joining two proposals did not ask for its reasons before: what nobody wrote is not made up.
    for column in ("reason", "plain_reason"):
        empty = f"{closed('step', ALL_JUDGED)} AND length(trim({column})) = 0"
        op.execute(sa.text(f"UPDATE step_lines SET {column} = :said WHERE {empty}").bindparams(said=UNSAID))
    _reasons(ALL_JUDGED)
    _verbs("proposals", VERBS)
    _verbs("drafts", VERBS)
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.alter_column(
            "code", existing_type=sa.String(length=32), type_=sa.String(length=200), existing_nullable=False
        )

    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("path", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("replacement", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("wish", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("first_section", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("first_quotation", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reattached_at", referentiel.database.Moment(timezone=True), nullable=True))
        batch_op.drop_constraint(op.f(KIND), type_="check")
        batch_op.create_check_constraint(op.f(KIND), closed("kind", (*SPOKEN_OF, "referential")))
        batch_op.create_check_constraint(
            op.f("ck_comments_suggests_on_a_passage"),
            "replacement IS NULL OR (replacement <> '' AND quotation <> '' AND kind = 'proposal'"
            " AND parent_id IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_comments_a_wish_is_words"),
            "NOT wish OR (face IS NULL AND parent_id IS NULL AND kind IN ('criterion', 'referential'))",
        )
        batch_op.create_check_constraint(
            op.f("ck_comments_the_whole_text_is_wished_on"), "kind <> 'referential' OR wish OR is_reply"
        )
        batch_op.create_index(
            "ix_comments_wishes",
            ["state"],
            unique=False,
            sqlite_where=sa.text("wish"),
            postgresql_where=sa.text("wish"),
        )
    # The rows that were there have their value: from now on each writer says its own.
    with op.batch_alter_table("comments", schema=None) as batch_op:
        for column in ("path", "wish", "first_section", "first_quotation"):
            batch_op.alter_column(column, server_default=None)

    op.create_table(
        "proposal_credits",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("contribution", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "college",
            sa.Enum(*COLLEGES, name="college", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column(
            "why",
            sa.Enum("suggestion", "wish", name="why", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("revision_number >= 1", name=op.f("ck_proposal_credits_by_a_wording")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_credits_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "contribution", name=op.f("pk_proposal_credits")),
    )
    with op.batch_alter_table("proposal_credits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_credits_contribution"), ["contribution"], unique=False)

    op.create_table(
        "follows",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("since", referentiel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_follows_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_follows")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_topic"), ["topic"], unique=False)
    _mails((*MAILS, "followed"))

    with op.batch_alter_table("decision_colleges", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reach",
                sa.Enum(*REACHES, name="reach", native_enum=False, create_constraint=True, length=32),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("few", sa.Boolean(), nullable=True))
        for column in FIGURES:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))
        for name, holds in COUNTED.items():
            batch_op.create_check_constraint(op.f(f"ck_decision_colleges_{name}"), holds)

    op.create_table(
        "proposal_reminders",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_reminders_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "stage", "day", name=op.f("pk_proposal_reminders")),
    )


def downgrade() -> None:
    op.drop_table("proposal_reminders")
    op.execute("UPDATE people SET mail = 'answers' WHERE mail = 'followed'")
    _mails(MAILS)
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follows_topic"))
    op.drop_table("follows")

    with op.batch_alter_table("decision_colleges", schema=None) as batch_op:
        for name in (*COUNTED, "reach"):
            batch_op.drop_constraint(op.f(f"ck_decision_colleges_{name}"), type_="check")
        for column in ("until", *reversed(FIGURES), "few", "reach"):
            batch_op.drop_column(column)

    _reasons(FIRST_JUDGED)
    # A verb that the tables of before do not know is said as the nearest one that they know.
    for table in ("drafts", "proposals"):
        op.execute(f"UPDATE {table} SET kind = 'modify' WHERE kind NOT IN ('modify', 'create', 'withdraw')")
        _verbs(table, FIRST_VERBS)
    op.execute("UPDATE proposals SET code = substr(code, 1, 32)")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.alter_column(
            "code", existing_type=sa.String(length=200), type_=sa.String(length=32), existing_nullable=False
        )

    with op.batch_alter_table("proposal_credits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_credits_contribution"))

    op.drop_table("proposal_credits")

    # The tables of before have no place for words on the whole text.
    for table in ("comment_events", "comment_appeals", "comment_reports"):
        op.execute(f"DELETE FROM {table} WHERE comment_id IN (SELECT id FROM comments WHERE kind = 'referential')")
    op.execute("DELETE FROM comments WHERE kind = 'referential' AND parent_id IS NOT NULL")
    op.execute("DELETE FROM comments WHERE kind = 'referential'")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index("ix_comments_wishes")
        for name in ("suggests_on_a_passage", "a_wish_is_words", "the_whole_text_is_wished_on"):
            batch_op.drop_constraint(op.f(f"ck_comments_{name}"), type_="check")
        batch_op.drop_constraint(op.f(KIND), type_="check")
        batch_op.create_check_constraint(op.f(KIND), closed("kind", SPOKEN_OF))
        for column in ("reattached_at", "first_quotation", "first_section", "wish", "replacement", "path"):
            batch_op.drop_column(column)
