"""Tokens of other systems, and referrals that are sent once however often they arrive

Revision ID: 0013
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'apitoken',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('referrer_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('issued_by_id', sa.Integer(), nullable=True),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('revoked_by_id', sa.Integer(), nullable=True),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['issued_by_id'], ['account.id']),
        sa.ForeignKeyConstraint(['referrer_id'], ['referrer.id']),
        sa.ForeignKeyConstraint(['revoked_by_id'], ['account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('digest'),
    )
    op.create_index(op.f('ix_apitoken_referrer_id'), 'apitoken', ['referrer_id'])
    with op.batch_alter_table('referral') as batch:
        batch.add_column(sa.Column('key_digest', sa.String(length=64), nullable=True))
        batch.add_column(sa.Column('body_digest', sa.String(length=64), nullable=True))
        batch.create_unique_constraint('uq_referral_key_digest', ['key_digest'])


def downgrade() -> None:
    with op.batch_alter_table('referral') as batch:
        batch.drop_constraint('uq_referral_key_digest', type_='unique')
        batch.drop_column('body_digest')
        batch.drop_column('key_digest')
    op.drop_table('apitoken')
