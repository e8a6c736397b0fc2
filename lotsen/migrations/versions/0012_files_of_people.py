"""Files of people that an office brings

Revision ID: 0012
Revises: 0014b
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0014b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'importbatch',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('stage', sa.String(40), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('content', sa.Text(), nullable=True),
        sa.Column('findings', sa.Text(), nullable=True),
        sa.Column('columns', sa.JSON(), nullable=False),
        sa.Column('dates', sa.Boolean(), nullable=False),
        sa.Column('consent', sa.String(), nullable=True),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('skipped', sa.JSON(), nullable=False),
        sa.Column('stored', sa.JSON(), nullable=False),
        sa.Column('remaining', sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('guides', 'newcomers')", name='importbatch_kind'),
        sa.CheckConstraint(
            "stage IN ('sheet', 'columns', 'checking', 'checked', 'storing', 'stored', 'undoing', 'undone')",
            name='importbatch_stage',
        ),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_importbatch_municipality_id'), 'importbatch', ['municipality_id'])


def downgrade() -> None:
    op.drop_table('importbatch')
