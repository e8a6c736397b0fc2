"""Names are found however they are spelled

Revision ID: 0018
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from lotsen.rules import names

revision = '0018'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.String(24).with_variant(sa.String(24, collation='C'), 'postgresql')
    table = op.create_table(
        'namekey',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        sa.Column('key', key, nullable=False),
        sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_namekey_municipality_id_municipality')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_namekey_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', 'key', name=op.f('pk_namekey')),
    )
    op.create_index('namekey_lookup', 'namekey', ['municipality_id', 'key'])
    people = op.get_bind().execute(
        sa.text('SELECT id, municipality_id, first_name, last_name FROM person WHERE erased_at IS NULL')
    )
    rows = [
        {'person_id': number, 'municipality_id': office, 'key': each}
        for number, office, first, last in people
        for each in sorted(names.keys(f'{first} {last}'))
    ]
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table('namekey')
