"""Whoever reads translations gets a way in that opens nothing else

Revision ID: 0024
Revises: 0023
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

ROLES = ('newcomer', 'guide', 'coordinator', 'referrer', 'evaluator', 'admin')
DID = ('invited', 'invited_again', 'closed', 'reopened', 'reset')
#: As in 0021.
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


def upgrade() -> None:
    with op.batch_alter_table('account') as batch_op:
        batch_op.add_column(sa.Column('reads', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        keep_to(batch_op, 'role', 'account_role', (*ROLES, 'reviewer'))
    with log_open(), op.batch_alter_table('accessentry') as batch_op:
        keep_to(batch_op, 'did', 'accessentry_did', (*DID, 'languages'))


def downgrade() -> None:
    with log_open():
        op.execute("DELETE FROM accessentry WHERE did = 'languages'")
        op.execute("UPDATE accessentry SET role = 'evaluator' WHERE role = 'reviewer'")
        with op.batch_alter_table('accessentry') as batch_op:
            keep_to(batch_op, 'did', 'accessentry_did', DID)
    # An older release knows no reviewers: what they said stays, and their account is shut.
    op.execute("UPDATE account SET role = 'evaluator', active = false WHERE role = 'reviewer'")
    with op.batch_alter_table('account') as batch_op:
        keep_to(batch_op, 'role', 'account_role', ROLES)
        batch_op.drop_column('reads')


def keep_to(batch_op: BatchOperations, column: str, name: str, codes: tuple[str, ...]) -> None:
    """Keep a column to other codes than before."""
    batch_op.drop_constraint(name, type_='check')
    batch_op.create_check_constraint(name, sa.text(f"{column} IN ({', '.join(map(repr, codes))})"))


@contextmanager
def log_open() -> Iterator[None]:
    """Let the log be changed within; a table that SQLite makes anew has lost what kept it, too."""
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for trigger in ('access_unchanged', 'access_kept'):
        op.execute(f"DROP TRIGGER {trigger}" + ("" if sqlite else " ON accessentry"))
    yield
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)
