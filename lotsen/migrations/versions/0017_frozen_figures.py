"""The Land's figures are frozen once a quarter

Revision ID: 0017
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'quarterfigures',
        sa.Column('quarter', sa.String(7), nullable=False),
        sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('municipalities', sa.JSON(), nullable=False),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('quarter'),
    )


def downgrade() -> None:
    op.drop_table('quarterfigures')
