"""The database behind the warehouse: how it is opened and its tables brought up to date."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

MIGRATIONS = Path(__file__).parent / "migrations"
_migrating = Lock()
"""Alembic keeps what it is doing in its module: two threads at once lose each other's."""


def migrate(url: str, revision: str = "head", *, back: bool = False) -> None:
    """Bring the tables to a revision (`head`, `base`, `-1` for one back, or an id).

    `back` goes down to an id, with what came after it taken away.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    is_back = back or revision == "base" or revision.startswith("-")
    config.attributes["is_back"] = is_back
    with _migrating:
        (command.downgrade if is_back else command.upgrade)(config, revision)


def is_newest(engine: Engine) -> bool:
    """Say whether the tables are as this version wants them: asking costs less than migrating."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def engine_at(url: str) -> Engine:
    """Return the engine of an SQLAlchemy URL, with SQLite made to keep what it says it keeps."""
    # An error of the database must not quote the row that it stopped at.
    engine = create_engine(url, hide_parameters=True)
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


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[None]:
    """Keep every other process and thread that asks for the same name waiting meanwhile.

    A process that is killed lets go: PostgreSQL ends the lock with its connection, the operating
    system that of the file beside an SQLite database.
    """
    if engine.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
        return
    beside = Path(f"{engine.url.database}.lock")
    with beside.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
