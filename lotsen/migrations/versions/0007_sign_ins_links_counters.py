"""Signed-in devices, links that work once, counted tries

Revision ID: 0007
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('counter',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index(op.f('ix_counter_expires_at'), 'counter', ['expires_at'], unique=False)

    op.create_table('signin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device', sa.String(length=60), nullable=False),
    sa.Column('must_enrol', sa.Boolean(), nullable=False),
    sa.CheckConstraint("method IN ('password', 'link', 'code', 'single_sign_on')", name='signin_method'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest')
    )
    op.create_index(op.f('ix_signin_account_id'), 'signin', ['account_id'], unique=False)

    op.create_table('link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('sign_in', 'password', 'invitation')", name='link_kind'),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest')
    )
    op.create_index(op.f('ix_link_account_id'), 'link', ['account_id'], unique=False)

    op.create_index(op.f('ix_person_email'), 'person', ['email'], unique=False)
    # No batch: rebuilding the table on SQLite would meet the foreign keys that point at it.
    op.drop_column('account', 'session_key')


def downgrade() -> None:
    op.add_column('account', sa.Column('session_key', sa.String(length=43), nullable=False, server_default=''))
    op.drop_index(op.f('ix_person_email'), table_name='person')
    op.drop_table('link')
    op.drop_table('signin')
    op.drop_table('counter')
