"""Privacy: restriction, erasure, withdrawn consent, and an audit log that is only ever added to

Revision ID: 0008
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0003'
branch_labels = None
depends_on = None

#: The same refusals on both databases: no change ever, no deletion before two years are over.
SQLITE = (
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON auditentry WHEN OLD.at > datetime('now', '-729 days') "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON auditentry FOR EACH ROW "
    "WHEN (OLD.at > now() - interval '729 days') EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    op.create_table('auditentry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('municipality_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('did', sa.String(length=40), nullable=False),
    sa.CheckConstraint("did IN ('saw', 'changed', 'exported', 'copied', 'restricted', 'released', 'withdrew', 'erased')", name='auditentry_did'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('auditentry', schema=None) as batch_op:
        batch_op.create_index('audit_of_account', ['account_id', 'at'], unique=False)
        batch_op.create_index('audit_of_office', ['municipality_id', 'at'], unique=False)
        batch_op.create_index('audit_of_person', ['person_id', 'at'], unique=False)
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.add_column(sa.Column('guardian', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('restricted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('auditentry')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION audit_refuse()')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('erased_at')
        batch_op.drop_column('restricted_at')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('guardian')
