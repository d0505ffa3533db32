"""Runs revisions on the connection that `storage.schema` hands over, inside its transaction."""

from alembic import context

from storage.rows import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
