"""Alembic's way in: migrates on the connection that hub.schema gives, in its transaction."""

# ruff: noqa: INP001 - Alembic finds versions by path, they are no package

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
