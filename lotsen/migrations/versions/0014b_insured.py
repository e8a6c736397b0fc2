"""Who is insured from when until when; whether a guide suits households with children

Revision ID: 0014b
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0014b'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('guide', sa.Column('interview_children', sa.Boolean(), nullable=True))
    op.create_table(
        'cover',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        sa.Column('guide_id', sa.Integer(), nullable=False),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.CheckConstraint('ends_on >= begins_on', name=op.f('ck_cover_cover_days')),
        sa.ForeignKeyConstraint(['guide_id'], ['guide.id'], name=op.f('fk_cover_guide_id_guide')),
        sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_cover_municipality_id_municipality')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cover')),
    )
    running = sa.text('ends_on IS NULL')
    op.create_index('cover_running', 'cover', ['guide_id'], unique=True, sqlite_where=running, postgresql_where=running)
    op.create_index('cover_of_office', 'cover', ['municipality_id', 'begins_on'])
    op.create_index(op.f('ix_cover_guide_id'), 'cover', ['guide_id'])
    # Whoever is cleared today is insured since that day.
    op.execute('INSERT INTO cover (municipality_id, guide_id, begins_on) '
               'SELECT municipality_id, id, cleared_on FROM guide WHERE cleared_on IS NOT NULL')


def downgrade() -> None:
    op.drop_table('cover')
    op.drop_column('guide', 'interview_children')
