"""walls

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24 17:11:33.472093
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONE_GROUND = (
    "(role in ('local', 'backup') and municipality_id is not null and network_id is null and organisation_id is null)"
    " or (role = 'network' and network_id is not null and municipality_id is null and organisation_id is null)"
    " or (role = 'organiser' and organisation_id is not null and municipality_id is null and network_id is null)"
    " or (role = 'platform' and municipality_id is null and network_id is null and organisation_id is null)"
)
KINDS = ("new_entry", "withdrawn", "corrected")


def known(kinds: tuple[str, ...]) -> str:
    return f"kind in ({', '.join(repr(kind) for kind in kinds)})"


def kinds_of_notice(kinds: tuple[str, ...]) -> None:
    """Another list of words in the check."""
    name = op.f("ck_notice_noticekind")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(name, type_="check")
        notice.create_check_constraint(name, known(kinds))


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_at", ["at"], unique=False)
        batch_op.create_index("ix_attempt_bucket_at", ["bucket", "at"], unique=False)

    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_password_reset_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_reset_user_id"), ["user_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "local",
                "backup",
                "network",
                "organiser",
                "platform",
                name="mandaterole",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("form_token", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ONE_GROUND, name=op.f("ck_invitation_one_ground")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["user.id"], name=op.f("fk_invitation_accepted_by_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["user.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_invitation_municipality_id")),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_invitation_network_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("form_token", name=op.f("uq_invitation_form_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_municipality_id"), ["municipality_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_network_id"), ["network_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column(
            "problem",
            sa.Enum(
                "not_happening",
                "wrong",
                "unreachable",
                "unfit",
                "other",
                name="problem",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_report_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["handled_by_id"], ["user.id"], name=op.f("fk_report_handled_by_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_report_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("form_token", name=op.f("uq_report_form_token")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_activity_id", ["activity_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_municipality_id"), ["municipality_id"], unique=False)

    op.add_column("source_record", sa.Column("complete", sa.Boolean(), nullable=False, server_default=sa.true()))
    awaited = sa.text("relevant and not complete")
    op.create_index(
        "ix_source_record_awaited", "source_record", ["modified"], sqlite_where=awaited, postgresql_where=awaited
    )
    op.add_column("user", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user", sa.Column("last_seen_on", sa.Date(), nullable=True))

    with op.batch_alter_table("mail") as mail:
        mail.add_column(sa.Column("kind", sa.String(24), nullable=False, server_default="notices"))
        mail.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        mail.add_column(sa.Column("password_reset_id", sa.Integer(), nullable=True))
        mail.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        mail.create_check_constraint(
            op.f("ck_mail_mailkind"), "kind in ('notices', 'invitation', 'reset', 'password_changed')"
        )
        mail.create_check_constraint(op.f("ck_mail_to_somebody"), "user_id is not null or invitation_id is not null")
        mail.create_index(op.f("ix_mail_invitation_id"), ["invitation_id"])
        mail.create_index(op.f("ix_mail_password_reset_id"), ["password_reset_id"])
        mail.create_foreign_key(op.f("fk_mail_invitation_id"), "invitation", ["invitation_id"], ["id"])
        mail.create_foreign_key(op.f("fk_mail_password_reset_id"), "password_reset", ["password_reset_id"], ["id"])

    kinds_of_notice((*KINDS, "reported"))

    op.add_column("intake_rule", sa.Column("form_token", sa.String(length=64), nullable=True))
    op.create_index("uq_intake_rule_form_token", "intake_rule", ["form_token"], unique=True)
    op.create_index("ix_change_organisation_id", "change", ["organisation_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_change_organisation_id", "change")
    op.drop_index("uq_intake_rule_form_token", "intake_rule")
    op.drop_column("intake_rule", "form_token")

    op.execute("delete from delivery where notice_id in (select id from notice where kind = 'reported')")
    op.execute("delete from notice where kind = 'reported'")
    kinds_of_notice(KINDS)

    op.execute("delete from mail where kind <> 'notices'")
    with op.batch_alter_table("mail") as mail:
        mail.drop_constraint(op.f("fk_mail_password_reset_id"), type_="foreignkey")
        mail.drop_constraint(op.f("fk_mail_invitation_id"), type_="foreignkey")
        mail.drop_index(op.f("ix_mail_password_reset_id"))
        mail.drop_index(op.f("ix_mail_invitation_id"))
        mail.drop_constraint(op.f("ck_mail_mailkind"), type_="check")
        mail.drop_constraint(op.f("ck_mail_to_somebody"), type_="check")
        mail.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
        mail.drop_column("password_reset_id")
        mail.drop_column("invitation_id")
        mail.drop_column("kind")

    op.drop_index("ix_source_record_awaited", "source_record")
    op.drop_column("source_record", "complete")
    op.drop_column("user", "last_seen_on")
    op.drop_column("user", "anonymised_at")
    for table in ("report", "invitation", "password_reset", "attempt"):
        op.drop_table(table)
