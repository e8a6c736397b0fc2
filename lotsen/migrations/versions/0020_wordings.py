"""What reviewers say of the translations

Revision ID: 0020
Revises: 0013b
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0013b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'wording',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('locale', sa.String(length=12), nullable=False),
        sa.Column('domain', sa.String(length=12), nullable=False),
        sa.Column('source_key', sa.String(length=16), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('context', sa.String(length=80), nullable=True),
        sa.Column('several', sa.Boolean(), nullable=False),
        sa.Column('forms', sa.JSON(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('wording_of_text', 'wording', ['locale', 'source_key'])
    op.create_table(
        'review',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('locale', sa.String(length=12), nullable=False),
        sa.Column('by', sa.String(length=80), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_review_locale'), 'review', ['locale'])


def downgrade() -> None:
    op.drop_table('review')
    op.drop_table('wording')
