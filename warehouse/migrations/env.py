"""Alembic's entry: takes the URL that `warehouse.migrate` hands over."""

from alembic import context
from sqlalchemy import text

from warehouse.database import engine_at
from warehouse.marts import create_views, drop_views
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
        newest = set(context.script.get_heads())
        moves = set(context.get_context().get_current_heads()) != newest
        moves = moves or context.config.attributes.get("is_back", False)
        if moves:  # no engine lets a table change under a view
            drop_views(connection)
        context.run_migrations()
        if moves and set(context.get_context().get_current_heads()) == newest:
            create_views(connection)
engine.dispose()
