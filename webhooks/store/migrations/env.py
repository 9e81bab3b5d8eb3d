"""Run by alembic: applies the migrations in the transaction of `webhooks.store.migrate`."""

from alembic import context

if hasattr(context, "config"):  # alembic runs it; nothing to do when it is merely imported
    context.configure(connection=context.config.attributes["connection"])
    context.run_migrations()
