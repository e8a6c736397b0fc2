"""Conversations, meetings, appointments; what is shared; one-off accompaniment

Revision ID: 0004
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0002'
branch_labels = None
depends_on = None

SHARED = ('guide_shares_phone', 'guide_shares_email', 'newcomer_shares_phone', 'newcomer_shares_email')


def upgrade() -> None:
    op.create_table('appointment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pairing_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('proposed_by', sa.String(length=40), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('talk', 'authority', 'doctor', 'school', 'language', 'leisure', 'other')", name='appointment_kind'),
    sa.CheckConstraint("proposed_by IN ('newcomer', 'guide')", name='appointment_proposed_by'),
    sa.CheckConstraint("state IN ('proposed', 'confirmed', 'declined', 'cancelled')", name='appointment_state'),
    sa.CheckConstraint('minutes > 0 AND minutes <= 1440', name='appointment_minutes'),
    sa.ForeignKeyConstraint(['pairing_id'], ['pairing.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token')
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index('appointment_of_pairing', ['pairing_id', 'at'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pairing_id', sa.Integer(), nullable=False),
    sa.Column('guide_id', sa.Integer(), nullable=False),
    sa.Column('municipality_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('logged_by', sa.String(length=40), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('mood', sa.String(length=40), nullable=False),
    sa.Column('metres', sa.Integer(), nullable=False),
    sa.Column('expenses_cents', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('logged_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('talk', 'authority', 'doctor', 'school', 'language', 'leisure', 'other')", name='meeting_kind'),
    sa.CheckConstraint("logged_by IN ('newcomer', 'guide')", name='meeting_logged_by'),
    sa.CheckConstraint("mood IN ('good', 'mixed', 'difficult')", name='meeting_mood'),
    sa.CheckConstraint('metres >= 0 AND expenses_cents >= 0', name='meeting_costs'),
    sa.CheckConstraint('minutes > 0 AND minutes <= 1440', name='meeting_minutes'),
    sa.ForeignKeyConstraint(['guide_id'], ['guide.id'], ),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], ),
    sa.ForeignKeyConstraint(['pairing_id'], ['pairing.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token')
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('meeting_of_guide', ['guide_id', 'held_on'], unique=False)
        batch_op.create_index('meeting_of_office', ['municipality_id', 'held_on'], unique=False)
        batch_op.create_index('meeting_of_pairing', ['pairing_id', 'held_on'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pairing_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('sender', sa.String(length=40), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('phrase', sa.String(length=40), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("sender IN ('newcomer', 'guide')", name='message_sender'),
    sa.CheckConstraint('(phrase IS NULL) <> (text IS NULL)', name='message_content'),
    sa.ForeignKeyConstraint(['pairing_id'], ['pairing.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token')
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('message_of_pairing', ['pairing_id', 'sent_at'], unique=False)

    # Added in place, with their checks: a table that is rebuilt would be dropped under the rows that point to it.
    op.execute("ALTER TABLE guide ADD COLUMN takes VARCHAR(40) DEFAULT 'both' NOT NULL "
               "CONSTRAINT guide_takes CHECK (takes IN ('both', 'lasting', 'one_off'))")
    op.execute("ALTER TABLE request ADD COLUMN kind VARCHAR(40) DEFAULT 'lasting' NOT NULL "
               "CONSTRAINT request_kind CHECK (kind IN ('lasting', 'one_off'))")
    for column in ('wanted_from', 'wanted_until'):
        op.add_column('request', sa.Column(column, sa.Date(), nullable=True))
    for column in SHARED:
        op.add_column('pairing', sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in SHARED:
        op.drop_column('pairing', column)
    for column in ('wanted_until', 'wanted_from', 'kind'):
        op.drop_column('request', column)
    op.drop_column('guide', 'takes')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('message_of_pairing')

    op.drop_table('message')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('meeting_of_pairing')
        batch_op.drop_index('meeting_of_office')
        batch_op.drop_index('meeting_of_guide')

    op.drop_table('meeting')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index('appointment_of_pairing')

    op.drop_table('appointment')
