"""Who let which colleague in or out, only ever added to

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

#: As for the log of files (0008), whose function PostgreSQL has already.
SQLITE = (
    "CREATE TRIGGER access_unchanged BEFORE UPDATE ON accessentry "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER access_kept BEFORE DELETE ON accessentry WHEN OLD.at > datetime('now', '-729 days') "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER access_unchanged BEFORE UPDATE ON accessentry FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER access_kept BEFORE DELETE ON accessentry FOR EACH ROW "
    "WHEN (OLD.at > now() - interval '729 days') EXECUTE FUNCTION audit_refuse()",
)
CODES = "'invited', 'invited_again', 'closed', 'reopened', 'reset'"


def upgrade() -> None:
    op.create_table(
        "accessentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"did IN ({CODES})", name="accessentry_did"),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"]),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_of_office", "accessentry", ["municipality_id", "at"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("accessentry")
