"""The audit log says which list was taken away, in which format and narrowed to what

Revision ID: 0014c
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0014c'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('auditentry', sa.Column('taken', sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column('auditentry', 'taken')
