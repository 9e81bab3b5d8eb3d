"""Run by alembic: applies the migrations over the connection, and in the transaction, that `webhooks.store.migrate`
gives.
"""

from alembic import context

if hasattr(context, "config"):  # alembic is running; there is nothing to do where the file is only read
    context.configure(connection=context.config.attributes["connection"])
    context.run_migrations()
