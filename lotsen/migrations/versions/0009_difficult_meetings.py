"""A difficult meeting is handed over as what it is: something to ask both about

Revision ID: 0009
Revises: 0007b
"""

from alembic import op

revision = '0009'
down_revision = '0007b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Where the two are to be asked already, the older matter is part of that one.
    op.execute("UPDATE task SET closed_at = opened_at, outcome = 'not_needed' WHERE kind = 'difficult' "
               "AND closed_at IS NULL AND EXISTS (SELECT 1 FROM task AS other WHERE other.kind = 'check_in' "
               "AND other.pairing_id = task.pairing_id AND other.closed_at IS NULL)")
    op.execute("UPDATE task SET kind = 'check_in', matter = 'check_in:pairing:' || pairing_id WHERE kind = 'difficult'")


def downgrade() -> None:
    pass  # what is merged cannot be told apart any more, and needs not be
