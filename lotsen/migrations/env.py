"""Alembic's entry: runs on the connection that `lotsen.migrations` hands over."""

from alembic import context

from lotsen.migrations import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
with context.begin_transaction():
    context.run_migrations()
