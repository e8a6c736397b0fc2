"""An office's site, logo and own words

Revision ID: 0015
Revises: 0014c
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'officelogo',
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        sa.Column('picture', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id']),
        sa.PrimaryKeyConstraint('municipality_id'),
    )
    with op.batch_alter_table('municipality', schema=None) as batch_op:
        batch_op.add_column(sa.Column('website', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('logo', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('texts', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table('municipality', schema=None) as batch_op:
        batch_op.drop_column('texts')
        batch_op.drop_column('logo')
        batch_op.drop_column('website')
    op.drop_table('officelogo')
