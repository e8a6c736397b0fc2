"""Indexes of every column that leads to a person: whoever is erased is found without reading whole tables

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

COLUMNS = {
    'accessentry': ['by_id', 'account_id'],
    'apitoken': ['issued_by_id', 'revoked_by_id'],
    'certificate': ['account_id'],
    'event': ['account_id'],
    'guide': ['interview_by_id', 'cleared_by_id', 'conduct_seen_by_id'],
    'importbatch': ['account_id'],
    'matchrun': ['asked_by_id', 'part_of_id'],
    'move': ['consent_id', 'asked_by_id', 'answered_by_id'],
    'note': ['author_id'],
    'override': ['account_id'],
    'pairing': ['chosen_by_id', 'decision_by_id'],
    'referral': ['consent_id'],
    'review': ['account_id'],
    'task': ['assignee_id', 'consent_id', 'closed_by_id'],
    'wording': ['account_id'],
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.create_index(f'ix_{table}_{column}', table, [column])


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_index(f'ix_{table}_{column}', table_name=table)
