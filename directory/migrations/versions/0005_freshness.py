"""freshness: confirmations, provenance, notices, readers' reports and mail."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LISTINGS = ("space", "opportunity")
_INSTANTS = ("confirmed", "reminded", "overdue", "expired")


def upgrade() -> None:
    for table in _LISTINGS:
        for name in _INSTANTS:
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("confirmed_by", sa.String(), nullable=True))
        op.add_column(table, sa.Column("rhythm", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("said", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "opportunity", sa.Column("notices", sa.JSON(), nullable=False, server_default="[]")
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.Column("opportunity_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN space_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN opportunity_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_report_one_listing"),
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["space.id"], name=op.f("fk_report_space_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunity.id"],
            name=op.f("fk_report_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_space_id"), "report", ["space_id"])
    op.create_index(op.f("ix_report_opportunity_id"), "report", ["opportunity_id"])
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("queued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("once", name=op.f("uq_mail_once")),
    )
    op.create_index(op.f("ix_mail_due"), "mail", ["due"])
    op.create_table(
        "unsubscribed",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_unsubscribed")),
    )


def downgrade() -> None:
    for table in ("unsubscribed", "mail", "report"):
        op.drop_table(table)
    # Not in a batch: that would make the table anew on SQLite, and take what refers to it along.
    op.drop_column("opportunity", "notices")
    for table in _LISTINGS:
        for name in ("said", "rhythm", "confirmed_by", *_INSTANTS):
            op.drop_column(table, name)
