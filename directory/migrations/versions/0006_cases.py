"""learners' cases, what hangs on them, and what learners could not find."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "learner_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made", _INSTANT, nullable=False),
        sa.Column("contact", _INSTANT, nullable=False),
        sa.Column("expires", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_case")),
        sa.UniqueConstraint("name", name=op.f("uq_learner_case_name")),
        _account("learner_case", "owner_id"),
    )
    op.create_index(op.f("ix_learner_case_owner_id"), "learner_case", ["owner_id"])
    op.create_index(op.f("ix_learner_case_expires"), "learner_case", ["expires"])
    _of_case(
        "consent",
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("given", _INSTANT, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        _account("consent", "by_id"),
    )
    _of_case(
        "case_share",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        _account("case_share", "account_id"),
        sa.UniqueConstraint("case_id", "account_id", name=op.f("uq_case_share_case_id_account_id")),
    )
    op.create_index(op.f("ix_case_share_account_id"), "case_share", ["account_id"])
    _of_case(
        "case_route",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("carried", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("made", _INSTANT, nullable=False),
        sa.Column("checked", _INSTANT, nullable=True),
    )
    _of_case(
        "shortlisted",
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        _opportunity("shortlisted"),
        sa.UniqueConstraint(
            "case_id", "opportunity_id", name=op.f("uq_shortlisted_case_id_opportunity_id")
        ),
    )
    op.create_index(op.f("ix_shortlisted_opportunity_id"), "shortlisted", ["opportunity_id"])
    _of_case(
        "case_note",
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        _account("case_note", "by_id"),
    )
    _of_case(
        "hand_over",
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("made", _INSTANT, nullable=False),
        sa.Column("expires", _INSTANT, nullable=False),
        sa.Column("revoked", _INSTANT, nullable=True),
        _route("hand_over"),
        sa.UniqueConstraint("digest", name=op.f("uq_hand_over_digest")),
    )
    op.create_index(op.f("ix_hand_over_route_id"), "hand_over", ["route_id"])
    _of_case(
        "outcome",
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("limit", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        _route("outcome"),
        _opportunity("outcome"),
        sa.UniqueConstraint(
            "route_id", "opportunity_id", name=op.f("uq_outcome_route_id_opportunity_id")
        ),
    )
    op.create_index(op.f("ix_outcome_opportunity_id"), "outcome", ["opportunity_id"])
    _of_case(
        "unmet",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("limit", sa.String(), nullable=False),
        sa.UniqueConstraint("case_id", "topic", "limit", name=op.f("uq_unmet_case_id_topic_limit")),
    )
    _of_case(
        "case_event",
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        _account("case_event", "by_id"),
    )
    op.create_table(
        "unmet_count",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("limit", sa.String(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "limit", name=op.f("pk_unmet_count")),
    )


def downgrade() -> None:
    for table in (
        "unmet_count", "case_event", "unmet", "outcome", "hand_over", "case_note", "shortlisted",
        "case_route", "case_share", "consent", "learner_case",
    ):  # fmt: skip
        op.drop_table(table)


def _of_case(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["learner_case.id"], name=op.f(f"fk_{table}_case_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"))


def _route(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["route_id"], ["case_route.id"], name=op.f(f"fk_{table}_route_id"), ondelete="CASCADE"
    )


def _opportunity(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["opportunity_id"], ["opportunity.id"],
        name=op.f(f"fk_{table}_opportunity_id"), ondelete="CASCADE",
    )  # fmt: skip
