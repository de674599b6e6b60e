"""duplicates: pairs of listings that may be one and the same, and what was said of them."""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("found", _INSTANT, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("judged", _INSTANT, nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("gone_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("noted", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["account.id"], name=op.f("fk_duplicate_judged_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint("listing", "first_id", "second_id", name=op.f("uq_duplicate_listing_first_id_second_id")),
    )
    for column in ("listing", "verdict", "gone_id"):
        op.create_index(op.f(f"ix_duplicate_{column}"), "duplicate", [column])


def downgrade() -> None:
    op.drop_table("duplicate")
