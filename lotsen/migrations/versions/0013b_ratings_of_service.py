"""How newcomers rate the service of whoever referred them

Revision ID: 0013b
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0013b'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'servicerating',
        sa.Column('referrer_id', sa.Integer(), nullable=False),
        sa.Column('face', sa.String(length=40), nullable=False),
        sa.Column('shown', sa.Integer(), nullable=False),
        sa.Column('pending', sa.Integer(), nullable=False),
        sa.CheckConstraint("face IN ('good', 'mixed', 'difficult')", name='servicerating_face'),
        sa.CheckConstraint('shown >= 0 AND pending >= 0', name='servicerating_counts'),
        sa.ForeignKeyConstraint(['referrer_id'], ['referrer.id']),
        sa.PrimaryKeyConstraint('referrer_id', 'face'),
    )
    with op.batch_alter_table('referral') as batch:
        batch.add_column(sa.Column('rated', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('referral') as batch:
        batch.drop_column('rated')
    op.drop_table('servicerating')
