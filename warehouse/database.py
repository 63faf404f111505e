"""The database behind the warehouse: how it is opened and its tables brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, revision: str = "head", *, back: bool = False) -> None:
    """Bring the tables to a revision (`head`, `base`, `-1` for one back, or an id).

    `back` goes down to an id, with what came after it taken away.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    is_back = back or revision == "base" or revision.startswith("-")
    (command.downgrade if is_back else command.upgrade)(config, revision)


def engine_at(url: str) -> Engine:
    """Return the engine of an SQLAlchemy URL, with SQLite made to keep what it says it keeps."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        if engine.url.database and engine.url.database != ":memory:":
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

        # sqlite3 starts transactions late and commits before DDL: begin them ourselves
        # (SQLAlchemy's recipe), and let a commit be on disk before it is said to be.
        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "busy_timeout=30000",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
