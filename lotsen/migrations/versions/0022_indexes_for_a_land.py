"""Indexes for a database the size of a Land

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

#: Name, table and columns of what an index on one column alone is replaced by.
BETTER = (
    ('account_of_office', 'account', 'municipality_id', ['role']),
    ('request_of_office', 'request', 'municipality_id', ['state', 'waiting_since']),
    ('event_of_office', 'event', 'municipality_id', ['what', 'at']),
    ('event_of_pairing', 'event', 'pairing_id', ['what', 'at']),
)


def upgrade() -> None:
    for name, table, first, others in BETTER:
        op.create_index(name, table, [first, *others])
        op.drop_index(f'ix_{table}_{first}', table_name=table)


def downgrade() -> None:
    for name, table, first, _others in reversed(BETTER):
        op.create_index(f'ix_{table}_{first}', table, [first])
        op.drop_index(name, table_name=table)
