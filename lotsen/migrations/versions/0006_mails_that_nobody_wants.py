"""Which mails somebody does not want

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('account', 'person'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            # Whoever is there already wants everything.
            batch_op.add_column(sa.Column('muted', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    for table in ('person', 'account'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('muted')
