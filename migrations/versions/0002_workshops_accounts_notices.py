"""Workshops, accounts, notices, appeals: how everyone comes in, speaks safely and finds the answer

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import referentiel.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('ACI', 'AI', 'EI', 'ETTI', 'EITI', 'GEIQ', 'france_travail', 'mission_locale', 'cap_emploi', "
    "'departement', 'plie', 'ccas', 'caf', 'e2c_epide', 'jeunes', 'prescripteur', 'sante', 'addictions', 'justice', "
    "'hebergement', 'asile', 'ase', 'violences', 'dreets', 'region', 'collectivite', 'reseau', 'formation', "
    "'institution', 'autre')"
)

APPEND_ONLY = "BEGIN SELECT RAISE(ABORT, 'audit_lines is append-only'); END"
PURGED = "SELECT 1 FROM audit_stretches WHERE OLD.seq BETWEEN first_seq AND last_seq"
LET_STRETCHES_GO = {
    "sqlite": (
        "DROP TRIGGER audit_lines_no_delete",
        f"CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines WHEN NOT EXISTS ({PURGED}) {APPEND_ONLY}",
    ),
    "postgresql": (
        "DROP TRIGGER audit_lines_append_only ON audit_lines",
        "CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR TRUNCATE ON audit_lines "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_append_only()",
        "CREATE OR REPLACE FUNCTION audit_lines_purged() RETURNS trigger AS $$ BEGIN "
        f"IF EXISTS ({PURGED}) THEN RETURN OLD; "
        "END IF; RAISE EXCEPTION 'audit_lines is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER audit_lines_purged BEFORE DELETE ON audit_lines "
        "FOR EACH ROW EXECUTE FUNCTION audit_lines_purged()",
    ),
}
LET_NOTHING_GO = {
    "sqlite": (
        "DROP TRIGGER audit_lines_no_delete",
        f"CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines {APPEND_ONLY}",
    ),
    "postgresql": (
        "DROP TRIGGER audit_lines_purged ON audit_lines",
        "DROP FUNCTION audit_lines_purged()",
        "DROP TRIGGER audit_lines_append_only ON audit_lines",
        "CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lines "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "openid_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=100), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("next_url", sa.Text(), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openid_tries")),
        sa.UniqueConstraint("state", name=op.f("uq_openid_tries_state")),
    )
    with op.batch_alter_table("openid_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openid_tries_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "workshops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_given", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_by_college", sa.String(length=20), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("second_college", sa.String(length=20), nullable=True),
        sa.Column("confirmed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("ends_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("closed_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "opened_by_college IN ('employees', 'siae', 'spe', 'partners')", name=op.f("ck_workshops_college")
        ),
        sa.CheckConstraint("(second_college IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_workshops_confirmed")),
        sa.CheckConstraint("ends_at > created_at", name=op.f("ck_workshops_lasts")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_workshops_titled")),
        sa.CheckConstraint("seats BETWEEN 1 AND 300", name=op.f("ck_workshops_seats")),
        sa.CheckConstraint("seats_given BETWEEN 0 AND seats", name=op.f("ck_workshops_seats_given")),
        sa.CheckConstraint(
            "second_college IS NULL OR second_college <> opened_by_college", name=op.f("ck_workshops_other_college")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_workshops_opened_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_workshops_second_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["structure_id"], ["structures.id"], name=op.f("fk_workshops_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshops")),
        sa.UniqueConstraint("code", name=op.f("uq_workshops_code")),
    )
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshops_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshops_opened_by_id"), ["opened_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshops_second_id"), ["second_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshops_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_person_id"), ["person_id"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("sent_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("person_id", "event", name=op.f("uq_notices_person_id_event")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_notices_waiting", ["sent_at", "at_once"], unique=False)

    op.create_table(
        "tablets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_tablets_workshop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablets")),
        sa.UniqueConstraint("digest", name=op.f("uq_tablets_digest")),
    )
    with op.batch_alter_table("tablets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tablets_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_tablets_workshop_id"), ["workshop_id"], unique=False)

    op.create_table(
        "structure_wishes",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("(structure_id IS NULL) = (name <> '')", name=op.f("ck_structure_wishes_one_or_the_other")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_structure_wishes_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_structure_wishes_structure_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_structure_wishes")),
    )
    with op.batch_alter_table("structure_wishes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_wishes_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "comment_appeals",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", referentiel.database.Moment(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name=op.f("ck_comment_appeals_decided")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_appeals_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_comment_appeals_decided_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_appeals")),
    )
    with op.batch_alter_table("comment_appeals", schema=None) as batch_op:
        batch_op.create_index("ix_comment_appeals_waiting", ["decided_at", "at"], unique=False)

    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("workshop_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_cards_workshop_id"), ["workshop_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_cards_workshop_id"), "workshops", ["workshop_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("workshop_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("typed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", referentiel.database.Moment(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_comments_workshop_id"), ["workshop_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_comments_workshop_id"), "workshops", ["workshop_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("comment_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("appeal_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_comment_events_appeal_of_id"), "comment_events", ["appeal_of_id"], ["id"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_comment_events_appeal_of_id"), ["appeal_of_id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_comment_events_judges_another"), "appeal_of_id IS NULL OR appeal_of_id <> id"
        )

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("workshop_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("typed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("mail", sa.String(length=10), nullable=False, server_default="all"))
        batch_op.add_column(sa.Column("last_seen_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("idle_notice_at", referentiel.database.Moment(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_people_workshop_id"), ["workshop_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_people_workshop_id"),
            "workshops",
            ["workshop_id"],
            ["id"],
            ondelete="SET NULL",
            use_alter=True,
        )
        batch_op.create_check_constraint(batch_op.f("ck_people_mail"), "mail IN ('all', 'answers', 'none')")
    # The rows that were there have their value: from now on each writer says its own.
    for table in ("people", "comments"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("typed", server_default=None)
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.alter_column("mail", server_default=None)

    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("id_token", sa.Text(), nullable=True))

    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("siret", sa.String(length=14), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_structures_siret"), ["siret"])
        batch_op.create_check_constraint(batch_op.f("ck_structures_siret"), "siret IS NULL OR length(siret) = 14")
    op.execute(f"UPDATE structures SET kind = 'autre' WHERE NOT ({KINDS})")
    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_structures_kind"), KINDS)

    op.create_table(
        "basins",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=False),
        sa.CheckConstraint("key LIKE 'bassin-_%'", name=op.f("ck_basins_key")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_basins_named")),
        sa.CheckConstraint("parent LIKE 'dep-_%' OR parent LIKE 'reg-_%'", name=op.f("ck_basins_parent")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_basins")),
    )

    op.create_table(
        "audit_stretches",
        sa.Column("first_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("first_hash", sa.String(length=64), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("purged_at", referentiel.database.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("first_seq >= 1 AND last_seq >= first_seq", name=op.f("ck_audit_stretches_goes_forward")),
        sa.PrimaryKeyConstraint("first_seq", name=op.f("pk_audit_stretches")),
        sa.UniqueConstraint("last_seq", name=op.f("uq_audit_stretches_last_seq")),
    )
    # Last of all: SQLite reads every trigger again each time that it renames a table.
    for statement in LET_STRETCHES_GO[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("structure_wishes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_wishes_structure_id"))

    op.drop_table("structure_wishes")
    for statement in LET_NOTHING_GO[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("audit_stretches")
    op.drop_table("basins")
    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_structures_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_structures_siret"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_structures_siret"), type_="unique")
        batch_op.drop_column("siret")

    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("id_token")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_people_mail"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_people_workshop_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_people_workshop_id"))
        batch_op.drop_column("idle_notice_at")
        batch_op.drop_column("last_seen_on")
        batch_op.drop_column("mail")
        batch_op.drop_column("typed")
        batch_op.drop_column("workshop_id")

    with op.batch_alter_table("comment_events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_comment_events_judges_another"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_comment_events_appeal_of_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_comment_events_appeal_of_id"), type_="foreignkey")
        batch_op.drop_column("appeal_of_id")

    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comments_workshop_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_comments_workshop_id"))
        batch_op.drop_column("answered_at")
        batch_op.drop_column("promised_on")
        batch_op.drop_column("typed")
        batch_op.drop_column("workshop_id")

    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cards_workshop_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_cards_workshop_id"))
        batch_op.drop_column("workshop_id")

    with op.batch_alter_table("comment_appeals", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_appeals_waiting")

    op.drop_table("comment_appeals")
    with op.batch_alter_table("tablets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tablets_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_tablets_expires_at"))

    op.drop_table("tablets")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_waiting")
        batch_op.drop_index(batch_op.f("ix_notices_person_id"))

    op.drop_table("notices")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_person_id"))

    op.drop_table("identities")
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshops_structure_id"))
        batch_op.drop_index(batch_op.f("ix_workshops_second_id"))
        batch_op.drop_index(batch_op.f("ix_workshops_opened_by_id"))
        batch_op.drop_index(batch_op.f("ix_workshops_ends_at"))

    op.drop_table("workshops")
    with op.batch_alter_table("openid_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openid_tries_expires_at"))

    op.drop_table("openid_tries")
