"""Questions to pairings, and what hand-overs remember

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('checkin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pairing_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_until', sa.Date(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('guide_answer', sa.String(length=40), nullable=True),
    sa.Column('guide_answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('newcomer_answer', sa.String(length=40), nullable=True),
    sa.Column('newcomer_answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('first_meeting', 'trial_end', 'check_in')", name='checkin_kind'),
    sa.CheckConstraint("guide_answer IN ('good', 'difficult', 'no_contact', 'not_met')", name='checkin_guide_answer'),
    sa.CheckConstraint("newcomer_answer IN ('good', 'difficult', 'no_contact', 'not_met')", name='checkin_newcomer_answer'),
    sa.ForeignKeyConstraint(['pairing_id'], ['pairing.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('checkin', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkin_pairing_id'), ['pairing_id'], unique=False)
        batch_op.create_index('checkin_open', ['pairing_id', 'kind'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.add_column('request', sa.Column('told_unmatched_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('consent_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('consent_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('task_consent', 'consent', ['consent_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_constraint('task_consent', type_='foreignkey')
        batch_op.drop_column('consent_id')
        batch_op.drop_column('consent_asked_at')
        batch_op.drop_column('escalated_at')

    op.drop_column('request', 'told_unmatched_at')

    with op.batch_alter_table('checkin', schema=None) as batch_op:
        batch_op.drop_index('checkin_open')
        batch_op.drop_index(batch_op.f('ix_checkin_pairing_id'))

    op.drop_table('checkin')
