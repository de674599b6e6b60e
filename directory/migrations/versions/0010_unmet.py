"""unmet: what is looked for, what was done about it, and what residents would like or could teach."""

from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("topic", sa.Column("added", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "sought",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sought")),
        sa.UniqueConstraint("topic", name=op.f("uq_sought_topic")),
    )
    _counted(
        "sought_day",
        (),
        sa.Column("found_nothing", sa.Integer(), nullable=False),
        sa.Column("opened_nothing", sa.Integer(), nullable=False),
    )
    _counted(
        "sought_reach",
        ("listing", "listing_id"),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
    )
    op.create_index("ix_sought_reach_listing", "sought_reach", ["listing", "listing_id"])
    op.create_table(
        "views",
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("listing", "listing_id", "week", name=op.f("pk_views")),
    )
    op.create_table(
        "sought_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sought_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("providers", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("undone", _INSTANT, nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sought_act")),
        _of("sought_act", "sought_id", "sought.id", ondelete="CASCADE"),
        _of("sought_act", "by_id", "account.id"),
        _of("sought_act", "undone_by_id", "account.id"),
    )
    op.create_index(op.f("ix_sought_act_sought_id"), "sought_act", ["sought_id"])
    op.create_table(
        "idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("written", _INSTANT, nullable=False),
        sa.Column("decided", _INSTANT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        _of("idea", "decided_by_id", "account.id"),
    )
    op.create_index(op.f("ix_idea_state"), "idea", ["state"])
    op.create_table(
        "idea_follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("confirmed", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_follower")),
        _of("idea_follower", "idea_id", "idea.id", ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_idea_follower_idea_id"), "idea_follower", ["idea_id"])
    op.create_table(
        "idea_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_answer")),
        _of("idea_answer", "idea_id", "idea.id", ondelete="CASCADE"),
        _of("idea_answer", "opportunity_id", "opportunity.id", ondelete="CASCADE"),
        _of("idea_answer", "by_id", "account.id"),
    )
    op.create_index(op.f("ix_idea_answer_idea_id"), "idea_answer", ["idea_id"])
    op.create_index(op.f("ix_idea_answer_opportunity_id"), "idea_answer", ["opportunity_id"])


def downgrade() -> None:
    for table in (
        "idea_answer", "idea_follower", "idea", "sought_act", "views", "sought_reach",
        "sought_day", "sought",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("topic", "added")


def _counted(table: str, keys: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("sought_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("sought_id", "day", "part", *keys, name=op.f(f"pk_{table}")),
        sa.CheckConstraint("people >= 5", name=op.f(f"ck_{table}_never_few")),
        _of(table, "sought_id", "sought.id", ondelete="CASCADE"),
    )
    op.create_index(op.f(f"ix_{table}_day"), table, ["day"])


def _of(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )
