"""special days, closures and what holds on public holidays."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("special_days", "closures"):
        op.add_column("space", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("space", sa.Column("holidays", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    # Not in a batch: that would make the table anew on SQLite, and take what refers to it along.
    for name in ("holidays", "closures", "special_days"):
        op.drop_column("space", name)
