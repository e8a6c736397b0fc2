"""Colleagues who are away, and who stands in

Revision ID: 0014
Revises: 0018c
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0018c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'absence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('substitute_id', sa.Integer(), nullable=False),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.CheckConstraint('begins_on <= ends_on', name=op.f('ck_absence_absence_days')),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_absence_account_id_account')),
        sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_absence_municipality_id_municipality')),
        sa.ForeignKeyConstraint(['substitute_id'], ['account.id'], name=op.f('fk_absence_substitute_id_account')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
    )
    for column in ('account_id', 'municipality_id', 'substitute_id'):
        op.create_index(op.f(f'ix_absence_{column}'), 'absence', [column])


def downgrade() -> None:
    op.drop_table('absence')
