"""Indexes that hold all that an office's overview and proof of use count, so that no file is opened for them

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

IN_USE = sa.text('erased_at IS NULL AND restricted_at IS NULL')


def upgrade() -> None:
    op.create_index(
        'person_in_use', 'person', ['municipality_id', 'id'],
        sqlite_where=IN_USE, postgresql_where=IN_USE, postgresql_include=['postcode', 'languages'],
    )
    op.drop_index('event_of_office', table_name='event')
    op.create_index('event_of_office', 'event', ['municipality_id', 'what', 'at', 'pairing_id'])


def downgrade() -> None:
    op.drop_index('event_of_office', table_name='event')
    op.create_index('event_of_office', 'event', ['municipality_id', 'what', 'at'])
    op.drop_index('person_in_use', table_name='person')
