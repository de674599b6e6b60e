"""accounts of those who work with Vereda, their keys, invitations and what happened to them."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_REFUSAL = "what happened to an account is never changed or removed"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("session_key", sa.String(), nullable=False),
        sa.Column("passkey_handle", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", _INSTANT, nullable=False),
        sa.Column("last_seen", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("session_key", name=op.f("uq_account_session_key")),
        sa.UniqueConstraint("passkey_handle", name=op.f("uq_account_passkey_handle")),
    )
    _of_an_account(
        "passkey",
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created", _INSTANT, nullable=False),
        sa.Column("last_used", _INSTANT, nullable=True),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    _of_an_account("recovery_code", sa.Column("digest", sa.String(), nullable=False))
    _of_an_account(
        "invitation",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires", _INSTANT, nullable=False),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    for table in ("passkey", "recovery_code", "invitation"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])
    _of_an_account(
        "account_event",
        # Also written of an address nobody has, so that refusing one takes as long as the other.
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_account_event_by_id")
        ),
        known=False,
    )
    op.create_index("ix_account_event_account_id_at", "account_event", ["account_id", "at"])
    _append_only()


def downgrade() -> None:
    for table in ("account_event", "invitation", "recovery_code", "passkey", "account"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION account_event_stays()")


def _of_an_account(table: str, *parts: sa.schema.SchemaItem, known: bool = True) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=not known),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id")
        ),
    )


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION account_event_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER account_event_stays BEFORE UPDATE OR DELETE ON account_event "
            "FOR EACH ROW EXECUTE FUNCTION account_event_stays()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER account_event_stays_{change.lower()} BEFORE {change} ON account_event "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
