"""Alembic's entry: takes the URL that `warehouse.migrate` hands over."""

from alembic import context
from sqlalchemy import text

from warehouse.database import engine_at
from warehouse.tables import Table

MIGRATING = 7305
"""The number of the lock that makes a second process wait; any number that is ours alone."""

engine = engine_at(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        transactional_ddl=True,  # killed half-way nothing has happened, on SQLite too
    )
    with context.begin_transaction():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
        context.run_migrations()
engine.dispose()
