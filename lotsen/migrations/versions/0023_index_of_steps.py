"""An index of pairings' steps: one office's history is counted without reading all that ever happened

Revision ID: 0023
Revises: 0022
"""

from alembic import op
from sqlalchemy import text

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

STEP = text("what = 'suggest' OR to_state <> from_state")


def upgrade() -> None:
    columns = ['at', 'pairing_id', 'from_state', 'to_state']
    op.create_index('event_step', 'event', columns, sqlite_where=STEP, postgresql_where=STEP)


def downgrade() -> None:
    op.drop_index('event_step', table_name='event')
