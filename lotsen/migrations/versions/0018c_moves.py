"""People who move are handed over from one office to another

Revision ID: 0018c
Revises: 0018b
"""

import sqlalchemy as sa
from alembic import op

revision = '0018c'
down_revision = '0018b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'move',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('from_id', sa.Integer(), nullable=False),
        sa.Column('to_id', sa.Integer(), nullable=False),
        sa.Column('consent_id', sa.Integer(), nullable=False),
        sa.Column('postcode', sa.String(5), nullable=False),
        sa.Column('keeps_pairings', sa.Boolean(), nullable=False),
        sa.Column('word', sa.Text(), nullable=True),
        sa.Column('state', sa.String(40), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_by_id', sa.Integer(), nullable=True),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('answered_by_id', sa.Integer(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'accepted', 'declined', 'called_off')", name='move_state'),
        sa.CheckConstraint('from_id <> to_id', name='move_leads_elsewhere'),
        sa.ForeignKeyConstraint(['person_id'], ['person.id']),
        sa.ForeignKeyConstraint(['from_id'], ['municipality.id']),
        sa.ForeignKeyConstraint(['to_id'], ['municipality.id']),
        sa.ForeignKeyConstraint(['consent_id'], ['consent.id']),
        sa.ForeignKeyConstraint(['asked_by_id'], ['account.id']),
        sa.ForeignKeyConstraint(['answered_by_id'], ['account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_move_person_id'), 'move', ['person_id'])
    asked = sa.text("state = 'asked'")
    op.create_index('move_open', 'move', ['person_id'], unique=True, sqlite_where=asked, postgresql_where=asked)
    with op.batch_alter_table('task') as batch_op:
        batch_op.add_column(sa.Column('move_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('task_move_id_fkey', 'move', ['move_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_task_move_id'), ['move_id'])


def downgrade() -> None:
    op.execute("DELETE FROM task WHERE move_id IS NOT NULL")
    with op.batch_alter_table('task') as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_move_id'))
        batch_op.drop_constraint('task_move_id_fkey', type_='foreignkey')
        batch_op.drop_column('move_id')
    op.drop_table('move')
