"""first tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

import referentiel.database

SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_lines_no_{act.lower()} BEFORE {act} ON audit_lines "
    "BEGIN SELECT RAISE(ABORT, 'audit_lines is append-only'); END"
    for act in ("UPDATE", "DELETE")
)
POSTGRESQL_TRIGGERS = (
    "CREATE OR REPLACE FUNCTION audit_lines_append_only() RETURNS trigger AS $$ "
    "BEGIN RAISE EXCEPTION 'audit_lines is append-only'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lines "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_append_only()",
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_lines",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_lines")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_lines_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_lines_previous")),
    )
    with op.batch_alter_table("audit_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_lines_subject"), ["subject"], unique=False)

    op.create_table(
        "operations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("author_email", sa.String(length=200), nullable=False),
        sa.Column("time", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("college", sa.String(length=12), nullable=False),
        sa.Column("commit", sa.String(length=40), nullable=True),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("paths", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cause", sa.String(length=8), nullable=True),
        sa.Column("closed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name=op.f("ck_operations_closed_has_a_time")),
        sa.CheckConstraint("(state = 'refused') = (cause is not null)", name=op.f("ck_operations_refused_has_a_cause")),
        sa.CheckConstraint(
            "(state = 'refused') = (reason is not null)", name=op.f("ck_operations_refused_has_a_reason")
        ),
        sa.CheckConstraint("cause in ('moved', 'busy', 'rights', 'other')", name=op.f("ck_operations_cause")),
        sa.CheckConstraint("state in ('open', 'done', 'refused')", name=op.f("ck_operations_state")),
        sa.CheckConstraint("(state = 'done') = (\"commit\" is not null)", name=op.f("ck_operations_done_has_a_commit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
        sa.UniqueConstraint("commit", name=op.f("uq_operations_commit")),
    )
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_state_time"), ["state", "time"], unique=False)
        batch_op.create_index(batch_op.f("ix_operations_subject"), ["subject"], unique=False)

    op.create_table(
        "outbox_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("not_before", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("done_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_items")),
    )
    with op.batch_alter_table("outbox_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_items_done_at_not_before"), ["done_at", "not_before"], unique=False)

    op.create_table(
        "projected",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_projected_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projected")),
    )
    op.create_table(
        "structures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("territory", sa.String(length=40), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_structures_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structures")),
        sa.UniqueConstraint("name", name=op.f("uq_structures_name")),
    )
    op.create_table(
        "versions",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("commit", sa.String(length=40), nullable=False),
        sa.Column("blob", sa.String(length=40), nullable=True),
        sa.Column("before_blob", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("change_class", sa.String(length=12), nullable=True),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Integer(), nullable=True),
        sa.Column("meeting", sa.Integer(), nullable=True),
        sa.Column("operation", sa.String(length=36), nullable=True),
        sa.Column("college", sa.String(length=12), nullable=False),
        sa.Column("committed_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('added', 'changed', 'removed')", name=op.f("ck_versions_status")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_versions")),
    )
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_versions_commit"), ["commit"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_committed_at"), ["committed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_decision"), ["decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_path_seq"), ["path", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_proposal"), ["proposal"], unique=False)

    op.create_table(
        "wrong_tries",
        sa.Column("locator", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("locator", name=op.f("pk_wrong_tries")),
    )
    with op.batch_alter_table("wrong_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrong_tries_last_at"), ["last_at"], unique=False)

    op.create_table(
        "paragraph_origins",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paragraph", sa.String(length=16), nullable=False),
        sa.Column("version_seq", sa.Integer(), nullable=False),
        sa.Column("retouched_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["retouched_seq"], ["versions.seq"], name=op.f("fk_paragraph_origins_retouched_seq")),
        sa.ForeignKeyConstraint(["version_seq"], ["versions.seq"], name=op.f("fk_paragraph_origins_version_seq")),
        sa.PrimaryKeyConstraint("path", "part", "ordinal", name=op.f("pk_paragraph_origins")),
    )
    with op.batch_alter_table("paragraph_origins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paragraph_origins_version_seq"), ["version_seq"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("college", sa.String(length=20), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("pseudonym", sa.String(length=60), nullable=True),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("suspended_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("erased_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("totp_seed", sa.LargeBinary(length=32), nullable=True),
        sa.Column("totp_enrolled_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.CheckConstraint("college IN ('employees', 'siae', 'spe', 'partners')", name=op.f("ck_people_college")),
        sa.CheckConstraint(
            "email IS NULL OR (email = lower(email) AND email LIKE '%_@_%')", name=op.f("ck_people_email")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (email IS NULL AND name IS NULL AND pseudonym IS NULL AND totp_seed IS NULL)",
            name=op.f("ck_people_erased"),
        ),
        sa.CheckConstraint("name IS NULL OR length(name) > 0", name=op.f("ck_people_name")),
        sa.CheckConstraint("totp_enrolled_at IS NULL OR totp_seed IS NOT NULL", name=op.f("ck_people_totp")),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_people_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("college", sa.String(length=20), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("locator", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=64), nullable=False),
        sa.Column("square", sa.String(length=64), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.CheckConstraint("college IN ('employees', 'siae', 'spe', 'partners')", name=op.f("ck_cards_college")),
        sa.CheckConstraint("locator BETWEEN 0 AND 4194303", name=op.f("ck_cards_locator")),
        sa.ForeignKeyConstraint(["printed_by_id"], ["people.id"], name=op.f("fk_cards_printed_by_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_cards_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("locator", name=op.f("uq_cards_locator")),
        sa.UniqueConstraint("square", name=op.f("uq_cards_square")),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sending", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "criterion", "proposal", "edition", name="kind", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("blob", sa.String(length=40), nullable=False),
        sa.Column("quotation", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="college",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column(
            "face",
            sa.Enum("yes", "partly", "no", name="face", native_enum=False, create_constraint=True, length=16),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("held", "published", "removed", name="state", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "names",
                "contact",
                "insult",
                "hate",
                "advert",
                "off_topic",
                "twice",
                "unlawful",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("parent_is_reply", sa.Boolean(), nullable=True),
        sa.Column("is_reply", sa.Boolean(), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("published_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("closed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'removed') = (rule IS NOT NULL)", name=op.f("ck_comments_removed_with_a_rule")),
        sa.CheckConstraint(
            "face IS NULL OR (kind = 'criterion' AND parent_id IS NULL)",
            name=op.f("ck_comments_face_answers_a_question"),
        ),
        sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_comments_published_when")),
        sa.CheckConstraint(
            "text <> '' OR face IS NOT NULL OR closed_at IS NOT NULL", name=op.f("ck_comments_words_or_face")
        ),
        sa.CheckConstraint("(parent_id IS NOT NULL) = is_reply", name=op.f("ck_comments_reply_has_a_parent")),
        sa.CheckConstraint("(parent_id IS NULL) = (parent_is_reply IS NULL)", name=op.f("ck_comments_parent_kind")),
        sa.CheckConstraint("parent_is_reply IS NULL OR NOT parent_is_reply", name=op.f("ck_comments_one_level")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_comments_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_is_reply"],
            ["comments.id", "comments.is_reply"],
            name=op.f("fk_comments_parent_id_parent_is_reply"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_comments_structure_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("author_id", "sending", name="uq_comments_sent_once"),
        sa.UniqueConstraint("id", "is_reply", name=op.f("uq_comments_id_is_reply")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_comments_item", ["kind", "key", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_comments_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_comments_waiting", ["state", "created_at"], unique=False)
        batch_op.create_index(
            "uq_comments_one_answer",
            ["author_id", "key"],
            unique=True,
            sqlite_where=sa.text("face IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("face IS NOT NULL AND closed_at IS NULL"),
        )

    op.create_table(
        "edition_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "prepared",
                "confirmed",
                "sealed",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("closing", sa.Date(), nullable=False),
        sa.Column("announced_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("announced_by_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=True),
        sa.Column("commit", sa.String(length=40), nullable=True),
        sa.Column("applies", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("prepared_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("prepared_by_college", sa.String(length=20), nullable=True),
        sa.Column("confirmed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_college", sa.String(length=20), nullable=True),
        sa.Column("audit_head", sa.String(length=64), nullable=True),
        sa.Column("sealed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'sealed' AND slot IS NULL) OR (state <> 'sealed' AND slot = 1)",
            name=op.f("ck_edition_plans_one_to_come"),
        ),
        sa.CheckConstraint(
            "(state = 'sealed') = (sealed_at IS NOT NULL)", name=op.f("ck_edition_plans_sealed_has_a_time")
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR failure IS NOT NULL", name=op.f("ck_edition_plans_failed_has_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'sealed') OR (confirmed_at IS NOT NULL AND confirmed_by_id IS NOT NULL AND confirmed_by_college IS NOT NULL AND audit_head IS NOT NULL)",
            name=op.f("ck_edition_plans_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_by_college IS NULL OR confirmed_by_college <> prepared_by_college",
            name=op.f("ck_edition_plans_two_colleges"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> prepared_by_id", name=op.f("ck_edition_plans_two_people")
        ),
        sa.CheckConstraint(
            "state NOT IN ('prepared', 'confirmed', 'sealed') OR (number IS NOT NULL AND \"commit\" IS NOT NULL AND applies IS NOT NULL AND prepared_at IS NOT NULL AND prepared_by_id IS NOT NULL AND prepared_by_college IS NOT NULL)",
            name=op.f("ck_edition_plans_prepared"),
        ),
        sa.ForeignKeyConstraint(["announced_by_id"], ["people.id"], name=op.f("fk_edition_plans_announced_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name=op.f("fk_edition_plans_confirmed_by_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["people.id"], name=op.f("fk_edition_plans_prepared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_plans")),
        sa.UniqueConstraint("number", name=op.f("uq_edition_plans_number")),
        sa.UniqueConstraint("slot", name=op.f("uq_edition_plans_slot")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=32), nullable=False),
        sa.Column("college", sa.String(length=20), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("totp_seed", sa.LargeBinary(length=32), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("college IN ('employees', 'siae', 'spe', 'partners')", name=op.f("ck_invitations_college")),
        sa.CheckConstraint("(accepted_at IS NULL) = (person_id IS NULL)", name=op.f("ck_invitations_accepted")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["people.id"], name=op.f("fk_invitations_invited_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_invitations_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_invitations_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_email"), ["email"], unique=False)

    op.create_table(
        "people_roles",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('editor', 'facilitator', 'publisher', 'administrator')", name=op.f("ck_people_roles_role")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_people_roles_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_people_roles")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "to_complete",
                "inadmissible",
                "in_discussion",
                "in_decision",
                "adopted",
                "adopted_with_changes",
                "refused",
                "postponed",
                "merged_into",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("modify", "create", "withdraw", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="college",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column(
            "change_class",
            sa.Enum(
                "typo",
                "clarity",
                "substance",
                name="change_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("admitted_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("window_ends", sa.Date(), nullable=True),
        sa.Column("decision_due", sa.Date(), nullable=False),
        sa.Column("declared_inadmissible_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("declared_inadmissible_by_id", sa.Integer(), nullable=True),
        sa.Column("appealed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("resume_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("decision_number", sa.Integer(), nullable=True),
        sa.Column("decided_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("adopted_path", sa.String(length=200), nullable=True),
        sa.Column("form_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "(state = 'merged_into') = (merged_into_id IS NOT NULL) AND merged_into_id <> id",
            name=op.f("ck_proposals_merged_into_another"),
        ),
        sa.CheckConstraint(
            "(state = 'postponed') = (resume_on IS NOT NULL)", name=op.f("ck_proposals_postponed_until_a_date")
        ),
        sa.CheckConstraint("state <> 'draft'", name=op.f("ck_proposals_a_draft_is_not_a_proposal")),
        sa.CheckConstraint(
            "state <> 'inadmissible' OR (declared_inadmissible_at IS NOT NULL AND declared_inadmissible_by_id IS NOT NULL)",
            name=op.f("ck_proposals_inadmissible_by_someone"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('adopted', 'adopted_with_changes', 'in_decision', 'in_discussion', 'postponed', 'refused') OR admitted_at IS NOT NULL",
            name=op.f("ck_proposals_discussed_once_admitted"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('adopted', 'adopted_with_changes', 'postponed', 'refused') OR (decision_number IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_proposals_decided_by_a_decision"),
        ),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_proposals_has_a_title")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_proposals_author_id")),
        sa.ForeignKeyConstraint(
            ["declared_inadmissible_by_id"], ["people.id"], name=op.f("fk_proposals_declared_inadmissible_by_id")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["proposals.id"], name=op.f("fk_proposals_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("form_id", name=op.f("uq_proposals_form_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_adopted_path"), ["adopted_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_path"), ["path"], unique=False)
        batch_op.create_index("ix_proposals_state_submitted", ["state", "submitted_at"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_person_id"), ["person_id"], unique=False)

    op.create_table(
        "return_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("locator", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=64), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.CheckConstraint("locator BETWEEN 0 AND 4194303", name=op.f("ck_return_words_locator")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_return_words_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_words")),
        sa.UniqueConstraint("locator", name=op.f("uq_return_words_locator")),
        sa.UniqueConstraint("person_id", name=op.f("uq_return_words_person_id")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=True),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("second_factor_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sessions_lasts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.String(length=64), nullable=True),
        sa.Column("next_url", sa.Text(), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("opened_elsewhere_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("wrong_digits", sa.Integer(), nullable=False),
        sa.Column("used_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("kind = 'demo' OR browser IS NOT NULL", name=op.f("ck_sign_in_links_bound")),
        sa.CheckConstraint("kind IN ('mail', 'demo')", name=op.f("ck_sign_in_links_kind")),
        sa.CheckConstraint("wrong_digits BETWEEN 0 AND 5", name=op.f("ck_sign_in_links_wrong_digits")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_in_links_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_links_digest")),
    )
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_links_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_links_person_id"), ["person_id"], unique=False)

    op.create_table(
        "comment_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("held", "published", "removed", name="state", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "names",
                "contact",
                "insult",
                "hate",
                "advert",
                "off_topic",
                "twice",
                "unlawful",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "facilitator",
                "editor",
                "publisher",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'removed') = (rule IS NOT NULL)", name=op.f("ck_comment_events_removed_with_a_rule")
        ),
        sa.CheckConstraint("state <> 'held'", name=op.f("ck_comment_events_an_act")),
        sa.CheckConstraint("days >= 0", name=op.f("ck_comment_events_days")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_comment_events_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_events_comment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_events")),
    )
    with op.batch_alter_table("comment_events", schema=None) as batch_op:
        batch_op.create_index("ix_comment_events_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_events_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("modify", "create", "withdraw", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("base_commit", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("form_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_drafts_author_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_drafts_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("form_id", name=op.f("uq_drafts_form_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "edition_carried_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plain_reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("college", sa.String(length=20), nullable=False),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(trim(reason)) > 0 AND length(trim(plain_reason)) > 0", name=op.f("ck_edition_carried_over_says_why")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_edition_carried_over_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["edition_plans.id"], name=op.f("fk_edition_carried_over_plan_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_edition_carried_over_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_carried_over")),
        sa.UniqueConstraint("plan_id", "proposal_id", name=op.f("uq_edition_carried_over_plan_id_proposal_id")),
    )
    with op.batch_alter_table("edition_carried_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_carried_over_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_carried_over_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "proposal_authors",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proposal_authors_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_authors_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_proposal_authors")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_commit", sa.String(length=40), nullable=False),
        sa.Column(
            "change_class",
            sa.Enum(
                "typo",
                "clarity",
                "substance",
                name="change_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plain_change", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("length(base_commit) = 40", name=op.f("ck_revisions_starts_from_a_commit")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_revisions_has_a_reason")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revisions_numbered_from_one")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_revisions_by_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_revisions_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_revisions_proposal_id_number")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "writing",
                "effective",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "adopted",
                "adopted_with_changes",
                "refused",
                "postponed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "change_class",
            sa.Enum(
                "typo",
                "clarity",
                "substance",
                name="change_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plain_reason", sa.Text(), nullable=False),
        sa.Column("resume_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "asked_college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="asked_college",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("proposed_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("amended_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("author_accepts", sa.Boolean(), nullable=True),
        sa.Column("author_words", sa.Text(), nullable=False),
        sa.Column("author_answered_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("signed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=36), nullable=True),
        sa.Column("commit_id", sa.String(length=40), nullable=True),
        sa.Column("form_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'adopted_with_changes') = (amended_at IS NOT NULL)",
            name=op.f("ck_decisions_amended_when_said_so"),
        ),
        sa.CheckConstraint(
            "(outcome = 'postponed') = (resume_on IS NOT NULL)", name=op.f("ck_decisions_postponed_until_a_date")
        ),
        sa.CheckConstraint(
            "state <> 'effective' OR commit_id IS NOT NULL", name=op.f("ck_decisions_effective_once_written")
        ),
        sa.CheckConstraint(
            "state NOT IN ('writing', 'effective') OR (number IS NOT NULL AND operation_id IS NOT NULL AND signed_at IS NOT NULL)",
            name=op.f("ck_decisions_numbered_once_signed_twice"),
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_decisions_binds_a_digest")),
        sa.CheckConstraint("length(trim(plain_reason)) > 0", name=op.f("ck_decisions_has_a_plain_reason")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_decisions_has_a_reason")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_decisions_proposal_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_decisions_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("form_id", name=op.f("uq_decisions_form_id")),
        sa.UniqueConstraint("number", name=op.f("uq_decisions_number")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_decisions_operation_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_decisions_one_under_way",
            ["proposal_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'writing')"),
            postgresql_where=sa.text("state IN ('pending', 'writing')"),
        )
        batch_op.create_index(batch_op.f("ix_decisions_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "positions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="college",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column(
            "stance",
            sa.Enum(
                "favourable",
                "reserved",
                "unfavourable",
                name="stance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("taken_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_positions_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_positions_proposal_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_positions_revision_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_positions_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint("revision_id", "person_id", name=op.f("uq_positions_revision_id_person_id")),
    )
    with op.batch_alter_table("positions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_positions_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_positions_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "revision_files",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("before_blob", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "before_blob IS NULL OR before_blob <> blob", name=op.f("ck_revision_files_changes_something")
        ),
        sa.CheckConstraint(
            "before_blob IS NULL OR length(before_blob) = 40", name=op.f("ck_revision_files_before_is_a_blob")
        ),
        sa.CheckConstraint("length(blob) = 40", name=op.f("ck_revision_files_after_is_a_blob")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_revision_files_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "path", name=op.f("pk_revision_files")),
    )
    with op.batch_alter_table("revision_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_files_path"), ["path"], unique=False)

    op.create_table(
        "decision_colleges",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column(
            "college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="college",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "heard",
                "silence_justified",
                "not_required",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "basis <> 'not_required' OR justification = ''",
            name=op.f("ck_decision_colleges_no_reason_where_none_is_asked"),
        ),
        sa.CheckConstraint(
            "basis <> 'silence_justified' OR length(trim(justification)) > 0",
            name=op.f("ck_decision_colleges_silence_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_colleges_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "college", name=op.f("pk_decision_colleges")),
    )
    op.create_table(
        "decision_files",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("before_blob", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(length=40), nullable=False),
        sa.CheckConstraint("length(blob) = 40", name=op.f("ck_decision_files_after_is_a_blob")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_files_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "path", name=op.f("pk_decision_files")),
    )
    op.create_table(
        "signatures",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="college",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_signatures_binds_a_digest")),
        sa.CheckConstraint("rank IN (1, 2)", name=op.f("ck_signatures_two_at_most")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_signatures_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signatures_person_id")),
        sa.PrimaryKeyConstraint("decision_id", "rank", name=op.f("pk_signatures")),
        sa.UniqueConstraint("decision_id", "college", name=op.f("uq_signatures_decision_id_college")),
        sa.UniqueConstraint("decision_id", "person_id", name=op.f("uq_signatures_decision_id_person_id")),
    )
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatures_person_id"), ["person_id"], unique=False)

    op.create_table(
        "step_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "admit",
                "ask_completion",
                "declare_inadmissible",
                "resubmit",
                "appeal",
                "revise",
                "propose_decision",
                "send_back",
                "sign",
                "resume",
                "merge_into",
                "withdraw",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "submitted",
                "to_complete",
                "inadmissible",
                "in_discussion",
                "in_decision",
                "adopted",
                "adopted_with_changes",
                "refused",
                "postponed",
                "merged_into",
                "withdrawn",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "submitted",
                "to_complete",
                "inadmissible",
                "in_discussion",
                "in_decision",
                "adopted",
                "adopted_with_changes",
                "refused",
                "postponed",
                "merged_into",
                "withdrawn",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "college",
            sa.Enum(
                "employees",
                "siae",
                "spe",
                "partners",
                name="college",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plain_reason", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "step <> 'send_back' OR length(trim(reason)) > 0", name=op.f("ck_step_lines_sent_back_with_a_reason")
        ),
        sa.CheckConstraint(
            "step NOT IN ('ask_completion', 'declare_inadmissible') OR (length(trim(reason)) > 0 AND length(trim(plain_reason)) > 0)",
            name=op.f("ck_step_lines_judged_with_reasons"),
        ),
        sa.CheckConstraint(
            "step || ':' || from_state || ':' || to_state IN ('submit:draft:submitted', 'admit:submitted:in_discussion', 'ask_completion:submitted:to_complete', 'declare_inadmissible:submitted:inadmissible', 'resubmit:to_complete:submitted', 'appeal:inadmissible:submitted', 'revise:in_discussion:in_discussion', 'propose_decision:in_discussion:in_decision', 'sign:in_decision:adopted', 'sign:in_decision:adopted_with_changes', 'sign:in_decision:refused', 'sign:in_decision:postponed', 'send_back:in_decision:in_discussion', 'resume:postponed:in_discussion', 'merge_into:submitted:merged_into', 'merge_into:to_complete:merged_into', 'merge_into:in_discussion:merged_into', 'withdraw:draft:withdrawn', 'withdraw:submitted:withdrawn', 'withdraw:to_complete:withdrawn', 'withdraw:inadmissible:withdrawn', 'withdraw:in_discussion:withdrawn', 'withdraw:in_decision:withdrawn')",
            name=op.f("ck_step_lines_is_in_the_table"),
        ),
        sa.CheckConstraint(
            "proposal_id IS NOT NULL OR draft_id IS NOT NULL", name=op.f("ck_step_lines_is_about_something")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_step_lines_by_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_step_lines_decision_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_step_lines_proposal_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_step_lines_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_lines")),
    )
    with op.batch_alter_table("step_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_lines_proposal_id"), ["proposal_id"], unique=False)

    _guard_the_audit()


def _guard_the_audit() -> None:
    """Autogeneration sees no trigger: the audit's are made here."""
    dialect = op.get_bind().dialect.name
    for statement in SQLITE_TRIGGERS if dialect == "sqlite" else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("step_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_step_lines_proposal_id"))

    op.drop_table("step_lines")
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatures_person_id"))

    op.drop_table("signatures")
    op.drop_table("decision_files")
    op.drop_table("decision_colleges")
    with op.batch_alter_table("revision_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_files_path"))

    op.drop_table("revision_files")
    with op.batch_alter_table("positions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_positions_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_positions_person_id"))

    op.drop_table("positions")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_proposal_id"))
        batch_op.drop_index(
            "ix_decisions_one_under_way",
            sqlite_where=sa.text("state IN ('pending', 'writing')"),
            postgresql_where=sa.text("state IN ('pending', 'writing')"),
        )

    op.drop_table("decisions")
    op.drop_table("revisions")
    op.drop_table("proposal_authors")
    with op.batch_alter_table("edition_carried_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_carried_over_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_edition_carried_over_plan_id"))

    op.drop_table("edition_carried_over")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_drafts_author_id"))

    op.drop_table("drafts")
    with op.batch_alter_table("comment_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_events_comment_id"))
        batch_op.drop_index("ix_comment_events_at")

    op.drop_table("comment_events")
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_links_person_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_links_expires_at"))

    op.drop_table("sign_in_links")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_person_id"))
        batch_op.drop_index(batch_op.f("ix_sessions_expires_at"))

    op.drop_table("sessions")
    op.drop_table("return_words")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_person_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index("ix_proposals_state_submitted")
        batch_op.drop_index(batch_op.f("ix_proposals_path"))
        batch_op.drop_index(batch_op.f("ix_proposals_author_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_adopted_path"))

    op.drop_table("proposals")
    op.drop_table("people_roles")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_email"))

    op.drop_table("invitations")
    op.drop_table("edition_plans")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_comments_one_answer",
            sqlite_where=sa.text("face IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("face IS NOT NULL AND closed_at IS NULL"),
        )
        batch_op.drop_index("ix_comments_waiting")
        batch_op.drop_index(batch_op.f("ix_comments_parent_id"))
        batch_op.drop_index("ix_comments_item")
        batch_op.drop_index(batch_op.f("ix_comments_author_id"))

    op.drop_table("comments")
    op.drop_table("cards")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_structure_id"))

    op.drop_table("people")
    with op.batch_alter_table("paragraph_origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paragraph_origins_version_seq"))

    op.drop_table("paragraph_origins")
    with op.batch_alter_table("wrong_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrong_tries_last_at"))

    op.drop_table("wrong_tries")
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_versions_proposal"))
        batch_op.drop_index(batch_op.f("ix_versions_path_seq"))
        batch_op.drop_index(batch_op.f("ix_versions_number"))
        batch_op.drop_index(batch_op.f("ix_versions_decision"))
        batch_op.drop_index(batch_op.f("ix_versions_committed_at"))
        batch_op.drop_index(batch_op.f("ix_versions_commit"))

    op.drop_table("versions")
    op.drop_table("structures")
    op.drop_table("projected")
    with op.batch_alter_table("outbox_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_items_done_at_not_before"))

    op.drop_table("outbox_items")
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operations_subject"))
        batch_op.drop_index(batch_op.f("ix_operations_state_time"))

    op.drop_table("operations")
    with op.batch_alter_table("audit_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_lines_subject"))

    op.drop_table("audit_lines")
