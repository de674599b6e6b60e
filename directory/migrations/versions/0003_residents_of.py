"""opportunities for those who live in a part of the city."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "opportunity", sa.Column("residents_of", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    # Not in a batch: that would make the table anew on SQLite, and take what refers to it along.
    op.drop_column("opportunity", "residents_of")
