"""Alembic's way in: migrates on the connection that hub.schema gives, in its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
